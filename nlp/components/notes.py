"""What the components share about one text while it is being read."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc

from nlp.encoder.static import WordLines
from nlp.features import WordFeatures
from nlp.reading import Entity, Mask, Signal, Span, ThemeReading


class Severity(NamedTuple):
    """How bad one sentence is, and how surely it is at least so bad; the worse is the greater."""

    level: int
    score: float


@dataclass(slots=True)
class Batch:
    """The segments of up to 256 texts end to end, their vectors (`table` by the static table) and word features.

    `firsts` holds each text's first row, and Notes.place says which of these is a text's own.
    """

    lines: WordLines
    vectors: NDArray[np.float32]
    table: NDArray[np.float32]
    features: WordFeatures
    firsts: NDArray[np.int64]
    scores: dict[str, NDArray[np.float32]] = field(default_factory=dict)
    themes: list[list[tuple[int, float]]] | None = None
    feelings: list[float] | None = None
    harms: tuple[list[list[float]], list[Severity]] | None = None
    worth: dict[int, list[tuple[int, list[float]]]] | None = None


@dataclass(slots=True)
class Notes:
    """Filled in by one component after the other; `first` is the text's first row in its batch."""

    text: str = ""
    words: Sequence[str] = ()
    language: str | None = None
    readable: bool = False
    note: str | None = None
    segments: list[Span] = field(default_factory=list)
    batch: Batch | None = None
    first: int = 0
    place: int = 0
    vector: NDArray[np.float32] | None = None
    themes: tuple[ThemeReading, ...] = ()
    unsure: bool = False
    severity: Signal | None = None
    sentiment: float | None = None
    escalation: Signal | None = None
    departure: Signal | None = None
    entities: tuple[Entity, ...] = ()
    masks: tuple[Mask, ...] = ()


def notes_of(doc: Doc) -> Notes:
    """The notes of a doc, made at the first call."""
    notes = doc.user_data.get("notes")
    if notes is None:
        notes = doc.user_data["notes"] = Notes(text=doc.text, words=[token.text for token in doc])
    return notes
