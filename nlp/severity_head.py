"""The head of severity: how bad a sentence says it is, from its vector, its words and the phrases in it."""

import math
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlp.components.notes import Severity
from nlp.encoder.static import FOLDER, centred
from nlp.features import WordFeatures, times
from nlp.phrases import Hit

HEAD = FOLDER.parent / "config" / "severity.npz"
LEVELS = (1, 2, 4)
"""Annoys, slows, stops: a head for each says whether a sentence is at least so bad."""
_BARS = np.array([0.6, 0.5, 0.65], dtype=np.float32)
"""From here a level is said: that something annoys is easily read into a notice, and that work stops calls people together."""


def trait_of(hit: Hit) -> int:
    """Which trait a phrase is: one for each level, then one for each level that is denied, or no longer so."""
    return LEVELS.index(hit.group.level) + len(LEVELS) * (hit.negated or hit.unreal)


def traits_of(hits: Sequence[Hit]) -> NDArray[np.float32]:
    """(6,): which traits the phrases of a sentence have."""
    found = np.zeros(2 * len(LEVELS), dtype=np.float32)
    found[[trait_of(hit) for hit in hits]] = 1
    return found


class SeverityHead:
    """Scores sentences; what vector and words give is made for a batch at once."""

    def __init__(self, head: Path = HEAD) -> None:
        kept = _load(head)
        self._dense, self._words, self._bias = kept["dense"], kept["words"], kept["bias"]
        self._weights = kept["traits"].tolist()

    def margins(self, table: NDArray[np.float32], features: WordFeatures) -> NDArray[np.float32]:
        """(sentences, 3): what the vectors of the static table and the words alone give for each level."""
        dense = centred(table) @ self._dense
        return np.asarray(dense + times(features, self._words) + self._bias, dtype=np.float32)

    def severities(self, margins: NDArray[np.float32]) -> list[Severity]:
        """The worst level of each row that is sure enough; level 0 where none is."""
        sure = 1 / (1 + np.exp(-margins))
        rank = (np.arange(1, len(LEVELS) + 1) * (sure >= _BARS)).max(axis=1)
        score = np.where(rank > 0, sure[np.arange(len(sure)), rank - 1], 0)
        levels = np.array([0, *LEVELS])[rank]
        return [Severity(level, one) for level, one in zip(levels.tolist(), score.tolist(), strict=True)]

    def with_phrases(self, margins: Sequence[float], hits: Sequence[Hit]) -> Severity:
        """The same for one row of margins, with the phrases of its sentence."""
        sums = list(margins)
        for at in {trait_of(hit) for hit in hits}:
            sums = [one + weight for one, weight in zip(sums, self._weights[at], strict=True)]
        for at in reversed(range(len(LEVELS))):
            score = 1 / (1 + math.exp(-sums[at]))
            if score >= _BARS[at]:
                return Severity(LEVELS[at], score)
        return Severity(0, 0.0)


@cache
def _load(path: Path) -> dict[str, NDArray[np.float32]]:
    with np.load(path) as kept:
        return {name: kept[name].astype(np.float32) for name in kept.files}
