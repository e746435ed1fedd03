"""All themes side by side: one matrix for the vectors, one for the words, one bar for each theme."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from nlp.encoder.static import DIMENSIONS, StaticEncoder, WordLines, centred
from nlp.features import BUCKETS, WordFeatures, WordHasher, gram, times
from nlp.heads import HeadArrays, ThemeSpec

Array = NDArray[np.float32]
ROUNDS = 100
"""Steps of descent; more change no answer on Banking77 with 5 examples each, nor of the starter themes."""
BIAS_DECAY = 1e-3
_ROWS = 512
FOLDS, JUDGED = 5, 400
"""A fifth of the texts is held out at a time, until so many have been: calibration has two numbers to find."""
WORDY, MANY, WORDY_OF_MANY = 1.4, 40, 2.8
"""How much stronger words are while few sentences teach (0.7 beside the static vector), and where themes have `MANY`
and more on average: of 0.7 to 4 the best on the tune third of the starter themes (2026-11-22)."""


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
        margin = self.margins(vectors, features)
        return np.asarray(1 / (1 + np.exp(-(self.scale * margin + self.offset))), dtype=np.float32)

    def margins(self, vectors: Array, features: WordFeatures) -> Array:
        """The same before calibration: any size, comparable between themes."""
        return np.asarray(
            centred(vectors) @ self.dense + times(features, self.words) + self.bias, dtype=np.float32
        )


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


def kernel(
    encoder: StaticEncoder, hasher: WordHasher, texts: Sequence[str], *, wordy: float = 1.0
) -> tuple[Array, WordFeatures, Array]:
    """Vectors, word features and the dot products of all pairs of a few thousand texts, words `wordy` times as strong."""
    lines: WordLines = encoder.lines(texts)
    vectors, features = centred(encoder.vectors(lines)), hasher.features(encoder, lines)
    dots = gram(features, features)
    dots *= wordy**2
    for at in range(0, len(dots), _ROWS):  # a second matrix as large would be the most a reader ever holds
        dots[at : at + _ROWS] += vectors[at : at + _ROWS] @ vectors.T
    return vectors, features, dots


def fit_bank(
    specs: Sequence[ThemeSpec],
    background: Sequence[str],
    *,
    encoder: StaticEncoder,
    hasher: WordHasher,
    strength: float,
    threshold: float,
) -> ThemeBank:
    """Learn every theme at once from its few sentences: logistic regression, one against the rest.

    Margins of sentences held out in turn give all themes one calibration.
    """
    shots = _fifth_last(shots_of(specs, background))
    wordy = _wordy(specs)
    vectors, features, dots = kernel(encoder, hasher, shots.texts, wordy=wordy)
    truth = shots.owners[:, None] == np.arange(len(specs))[None, :]
    scale, offset = calibrate(*_left_out(dots, truth, strength))
    alpha, bias = fit_logistic(dots, truth, strength)
    bank = _bank(specs, vectors, features, alpha, bias, wordy)
    size = len(specs)
    return replace(
        bank,
        scale=np.full(size, scale, dtype=np.float32),
        offset=np.full(size, offset, dtype=np.float32),
        threshold=np.full(size, threshold, dtype=np.float32),
    )


def _fifth_last(shots: Shots) -> Shots:
    """The same texts with every fifth at the end: what is left out of a fit then needs no copy of the others."""
    order = np.argsort(np.arange(len(shots.texts)) % FOLDS == 0, kind="stable")
    return Shots(tuple(shots.texts[at] for at in order.tolist()), shots.owners[order])


def _wordy(specs: Sequence[ThemeSpec]) -> float:
    sentences = sum(len(spec.examples) for spec in specs)
    if not sentences:
        return 1.0
    return WORDY_OF_MANY if sentences >= MANY * len(specs) else WORDY


def _bank(
    specs: Sequence[ThemeSpec],
    vectors: Array,
    features: WordFeatures,
    alpha: Array,
    bias: Array,
    wordy: float,
) -> ThemeBank:
    """Weights on texts as weights on their features, not yet calibrated."""
    words = np.zeros((BUCKETS, len(specs)), dtype=np.float32)
    np.add.at(words, features.buckets, wordy**2 * features.values[:, None] * alpha[features.texts])
    none = np.zeros(len(specs), dtype=np.float32)
    return ThemeBank(
        tuple(spec.key for spec in specs), np.asarray(vectors.T @ alpha, dtype=np.float32), words, bias,
        none, none, none,
    )  # fmt: skip


def fit_logistic(dots: Array, truth: NDArray[np.bool_], strength: float) -> tuple[Array, Array]:
    """Weights on the examples (rows) for each theme (columns), and the themes' biases.

    Accelerated gradient descent on L2-regularised logistic loss: every step stays in the span of the examples, so
    that their weights alone are kept.
    """
    dots = np.asarray(dots, dtype=np.float32)
    most = _largest(dots)
    lift = most / len(dots)  # the bias as a column as long as the longest axis: both then learn at one pace
    step = np.float32(1 / (0.25 * 2 * most + 1 / strength))
    goal, decay = truth.astype(np.float32), np.float32(1 / strength)
    alpha = ahead = np.zeros(truth.shape, dtype=np.float32)
    bias = bias_ahead = np.zeros(truth.shape[1], dtype=np.float32)
    pace = 1.0
    for _ in range(ROUNDS):
        slope = 1 / (1 + np.exp(-np.clip(dots @ ahead + bias_ahead, -50, 50))) - goal
        following = ahead - step * (slope + decay * ahead)
        bias_following = bias_ahead - step * lift * (slope.sum(axis=0) + BIAS_DECAY * bias_ahead)
        quicker = (1 + np.sqrt(1 + 4 * pace * pace)) / 2
        push = np.float32((pace - 1) / quicker)
        ahead, bias_ahead = (
            following + push * (following - alpha),
            bias_following + push * (bias_following - bias),
        )
        alpha, bias, pace = following, bias_following, quicker
    return alpha, bias.astype(np.float32)


def _largest(dots: Array) -> np.float32:
    """A little more than the largest eigenvalue, by power iteration."""
    axis = np.ones(len(dots), dtype=np.float32)
    length = np.float32(1)
    for _ in range(20):
        axis = dots @ (axis / length)
        length = np.float32(max(float(np.linalg.norm(axis)), 1e-6))
    return np.float32(1.05) * length


def _left_out(
    dots: Array, truth: NDArray[np.bool_], strength: float
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Margins of examples from a fit without their fifth, and their truth: all examples, or of many the last fifth."""
    first = len(dots) - -(-len(dots) // FOLDS)
    fold = np.append(1 + np.arange(first) % (FOLDS - 1), np.zeros(len(dots) - first, dtype=np.int64))
    margins, judged = [np.zeros((0, truth.shape[1]))], np.zeros(0, dtype=np.int64)
    for at in range(FOLDS):
        taught, left = np.flatnonzero(fold != at), np.flatnonzero(fold == at)
        if not len(taught) or not len(left) or len(judged) >= JUDGED:
            continue
        known, asked = (
            (dots[np.ix_(taught, taught)], dots[np.ix_(left, taught)])
            if at
            else (dots[:first, :first], dots[first:, :first])
        )
        alpha, bias = fit_logistic(known, truth[taught], strength)
        margins.append((asked @ alpha + bias).astype(np.float64))
        judged = np.append(judged, left)
    return np.concatenate(margins), truth[judged]


def calibrate(margins: NDArray[np.float64], truth: NDArray[np.bool_]) -> tuple[float, float]:
    """Platt's scale and offset over all given margins at once: Newton's method, halving steps that lose."""
    x = np.stack([margins.ravel(), np.ones(margins.size)], axis=1)
    hits = int(truth.sum())
    y = np.where(truth.ravel(), (hits + 1) / (hits + 2), 1 / (truth.size - hits + 2))

    def loss(at: NDArray[np.float64]) -> float:
        z = x @ at
        return float((np.logaddexp(0, z) - y * z).sum() + 5e-4 * (at @ at))

    weights = np.array([1.0, 0.0])
    for _ in range(30):
        p = 1 / (1 + np.exp(-np.clip(x @ weights, -30, 30)))
        slope = x.T @ (y - p) - 1e-3 * weights
        curve = (x * (p * (1 - p))[:, None]).T @ x + 1e-3 * np.eye(2)
        step = np.linalg.solve(curve, slope)
        while loss(weights + step) > loss(weights) and float(np.abs(step).max()) > 1e-6:  # noqa: PLR2004 - no step left
            step = step / 2
        weights = weights + step
    return max(float(weights[0]), 1e-3), float(weights[1])


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
