"""Decides which comments of an issue say most, on plain values."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

TOLD = 4  # comments that a person reads at a glance (policy)
_SAME = 0.5  # half of both together in both: the same comments again, as proposals say it (policy)
_WORST = 4  # from here a comment stops somebody's work: the worst such one is always read (policy defaults)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One comment: `at` is its place by how typical it is, 0 the most; `group` the client it counts for.

    `is_weak`: it shares no telling word with the others, or too few of them say it; `weight` is how bad it is, 0 to 8.
    """

    at: int
    group: int
    is_weak: bool
    weight: int


def most_telling(found: Sequence[Candidate]) -> list[int]:
    """The places of up to four comments of different clients: the most typical, and the worst where one stops work."""
    strong = [one for one in found if not one.is_weak] or list(found)
    first: dict[int, Candidate] = {}
    for one in sorted(strong, key=lambda one: one.at):
        first.setdefault(one.group, one)
    shown = list(first.values())[:TOLD]
    worst = max(first.values(), key=lambda one: (one.weight, -one.at), default=None)
    if worst is not None and worst.weight >= _WORST and worst not in shown:
        shown[-1] = worst
    return [one.at for one in shown]


def is_the_same_again(group: AbstractSet[int], dissolved: Iterable[AbstractSet[int]]) -> bool:
    """Whether a group of comments is one that a person said is not one matter."""
    return any(len(group & one) >= _SAME * len(group | one) for one in dissolved if one)
