"""Decides where an issue stands against leadership's threshold: surely above, surely below, or open."""

from dataclasses import dataclass, replace
from enum import StrEnum
from math import ceil

from voc.breadth.rules import Limits


@dataclass(frozen=True, slots=True)
class Known:
    """One issue as it stands: clients who have it, clients we do not know, their yearly values.

    `likely` is the estimate among those we do not know, None where nobody estimated; `ask_more` is how many
    answers the estimator expects to settle it, None where it does not say.
    """

    have: int
    unknown: int
    have_cents: int = 0
    unknown_cents: int = 0
    likely: tuple[int, int] | None = None
    ask_more: int | None = None


class Stand(StrEnum):
    """Where an issue stands against the threshold."""

    ABOVE = "above"
    BELOW = "below"
    EITHER = "either"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`by` is what decides it, groups or value; `ask` settles it at the latest, `enough` yes settle it at once.

    `ask` is 0 unless it could be either; `enough` is None where the number of clients cannot reach it and
    only the yearly value could.
    """

    stand: Stand
    by: str
    ask: int = 0
    enough: int | None = None


def held_against(known: Known, *, is_seen: bool) -> Known:
    """What the threshold is held against: no estimate of comments that nobody has looked at yet."""
    return known if is_seen else replace(known, likely=None, ask_more=None)


def judge(known: Known, limits: Limits) -> Verdict:
    """Whether the threshold is surely reached, surely not, or open: from what is known and what is not."""
    low, high = _between(known)
    worth = limits.value_cents
    if low >= limits.groups:
        return Verdict(Stand.ABOVE, "groups")
    if worth is not None and known.have_cents >= worth:
        return Verdict(Stand.ABOVE, "value")
    could_by_number = high >= limits.groups
    could_by_value = worth is not None and known.have_cents + known.unknown_cents >= worth
    if not could_by_number and not (could_by_value and high > known.have):
        return Verdict(Stand.BELOW, "groups")
    enough = limits.groups - known.have if could_by_number else None
    return Verdict(Stand.EITHER, "groups" if could_by_number else "value", _to_ask(known, enough), enough)


def _between(known: Known) -> tuple[int, int]:
    low, high = known.likely or (0, known.unknown)
    return known.have + low, known.have + min(high, known.unknown)


def _to_ask(known: Known, enough: int | None) -> int:
    """How many answers settle it: all that are unknown, fewer where an estimate says how often yes comes."""
    if known.likely is None or enough is None or not known.unknown:
        return known.unknown
    if known.ask_more is not None:
        return max(1, min(known.ask_more, known.unknown))
    share = (known.likely[0] + known.likely[1]) / 2 / known.unknown
    until_yes = ceil(enough / share) if share else known.unknown
    until_no = ceil((known.unknown - enough + 1) / (1 - share)) if share < 1 else known.unknown
    return min(until_yes, until_no, known.unknown)
