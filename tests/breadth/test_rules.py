"""A cell says what its evidence allows, and nothing more."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voc.breadth.rules import HAS, CellState, Decided, Fact, Says, Source, decide_cell

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
WEEKS = 26
GROUP, SITE, OTHER_SITE = 1, 2, 3
COMMENTS = (Source.CONFIRMED, Source.STAFF, Source.MACHINE)
ASKING = (Says.ASKED, Says.NO_ANSWER)
ANSWERS = tuple(says for says in Says if says not in {Says.WITHDRAWN, Says.SOLVED, *ASKING})
UNHEARD = {CellState.NOT_ASKED, CellState.WAITING, CellState.NO_ANSWER}


def decide(facts: Sequence[Fact], *, sites: int = 2, now: datetime = NOW) -> Decided:
    return decide_cell(facts, group_id=GROUP, sites=sites, now=now, weeks=WEEKS)


def fact(number: int, source: Source, says: Says, *, days_ago: float = 10, **more: int) -> Fact:
    comment = number if source in COMMENTS else None
    known = {"account_id": GROUP, "comment_id": comment} | more
    return Fact(id=number, source=source, says=says, observed_at=NOW - timedelta(days=days_ago), **known)


@st.composite
def evidence(draw: st.DrawFn, number: int = 0) -> Fact:
    source = draw(st.sampled_from(list(Source)))
    said = {
        Source.SIGN_OFF: (Says.SOLVED,),
        Source.ANSWER: ANSWERS,
        Source.PERSON: ANSWERS,
        Source.ASKING: ASKING,
    }.get(source, (Says.HAS_PROBLEM,))
    return fact(
        number or draw(st.integers(1, 10**6)),
        source,
        draw(st.sampled_from(said)),
        days_ago=draw(st.floats(0, 300)),
        account_id=draw(st.sampled_from([GROUP, SITE, OTHER_SITE])),
        contact_id=draw(st.integers(1, 3)),
    )


FACTS = st.lists(evidence(), max_size=8, unique_by=lambda one: one.id)


@given(FACTS, st.randoms())
def test_the_order_of_the_evidence_does_not_matter(facts: list[Fact], dice: object) -> None:
    mixed = list(facts)
    dice.shuffle(mixed)  # type: ignore[attr-defined]  # Hypothesis' own Random
    assert decide(mixed) == decide(facts)


@given(FACTS, evidence(10**7))
def test_a_word_taken_back_is_as_if_never_said(facts: list[Fact], said: Fact) -> None:
    fresh = replace(said, contact_id=99)
    back = replace(fresh, id=fresh.id + 1, says=Says.WITHDRAWN)
    assert decide([*facts, fresh, back]) == decide(facts)


@given(FACTS, st.sampled_from(ASKING))
def test_asking_never_hides_what_was_said(facts: list[Fact], says: Says) -> None:
    heard = [one for one in facts if one.source is not Source.ASKING]
    asked = fact(10**7, Source.ASKING, says, days_ago=0)
    if decide(heard).state is not CellState.NOT_ASKED:
        assert decide([*heard, asked]).state is decide(heard).state


@pytest.mark.parametrize(
    ("says", "state"), [(Says.ASKED, CellState.WAITING), (Says.NO_ANSWER, CellState.NO_ANSWER)]
)
def test_where_nobody_spoke_the_question_shows(says: Says, state: CellState) -> None:
    assert decide([fact(1, Source.ASKING, says)]).state is state


@given(FACTS)
def test_unknown_never_becomes_a_no(facts: list[Fact]) -> None:
    without = [one for one in facts if one.says is not Says.HAS_NOT]
    assert decide(without).state is not CellState.HAS_NOT


@given(FACTS)
def test_a_no_of_one_site_never_answers_for_the_group(facts: list[Fact]) -> None:
    spoken = [one for one in facts if one.says is not Says.HAS_NOT]
    of_one_site = fact(10**7, Source.ANSWER, Says.HAS_NOT, account_id=SITE, contact_id=77)
    assert decide([*spoken, of_one_site]).state is not CellState.HAS_NOT


@given(FACTS)
def test_the_machine_never_outranks_what_a_person_said(facts: list[Fact]) -> None:
    people = [one for one in facts if one.source is not Source.MACHINE]
    if decide(people).state not in UNHEARD | {CellState.UNCLEAR, CellState.SOLVED}:
        machine = fact(10**7, Source.MACHINE, Says.HAS_PROBLEM, days_ago=0)
        assert decide([*people, machine]) == decide(people)


@given(FACTS)
def test_a_machine_match_alone_is_never_counted_as_having_it(facts: list[Fact]) -> None:
    machine = [one for one in facts if one.source is Source.MACHINE]
    assert decide(machine).state not in HAS


@given(FACTS)
def test_evidence_older_than_half_a_year_counts_no_more(facts: list[Fact]) -> None:
    later = NOW + timedelta(weeks=WEEKS, days=1)
    assert decide(facts, now=later).state is CellState.NOT_ASKED


@given(FACTS)
def test_nothing_from_before_a_change_counts(facts: list[Fact]) -> None:
    decided = decide_cell(
        facts, group_id=GROUP, sites=2, now=NOW, weeks=WEEKS, changed_at=NOW + timedelta(seconds=1)
    )
    assert decided.state is CellState.NOT_ASKED


@given(FACTS)
def test_what_counts_in_reach_says_by_which_evidence(facts: list[Fact]) -> None:
    decided = decide(facts)
    assert (decided.reach in {"told", "said_yes", "seen"}) == (decided.state in HAS)
    assert decided.evidence_id is None or decided.evidence_id in {one.id for one in facts}


@given(st.sampled_from(ANSWERS), st.floats(0, 9))
def test_a_lead_is_right_until_the_client_says_otherwise(says: Says, days_ago: float) -> None:
    setting = fact(1, Source.PERSON, says, days_ago=10)
    answer = fact(2, Source.ANSWER, Says.HAS_PROBLEM, days_ago=days_ago, contact_id=5)
    before = replace(answer, observed_at=NOW - timedelta(days=11))
    alone = decide([setting])
    assert decide([setting, before]) == alone
    if says is Says.HAS_PROBLEM:
        assert decide([setting, answer]) == alone
    else:
        assert decide([setting, answer]).state is CellState.UNCLEAR


def test_a_newer_confirmed_comment_makes_a_leads_no_unclear() -> None:
    setting = fact(1, Source.PERSON, Says.HAS_NOT, days_ago=10)
    assert decide([setting, fact(2, Source.CONFIRMED, Says.HAS_PROBLEM, days_ago=1)]).state == "unclear"
    assert decide([setting, fact(2, Source.MACHINE, Says.HAS_PROBLEM, days_ago=1)]).state == "has_not"


def test_two_people_of_one_client_who_differ_leave_it_unclear() -> None:
    yes = fact(1, Source.ANSWER, Says.HAS_PROBLEM, contact_id=1)
    no = fact(2, Source.ANSWER, Says.HAS_NOT, contact_id=2)
    assert decide([yes, no]).state is CellState.UNCLEAR
    assert decide([yes, replace(no, contact_id=1)]).state is CellState.HAS_NOT  # one person, newest word


def test_a_site_that_has_it_is_not_unsaid_by_another_site() -> None:
    yes = fact(1, Source.ANSWER, Says.HAS_MANAGES, account_id=SITE, contact_id=1)
    no = fact(2, Source.ANSWER, Says.HAS_NOT, account_id=OTHER_SITE, contact_id=2)
    assert decide([yes, no]).state is CellState.HAS_MANAGES


def test_all_sites_that_say_no_answer_for_the_group() -> None:
    sites = (SITE, OTHER_SITE)
    answers = [fact(site, Source.ANSWER, Says.HAS_NOT, account_id=site, contact_id=site) for site in sites]
    assert decide(answers).state is CellState.HAS_NOT
    assert decide(answers[:1]).state is CellState.UNCLEAR


def test_a_staff_note_that_says_no_leaves_the_client_unknown() -> None:
    assert decide([fact(1, Source.STAFF, Says.HAS_NOT)]).state is CellState.NOT_ASKED


@pytest.mark.parametrize(
    ("source", "unasked", "reach"),
    [
        (Source.CONFIRMED, True, "told"),
        (Source.CONFIRMED, False, "said_yes"),
        (Source.ANSWER, True, "said_yes"),
        (Source.STAFF, True, "seen"),
        (Source.PERSON, True, "seen"),
    ],
)
def test_told_said_yes_and_seen_stand_apart(source: Source, unasked: bool, reach: str) -> None:  # noqa: FBT001
    said = replace(fact(1, source, Says.HAS_PROBLEM), unasked=unasked)
    assert decide([said]).reach == reach


def test_a_solved_issue_forgets_what_was_before_and_hears_what_comes_after() -> None:
    before = fact(1, Source.ANSWER, Says.HAS_PROBLEM, days_ago=20, contact_id=1)
    solved = fact(2, Source.SIGN_OFF, Says.SOLVED, days_ago=10, contact_id=2)
    after = fact(3, Source.CONFIRMED, Says.HAS_PROBLEM, days_ago=1)
    assert decide([before, solved]).state is CellState.SOLVED
    assert decide([before, solved, after]).state is CellState.HAS_PROBLEM


def test_a_site_that_calls_it_solved_leaves_the_other_sites_word() -> None:
    solved = fact(2, Source.SIGN_OFF, Says.SOLVED, days_ago=1, account_id=SITE)
    told = fact(1, Source.CONFIRMED, Says.HAS_PROBLEM, account_id=OTHER_SITE)
    assert decide([told, solved]).state is CellState.HAS_PROBLEM


def test_a_word_taken_back_in_one_issue_stands_in_the_one_merged_with_it() -> None:
    here = fact(1, Source.CONFIRMED, Says.HAS_PROBLEM, comment_id=9, issue_id=1)
    gone = fact(2, Source.CONFIRMED, Says.WITHDRAWN, comment_id=9, issue_id=2)
    assert decide([here, gone]).state is CellState.HAS_PROBLEM
