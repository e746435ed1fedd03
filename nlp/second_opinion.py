"""A second opinion where two themes fit a sentence almost alike: which theme's own sentences are nearer to it?

What a theme learned is a direction; two themes that lie close have almost the same. The sentences that taught them are
kept, as bytes, and asked only then.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Truth = NDArray[np.bool_]

OPINION, OPINION_OF_ALL = 2.0, 12.0
"""How much it counts beside margins learned from few sentences of each theme, and from all there are (FULL_STRENGTH)."""
DOUBT = 4.0
"""So near to each other lie the margins of the two best themes where it is asked."""
_STEPS = 256.0
"""Parts of 1 that a byte tells apart: numbers of vectors of length 1 beyond a half are hardly seen."""
_ROWS = 64
"""Sentences asked at once: more would only need room."""


@dataclass(frozen=True, slots=True)
class Examples:
    """The sentences that taught themes, those of the same themes side by side.

    Sentences `starts[i]` up to the next start are of the themes `of[i]` says (columns); of none where they are about
    nothing of the kind.
    """

    rows: NDArray[np.int8]
    starts: NDArray[np.int64]
    of: Truth

    @staticmethod
    def none(themes: int) -> "Examples":
        """Nothing that could be asked."""
        return Examples(
            np.zeros((0, 0), dtype=np.int8), np.zeros(0, dtype=np.int64), np.zeros((0, themes), dtype=bool)
        )

    @staticmethod
    def taught(vectors: Array, truth: Truth) -> "Examples":
        """Of centred vectors, and the themes (columns) that each is of."""
        kinds, place = np.unique(truth, axis=0, return_inverse=True)
        place = place.reshape(-1)
        order = np.argsort(place, kind="stable")
        rows = np.clip(np.rint(vectors[order] * _STEPS), -127, 127).astype(np.int8)
        return Examples(rows, np.searchsorted(place[order], np.arange(len(kinds))), kinds)

    def nearest(self, vectors: Array) -> Array:
        """How much nearer (cosine) each text's nearest sentence of a theme is than its nearest of another; a column a theme."""
        found = np.empty((len(vectors), len(self.starts)), dtype=np.float32)
        ends = np.append(self.starts[1:], len(self.rows))
        for kind, (first, last) in enumerate(zip(self.starts, ends, strict=True)):
            found[:, kind] = (vectors @ self.rows[first:last].T.astype(np.float32)).max(axis=1) / _STEPS
        said = np.zeros((len(vectors), self.of.shape[1]), dtype=np.float32)
        for theme in np.flatnonzero(self.of.any(axis=0) & ~self.of.all(axis=0)):
            own = self.of[:, theme]
            said[:, theme] = found[:, own].max(axis=1) - found[:, ~own].max(axis=1)
        return said


def in_doubt(margins: Array) -> NDArray[np.int64]:
    """The rows whose two best themes lie close together."""
    if margins.shape[1] < 2:  # noqa: PLR2004 - two themes
        return np.zeros(0, dtype=np.int64)
    best = np.partition(margins, -2, axis=1)[:, -2:]
    return np.flatnonzero(best[:, 1] - best[:, 0] < DOUBT)


def heard(margins: Array, vectors: Array, examples: Examples, weight: float) -> Array:
    """Margins of texts (rows; `vectors` centred) for themes (columns) with the second opinion where it is asked."""
    known = np.flatnonzero(examples.of.any(axis=0))
    if not weight or not len(known):
        return margins
    asked = in_doubt(margins[:, known])
    out = margins.copy()
    for at in range(0, len(asked), _ROWS):
        some = asked[at : at + _ROWS]
        out[some] += weight * examples.nearest(vectors[some])
    return out
