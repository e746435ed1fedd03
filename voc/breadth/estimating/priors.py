"""What is believed of an issue before its own evidence, and how that is learned from the other issues."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import digamma, polygamma

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
    WRONG_TAGS = 7  # logit of the share of tags that are wrong; its prior is the audit's, issue by issue
    CLIENT_SENSITIVITY = 8  # logit P(yes | has it and answers yes or no)
    CLIENT_SPECIFICITY = 9
    STAFF_SENSITIVITY = 10
    STAFF_SPECIFICITY = 11
    OWNER_SENSITIVITY = 12
    OWNER_SPECIFICITY = 13


PARTS = len(Part)
# breadth.md 1.5; witnesses: client .95/.97 as there, staff .85/.93 and owners .70/.80 (policy until learned)
_MEAN = (
    -1.9,
    float(np.log(0.10)),
    float(np.log(0.8)),
    0.95,
    -0.4,
    0.3,
    0.25,
    0.0,
    2.94,
    3.48,
    1.73,
    2.59,
    0.85,
    1.39,
)
_SD = (1.3, 1.3, 0.9, 0.20, 1.0, 0.4, 0.6, 1.0, 0.5, 0.5, 0.6, 0.6, 0.5, 0.5)
_SEGMENT_SD = 0.7
_RIGHT, _WRONG = 9.0, 1.0  # tags are nine in ten right until looked at
# Of the default variance of a part, the share that lies between issues of one book of clients; the rest
# is what books differ in (policy: who answers and how truly is a habit of clients, not of an issue).
_OWN = np.array((1.0, 1.0, 1.0, 0.5, 0.4, 0.4, 0.5, 0.08, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3))
_PULL = (
    25  # issues that the defaults count for: of 5 to 25, quiet and unwilling clients are best held by many
)
_ROUNDS = 25
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
        if not (
            len(found.mean) == len(found.sd) == PARTS
            and np.isfinite((*found.mean, *spreads)).all()
            and min(spreads) > 0
        ):
            raise _unusable()
        return found


def _unusable() -> Invalid:
    return Invalid("The stored beliefs about issues cannot be used: learn them anew from the issues.")


@dataclass(frozen=True, slots=True)
class Lesson:
    """What one issue's own evidence says, without its priors: a normal in natural form.

    log likelihood ~ slope . x - x' precision x / 2, around the top of the posterior.

    Args:
        parts: (P,) which `Part` each place of x is; places from PARTS on are effects of segments.
        slope: (P,).
        precision: (P, P).
        audit: the tags looked at.
    """

    parts: NDArray[np.int64]
    slope: Floats
    precision: Floats
    audit: Audit


def learn_priors(lessons: Sequence[Lesson], *, default: Priors | None = None) -> Priors:
    """The priors that the issues of one book of clients teach each other; `default` with fewer than five.

    Each part is normal between issues, N(mu, b^2). All means mu follow together by least squares,
    since breadth and loudness are entangled in each issue; b by EM. The defaults pull: what is said of
    clients (who answers, how truly) is mostly the same in all issues, breadth and loudness are each
    issue's own. The spread given back is that of the next issue: sqrt(b^2 + variance of mu).
    """
    start = _with_tags(default or Priors())
    taught = [lesson for lesson in lessons if len(lesson.parts)]
    if len(taught) < _FEWEST:
        return default or Priors()
    now = replace(start, sd=tuple(sd * float(np.sqrt(own)) for sd, own in zip(start.sd, _OWN, strict=True)))
    for _ in range(_ROUNDS):
        mean, _ = _means(taught, now, start)
        now = _spreads(taught, replace(now, mean=mean), start)
    mean, doubt = _means(taught, now, start)
    spread = np.sqrt(np.array(now.sd) ** 2 + doubt)
    right, wrong = beta_of(mean[Part.WRONG_TAGS], float(spread[Part.WRONG_TAGS]))
    sd = tuple(map(float, spread))
    return replace(now, mean=mean, sd=sd, right=right, wrong=wrong, issues=len(taught))


def _means(lessons: Sequence[Lesson], now: Priors, start: Priors) -> tuple[tuple[float, ...], Floats]:
    """Means of the parts between issues, and (PARTS,) their variances, under these spreads."""
    first = np.array(start.sd) ** -2 / (1 - _OWN + _OWN / _PULL)
    precision, slope = np.diag(first), first * np.array(start.mean)
    for lesson in lessons:
        own = lesson.parts < PARTS
        parts = lesson.parts[own]
        share = np.linalg.solve(lesson.precision + np.diag(_between(lesson, now)), lesson.precision).T
        seen, pull = lesson.precision - share @ lesson.precision, lesson.slope - share @ lesson.slope
        precision[np.ix_(parts, parts)] += seen[np.ix_(own, own)]
        slope[parts] += pull[own]
    covariance = np.linalg.inv(precision)
    mean = covariance @ slope
    held = np.clip(mean[Part.WRONG_TAGS], *_range_of_tags(lessons, start))
    along = covariance[:, Part.WRONG_TAGS] / covariance[Part.WRONG_TAGS, Part.WRONG_TAGS]
    mean = mean + along * (held - mean[Part.WRONG_TAGS])  # the other parts as they are when tags are there
    return tuple(map(float, mean)), np.diag(covariance)


def _spreads(lessons: Sequence[Lesson], now: Priors, start: Priors) -> Priors:
    """One step of EM for the spreads: what each issue is believed to be, around the means."""
    around, count = np.zeros(PARTS), np.zeros(PARTS)
    effects: list[float] = []
    means = np.array(now.mean)
    for lesson in lessons:
        mean, variance = _believed(lesson, now)
        own = lesson.parts < PARTS
        parts = lesson.parts[own]
        count[parts] += 1
        around[parts] += (mean[own] - means[parts]) ** 2 + variance[own]
        effects.append(float((mean[~own] ** 2 + variance[~own]).mean()))
    sd = np.sqrt((around + _PULL * _OWN * np.array(start.sd) ** 2) / (count + _PULL))
    segment_sd = np.sqrt((sum(effects) + _PULL * start.segment_sd**2) / (len(effects) + _PULL))
    return replace(now, sd=tuple(map(float, sd)), segment_sd=float(segment_sd))


def _between(lesson: Lesson, now: Priors) -> Floats:
    """(P,) precisions of an issue's parameters around the means."""
    own = lesson.parts < PARTS
    sd = np.full(len(own), now.segment_sd)
    sd[own] = np.array(now.sd)[lesson.parts[own]]
    return np.asarray(sd**-2)


def _believed(lesson: Lesson, now: Priors) -> tuple[Floats, Floats]:
    """Mean and variance (P,) of an issue's parameters under these priors."""
    own = lesson.parts < PARTS
    mean, between = np.zeros(len(own)), _between(lesson, now)
    mean[own] = np.array(now.mean)[lesson.parts[own]]
    covariance = np.linalg.inv(lesson.precision + np.diag(between))
    return covariance @ (lesson.slope + mean * between), np.diag(covariance)


def _range_of_tags(lessons: Sequence[Lesson], start: Priors) -> tuple[float, float]:
    """How few and how many wrong tags may be believed: from what all audits together say to one in two.

    A normal far from where it was fitted would run on to none at all where no tag was ever found wrong.
    """
    right = start.right + sum(one.audit.right for one in lessons)
    wrong = start.wrong + sum(one.audit.wrong for one in lessons)
    looked, _ = logit_of(right, wrong)
    return min(looked, start.mean[Part.WRONG_TAGS]), max(looked, 0.0)


def _with_tags(priors: Priors) -> Priors:
    """The same beliefs, the one about tags also as a normal on the logit of the share that are wrong."""
    mean, sd = list(priors.mean), list(priors.sd)
    mean[Part.WRONG_TAGS], sd[Part.WRONG_TAGS] = logit_of(priors.right, priors.wrong)
    return replace(priors, mean=tuple(mean), sd=tuple(sd))


def logit_of(right: float, wrong: float) -> tuple[float, float]:
    """Mean and sd of logit q where q ~ Beta(wrong, right)."""
    spread = polygamma(1, wrong) + polygamma(1, right)
    return float(digamma(wrong) - digamma(right)), float(np.sqrt(spread))


def beta_of(mean: float, sd: float) -> tuple[float, float]:
    """Right and wrong of the Beta whose logit has this mean and sd, by Newton's steps on their logarithms."""
    share = 1 / (1 + np.exp(-mean))
    strength = max(1 / (sd**2 * share * (1 - share)), 0.5)
    at = np.log(((1 - share) * strength, share * strength))
    for _ in range(_ROUNDS):
        right, wrong = np.exp(at)
        off = np.array(
            (digamma(wrong) - digamma(right) - mean, polygamma(1, wrong) + polygamma(1, right) - sd**2)
        )
        turn = np.array((
            (-polygamma(1, right) * right, polygamma(1, wrong) * wrong),
            (polygamma(2, right) * right, polygamma(2, wrong) * wrong),
        ))  # fmt: skip
        at = np.clip(at - np.clip(np.linalg.solve(turn, off), -1, 1), -4, 9)
    right, wrong = np.exp(at)
    return float(right), float(wrong)
