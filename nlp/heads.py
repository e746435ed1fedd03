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

    `dense` has 256 values; `buckets` are the hashed words that count, `weights` theirs; `n` is
    how many examples taught it. `threshold` is the score from which the theme is said.
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


def pack(head: HeadArrays) -> bytes:
    """What a head knows as plain bytes: arrays and numbers, no code."""
    numbers = np.array([head.bias, head.scale, head.offset, head.threshold])
    target = BytesIO()
    np.savez_compressed(target, dense=head.dense, buckets=head.buckets, weights=head.weights, numbers=numbers)
    return target.getvalue()


def unpack(theme: str, version: str, content: bytes, *, n: int = 0) -> HeadArrays:
    """The head that `pack` made bytes of; nothing in them is ever run."""
    with np.load(BytesIO(content), allow_pickle=False) as stored:
        bias, scale, offset, threshold = (float(one) for one in stored["numbers"])
        return HeadArrays(
            theme=theme, version=version, n=n,
            dense=stored["dense"].astype(np.float32), buckets=stored["buckets"].astype(np.int32),
            weights=stored["weights"].astype(np.float32),
            bias=bias, scale=scale, offset=offset, threshold=threshold,
        )  # fmt: skip
