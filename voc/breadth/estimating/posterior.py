"""Weighted draws of everything unknown about one issue, around the top of its posterior."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, gammaincinv, ndtri
from scipy.stats import qmc

from voc.breadth.estimating.facts import Floats, Ints
from voc.breadth.estimating.fitting import Peak
from voc.breadth.estimating.likelihood import Model, evaluate, log_wrong, response_chance

DRAWS = 512  # breadth.md 1.6
KEPT = 256  # of them, for questions asked later of an estimate
_FREEDOM = 5  # of the t around the top: wider tails than a normal, so that the weights stay small
_WIDER = 1.1
_SURE = 1e-9  # variance of a count under which nothing is left to chance
_SEED = 5  # of the scrambled Sobol points; the same facts give the same figures


@dataclass(frozen=True, slots=True)
class Draws:
    """M draws of the parameters.

    Args:
        steps: (M, P) in units of the prior's sd from its mean.
        weights: (M,) summing to 1, truncated.
        has: (M, C) chance that a client of the cell has it, given the draw and the cell's evidence.
        chances: (M, 2) uniform points for what the draw itself leaves to chance.
        spread: (M, C) q (1 - q), what is left to chance in a client of the cell.
        effective: effective number of draws, 1 / sum w^2.
    """

    steps: Floats
    weights: Floats
    has: Floats
    spread: Floats
    chances: Floats
    effective: float


@lru_cache(maxsize=64)
def _points(size: int, count: int) -> tuple[Floats, Floats, Floats]:
    """(M, size) points of a t with unit scale, their log density up to a constant, and (M, 2) uniforms."""
    uniform = qmc.Sobol(size + 3, scramble=True, seed=_SEED).random(count)
    uniform = np.clip(uniform, 1e-6, 1 - 1e-6)
    normal = ndtri(uniform[:, :size])
    chi = 2 * gammaincinv(_FREEDOM / 2, uniform[:, size])
    points = normal / np.sqrt(chi / _FREEDOM)[:, None]
    log_density = -0.5 * (_FREEDOM + size) * np.log1p((points**2).sum(axis=1) / _FREEDOM)
    return points, log_density, uniform[:, size + 1 :]


def draw(model: Model, peak: Peak, *, count: int = DRAWS) -> Draws:
    """Draws by importance: Sobol points of a multivariate t5 at the top, weights truncated at sqrt(M) times their mean."""
    points, log_density, chances = _points(len(peak.at), count)
    scale = _WIDER * np.linalg.cholesky(peak.covariance)
    steps = peak.at + points @ scale.T
    split = evaluate(model, steps)
    log_weight = split.log_posterior - log_density
    weights = np.exp(log_weight - log_weight.max())
    weights = np.minimum(weights, weights.mean() * np.sqrt(count))
    weights /= weights.sum()
    return Draws(
        steps=steps,
        weights=weights,
        has=split.has,
        spread=split.has * (1 - split.has),
        chances=chances,
        effective=float(1 / (weights**2).sum()),
    )


@dataclass(frozen=True, slots=True)
class Sample:
    """R draws that weigh the same: what is kept of an estimate for later questions.

    Args:
        theta: (R, PARTS + segments) in the parts' own units.
        has: (R, C) as in `Draws`, in half the memory.
        wrong: (R,) wrong tags for each other comment.
        response: (R, J, 2) chance of answering when asked, by level, without and with the issue.
        chances: (R, 2).
    """

    theta: Floats
    has: NDArray[np.float32]
    wrong: Floats
    response: Floats
    chances: Floats

    @property
    def spread(self) -> NDArray[np.float32]:
        """(R, C) q (1 - q)."""
        return self.has * (1 - self.has)

    @property
    def weights(self) -> Floats:
        """All the same."""
        return np.full(len(self.theta), 1 / len(self.theta))


def sample_of(model: Model, draws: Draws) -> Sample:
    """The draws of a model, drawn again so that they weigh the same."""
    kept = even(draws.weights, KEPT)
    theta = np.repeat(model.mean[None], KEPT, axis=0)
    theta[:, model.active] += draws.steps[kept] * model.sd[model.active]
    return Sample(
        theta=theta, has=draws.has[kept].astype(np.float32), wrong=np.exp(log_wrong(model, theta)), response=response_chance(model, theta),
        chances=draws.chances[:KEPT],
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Total:
    """What M draws say of a sum over the clients who have it, (M,): its mean, and as it really fell out."""

    mean: Floats
    realised: Floats


def count_totals(draws: Draws | Sample, groups: Floats) -> tuple[Total, ...]:
    """How many of each of G groups of clients, (C, G) by cell, have it.

    Per draw the mean is sum n q and the variance sum n q (1 - q); the count is a beta with those.
    """
    means, variances = draws.has @ groups, draws.spread @ groups
    sizes = groups.sum(axis=0)
    return tuple(
        Total(mean=mean, realised=_fallen(mean, variance, float(size), draws.chances[:, 0]))
        for mean, variance, size in zip(means.T, variances.T, sizes, strict=True)
    )


def _fallen(mean: Floats, variance: Floats, size: float, chance: Floats) -> Floats:
    if size == 0:
        return mean
    share = np.clip(mean / size, 1e-9, 1 - 1e-9)
    strength = np.clip(share * (1 - share) * size**2 / np.maximum(variance, _SURE) - 1, 1e-3, 1e12)
    drawn = size * betaincinv(share * strength, (1 - share) * strength, chance)
    return np.asarray(np.where(variance < _SURE, mean, drawn))


def value_total(draws: Draws, clients: Floats, counts: Total, value: Floats, value_squared: Floats) -> Floats:
    """(M,) yearly value of the clients who have it, moving with how many they are in the same draw."""
    spread = draws.spread @ np.stack((clients, value, value_squared), axis=1)
    variance, together, alone = np.maximum(spread.T, _SURE)
    pull = together / variance
    left = np.maximum(alone - together * pull, 0)
    drawn = (
        draws.has @ value
        + pull * (counts.realised - counts.mean)
        + np.sqrt(left) * ndtri(draws.chances[:, 1])
    )
    return np.asarray(np.clip(drawn, 0, value.sum()))


def quantile(values: Floats, weights: Floats, share: float) -> float:
    """The weighted quantile of draws, between neighbours by straight line."""
    order = np.argsort(values)
    reached = np.cumsum(weights[order])
    return float(np.interp(share, reached - weights[order] / 2, values[order]))


def even(weights: Floats, count: int) -> Ints:
    """(count,) places of draws that weigh the same, by systematic resampling."""
    reached = np.cumsum(weights) / weights.sum()
    return np.minimum(np.searchsorted(reached, (np.arange(count) + 0.5) / count), len(weights) - 1)
