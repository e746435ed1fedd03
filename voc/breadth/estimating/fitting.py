"""The most likely parameters of an issue, and how unsure they are."""

from dataclasses import dataclass

import numpy as np

from voc.breadth.estimating.facts import Floats
from voc.breadth.estimating.likelihood import Model, evaluate

_LEAST_CURVATURE = (
    0.6  # of the posterior, whose prior alone has 1: keeps a poor fit's scale finite (breadth.md 1.6)
)
_MOVE = 1e-4  # in prior sds: the curvature is the difference of slopes so far apart
_FARTHEST = 6.0  # prior sds: beyond is no belief at all
_LONGEST = 3.0  # prior sds: one step goes no farther, the curvature is not trusted there
_ROUNDS = 25
_NEAR = 0.003  # nats still to gain: far less than the importance weights put right


@dataclass(frozen=True, slots=True)
class Peak:
    """In units of the prior's sd from its mean: the top (P,), and the inverse curvature there (P, P)."""

    at: Floats
    covariance: Floats


@dataclass(frozen=True, slots=True)
class _Look:
    height: float
    slope: Floats
    step: Floats
    covariance: Floats


def find_peak(model: Model, *, start: Floats | None = None) -> Peak:
    """The top of the posterior by Newton's steps, halved until they climb.

    One batch of P + 1 analytic slopes gives height, slope and curvature at once, and costs about as
    much as two single ones: six such steps are cheaper than the forty of a quasi-Newton search.
    """
    at = np.zeros(len(model.active)) if start is None or len(start) != len(model.active) else start
    here = _look(model, at)
    for _ in range(_ROUNDS):
        step = here.step
        if step @ here.slope / 2 < _NEAR:
            break
        step = step * min(1.0, _LONGEST / float(np.linalg.norm(step)))
        there, moved = _climb(model, at, step, here)
        if moved is None:
            break
        at, here = moved, there
    return Peak(at=at, covariance=here.covariance)


def _climb(model: Model, at: Floats, step: Floats, here: _Look) -> tuple[_Look, Floats | None]:
    for _ in range(6):
        moved = np.clip(at + step, -_FARTHEST, _FARTHEST)
        there = _look(model, moved)
        if there.height > here.height:
            return there, moved
        step = step / 3
    return here, None


def _look(model: Model, at: Floats) -> _Look:
    size = len(at)
    moves = _MOVE * np.eye(size)
    split = evaluate(model, np.concatenate((at[None], at + moves)), slope=True)
    curvature = -(split.slope[1:] - split.slope[0]) / _MOVE
    values, vectors = np.linalg.eigh((curvature + curvature.T) / 2)
    covariance = (vectors / np.maximum(values, _LEAST_CURVATURE)) @ vectors.T
    # Where the curvature is the wrong way, its size still says how far it can be trusted.
    step = (vectors / np.maximum(np.abs(values), _LEAST_CURVATURE)) @ (vectors.T @ split.slope[0])
    return _Look(height=float(split.log_posterior[0]), slope=split.slope[0], step=step, covariance=covariance)
