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
_BARS = (0.6, 0.5, 0.65)
"""From here a level is said: that something annoys is easily read into a notice, and that work stops calls people together."""
_MARGINS = tuple(math.log(bar / (1 - bar)) for bar in _BARS)


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

    def severity(self, margins: Sequence[float], hits: Sequence[Hit] = ()) -> Severity:
        """The worst level that is sure enough, 0 where none is, for one row of margins and the sentence's phrases."""
        sums = list(margins)
        for at in {trait_of(hit) for hit in hits}:
            sums = [one + weight for one, weight in zip(sums, self._weights[at], strict=True)]
        for level, bar, margin in reversed(list(zip(LEVELS, _MARGINS, sums, strict=True))):
            if margin >= bar:
                return Severity(level, 1 / (1 + math.exp(-margin)))
        return Severity(0, 0.0)


@cache
def _load(path: Path) -> dict[str, NDArray[np.float32]]:
    with np.load(path) as kept:
        return {name: kept[name].astype(np.float32) for name in kept.files}
