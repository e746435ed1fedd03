"""What is known of one issue's breadth, as frozen values."""

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from voc.breadth.estimating.cells import Cells
from voc.breadth.estimating.facts import Bools, Facts, Floats
from voc.breadth.estimating.forecasting import speaks
from voc.breadth.estimating.posterior import Sample, count_totals, quantile
from voc.breadth.estimating.priors import Lesson

LOW, HIGH = 0.05, 0.95  # the ends of every interval: nine in ten


class Flag(StrEnum):
    """How far the share can be used: as it is, with its range, or not at all before asking."""

    OK = "ok"
    WIDE = "wide"
    INSUFFICIENT = "insufficient"


class Origin(StrEnum):
    """Where the number comes from."""

    OWN = "own evidence"
    BORROWED = "borrowed from other issues"


@dataclass(frozen=True, slots=True)
class Range:
    """A mean with the ends of its 90 % interval."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Witness:
    """How far somebody's yes and no can be trusted, each a share with its 90 % interval.

    `is_learned` says whether this issue's own contradictions or agreements narrowed it at all.
    """

    name: str
    sensitivity: Range
    specificity: Range
    is_learned: bool


@dataclass(frozen=True, slots=True)
class Estimate:
    """How many of all N clients have the issue.

    Args:
        prevalence: expected share of the N clients who have it, with `lo` and `hi` the 90 % interval
            of the share as it really is, not of a long-run rate.
        p: (N,) chance that each client has it.
        unheard: how many of those not heard from have it.
        value: yearly value of the clients who have it, in the currency given.
        flag, origin: whether to use it, and where it comes from.
        skill: expected Brier skill of `p` against the plain share; below 0.05 `has_skill` is False and
            pages show no chance for single clients.
        counts, values: (R,) draws that weigh the same, of how many and of their yearly value.
        witnesses: what was learned of who says yes and no.
        lesson: what this fit teaches the others.
        facts, cells, sample: what it was made from; without clients there are no cells.
    """

    prevalence: float
    lo: float
    hi: float
    p: Floats = field(repr=False)
    unheard: Range
    value: Range
    flag: Flag
    origin: Origin
    skill: float
    has_skill: bool
    counts: Floats = field(repr=False)
    values: Floats = field(repr=False)
    witnesses: tuple[Witness, ...]
    lesson: Lesson = field(repr=False)
    facts: Facts = field(repr=False)
    cells: Cells | None = field(default=None, repr=False)
    sample: Sample | None = field(default=None, repr=False)

    @property
    def clients(self) -> int:
        """N."""
        return len(self.p)

    @property
    def count(self) -> Range:
        """How many of the N clients have it."""
        return Range(self.prevalence * self.clients, self.lo * self.clients, self.hi * self.clients)

    def among(self, chosen: Bools) -> Range:
        """How many of the chosen clients, a (N,) mask, have it."""
        if self.cells is None or self.sample is None:
            return Range(0.0, 0.0, 0.0)
        weights = np.asarray(chosen, dtype=np.float64)
        clients: Floats = np.bincount(self.cells.of_client, weights, self.cells.count).astype(np.float64)
        (total,) = count_totals(self.sample, clients[:, None])
        return range_of(total.realised, self.sample.weights)

    def speaks(self, weeks: float) -> Floats:
        """(N,) chance that each client mentions the issue, unasked, within the next `weeks`."""
        if self.cells is None or self.sample is None:
            return np.zeros(0)
        return speaks(self.facts, self.cells, self.sample, weeks)


def range_of(values: Floats, weights: Floats) -> Range:
    """Mean and 90 % interval of weighted draws."""
    return Range(float(values @ weights), quantile(values, weights, LOW), quantile(values, weights, HIGH))
