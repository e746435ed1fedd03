"""The three sentences of the threshold, and whom to call: pure decisions."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voc.breadth.deciding import Known, Stand, judge
from voc.breadth.rules import Limits
from voc.reports.rules import Proposal, Waiting, choose_call, propose

COUNTS = st.integers(0, 200)
KNOWN = st.builds(Known, have=COUNTS, unknown=COUNTS, have_cents=COUNTS, unknown_cents=COUNTS)
LIMITS = st.builds(Limits, groups=st.integers(1, 60), value_cents=st.none() | st.integers(1, 300))


@pytest.mark.parametrize(
    ("known", "stand", "ask", "enough"),
    [
        (Known(5, 0), Stand.ABOVE, 0, None),
        (Known(7, 40), Stand.ABOVE, 0, None),
        (Known(1, 3), Stand.BELOW, 0, None),
        (Known(3, 24), Stand.EITHER, 24, 2),
        (Known(0, 5), Stand.EITHER, 5, 5),
        (Known(3, 24, likely=(2, 8)), Stand.ABOVE, 0, None),
        (Known(1, 24, likely=(0, 2)), Stand.BELOW, 0, None),
        (Known(3, 24, likely=(1, 9)), Stand.EITHER, 10, 2),
    ],
)
def test_five_clients_are_enough(known: Known, stand: Stand, ask: int, enough: int | None) -> None:
    found = judge(known, Limits(5))
    assert (found.stand, found.ask, found.enough) == (stand, ask, enough)


def test_a_yearly_value_is_enough_too() -> None:
    assert judge(Known(1, 0, have_cents=900), Limits(5, 800)).by == "value"
    either = judge(Known(1, 2, have_cents=500, unknown_cents=500), Limits(5, 800))
    assert (either.stand, either.by, either.ask, either.enough) == (Stand.EITHER, "value", 2, None)
    assert judge(Known(1, 2, have_cents=500, unknown_cents=100), Limits(5, 800)).stand is Stand.BELOW


@given(KNOWN, LIMITS)
def test_surely_is_never_said_of_what_the_unknown_could_turn(known: Known, limits: Limits) -> None:
    found = judge(known, limits)
    none_of_them = Known(known.have, 0, known.have_cents, 0)
    all_of_them = Known(known.have + known.unknown, 0, known.have_cents + known.unknown_cents, 0)
    if found.stand is Stand.ABOVE:
        assert judge(none_of_them, limits).stand is Stand.ABOVE
    if found.stand is Stand.BELOW and known.unknown:
        assert judge(all_of_them, limits).stand is not Stand.ABOVE


@given(KNOWN, LIMITS)
def test_asking_everyone_unknown_always_settles_it(known: Known, limits: Limits) -> None:
    found = judge(known, limits)
    assert 0 <= found.ask <= known.unknown
    if found.stand is Stand.EITHER:
        assert found.ask >= 1
        assert found.enough is None or 1 <= found.enough <= known.unknown
    assert judge(Known(known.have, 0, known.have_cents), limits).stand is not Stand.EITHER


def test_what_is_open_is_asked_and_what_is_sure_is_decided() -> None:
    assert propose(judge(Known(9, 0), Limits(5))) is Proposal.DECIDE
    assert propose(judge(Known(1, 9), Limits(5))) is Proposal.LOOK_FURTHER
    assert propose(judge(Known(1, 0), Limits(5))) is Proposal.NOT_NOW


def waits(key: int, **facts: object) -> Waiting:
    plain = {"leaves": False, "asked": False, "times": 0, "issues": 1, "value_cents": 0, "said_at": None}
    return Waiting(key=key, **(plain | facts))  # type: ignore[arg-type]  # facts by name


def test_who_may_leave_is_called_before_who_asked_and_before_who_has_most() -> None:
    leaves, asked = waits(1, leaves=True, asked=True), waits(2, asked=True, issues=4, value_cents=9)
    quiet = waits(3, issues=5, value_cents=99)
    assert choose_call([quiet, asked, leaves]) == 1
    assert choose_call([quiet, asked]) == 2
    assert choose_call([quiet]) == 3


def test_nobody_is_called_for_one_issue_alone() -> None:
    assert choose_call([waits(1)]) is None


def test_among_equals_who_waited_longest_is_called() -> None:
    early, late = (datetime(2026, 5, day, tzinfo=UTC) for day in (1, 2))
    assert choose_call([waits(1, asked=True, said_at=late), waits(2, asked=True, said_at=early)]) == 2
