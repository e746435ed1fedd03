"""How a text feels, from -1 to 1, by a small learned head; None where the text is not read."""

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

from nlp.components.notes import Batch, notes_of
from nlp.encoder.static import FOLDER, centred
from nlp.features import times

HEAD = FOLDER.parent / "config" / "sentiment.npz"
SET_PHRASES = FOLDER.parent / "config" / "tone.toml"
_ALL = 0.8  # so much of a sentence is all of it: the rest is "at all", "today", a name


@cache
def set_phrases(path: Path = SET_PHRASES) -> tuple[tuple[str, float], ...]:
    """Phrases that mean another thing than their words, in small letters, each with what it means, from -1 to 1."""
    groups = tomllib.loads(path.read_text(encoding="utf-8"))["said"]
    return tuple((phrase, float(group["feeling"])) for group in groups for phrase in group["phrases"])


def meant(sentence: str, feeling: float, said: Sequence[tuple[str, float]]) -> float:
    """What the words of a sentence feel like, drawn to what its set phrase means as far as it consists of that.

    `said` holds those that may stand in it.
    """
    lowered = sentence.lower().replace("’", "'")
    found = max((one for one in said if one[0] in lowered), key=lambda one: len(one[0]), default=None)
    if found is None:
        return feeling
    share = min(1.0, len(found[0]) / (_ALL * len(lowered)))
    return share * found[1] + (1 - share) * feeling


@Language.factory("everyclient_sentiment")
class SentimentReader:
    """The mean over sentences of how surely good minus how surely bad, longer sentences counting more."""

    def __init__(self, nlp: Language, name: str) -> None:  # noqa: ARG002
        self.name, self._said = name, set_phrases()
        with np.load(HEAD) as head:
            self._dense = head["dense"].astype(np.float32)
            self._words = head["words"].astype(np.float32)
            self._bias = head["bias"].astype(np.float32)

    def __call__(self, doc: Doc) -> Doc:
        notes = notes_of(doc)
        if notes.batch is not None:
            rows = self._feelings(notes.batch)[notes.first : notes.first + len(notes.segments)]
            lowered = notes.text.lower().replace("’", "'")
            if said := [one for one in self._said if one[0] in lowered]:
                spans = zip(notes.segments, rows, strict=True)
                rows = [meant(notes.text[span.start : span.end], row, said) for span, row in spans]
            weight = [(span.end - span.start + 1) ** 0.5 for span in notes.segments]
            total = sum(one * row for one, row in zip(weight, rows, strict=True))
            notes.sentiment = round(total / sum(weight), 4)
        return doc

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 256) -> Iterator[Doc]:  # noqa: ARG002 - spaCy's name
        """One doc after the other; the matrix of a batch is made at its first."""
        return map(self.__call__, stream)

    def _feelings(self, batch: Batch) -> list[float]:
        if batch.feelings is None:
            margins = centred(batch.table) @ self._dense + times(batch.features, self._words) + self._bias
            odds = np.exp(margins - margins.max(axis=1, keepdims=True))
            sure = odds / odds.sum(axis=1, keepdims=True)
            batch.feelings = (sure[:, 2] - sure[:, 0]).astype(np.float32).tolist()
        return batch.feelings
