"""The most likely parameters of an issue, and how unsure they are."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from voc.breadth.estimating.facts import Floats
from voc.breadth.estimating.likelihood import Model, evaluate

_LEAST_CURVATURE = 0.6  # of the posterior, whose prior alone has 1: keeps a poor fit's scale finite (breadth.md 1.6)
_STEP = 1e-3  # in prior sds, for the curvature from slopes
_ROUNDS = 60


@dataclass(frozen=True, slots=True)
class Peak:
    """In units of the prior's sd from its mean: the top (P,), and the inverse curvature there (P, P)."""

    at: Floats
    covariance: Floats


def find_peak(model: Model, *, start: Floats | None = None) -> Peak:
    """The top of the posterior by L-BFGS-B on the analytic slope, and the curvature by central differences of it."""
    size = len(model.active)

    def loss(steps: Floats) -> tuple[float, Floats]:
        split = evaluate(model, steps[None], slope=True)
        assert split.slope is not None
        return -float(split.log_posterior[0]), -split.slope[0]

    begin = np.zeros(size) if start is None or len(start) != size else start
    found = minimize(loss, begin, jac=True, method="L-BFGS-B", bounds=[(-6, 6)] * size,
                     options={"maxiter": _ROUNDS, "ftol": 1e-8, "gtol": 1e-3})  # fmt: skip
    return Peak(at=found.x, covariance=_covariance(model, found.x))


def _covariance(model: Model, at: Floats) -> Floats:
    size = len(at)
    moves = _STEP * np.eye(size)
    split = evaluate(model, np.concatenate((at + moves, at - moves)), slope=True)
    assert split.slope is not None
    curvature = -(split.slope[:size] - split.slope[size:]) / (2 * _STEP)
    values, vectors = np.linalg.eigh((curvature + curvature.T) / 2)
    return np.asarray((vectors / np.maximum(values, _LEAST_CURVATURE)) @ vectors.T)
