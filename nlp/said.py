"""What grouping needs to know of texts, in little memory: found as they come, so that a look need not begin with it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from nlp.gist import sentences
from nlp.grouping_words import STEP, WordCounts
from nlp.small_talk import small_talk

Floats = NDArray[np.float32]
T = TypeVar("T", bound=np.generic)


@dataclass(slots=True)
class Said:
    """Of each text: how much is small talk, least and on average, whether it says anything, and its words.

    All without greeting and sign-off. Of a whole window the words take 25 MB: `take_words` leaves none behind.
    """

    least: Floats
    mean: Floats
    is_any: NDArray[np.bool_]
    words: WordCounts

    def __len__(self) -> int:
        return len(self.least)

    def take_words(self) -> WordCounts:
        """The words, once: they are needed at the beginning alone."""
        words, self.words = self.words, WordCounts.of([])
        return words

    @classmethod
    def of(cls, texts: Sequence[str]) -> "Said":
        """Of all texts at once."""
        saying = Saying()
        for at in range(0, len(texts), STEP):
            saying.add(texts[at : at + STEP])
        return saying.said()


@dataclass
class Saying:
    """The same of texts that come in lots."""

    _least: list[Floats] = field(default_factory=list)
    _mean: list[Floats] = field(default_factory=list)
    _is_any: list[NDArray[np.bool_]] = field(default_factory=list)
    _words: list[WordCounts] = field(default_factory=list)

    def add(self, texts: Sequence[str]) -> None:
        """The next texts: some thousand at most."""
        cut = [sentences(text) for text in texts]
        least, mean = small_talk().of_cut(cut)
        told = [" ".join(pieces) for pieces in cut]
        self._least.append(least)
        self._mean.append(mean)
        self._is_any.append(np.array([bool(one) for one in told], dtype=bool))
        self._words.append(WordCounts.of(told))

    def said(self, order: NDArray[np.int64] | None = None) -> Said:
        """Of all that came, or of these, in this order."""
        least, mean = _joined(self._least, np.float32), _joined(self._mean, np.float32)
        is_any, words = _joined(self._is_any, np.bool_), WordCounts.joined(self._words)
        if order is None:
            return Said(least, mean, is_any, words)
        return Said(least[order], mean[order], is_any[order], words.some(order))


def _joined(parts: Sequence[NDArray[T]], kind: type[T]) -> NDArray[T]:
    return np.concatenate([np.zeros(0, dtype=kind), *parts])
