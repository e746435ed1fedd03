"""The next step of a visit, the next proof of a promise, and who depends on what would end: pure decisions."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voc.decisions.rules import Step, VisitFacts, after_proof, find_dependants, last_step, next_step

DAY = date(2026, 5, 4)
GROUPS = st.frozensets(st.integers(1, 12))


@pytest.mark.parametrize(
    ("facts", "step"),
    [
        (VisitFacts(False, False, False, False, False), Step.GO),
        (VisitFacts(True, False, False, False, False), Step.LOGIC),
        (VisitFacts(True, True, False, False, False), Step.COMMITMENT),
        (VisitFacts(True, True, True, False, False), Step.TEAM),
        (VisitFacts(True, True, True, True, False), Step.CHECKED),
        (VisitFacts(True, True, True, True, True), Step.DONE),
        (VisitFacts(False, True, True, True, True), Step.GO),
    ],
)
def test_the_first_missing_step_is_next(facts: VisitFacts, step: Step) -> None:
    assert next_step(facts) is step


def test_the_talk_itself_is_never_taken_back() -> None:
    assert last_step(VisitFacts(True, False, False, False, False)) is None
    assert last_step(VisitFacts(True, True, False, False, False)) is Step.LOGIC
    assert last_step(VisitFacts(True, True, True, True, True)) is Step.CHECKED


@pytest.mark.parametrize(("was_kept", "state"), [(True, "kept"), (False, "broken")])
def test_a_promise_of_one_proof_ends_with_it(was_kept: bool, state: str) -> None:  # noqa: FBT001 - the case itself
    assert after_proof(was_kept=was_kept, due_on=DAY, every_weeks=None) == (state, None)


@given(st.booleans(), st.integers(1, 104))
def test_a_promise_with_a_rhythm_stays_open_and_is_due_again(was_kept: bool, weeks: int) -> None:  # noqa: FBT001 - as above
    expected = "open", DAY + timedelta(weeks=weeks)
    assert after_proof(was_kept=was_kept, due_on=DAY, every_weeks=weeks) == expected


@given(
    st.dictionaries(st.integers(1, 12), st.sampled_from(["told", "said_yes", "seen", None])),
    GROUPS, GROUPS, GROUPS,
)  # fmt: skip
def test_each_client_who_depends_counts_once_and_none_is_both_known_and_unknown(
    reaches: dict[int, str | None], unknown: frozenset[int], promised: frozenset[int], uses: frozenset[int]
) -> None:
    found = find_dependants(reaches, unknown, promised, uses)
    assert found.depend == found.told | found.said_yes | found.seen | found.promised
    assert not found.unknown & found.depend
    assert found.quiet == found.depend - found.told
    assert len(found.depend) <= len(found.told) + len(found.said_yes) + len(found.seen) + len(found.promised)


def test_one_told_and_eighteen_depend() -> None:
    reaches: dict[int, str | None] = {1: "told"} | dict.fromkeys(range(2, 19), "said_yes")
    found = find_dependants(reaches, set(range(19, 31)), {2, 3}, {1, 2})
    assert (len(found.told), len(found.depend), len(found.unknown)) == (1, 18, 12)
