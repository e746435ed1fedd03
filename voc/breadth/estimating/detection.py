"""How often a client mentions the issue, if it has it and if it has not.

Affected: weeks with a mention ~ NegBin(mean m, 1/shape v), m = kappa E_ref (E/E_ref)^g,
v = (1 + 1/s)(1 + phi) - 1: the uncertainty of the talkativeness (gamma of shape s) times the frailty
phi. Affected or not: wrong tags ~ Poisson(f o), o the other comments. With c = m / (1 + m v):

    n0 = (1 + m v)^(-1/v),  n1 = n0 c,  n2 = n0 c^2 (1 + v) / 2

and both are summed by convolution; "3 or more" is what is left.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import gammainc

from voc.breadth.estimating.exposure import Talk
from voc.breadth.estimating.facts import Floats

_LEAST = 1e-13  # of a probability: keeps logarithms finite


@dataclass(frozen=True, slots=True)
class Mentioning:
    """P(0, 1, 2, 3+ weeks) for B sets of parameters, (B, J, 4), and log-slopes of the same shape.

    Slopes of `has` are by log kappa, log phi, g and log f; `has_not` depends on log f alone.
    Both are empty where they were not asked for.
    """

    has: Floats
    has_not: Floats
    slopes: tuple[Floats, ...]
    slope_not: Floats


def rates(talk: Talk, log_kappa: Floats, log_phi: Floats, exponent: Floats) -> tuple[Floats, Floats]:
    """Mean m and spread v of the weeks with a mention in a window, for affected clients, (B, J)."""
    relative = np.log(talk.mean / talk.reference)
    m = talk.reference * np.exp(log_kappa[:, None] + exponent[:, None] * relative)
    return m, np.exp(log_phi)[:, None] * (1 + 1 / talk.shape) + 1 / talk.shape


def mentioning(
    talk: Talk, log_kappa: Floats, log_phi: Floats, exponent: Floats, log_false: Floats, *, slopes: bool
) -> Mentioning:
    """The tables of B parameter sets (each (B,)); slopes only where asked for, they double the cost."""
    m, v = rates(talk, log_kappa, log_phi, exponent)
    relative = np.log(talk.mean / talk.reference)
    spread = v - 1 / talk.shape
    wrong = np.exp(log_false)[:, None] * talk.others
    none = np.exp(-wrong)
    half = 0.5 * wrong**2
    grown = 1 + m * v
    c = m / grown
    log_grown = np.log1p(m * v)
    n0 = np.exp(-log_grown / v)
    one = 0.5 * c * c * (1 + v)
    has = _closed(none * n0, none * n0 * (c + wrong), none * n0 * (one + wrong * c + half))
    has_not = _filled(none, none * wrong, none * half, gammainc(3, wrong))
    if not slopes:
        return Mentioning(has=has, has_not=has_not, slopes=(), slope_not=none[..., :0])
    by_m = _slopes_of(
        none * n0, c, wrong, half, one, by_log=-m / grown, by_c=c / grown, by_one=c * c / grown * (1 + v)
    )
    by_v = _slopes_of(
        none * n0, c, wrong, half, one,
        by_log=log_grown / v**2 - c / v, by_c=-c * c, by_one=0.5 * c * c * (1 - 2 * c * (1 + v)),
    )  # fmt: skip
    by_f = _slopes_of_wrong(none * n0, c, wrong, half, one)
    log_has = 1 / has
    per_m = by_m * log_has
    return Mentioning(
        has=has,
        has_not=has_not,
        slopes=(per_m, by_v * log_has * spread[..., None], per_m * relative[:, None], by_f * log_has),
        slope_not=_slope_of_none(wrong, has_not, none),
    )


def _closed(zero: Floats, first: Floats, second: Floats) -> Floats:
    return _filled(zero, first, second, 1 - zero - first - second)


def _filled(zero: Floats, first: Floats, second: Floats, rest: Floats) -> Floats:
    return np.maximum(np.stack((zero, first, second, rest), axis=-1), _LEAST)


def _slopes_of(
    base: Floats,
    c: Floats,
    wrong: Floats,
    half: Floats,
    one: Floats,
    *,
    by_log: Floats,
    by_c: Floats,
    by_one: Floats,
) -> Floats:
    """Slopes of the four probabilities when log n0, c and n2/n0 move by these."""
    zero = base * by_log
    first = zero * (c + wrong) + base * by_c
    second = zero * (one + wrong * c + half) + base * (by_one + wrong * by_c)
    return np.stack((zero, first, second, -zero - first - second), axis=-1)


def _slopes_of_wrong(base: Floats, c: Floats, wrong: Floats, half: Floats, one: Floats) -> Floats:
    """Slopes by log f: more wrong tags, fewer clients with none."""
    zero = -wrong * base
    first = zero * (c + wrong) + base * wrong
    second = zero * (one + wrong * c + half) + base * wrong * (c + wrong)
    return np.stack((zero, first, second, -zero - first - second), axis=-1)


def _slope_of_none(wrong: Floats, has_not: Floats, none: Floats) -> Floats:
    rest = none * wrong * wrong * wrong / 2 / has_not[..., 3]
    return np.stack((-wrong, 1 - wrong, 2 - wrong, rest), axis=-1)
