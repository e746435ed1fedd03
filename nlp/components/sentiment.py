"""How a text feels, from -1 to 1, by a small learned head; None where the text is not read."""

from collections.abc import Iterable, Iterator

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

from nlp.components.notes import Batch, notes_of
from nlp.encoder.static import FOLDER, centred
from nlp.features import times

HEAD = FOLDER.parent / "config" / "sentiment.npz"


@Language.factory("everyclient_sentiment")
class SentimentReader:
    """The mean over sentences of how surely good minus how surely bad, longer sentences counting more."""

    def __init__(self, nlp: Language, name: str) -> None:  # noqa: ARG002
        self.name = name
        with np.load(HEAD) as head:
            self._dense = head["dense"].astype(np.float32)
            self._words = head["words"].astype(np.float32)
            self._bias = head["bias"].astype(np.float32)

    def __call__(self, doc: Doc) -> Doc:
        notes = notes_of(doc)
        if notes.batch is not None:
            rows = self._feelings(notes.batch)[notes.first : notes.first + len(notes.segments)]
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
