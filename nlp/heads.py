"""Themes as people write them, and what was learned about each, in plain arrays."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class ThemeSpec:
    """A theme as people wrote it; works from name and description alone, better with examples.

    `called` is what reasons call it, where people gave it another name than the one it is read by.
    """

    key: str
    name: str
    description: str
    examples: tuple[str, ...] = ()
    called: str = ""


@dataclass(frozen=True, slots=True)
class HeadArrays:
    """One theme's learned head: score = sigmoid(scale * (dense.v + sum(words[i]) + bias) + offset).

    `dense` has 256 values; `buckets` are the hashed words that count, `weights` theirs. `precision`
    and `recall` are from held-out examples (None when there were too few); `n` is how many examples
    taught it. `threshold` is the score from which the theme is said.
    """

    theme: str
    version: str
    n: int
    dense: NDArray[np.float32]
    buckets: NDArray[np.int32]
    weights: NDArray[np.float32]
    bias: float
    scale: float = 1.0
    offset: float = 0.0
    threshold: float = 0.5
    precision: float | None = None
    recall: float | None = None
    held_out: int = 0
