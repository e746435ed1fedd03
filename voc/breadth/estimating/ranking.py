"""How sure a rank is: the share of draws in which an issue stands among the first."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from voc.breadth.estimating.facts import Floats
from voc.breadth.estimating.result import Estimate


def chance_in_top(
    results: Sequence[Estimate], top: int = 5, *, weights: ArrayLike | None = None, by_value: bool = False
) -> Floats:
    """(K,) P(rank <= top) among these issues, by how many clients have each or by their yearly value.

    Args:
        results: the issues.
        top: how many count as first.
        weights: (K,) what each client of an issue counts for, such as severity.
        by_value: rank by yearly value in place of clients.
    """
    if not results:
        return np.zeros(0)
    draws = np.stack([one.values if by_value else one.counts for one in results])
    scores = draws * np.asarray(1.0 if weights is None else weights, dtype=np.float64).reshape(-1, 1)
    places = np.argsort(np.argsort(-scores, axis=0, kind="stable"), axis=0)
    return np.asarray((places < top).mean(axis=1))
