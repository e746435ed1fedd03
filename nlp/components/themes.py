"""Says which themes a text speaks of, in which sentence, and by which words."""

from collections.abc import Iterable, Iterator
from operator import itemgetter

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

from nlp.because import quoted, reason_of
from nlp.components.notes import Batch, Notes, notes_of
from nlp.encoder.static import encoder
from nlp.encoder.wordpiece import split_words
from nlp.pooling import lengths_of, pooled
from nlp.reading import ThemeReading
from nlp.theme_bank import ThemeBank, empty_bank

_PLAIN = frozenset(
    "the a an and or but of to in on at for with by from is are was were be been am it its this that these those i we "  # noqa: SIM905
    "you he she they my our your his her their me us them not no do does did have has had will would can could should "
    "as if so than then there here what when which who how why all any some just also very more most too again up out "
    "about into over after before because since while".split()
)
_MOST_PULLS = 5000
"""Words kept with their pull towards every theme (about 5 MB with 25 themes)."""


@Language.factory("everyclient_themes", default_config={"strength": 10.0, "threshold": 0.5})
class ThemeReader:
    """Scores each sentence once for all themes; a text has the score of its best sentence, held against all it says."""

    def __init__(self, nlp: Language, name: str, *, strength: float, threshold: float) -> None:  # noqa: ARG002
        self.name, self.strength, self.threshold = name, strength, threshold
        self.bank: ThemeBank = empty_bank()
        self._pulls: dict[str, tuple[float, ...]] = {}
        self.names: dict[str, str] = {}

    def __call__(self, doc: Doc) -> Doc:
        notes = notes_of(doc)
        if notes.batch is None or not self.bank.keys:
            return doc
        said = self._said(notes.batch)[notes.place]
        notes.themes = tuple(self._theme(notes, at, score) for at, score in said)
        notes.unsure = not notes.themes
        return doc

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 256) -> Iterator[Doc]:  # noqa: ARG002 - spaCy's name
        """One doc after the other; the matrix of a batch is made at its first."""
        return map(self.__call__, stream)

    def _said(self, batch: Batch) -> list[list[tuple[int, float]]]:
        """For each text of the batch the themes that it speaks of with their scores, the strongest first."""
        if batch.themes is None:
            scores = batch.scores[self.name] = self.bank.scores(batch.vectors, batch.features)
            best = pooled(scores, batch.firsts, lengths_of(batch.lines))
            places, columns = np.nonzero(best >= self.bank.threshold)
            strength = best[places, columns]
            batch.themes = [[] for _ in batch.firsts]
            for at in np.lexsort((columns, -strength, places)).tolist():
                batch.themes[places[at]].append((int(columns[at]), float(strength[at])))
        return batch.themes

    def _theme(self, notes: Notes, at: int, score: float) -> ThemeReading:
        span = notes.segments[self._row(notes, at)]
        name = self.names[self.bank.keys[at]]
        own = set(split_words(name))
        words = (word for word in self._telling(notes.text[span.start : span.end], at) if word not in own)
        said = quoted(notes.text, span.start, span.end, words, notes.masks)
        return ThemeReading(self.bank.keys[at], round(score, 4), span, reason_of(said, name))

    def _row(self, notes: Notes, at: int) -> int:
        """The sentence that speaks most for theme `at`."""
        if len(notes.segments) == 1 or notes.batch is None:
            return 0
        last = notes.first + len(notes.segments)
        return int(notes.batch.scores[self.name][notes.first : last, at].argmax())

    def _telling(self, sentence: str, at: int) -> list[str]:
        """The words of a sentence that speak for theme `at`, the strongest first."""
        if len(self._pulls) > _MOST_PULLS:
            self._pulls = {}
        pulls = self._pulls
        words = list(dict.fromkeys(split_words(sentence)))
        fresh = [word for word in words if word not in pulls]
        if fresh:
            self._learn(fresh)
        told = sorted(((-pulls[word][at], word) for word in words if pulls[word]), key=itemgetter(0))
        return [word for pull, word in told if pull < 0]

    def _learn(self, words: list[str]) -> None:
        """Keep how far each word pulls towards every theme; nothing for words that tell a person nothing."""
        telling = [word for word in words if word not in _PLAIN and word.isalpha()]
        self._pulls.update(dict.fromkeys(words, ()))
        if telling:
            pulls = encoder().word_pull(telling, self.bank.dense)
            self._pulls.update(zip(telling, map(tuple, pulls.tolist()), strict=True))
