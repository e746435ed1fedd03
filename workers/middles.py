"""The middle of each issue among vectors: which issues a comment that stands in none is nearest to."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
NEAREST = 3


@dataclass(frozen=True, slots=True)
class Middles:
    """Rows of `middles` are unit means of issues over vectors less `centre`, in the order of `issues`."""

    issues: tuple[int, ...]
    middles: Floats
    centre: Floats

    @classmethod
    def of(cls, vectors: Floats, issues: Sequence[int], centre: Floats) -> "Middles":
        """The middle of each issue in `issues`, one for each row of `vectors`."""
        names, place = np.unique(np.array(issues, dtype=np.int64), return_inverse=True)
        sums = np.zeros((len(names), len(centre)), dtype=np.float32)
        np.add.at(sums, place, _unit(vectors - centre))
        return cls(tuple(names.tolist()), _unit(sums), centre)

    def nearest(self, vectors: Floats) -> list[tuple[tuple[int, float], ...]]:
        """Up to three (issue, cosine in [0, 1]) for each vector, the nearest first."""
        if not self.issues:
            return [() for _ in vectors]
        alike = np.clip(_unit(vectors - self.centre) @ self.middles.T, 0, 1)
        top = np.argsort(-alike, axis=1, kind="stable")[:, :NEAREST]
        return [
            tuple((self.issues[at], round(float(line[at]), 4)) for at in places)
            for line, places in zip(alike, top.tolist(), strict=True)
        ]


def _unit(rows: Floats) -> Floats:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-9), dtype=np.float32)
