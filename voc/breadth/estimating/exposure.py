"""How talkative each client is, from its comments on everything else."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import gammaln

from voc.breadth.estimating.facts import Floats, Ints


@dataclass(frozen=True, slots=True)
class Talk:
    """Talkativeness by number of other comments; (J,) arrays, one place for each level.

    Args:
        mean: expected comments in the window, after shrinking towards the other clients.
        shape: of the gamma that says how unsure that is: variance = mean^2 / shape.
        others: the number of other comments itself (mean over the level).
        reference: the talkativeness that ratios are taken against, always above 0.
    """

    mean: Floats
    shape: Floats
    others: Floats
    reference: float


def fit_talk(values: Ints, clients: Ints) -> tuple[float, float]:
    """Shape a and rate b of t ~ Gamma(a, b), where o ~ Poisson(t), by likelihood in a; b = a / mean.

    Args:
        values: (U,) distinct numbers of other comments.
        clients: (U,) how many clients have each.
    """
    total = clients.sum()
    mean = max(float(clients @ values) / total, 0.5 / total)

    def loss(log_shape: float) -> float:
        shape = np.exp(log_shape)
        log_p = (
            gammaln(shape + values)
            - gammaln(shape)
            + shape * np.log(shape / (shape + mean))
            + values * np.log(mean / (shape + mean))
        )
        return -float(clients @ log_p) + 0.5 * (log_shape / 1.5) ** 2

    shape = float(np.exp(minimize_scalar(loss, bounds=(-3.5, 4.0), method="bounded", options={"xatol": 0.02}).x))
    return shape, shape / mean


def talk_of(others: Ints) -> tuple[Talk, Ints]:
    """The levels of talkativeness in use, and (N,) the level of each client.

    Levels are the exact number up to six, then steps of about a quarter: closer is not felt.
    """
    counts = np.bincount(_step_of(others))
    used = np.flatnonzero(counts)
    place = np.zeros(len(counts), dtype=np.int64)
    place[used] = np.arange(len(used))
    level = place[_step_of(others)]
    clients = counts[used]
    mean_others = np.bincount(level, weights=others) / clients
    shape, rate = fit_talk(mean_others, clients)
    mean = (shape + mean_others) / (rate + 1)
    reference = float(np.exp(clients @ np.log(mean) / clients.sum()))
    return Talk(mean=mean, shape=shape + mean_others, others=mean_others, reference=reference), level


_EXACT = 6  # up to here every number is its own level
_STEP = 1.25  # above, a level is a quarter wide: the error in talkativeness stays under an eighth


def _step_of(others: Ints) -> Ints:
    """The step of each number of other comments: exact when small, then by its logarithm."""
    ratio = np.log(np.maximum(others, _EXACT) / _EXACT) / np.log(_STEP)
    return np.where(others <= _EXACT, others, _EXACT + np.ceil(ratio)).astype(np.int64)
