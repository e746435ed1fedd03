"""All themes side by side: one matrix for the vectors, one for the words, one bar for each theme."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlp.encoder.static import DIMENSIONS, StaticEncoder, WordLines
from nlp.features import BUCKETS, WordFeatures, WordHasher, gram, times
from nlp.heads import HeadArrays, ThemeSpec

Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class ThemeBank:
    """Columns are themes: margin = vector @ dense + words @ weights + bias; score = sigmoid(scale * margin + offset)."""

    keys: tuple[str, ...]
    dense: Array
    words: Array
    bias: Array
    scale: Array
    offset: Array
    threshold: Array

    def scores(self, vectors: Array, features: WordFeatures) -> Array:
        """Calibrated scores in [0, 1]: one row a text, one column a theme."""
        margin = vectors @ self.dense + times(features, self.words) + self.bias
        return np.asarray(1 / (1 + np.exp(-(self.scale * margin + self.offset))), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Shots:
    """Example texts with the theme each belongs to (-1 for none of them)."""

    texts: tuple[str, ...]
    owners: NDArray[np.int64]


def shots_of(specs: Sequence[ThemeSpec], background: Sequence[str]) -> Shots:
    """Name, description and examples of each theme, and sentences about nothing of the kind."""
    texts: list[str] = []
    owners: list[int] = []
    for at, spec in enumerate(specs):
        said = [spec.name, *((spec.description,) if spec.description else ()), *spec.examples]
        texts += said
        owners += [at] * len(said)
    return Shots((*texts, *background), np.array(owners + [-1] * len(background), dtype=np.int64))


def kernel(encoder: StaticEncoder, hasher: WordHasher, texts: Sequence[str]) -> tuple[Array, WordFeatures, Array]:
    """Vectors, word features and the dot products of all pairs of a few hundred texts."""
    lines: WordLines = encoder.lines(texts)
    vectors, features = encoder.vectors(lines), hasher.features(encoder, lines)
    return vectors, features, vectors @ vectors.T + gram(features, features)


def fit_bank(
    specs: Sequence[ThemeSpec],
    background: Sequence[str],
    *,
    encoder: StaticEncoder,
    hasher: WordHasher,
    ridge: float,
    threshold: float,
) -> ThemeBank:
    """Learn every theme at once from its few sentences: ridge regression in closed form.

    The leave-one-out margins of the same fit give each theme its calibration.
    """
    shots = shots_of(specs, background)
    vectors, features, dots = kernel(encoder, hasher, shots.texts)
    goal = np.where(shots.owners[:, None] == np.arange(len(specs))[None, :], 1.0, -1.0)
    mean = goal.mean(axis=0)
    inverse = np.linalg.inv(dots.astype(np.float64) + ridge * np.eye(len(dots)))
    alpha = inverse @ (goal - mean)
    left_out = goal - alpha / np.diag(inverse)[:, None]
    scale, offset = calibrate(left_out, goal > 0)
    words = np.zeros((BUCKETS, len(specs)), dtype=np.float32)
    np.add.at(words, features.buckets, features.values[:, None] * alpha.astype(np.float32)[features.texts])
    return ThemeBank(
        keys=tuple(spec.key for spec in specs),
        dense=np.asarray(vectors.T @ alpha, dtype=np.float32),
        words=words,
        bias=mean.astype(np.float32),
        scale=np.full(len(specs), scale, dtype=np.float32),
        offset=np.full(len(specs), offset, dtype=np.float32),
        threshold=np.full(len(specs), threshold, dtype=np.float32),
    )


def calibrate(margins: NDArray[np.float64], truth: NDArray[np.bool_]) -> tuple[float, float]:
    """Platt's scale and offset by Newton's method over all given margins at once."""
    x = np.stack([margins.ravel(), np.ones(margins.size)], axis=1)
    hits = int(truth.sum())
    y = np.where(truth.ravel(), (hits + 1) / (hits + 2), 1 / (truth.size - hits + 2))
    weights = np.array([2.0, 0.0])
    for _ in range(25):
        p = 1 / (1 + np.exp(-np.clip(x @ weights, -30, 30)))
        slope = x.T @ (y - p) - 1e-3 * weights
        curve = (x * (p * (1 - p))[:, None]).T @ x + 1e-3 * np.eye(2)
        weights = weights + np.clip(np.linalg.solve(curve, slope), -4, 4)
    return float(weights[0]), float(weights[1])


def with_heads(bank: ThemeBank, heads: Sequence[HeadArrays]) -> ThemeBank:
    """The bank with the columns that people's corrections taught."""
    place = {key: at for at, key in enumerate(bank.keys)}
    known = [head for head in heads if head.theme in place]
    if not known:
        return bank
    dense, words = bank.dense.copy(), bank.words.copy()
    rows = {name: getattr(bank, name).copy() for name in ("bias", "scale", "offset", "threshold")}
    for head in known:
        at = place[head.theme]
        dense[:, at] = head.dense
        words[:, at] = 0
        words[head.buckets, at] = head.weights
        for name, row in rows.items():
            row[at] = getattr(head, name)
    return ThemeBank(bank.keys, dense, words, **rows)


def empty_bank() -> ThemeBank:
    """A bank without themes."""
    none = np.zeros(0, dtype=np.float32)
    dense = np.zeros((DIMENSIONS, 0), dtype=np.float32)
    return ThemeBank((), dense, np.zeros((BUCKETS, 0), dtype=np.float32), none, none, none, none)
