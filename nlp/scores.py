"""Scores of themes and groups against labels."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


def as_numbers(labels: Sequence[str | int]) -> Ints:
    """Labels as numbers from 0."""
    return np.unique(np.array(labels, dtype=str), return_inverse=True)[1].astype(np.int64)


def macro_f1(truth: Ints, said: Ints) -> float:
    """The mean F1 over all labels of `truth`."""
    scores = []
    for label in np.unique(truth):
        right = float(((truth == label) & (said == label)).sum())
        scores.append(2 * right / ((truth == label).sum() + (said == label).sum()))
    return float(np.mean(scores))


def _alone(groups: Ints) -> Ints:
    """Ungrouped comments (-1) each in a group of its own."""
    out = groups.copy()
    loose = np.flatnonzero(out < 0)
    out[loose] = out.max(initial=-1) + 1 + np.arange(len(loose))
    return out


@dataclass(frozen=True, slots=True)
class Overlap:
    """How often each pair of true label and group meets."""

    times: NDArray[np.float64]
    truth: Ints
    group: Ints
    truth_size: Ints
    group_size: Ints


def _overlap(truth: Ints, groups: Ints) -> Overlap:
    groups = np.unique(_alone(groups), return_inverse=True)[1]
    width = int(groups.max()) + 1
    keys, times = np.unique(truth * width + groups, return_counts=True)
    return Overlap(times.astype(float), keys // width, keys % width, np.bincount(truth), np.bincount(groups))


def b_cubed_f1(truth: Ints, groups: Ints) -> float:
    """B-cubed F1 (Bagga and Baldwin 1998): the mean over comments of how pure and how whole their group is."""
    met = _overlap(truth, groups)
    pure = float((met.times**2 / met.group_size[met.group]).sum()) / len(truth)
    whole = float((met.times**2 / met.truth_size[met.truth]).sum()) / len(truth)
    return 2 * pure * whole / (pure + whole)


def v_measure(truth: Ints, groups: Ints) -> float:
    """The harmonic mean of homogeneity and completeness (Rosenberg and Hirschberg 2007)."""
    met, n = _overlap(truth, groups), len(truth)
    shared = float(
        (
            met.times / n * np.log(met.times * n / (met.truth_size[met.truth] * met.group_size[met.group]))
        ).sum()
    )
    entropies = [
        float(-(size / n * np.log(size / n)).sum())
        for size in (met.truth_size, met.group_size[met.group_size > 0])
    ]
    return 2 * shared / sum(entropies) if sum(entropies) else 1.0


def adjusted_rand(truth: Ints, groups: Ints) -> float:
    """Agreement on pairs beyond chance (Hubert and Arabie 1985)."""
    met = _overlap(truth, groups)
    pairs = [float((size * (size - 1) / 2).sum()) for size in (met.times, met.truth_size, met.group_size)]
    chance = pairs[1] * pairs[2] / (len(truth) * (len(truth) - 1) / 2)
    return (pairs[0] - chance) / ((pairs[1] + pairs[2]) / 2 - chance)


def area_under_curve(higher: Sequence[float], lower: Sequence[float]) -> float:
    """AUROC: how often one of `higher` is above one of `lower`, a tie counting half (Hanley and McNeil 1982)."""
    others = np.sort(np.asarray(lower, dtype=float))
    ours = np.asarray(higher, dtype=float)
    above = np.searchsorted(others, ours, side="left") + np.searchsorted(others, ours, side="right")
    return float(above.sum() / (2 * max(len(ours) * len(others), 1)))


def wilson(right: int, n: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927); (0, 1) without cases."""
    if not n:
        return 0.0, 1.0
    z = 1.959964
    share, spread = right / n, z * z / n
    middle = (share + spread / 2) / (1 + spread)
    half = z / (1 + spread) * (share * (1 - share) / n + spread / (4 * n)) ** 0.5
    return middle - half, middle + half
