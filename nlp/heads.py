"""Themes as people write them, and what was learned about each, in plain arrays."""

from dataclasses import dataclass
from io import BytesIO

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


_ARRAYS = {"dense": np.float32, "buckets": np.int32, "weights": np.float32}
_NUMBERS = ("bias", "scale", "offset", "threshold")


def pack(head: HeadArrays) -> bytes:
    """What a head knows as plain bytes: arrays and numbers, no code, no scores."""
    numbers = {name: np.float64(getattr(head, name)) for name in _NUMBERS}
    target = BytesIO()
    np.savez_compressed(target, dense=head.dense, buckets=head.buckets, weights=head.weights, **numbers)
    return target.getvalue()


def unpack(theme: str, version: str, content: bytes, *, n: int = 0) -> HeadArrays:
    """The head that `pack` made bytes of; ValueError when they are none."""
    with np.load(BytesIO(content), allow_pickle=False) as stored:
        arrays = {name: stored[name].astype(kind) for name, kind in _ARRAYS.items()}
        numbers = {name: float(stored[name]) for name in _NUMBERS}
    return HeadArrays(theme=theme, version=version, n=n, **arrays, **numbers)
