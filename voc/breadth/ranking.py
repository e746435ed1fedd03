"""Ranks issues by how many clients have them, and says what the loudest client does to the rank."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Standing:
    """What one issue brings to the ranking; `loudest` are the comments of the client who told us most.

    `clients` is how many have it or reported it, `is_known` whether a person or a client confirmed that for any;
    `expected` is how many have it, the silent ones included; empty while there is no estimate, or one that says too little.
    """

    issue: int
    clients: int
    comments: int
    loudest: int
    value_cents: int
    severity: int | None
    expected: float | None = None
    expected_value_cents: int | None = None
    is_known: bool = True


@dataclass(frozen=True, slots=True)
class Ranked:
    """An issue's places, 1 for the first; "without" leaves out the client who told us most.

    `by_clients` is the place that pages order by: clients who have it, times how much it hurts.
    """

    by_clients: int
    by_value: int
    by_comments: int
    by_comments_without_loudest: int
    by_clients_without_loudest: int


def rank(standings: Sequence[Standing]) -> dict[int, Ranked]:
    """The places of each issue.

    Issues that at least one client is known to have come first: what only the machine put together may be no
    matter at all. Then most clients times severity; among equals the wider, the one worth more, the older.
    "Without" takes away, for that issue alone, everything its loudest client said.
    """
    by_clients = _places(standings, _width)
    by_value = _places(standings, _worth)
    by_comments = _places(standings, lambda one: (one.comments,))
    return {
        one.issue: Ranked(
            by_clients[one.issue],
            by_value[one.issue],
            by_comments[one.issue],
            _place_without(one, standings, lambda each: (each.comments,)),
            _place_without(one, standings, _width),
        )
        for one in standings
    }


def _width(one: Standing) -> tuple[float, ...]:
    wide = one.clients if one.expected is None else one.expected
    return float(one.is_known), wide * (one.severity or 1), wide, one.value_cents, -one.issue


def _worth(one: Standing) -> tuple[float, ...]:
    known = one.value_cents if one.expected_value_cents is None else one.expected_value_cents
    return float(one.is_known), known, *_width(one)


def _places(standings: Sequence[Standing], by: Callable[[Standing], tuple[float, ...]]) -> dict[int, int]:
    ordered = sorted(standings, key=lambda one: (*by(one), -one.issue), reverse=True)
    return {one.issue: place for place, one in enumerate(ordered, start=1)}


def _place_without(
    one: Standing, standings: Sequence[Standing], by: Callable[[Standing], tuple[float, ...]]
) -> int:
    left = Standing(
        one.issue,
        max(one.clients - 1, 0),
        one.comments - one.loudest,
        0,
        one.value_cents,
        one.severity,
        None if one.expected is None else max(one.expected - 1, 0.0),
        is_known=one.is_known,
    )
    mine = by(left)
    return 1 + sum(by(other) > mine for other in standings if other.issue != one.issue)
