"""From the interval to a decision: surely above a limit, surely below, or not known yet."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from voc.breadth.estimating.asking import Narrowing
from voc.breadth.estimating.facts import Answer, Bools, Floats
from voc.breadth.estimating.result import Estimate, Range

_SURE = 1.645  # standard deviations to each end of a 90 % interval
_MOST = 200  # asks looked ahead: a book where that settles nothing is not settled by asking more


class Verdict(StrEnum):
    """Where the figure stands against the limit."""

    ABOVE = "surely above"
    BELOW = "surely below"
    EITHER = "could be either"


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict; `asks` is how many more clients settle it where it could be either, None where none do."""

    verdict: Verdict
    limit: float
    found: Range
    asks: int | None = None


def against_clients(result: Estimate, limit: float, answers: ArrayLike | None = None) -> Decision:
    """Whether at least `limit` clients have it."""
    return _against(result, limit, result.count, answers, None)


def against_value(result: Estimate, limit: float, answers: ArrayLike | None = None) -> Decision:
    """Whether clients of at least `limit` yearly value have it."""
    return _against(result, limit, result.value, answers, result.facts.values)


def _against(
    result: Estimate, limit: float, found: Range, answers: ArrayLike | None, worth: Floats | None
) -> Decision:
    if found.low >= limit:
        return Decision(Verdict.ABOVE, limit, found)
    if found.high < limit:
        return Decision(Verdict.BELOW, limit, found)
    now = result.facts.answers if answers is None else np.asarray(answers)
    free = (now == Answer.NOT_ASKED) & (result.facts.settled == 0)
    return Decision(Verdict.EITHER, limit, found, _asks(result, abs(found.mean - limit), free, worth))


def _asks(result: Estimate, distance: float, free: Bools, worth: Floats | None) -> int | None:
    """The fewest asks after which the interval, expected to narrow as the draws say, no longer holds the limit."""
    if result.cells is None or result.sample is None or not free.any():
        return None
    narrowing = Narrowing(result.cells, result.sample, free=free, worth=worth)
    for asks in range(1, min(int(free.sum()), _MOST) + 1):
        narrowing.best()
        if _SURE * np.sqrt(narrowing.variance) <= distance:
            return asks
    return None
