"""Whom to ask next: the clients whose answers narrow the figure most, and some by lot."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from voc.breadth.estimating.cells import Cells
from voc.breadth.estimating.facts import Answer, Bools, Floats, Ints
from voc.breadth.estimating.posterior import Sample
from voc.breadth.estimating.result import Estimate
from voc.core.errors import Invalid

AT_RANDOM = 0.3  # of each batch, at least: the model's own check (breadth.md 1.8)
_DOUBT = 0.04  # variance that a wrong answer adds: .95 of yes and .97 of no are right (breadth.md 1.4)


@dataclass(frozen=True, slots=True)
class Asks:
    """Whom to ask, as places among the N clients, best first; `at_random` were drawn by lot."""

    by_value: Ints
    at_random: Ints

    @property
    def all(self) -> Ints:
        """Both together."""
        return np.concatenate((self.by_value, self.at_random))


def choose_asks(
    result: Estimate,
    answers: ArrayLike,
    count: int,
    rng: np.random.Generator,
    *,
    allowed: ArrayLike | None = None,
) -> Asks:
    """Up to `count` clients not asked yet.

    Args:
        result: the estimate as it stands.
        answers: (N,) `Answer` as of now; only those not asked are chosen.
        count: how many at most.
        rng: draws the lot.
        allowed: (N,) mask of who may be asked at all, for fatigue and consent.
    """
    free = _free(result, answers, allowed)
    count = min(max(count, 0), int(free.sum()))
    if count == 0 or result.cells is None or result.sample is None:
        return Asks(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))
    lot = int(np.ceil(AT_RANDOM * count))
    at_random = rng.choice(np.flatnonzero(free), lot, replace=False)
    free[at_random] = False
    gains = Narrowing(result.cells, result.sample, free=free)
    gains.take(at_random)
    picked = [gains.best() for _ in range(count - lot)]
    return Asks(_clients_of(picked, result.cells, free, rng), at_random)


def _free(result: Estimate, answers: ArrayLike, allowed: ArrayLike | None) -> Bools:
    now = np.asarray(answers)
    if now.shape != (result.clients,):
        raise _other_book("answers", now.size, result.clients)
    free: Bools = (now == Answer.NOT_ASKED) & (result.facts.settled == 0)
    if allowed is None:
        return free
    may = np.asarray(allowed, dtype=bool)
    if may.shape != free.shape:
        raise _other_book("allowed", may.size, result.clients)
    return np.asarray(free & may)


def _other_book(name: str, given: int, wanted: int) -> Invalid:
    return Invalid(
        f"The estimate is about {wanted} clients, but {name} is about {given}.",
        fields={name: f"has {given} places where the estimate has {wanted}"},
    )


def _clients_of(picked: list[int], cells: Cells, free: Bools, rng: np.random.Generator) -> Ints:
    """One client for each picked cell, by lot within the cell, in the order of picking."""
    places = rng.permutation(np.flatnonzero(free))
    waiting: dict[int, list[int]] = {}
    for place in places[np.isin(cells.of_client[places], picked)]:
        waiting.setdefault(int(cells.of_client[place]), []).append(int(place))
    return np.array([waiting[cell].pop() for cell in picked], dtype=np.int64)


class Narrowing:
    """How the variance of the total falls as clients are asked, one at a time.

    For a client of cell c: gain = r C_c^2 / (K_cc + e_c + doubt), where K is the covariance of the
    cells' chances over the draws, e_c = E[q (1 - q)], C_c = (K n)_c + e_c the covariance with the total
    and r the chance of an answer; after each ask K loses r k_c k_c' / (K_cc + e_c + doubt).

    Args:
        cells, sample: of the estimate.
        free: (N,) who may be asked.
        worth: (N,) what each client counts for in the total; 1 for a count of clients.
    """

    def __init__(self, cells: Cells, sample: Sample, *, free: Bools, worth: Floats | None = None) -> None:
        self._of_client = cells.of_client
        self._left = np.bincount(cells.of_client, weights=free, minlength=cells.count)
        total = cells.clients if worth is None else np.bincount(cells.of_client, weights=worth)
        self._worth = total / cells.clients
        has = sample.has.astype(np.float64)
        self._own = (has * (1 - has)).mean(axis=0)
        around = has - has.mean(axis=0)
        self._used = np.flatnonzero(self._left)
        self._between = around[:, self._used].T @ around[:, self._used] / len(has)
        along = around @ total
        self._with_total = around[:, self._used].T @ along / len(has)
        own_squared = self._own * total * self._worth
        self.variance = float((along**2).mean() + own_squared.sum())
        self._answers = _answering(cells, sample, has)[self._used]
        self._place = {int(cell): place for place, cell in enumerate(self._used)}

    def best(self) -> int:
        """Asks one client of the cell that gains most, and says which cell."""
        gain = np.where(self._left[self._used] > 0, self._gains(), -1.0)
        place = int(np.argmax(gain))
        self._ask(place)
        self._left[self._used[place]] -= 1
        return int(self._used[place])

    def take(self, clients: Ints) -> None:
        """Asks these clients, where their cells have others to ask."""
        for cell in self._of_client[clients]:
            if int(cell) in self._place:
                self._ask(self._place[int(cell)])

    def _with(self) -> Floats:
        return np.asarray(self._with_total + (self._own * self._worth)[self._used])

    def _gains(self) -> Floats:
        return np.asarray(self._answers * self._with() ** 2 / self._spread())

    def _spread(self) -> Floats:
        return np.asarray(np.diag(self._between) + self._own[self._used] + _DOUBT)

    def _ask(self, place: int) -> None:
        together = self._with()[place]
        share = self._answers[place] / self._spread()[place]
        self.variance = max(self.variance - share * together**2, 0.0)
        row = self._between[place].copy()
        self._with_total = self._with_total - share * together * row
        self._between -= share * np.outer(row, row)


def _answering(cells: Cells, sample: Sample, has: Floats) -> Floats:
    """(C,) chance that a client of the cell answers when asked."""
    without, having = sample.response[:, cells.level, 0], sample.response[:, cells.level, 1]
    return np.asarray((has * having + (1 - has) * without).mean(axis=0))
