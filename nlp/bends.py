"""Where a straight border between a theme and the rest is not enough: directions of meaning whose square counts.

A theme that was taught by many comments is rarely one heap: "the card was swallowed" and "the machine kept it" lie on two
sides of their middle. A head of one direction cannot say so, a quadratic form can, and a few of its axes are nearly all
of it. They are those along which what the straight head gets wrong spreads most, so that no search is needed.
"""

import numpy as np
from numpy.typing import NDArray

AXES = 16
"""Axes of one theme. On parts held out of the training texts of 38 intents of Banking77 (a straight head 0.954): 8 give
0.957, 16 give 0.960, 32 no more, a kernel over all examples 0.960 (2026-11-22)."""
STRETCH = 4.0
"""How much larger squares stand beside the vector: 1.5 gives 0.958, 4 gives 0.960 (as above)."""
FEWEST = 50
"""Comments that are of the theme, and that are not, from which axes are looked for."""

Array = NDArray[np.float32]
Numbers = NDArray[np.float64]


def axes_of(vectors: Array, wrong: Numbers) -> Array:
    """The directions (256, 16) along which `wrong` (by row: truth less score, weighed) spreads most, of length 1.

    They are the steepest ascent of the likelihood over quadratic forms. Kept to what half precision holds, as stored.
    """
    spread = (vectors * wrong[:, None].astype(np.float32)).T @ vectors
    sizes, found = np.linalg.eigh(spread.astype(np.float64))
    chosen = np.sort(np.argsort(-np.abs(sizes), kind="stable")[:AXES])
    return found[:, chosen].astype(np.float16).astype(np.float32)


def squares(vectors: Array, axes: Array) -> Array:
    """How far each vector lies along each axis, squared and stretched."""
    return np.asarray(STRETCH * np.square(vectors @ axes), dtype=np.float32)
