"""Clients that look the same to the model, counted together: any number of clients fits in a few hundred cells."""

from dataclasses import dataclass

import numpy as np

from voc.breadth.estimating.exposure import Talk, talk_of
from voc.breadth.estimating.facts import Facts, Floats, Ints

WEEKS_KEPT = 4  # 0, 1, 2 and "3 or more" distinct weeks: a shouter says no more than that (breadth.md 1)
ANSWERS = 5  # not asked, no response, no, yes, not sure
_ROOM = 1_000_000  # possible cells up to which counting beats sorting
OPINIONS = 3  # no, none, yes


@dataclass(frozen=True, slots=True)
class Cells:
    """C cells; every array has shape (C,) but `of_client`, which is (N,).

    Args:
        segment, level, weeks, answer, staff, owner, settled: what the clients of a cell share, each
            as an index from 0.
        clients: how many they are.
        value: the sum of their yearly values; `value_squared` the sum of squares.
        of_client: the cell of each client.
    """

    segment: Ints
    level: Ints
    weeks: Ints
    answer: Ints
    staff: Ints
    owner: Ints
    settled: Ints
    clients: Floats
    value: Floats
    value_squared: Floats
    of_client: Ints
    segments: int
    talk: Talk

    @property
    def count(self) -> int:
        """C."""
        return len(self.clients)


def squash(facts: Facts) -> Cells:
    """The cells of these facts; wants at least one client."""
    talk, level = talk_of(facts.others)
    axes = (
        (facts.segments, int(facts.segments.max()) + 1),
        (level, len(talk.mean)),
        (np.minimum(facts.weeks_mentioned, WEEKS_KEPT - 1), WEEKS_KEPT),
        (facts.answers + 2, ANSWERS),
        (facts.staff + 1, OPINIONS),
        (facts.owners + 1, OPINIONS),
        (facts.settled + 1, OPINIONS),
    )
    key = np.zeros(facts.clients, dtype=np.int64)
    for place, size in axes:
        key *= size
        key += place
    used, of_client, counts = _seated(key, int(np.prod([size for _, size in axes])))
    parts: list[Ints] = []
    rest = used
    for _, size in reversed(axes):
        parts.append(rest % size)
        rest = rest // size
    segment, cell_level, weeks, answer, staff, owner, settled = reversed(parts)
    value: Floats = np.bincount(of_client, weights=facts.values).astype(np.float64)
    squared: Floats = np.bincount(of_client, weights=facts.values**2).astype(np.float64)
    return Cells(
        segment=segment, level=cell_level, weeks=weeks, answer=answer, staff=staff, owner=owner, settled=settled,
        clients=counts.astype(np.float64),
        value=value, value_squared=squared,
        of_client=of_client, segments=axes[0][1], talk=talk,
    )  # fmt: skip


def _seated(key: Ints, size: int) -> tuple[Ints, Ints, Ints]:
    """The keys in use, the place of each client's among them, and how many clients each has."""
    if size > _ROOM:
        return np.unique(key, return_inverse=True, return_counts=True)
    counts = np.bincount(key, minlength=size)
    used = np.flatnonzero(counts)
    seat = np.zeros(size, dtype=np.int64)
    seat[used] = np.arange(len(used))
    return used, seat[key], counts[used]
