"""What tells the matters of a field apart: the ways in which comments of one matter differ count less."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
EVEN = 0.5
"""How much the spread within matters is drawn towards one spread for all directions: 0.25 to 0.75 do the same."""
STEP = 4096
"""Rows turned at once."""
LEAST_NEAR = 0.02
"""Cosines below are chance."""


@dataclass(frozen=True, slots=True)
class Directions:
    """Rows less `middle`, times `turn`, at length one again."""

    middle: Floats
    turn: Floats

    def of(self, rows: Floats) -> Floats:
        """`rows` with what varies within matters shrunk."""
        out = rows.copy()
        self.turn_in_place(out)
        return out

    def turn_in_place(self, rows: Floats) -> None:
        """The same, written over `rows`."""
        for at in range(0, len(rows), STEP):
            moved = (rows[at : at + STEP] - self.middle) @ self.turn
            length = np.sqrt(np.einsum("ij,ij->i", moved, moved))[:, None]
            rows[at : at + STEP] = moved / np.maximum(length, 1e-9)


def directions(rows: Floats, groupings: Sequence[Ints]) -> Directions:
    """Learned from first groupings, coarse and fine (whitening within classes, as in Fisher's discriminant)."""
    spread = np.mean([_within(rows, labels) for labels in groupings], axis=0)
    usual = max(float(np.trace(spread)) / len(spread), 1e-9)
    width, ways = np.linalg.eigh((1 - EVEN) * spread + EVEN * usual * np.eye(len(spread)))
    turn = (ways * np.maximum(width, 1e-9) ** -0.5) @ ways.T
    return Directions(rows.mean(axis=0), turn.astype(np.float32))


def _within(rows: Floats, labels: Ints) -> NDArray[np.float64]:
    """How rows spread about the middle of their group."""
    middles = sums(rows, labels) / np.maximum(np.bincount(labels), 1)[:, None].astype(np.float32)
    apart = middles[labels]
    np.subtract(rows, apart, out=apart)
    return np.asarray(apart.T @ apart, dtype=np.float64) / len(rows)


def sums(rows: Floats, labels: Ints) -> Floats:
    """The sum of the rows of each group; every number up to the largest has a row."""
    order = np.argsort(labels, kind="stable")
    out = np.zeros((int(labels.max()) + 1, rows.shape[1]), dtype=np.float32)
    for at in range(0, len(rows), STEP):
        some = order[at : at + STEP]
        starts = np.flatnonzero(np.diff(labels[some], prepend=-1))
        out[labels[some[starts]]] += np.add.reduceat(rows[some], starts, axis=0)
    return out


def standing_apart(rows: Floats, labels: Ints) -> Floats:
    """How much nearer each comment is to its own group than to the next: a silhouette by cosines (Rousseeuw 1987).

    Each is compared with the mean of the others of its group and with the mean of the nearest other
    group; 1 is far from all others, below 0 another group is nearer.
    """
    sizes, whole = np.bincount(labels), sums(rows, labels)
    parts = [
        _apart(rows[at : at + STEP], labels[at : at + STEP], sizes, whole) for at in range(0, len(rows), STEP)
    ]
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.float32)


def _apart(rows: Floats, labels: Ints, sizes: Ints, whole: Floats) -> Floats:
    """The same of some rows; `whole` are the sums of all groups."""
    near = rows @ whole.T
    line = np.arange(len(rows))
    own = (near[line, labels] - 1) / np.maximum(sizes[labels] - 1, 1)
    near /= np.maximum(sizes, 1)
    near[line, labels] = -np.inf
    other = near.max(axis=1) if near.shape[1] > 1 else np.zeros(len(rows))
    return np.asarray((own - other) / np.maximum(np.maximum(own, other), LEAST_NEAR), dtype=np.float32)
