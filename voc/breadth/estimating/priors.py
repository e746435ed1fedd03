"""What is believed of an issue before its own evidence, and how that is learned from the other issues."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Self

import numpy as np

from voc.breadth.estimating.facts import Audit, Floats
from voc.core.errors import Invalid


class Part(IntEnum):
    """The parameters of an issue, in their order; the effects of the segments follow."""

    BREADTH = 0  # eta: logit of the share of clients who have it
    KAPPA = 1  # log of mentions for each other comment, for a client who has it
    FRAILTY = 2  # log of the variance of how much clients differ in that
    EXPONENT = 3  # g: mentions grow with talkativeness to this power
    RESPONSE = 4  # a0: logit of answering, for a client of middling talk who does not have it
    RESPONSE_TALK = 5  # a1: by one standard deviation of log talkativeness
    RESPONSE_HAS = 6  # delta: by having it
    WRONG_TAGS = 7  # log f, from what the audit says
    CLIENT_SENSITIVITY = 8  # logit P(yes | has it and answers yes or no)
    CLIENT_SPECIFICITY = 9
    STAFF_SENSITIVITY = 10
    STAFF_SPECIFICITY = 11
    OWNER_SENSITIVITY = 12
    OWNER_SPECIFICITY = 13


PARTS = len(Part)
# breadth.md 1.5; witnesses: client .95/.97 as there, staff .85/.93 and owners .70/.80 (policy until learned)
_MEAN = (-1.9, float(np.log(0.10)), float(np.log(0.8)), 0.95, -0.4, 0.3, 0.25, 0.0, 2.94, 3.48, 1.73, 2.59, 0.85, 1.39)
_SD = (1.3, 1.3, 0.9, 0.20, 1.0, 0.4, 0.6, 1.0, 0.5, 0.5, 0.6, 0.6, 0.5, 0.5)
_SEGMENT_SD = 0.7
_RIGHT, _WRONG = 9.0, 1.0  # tags are nine in ten right until looked at
_FEWEST = 5  # issues to learn from; fewer keep the defaults (breadth.md 1.7)


@dataclass(frozen=True, slots=True)
class Priors:
    """Normal beliefs by `Part`, the spread of segments, and Beta(right, wrong) of a tag; plain numbers.

    `issues` is how many issues they were learned from; 0 are the defaults.
    """

    mean: tuple[float, ...] = _MEAN
    sd: tuple[float, ...] = _SD
    segment_sd: float = _SEGMENT_SD
    right: float = _RIGHT
    wrong: float = _WRONG
    issues: int = 0

    def to_json(self) -> dict[str, object]:
        """Plain values, for storing."""
        return {
            "mean": list(self.mean), "sd": list(self.sd), "segment_sd": self.segment_sd,
            "right": self.right, "wrong": self.wrong, "issues": self.issues,
        }  # fmt: skip

    @classmethod
    def from_json(cls, stored: Mapping[str, object]) -> Self:
        """The priors that `to_json` gave; Invalid where they are of another release or not numbers."""
        try:
            found = cls(
                mean=tuple(float(one) for one in stored["mean"]),  # type: ignore[attr-defined] # checked below
                sd=tuple(float(one) for one in stored["sd"]),  # type: ignore[attr-defined] # checked below
                segment_sd=float(stored["segment_sd"]),  # type: ignore[arg-type] # checked below
                right=float(stored["right"]),  # type: ignore[arg-type] # checked below
                wrong=float(stored["wrong"]),  # type: ignore[arg-type] # checked below
                issues=int(stored["issues"]),  # type: ignore[call-overload] # checked below
            )
        except (KeyError, TypeError, ValueError) as wrong:
            raise _unusable() from wrong
        spreads = (*found.sd, found.segment_sd, found.right, found.wrong)
        if not (len(found.mean) == len(found.sd) == PARTS and np.isfinite((*found.mean, *spreads)).all() and min(spreads) > 0):
            raise _unusable()
        return found


def _unusable() -> Invalid:
    return Invalid("The stored beliefs about issues cannot be used: learn them anew from the issues.")


@dataclass(frozen=True, slots=True)
class Learned:
    """What one fit says about its issue, for the others; `mode` and `sd` (PARTS,), `nan` where nothing is said.

    Args:
        mode: the most likely value of each part.
        sd: how unsure it is, after the evidence.
        prior: the priors it was fitted with.
        segment_variance: mean over the segments of what their effects were, squared, with their doubt.
        audit: the tags looked at.
    """

    mode: Floats
    sd: Floats
    prior: Priors
    segment_variance: float
    audit: Audit


def learn_priors(fits: Sequence[Learned], *, default: Priors | None = None) -> Priors:
    """The priors that the issues of one book of clients teach each other; `default` with fewer than five.

    Each part is normal between issues. A fit's own evidence is its posterior with its prior taken out
    (precisions subtract); mean and variance between issues follow by EM, with a pull to the default
    worth two issues. The spread given back is that of the next issue: sqrt(between + of the mean).
    """
    start = default or Priors()
    if len(fits) < _FEWEST:
        return start
    mean, sd = list(start.mean), list(start.sd)
    for part in Part:
        if part is Part.WRONG_TAGS:
            continue  # has an offset of its own in every issue
        own, variance = _own_evidence(fits, part)
        if len(own) >= _FEWEST:
            mean[part], sd[part] = _between(own, variance, start.mean[part], start.sd[part])
    right, wrong = _tags(fits, start)
    spread = [fit.segment_variance for fit in fits] + [start.segment_sd**2] * _PULL
    return Priors(
        mean=tuple(mean), sd=tuple(sd), segment_sd=float(np.sqrt(np.mean(spread))),
        right=right, wrong=wrong, issues=len(fits),
    )  # fmt: skip


_PULL = 2  # issues that the default counts for
_ROUNDS = 60
_LEAST_PRECISION = 1e-3


def _own_evidence(fits: Sequence[Learned], part: Part) -> tuple[Floats, Floats]:
    """Estimate and variance of each issue from its own evidence alone, where it has any."""
    rows = [
        (fit.mode[part], fit.sd[part], fit.prior.mean[part], fit.prior.sd[part])
        for fit in fits
        if np.isfinite(fit.mode[part])
    ]
    mode, sd, prior_mean, prior_sd = np.array(rows).reshape(-1, 4).T
    precision = np.maximum(sd**-2 - prior_sd**-2, _LEAST_PRECISION * prior_sd**-2)
    own = (mode * (precision + prior_sd**-2) - prior_mean * prior_sd**-2) / precision
    return own, 1 / precision


def _between(own: Floats, variance: Floats, mean: float, sd: float) -> tuple[float, float]:
    """Mean between issues and the sd for the next one, by EM."""
    middle, between = mean, sd**2
    count = len(own) + _PULL
    for _ in range(_ROUNDS):
        doubt = 1 / (1 / between + 1 / variance)
        value = doubt * (middle / between + own / variance)
        middle = float((value.sum() + _PULL * mean) / count) if sd else mean
        between = float((((value - middle) ** 2 + doubt).sum() + _PULL * sd**2) / count)
    of_mean = between / count
    return middle, float(np.sqrt(between + of_mean))


def _tags(fits: Sequence[Learned], start: Priors) -> tuple[float, float]:
    """Beta of a tag being right: pooled share, and a concentration by moments, at least the default's."""
    right = np.array([fit.audit.right for fit in fits])
    seen = right + np.array([fit.audit.wrong for fit in fits])
    total = seen.sum() + start.right + start.wrong
    share = float((right.sum() + start.right) / total)
    looked = seen > 1
    concentration = start.right + start.wrong
    if looked.sum() >= _FEWEST:
        excess = (right[looked] / seen[looked] - share) ** 2 - share * (1 - share) / seen[looked]
        between = max(float(excess.mean()), share * (1 - share) / 200)
        concentration = float(np.clip(share * (1 - share) / between - 1, concentration, 100))
    return share * concentration, (1 - share) * concentration
