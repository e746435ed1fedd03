"""Says which themes a text speaks of, in which sentence, and by which words."""

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc

from nlp.components.notes import Batch, Notes, notes_of
from nlp.encoder.static import encoder
from nlp.encoder.wordpiece import split_words
from nlp.reading import ThemeReading
from nlp.theme_bank import ThemeBank, empty_bank

_PLAIN = frozenset(
    "the a an and or but of to in on at for with by from is are was were be been am it its this that these those i we "  # noqa: SIM905
    "you he she they my our your his her their me us them not no do does did have has had will would can could should "
    "as if so than then there here what when which who how why all any some just also very more most too again up out "
    "about into over after before because since while".split()
)
_FEW = 3


@Language.factory("everyclient_themes", default_config={"strength": 10.0, "threshold": 0.5})
class ThemeReader:
    """Scores each sentence once for all themes; a text has the best score of its sentences."""

    def __init__(self, nlp: Language, name: str, *, strength: float, threshold: float) -> None:  # noqa: ARG002
        self.name, self.strength, self.threshold = name, strength, threshold
        self.bank: ThemeBank = empty_bank()
        self.names: dict[str, str] = {}

    def __call__(self, doc: Doc) -> Doc:
        notes = notes_of(doc)
        if notes.batch is None or not self.bank.keys:
            return doc
        rows = self._scores(notes.batch)[notes.first : notes.first + len(notes.segments)]
        best = rows.max(axis=0)
        said = np.flatnonzero(best >= self.bank.threshold)
        notes.themes = tuple(
            self._theme(doc, notes, int(at), int(rows[:, at].argmax()), float(best[at]))
            for at in said[np.argsort(-best[said], kind="stable")]
        )
        notes.unsure = not notes.themes
        return doc

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 256) -> Iterator[Doc]:  # noqa: ARG002 - spaCy's name
        """One doc after the other; the matrix of a batch is made at its first."""
        return map(self.__call__, stream)

    def _scores(self, batch: Batch) -> NDArray[np.float32]:
        scores = batch.scores.get(self.name)
        if scores is None:
            scores = batch.scores[self.name] = self.bank.scores(batch.vectors, batch.features)
        return scores

    def _theme(self, doc: Doc, notes: Notes, at: int, row: int, score: float) -> ThemeReading:
        span = notes.segments[row]
        words = self._telling(notes_of(doc).text[span.start : span.end], at)
        name = self.names[self.bank.keys[at]]
        reason = f"Sounds like {name}: {', '.join(words)}." if words else f"Sounds like {name} as a whole."
        return ThemeReading(self.bank.keys[at], round(score, 4), span, reason)

    def _telling(self, sentence: str, at: int) -> list[str]:
        """The words of a sentence that speak most for theme `at`."""
        words = list(
            dict.fromkeys(word for word in split_words(sentence) if word not in _PLAIN and word.isalpha())
        )
        if not words:
            return []
        table = encoder()
        pull = table.word_pull(words, self.bank.dense[:, at])
        best = np.argsort(-pull, kind="stable")[:_FEW]
        return [words[place] for place in best if pull[place] > 0]
