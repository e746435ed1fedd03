"""Logistic regression on products of pairs of examples, and what its margins mean; numpy alone."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from nlp.features import Pairs

Array = NDArray[np.float32]
ROUNDS = 100
"""Steps of descent; more change no answer on Banking77 with 5 examples each, nor of the starter themes."""
BIAS_DECAY = 1e-3
FOLDS, JUDGED = 5, 400
"""A fifth of the texts is held out at a time, until so many have been: calibration has two numbers to find."""


def fit_logistic(
    dots: Pairs, truth: NDArray[np.bool_], strength: float, counts: Array | None = None
) -> tuple[Array, Array]:
    """Weights on the examples (rows) for each theme (columns), and the themes' biases.

    `dots` are the products of all pairs of examples. An example counts once, or as `counts` says for each theme.
    Accelerated gradient descent on L2-regularised logistic loss: every step stays in the span of the examples, so
    that their weights alone are kept.
    """
    counts = np.ones((len(dots), 1), dtype=np.float32) if counts is None else counts
    most = _largest(dots, counts)
    # The bias as a column as long as the longest axis: both then learn at one pace.
    lift = most / counts.sum(axis=0)
    step = np.float32(1 / (0.25 * 2 * most + 1 / strength))
    goal, decay = truth.astype(np.float32), np.float32(1 / strength)
    alpha = ahead = np.zeros(truth.shape, dtype=np.float32)
    bias = bias_ahead = np.zeros(truth.shape[1], dtype=np.float32)
    pace = 1.0
    for _ in range(ROUNDS):
        slope = counts * (1 / (1 + np.exp(-np.clip(dots @ ahead + bias_ahead, -50, 50))) - goal)
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


def _largest(dots: Pairs, counts: Array) -> np.float32:
    """A little more than the largest eigenvalue of the examples as they count, by power iteration."""
    root = np.sqrt(counts)
    axis = np.ones_like(root)
    length = np.ones(counts.shape[1], dtype=np.float32)
    for _ in range(20):
        axis = root * (dots @ np.asarray(root * (axis / length), dtype=np.float32))
        length = np.maximum(np.linalg.norm(axis, axis=0), np.float32(1e-6))
    return np.float32(1.05 * length.max())


def left_out(
    dots: Pairs, truth: NDArray[np.bool_], strength: float
) -> Iterator[tuple[Array, NDArray[np.int64], NDArray[np.int64]]]:
    """Margins of a fifth of the examples from a fit without them, which taught it and which were left out.

    One fifth after the other until all examples were left out, or enough.
    """
    fold, judged = np.arange(len(dots)) % FOLDS, 0
    for at in range(FOLDS):
        taught, left = np.flatnonzero(fold != at), np.flatnonzero(fold == at)
        if not len(taught) or not len(left) or judged >= JUDGED:
            continue
        known = dots.some(taught)
        alpha, bias = fit_logistic(known, truth[taught], strength)
        judged += len(left)
        yield dots.some(left).beside(known, alpha) + bias, taught, left


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
