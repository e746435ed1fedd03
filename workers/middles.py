"""The middle of each issue among vectors: which issues a comment that stands in none is nearest to."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Vectors = Floats | NDArray[np.float16]  # as reckoned with, or as stored
NEAREST = 3
STEP = 4096  # rows reckoned at once: a window's at once would hold several times what they take


@dataclass(frozen=True, slots=True)
class Middles:
    """Rows of `middles` are unit means of issues over vectors less `centre`, in the order of `issues`."""

    issues: tuple[int, ...]
    middles: Floats
    centre: Floats

    @classmethod
    def of(cls, vectors: Vectors, issues: Sequence[int], centre: Floats) -> "Middles":
        """The middle of each issue in `issues`, one for each row of `vectors`."""
        names, place = np.unique(np.array(issues, dtype=np.int64), return_inverse=True)
        sums = np.zeros((len(names), len(centre)), dtype=np.float32)
        for at in range(0, len(vectors), STEP):
            np.add.at(sums, place[at : at + STEP], _unit(vectors[at : at + STEP] - centre))
        return cls(tuple(names.tolist()), _unit(sums), centre)

    def nearest(self, vectors: Vectors) -> list[tuple[tuple[int, float], ...]]:
        """Up to three (issue, cosine in [0, 1]) for each vector, the nearest first."""
        if not self.issues:
            return [() for _ in vectors]
        found: list[tuple[tuple[int, float], ...]] = []
        for start in range(0, len(vectors), STEP):
            alike = np.clip(_unit(vectors[start : start + STEP] - self.centre) @ self.middles.T, 0, 1)
            top, near = _largest(alike, NEAREST)
            found += [
                tuple((self.issues[at], round(much, 4)) for at, much in zip(places, line, strict=True))
                for line, places in zip(near.tolist(), top.tolist(), strict=True)
            ]
        return found


def _largest(alike: Floats, most: int) -> tuple[NDArray[np.int64], Floats]:
    """Columns and values of the largest of each row, the first of equal ones first; sorting all takes ten times as long."""
    left, line = alike.copy(), np.arange(len(alike))
    columns = []
    for _ in range(min(most, alike.shape[1])):
        columns.append(left.argmax(axis=1))
        left[line, columns[-1]] = -np.inf
    top = np.stack(columns, axis=1)
    return top, np.take_along_axis(alike, top, axis=1)


def _unit(rows: Floats) -> Floats:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-9), dtype=np.float32)
