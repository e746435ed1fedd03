"""What a look over all comments leaves over, compared once more among itself: small matters of a few clients."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nlp.gist import sentences
from nlp.grouping import STATIC_SHARE, centred
from nlp.grouping_words import word_matrix

Floats = NDArray[np.float32]
MOST = 2000
"""So many are compared each with each: 0.5 s and 50 MB."""
ALIKE = 0.2
"""Two heaps become one while their comments are on average at least this alike (joint vectors, the words weighed among
the leftovers). Demo seeds 26, 5 and 11 (2026-11-22): heaps of three and more give 18 matters that had no issue at 0.2
and 20 at 0.15, but 3 and 12 mixed heaps; of eleven small issues read at 0.15 two were one matter."""
NEAR = 0.35
"""A heap falls into parts in which each comment is this alike to a next one: an average hides two pairs that share a word,
or a pair and a stranger. Heaps of up to six in the demo that are one matter (seeds 26, 5 and 11, 2026-11-23): 36 of 59
without it, 37 of 44 at 0.3, 36 of 39 at 0.35, 27 of 27 at 0.4."""


def find_leftovers(
    vectors: Floats, texts: Sequence[str], middle: Floats, *, smallest: int
) -> list[list[int]]:
    """Heaps of at least `smallest` rows that are alike on average, the largest first; `middle` is the field's mean.

    Average linkage: unlike the communities of a neighbour graph it needs no crowd around a matter. What it puts
    together by one word that two matters share comes apart again.
    """
    if len(texts) < max(smallest, 2):
        return []
    rows = joint(vectors[:MOST], texts[:MOST], middle)
    heaps = [part for heap in linked(rows, ALIKE) if len(heap) >= smallest for part in near_parts(rows, heap)]
    return sorted((heap for heap in heaps if len(heap) >= smallest), key=lambda heap: (-len(heap), heap[0]))


def near_parts(rows: Floats, heap: Sequence[int]) -> list[list[int]]:
    """A heap, rows of length 1, in the parts whose comments are near to a next one."""
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415 - only the group worker has it

    members = np.asarray(heap)
    count, part = connected_components(rows[members] @ rows[members].T >= NEAR, directed=False)
    return [members[part == one].tolist() for one in range(count)]


def linked(rows: Floats, alike: float) -> list[list[int]]:
    """All of some rows of length 1 in heaps that are on average at least so alike, many of one row."""
    from scipy.cluster.hierarchy import fcluster, linkage  # noqa: PLC0415 - only the group worker has it
    from scipy.spatial.distance import squareform  # noqa: PLC0415 - only the group worker has it

    if len(rows) < 2:  # noqa: PLR2004 - nothing to compare
        return [[at] for at in range(len(rows))]
    apart = np.clip(1 - rows @ rows.T, 0, 2)
    apart = (apart + apart.T) / 2
    np.fill_diagonal(apart, 0)
    labels = fcluster(linkage(squareform(apart, checks=False), "average"), 1 - alike, "distance")
    order = np.argsort(labels, kind="stable")
    return [heap.tolist() for heap in np.split(order, np.flatnonzero(np.diff(labels[order])) + 1)]


def joint(vectors: Floats, texts: Sequence[str], middle: Floats) -> Floats:
    """Meaning less the field's mean, beside the words, at length 1."""
    words = word_matrix([" ".join(sentences(text)) for text in texts])
    rows = np.hstack([centred(vectors, middle) * np.sqrt(STATIC_SHARE), words * np.sqrt(1 - STATIC_SHARE)])
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9), dtype=np.float32)
