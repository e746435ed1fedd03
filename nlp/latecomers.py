"""Themes of few sentences beside themes of many, as one that a lead adds to those that are shipped."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nlp.features import Pairs
from nlp.fitting import Array, fit_logistic
from nlp.heads import ThemeSpec

SCARCE = 11
"""A theme with more sentences than this, name and description counted, learns from its own alone."""
NEARNESS = 5.0
"""How much it counts that a text is near a theme's own sentences."""
LATE_SCALE, LATE_OFFSET = 2.1, 0.45
"""What the margins mean: the same for 2 to 11 sentences. Found on the themes we ship, each in turn cut down to so few
while the rest of its sentences stood as another's, against the notes of themes_tune.jsonl (2026-11-22)."""
LATE_BAR = 0.6
"""From this score a latecomer is said: nobody has corrected it yet, and a lead should find it mostly right."""


def is_scarce(spec: ThemeSpec) -> bool:
    """Whether a theme has few sentences."""
    return 1 + bool(spec.description) + len(spec.examples) <= SCARCE


def latecomers(specs: Sequence[ThemeSpec]) -> tuple[ThemeSpec, ...]:
    """The scarce themes where most others are not; none where most are scarce, which are learned all at once.

    Fitted with the others, a few sentences would stand against thousands, some of which even speak of the theme:
    nothing but its own words would reach the bar. And each new theme would move all others.
    """
    scarce = tuple(spec for spec in specs if is_scarce(spec))
    return scarce if 2 * len(scarce) < len(specs) else ()


def fit_late(dots: Pairs, owners: NDArray[np.int64], strength: float) -> tuple[Array, Array]:
    """Weights on all texts (rows) for each latecomer (columns), and their biases.

    `dots` are the products of all pairs of texts; the last ones are the latecomers', of which `owners` says whose. All
    others together count as much against a theme as its own sentences for it; latecomers do not know of each other.
    """
    known = len(dots) - len(owners)
    truth = np.zeros((len(dots), int(owners.max()) + 1), dtype=bool)
    truth[known:] = owners[:, None] == np.arange(truth.shape[1])
    own = truth.sum(axis=0, dtype=np.float32)
    counts = truth.astype(np.float32)
    counts[:known] = own / max(known, 1)
    alpha, bias = fit_logistic(dots, truth, strength, counts)
    return alpha + NEARNESS * truth / own, bias
