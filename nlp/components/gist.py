"""Notes the vector of what a text says: greeting, sign-off and all that is masked left out."""

from collections.abc import Iterable, Iterator
from itertools import islice

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc

from nlp.components.notes import Notes, notes_of
from nlp.encoder.choice import encoder
from nlp.gist import gist


@Language.factory("everyclient_gist")
class GistReader:
    """The vector by which comments find their like; comes after masking."""

    def __init__(self, nlp: Language, name: str) -> None:  # noqa: ARG002
        self.name = name
        self._encoder = encoder()

    def __call__(self, doc: Doc) -> Doc:
        return self._read([doc])[0]

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 256) -> Iterator[Doc]:
        """Batches share one matrix."""
        waiting = iter(stream)
        while docs := list(islice(waiting, batch_size)):
            yield from self._read(docs)

    def _read(self, docs: list[Doc]) -> list[Doc]:
        waiting: list[tuple[Notes, str]] = []
        for notes in map(notes_of, docs):
            if not notes.readable:
                continue
            text = said(notes)
            known = _known(notes, text)
            if known is None:
                waiting.append((notes, text))
            elif known.any():
                notes.vector = known.copy()
        if waiting:
            self._encode(waiting)
        return docs

    def _encode(self, waiting: list[tuple[Notes, str]]) -> None:
        vectors = self._encoder.vectors(self._encoder.lines([text for _, text in waiting]))
        for (notes, _), vector in zip(waiting, vectors, strict=True):
            if vector.any():
                notes.vector = vector.copy()


def _known(notes: Notes, text: str) -> NDArray[np.float32] | None:
    """The vector that a text's one sentence has already, when that sentence is all it says."""
    if notes.batch is None or len(notes.segments) != 1:
        return None
    only = notes.segments[0]
    return notes.batch.vectors[notes.first] if notes.text[only.start : only.end] == text else None


def said(notes: Notes) -> str:
    """The gist of a text without what is masked; the whole of a text that has none."""
    if not notes.masks:
        return gist(notes.text) or notes.text
    pieces, at = [], 0
    for mask in notes.masks:
        pieces.append(notes.text[at : mask.start])
        at = mask.end
    return gist(" ".join([*pieces, notes.text[at:]])) or notes.text
