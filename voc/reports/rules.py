"""Decides what leadership is told: what to do about an issue, and whom to call."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from voc.breadth.deciding import Stand, Verdict


class Proposal(StrEnum):
    """What the page proposes to decide."""

    DECIDE = "decide"
    LOOK_FURTHER = "look_further"
    NOT_NOW = "not_now"


def propose(verdict: Verdict, *, is_confirmed: bool = True) -> Proposal:
    """Surely above: decide. Surely below: not now. Open, or nobody has confirmed one client yet: look further."""
    if verdict.stand is Stand.ABOVE and not is_confirmed:
        return Proposal.LOOK_FURTHER
    return {
        Stand.ABOVE: Proposal.DECIDE,
        Stand.BELOW: Proposal.NOT_NOW,
        Stand.EITHER: Proposal.LOOK_FURTHER,
    }[verdict.stand]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A client whom one could call: what it waits for, how many of the page's issues it has, its value."""

    key: int
    leaves: bool
    asked: bool
    times: int
    issues: int
    value_cents: int
    said_at: datetime | None


def choose_call(clients: Sequence[Waiting]) -> int | None:
    """The one client to call: who may leave, then who asked, then who has most of it; None when nobody waits.

    Among equals the one worth more, then the one who waited longest.
    """
    waits = [one for one in clients if one.leaves or one.asked or one.issues > 1]
    if not waits:
        return None
    return max(waits, key=_urgency).key


def _urgency(one: Waiting) -> tuple[bool, bool, int, int, int, float, int]:
    waited = -one.said_at.timestamp() if one.said_at else float("-inf")
    return one.leaves, one.asked, one.issues, one.times, one.value_cents, waited, -one.key
