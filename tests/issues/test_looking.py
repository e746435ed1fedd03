"""What a lead says of an issue as a whole is one act: it confirms what was read, empties what is none, and is undone."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import factories
from tests.issues.test_proposals import proposed
from voc.access.models import User
from voc.core.errors import Conflict, Invalid
from voc.intake.models import Comment
from voc.issues import curate, pages, ungrouped
from voc.issues.looking import service
from voc.issues.looking.queries import looked
from voc.issues.looking.rules import TOLD, Candidate, most_telling
from voc.issues.models import Issue, Match, NoProblem, Proposal

Told = Callable[..., Comment]
State = Callable[[], tuple[object, ...]]


@pytest.fixture
def gates(session: Session, lead: User, told: Told) -> tuple[Issue, list[Comment]]:
    """An issue of the machine with four comments of four clients."""
    issue = factories.issue(session, name="The gate stays shut")
    return issue, [told(issue, text=f"The gate stays shut, number {at}") for at in range(4)]


def states(session: Session, issue: Issue) -> list[str]:
    rows = session.scalars(select(Match.state).where(Match.issue_id == issue.id).order_by(Match.comment_id))
    return list(rows)


def test_one_matter_keeps_the_name_and_confirms_what_was_read_alone(
    session: Session, gates: tuple[Issue, list[Comment]], state: State
) -> None:
    issue, said = gates
    before = state()
    act = service.say_one_matter(
        session, issue, "The gate stays shut", read=[said[0].public_id, said[1].public_id], out=[said[2].public_id]
    )  # fmt: skip
    assert (issue.name, issue.is_named) == ("The gate stays shut", True)
    assert states(session, issue) == ["confirmed", "confirmed", "refused", "machine"]
    assert pages.history(session, issue)[0].words == "Looked at it: one matter, called “The gate stays shut”"
    curate.undo(session, act)
    assert state() == before


def test_what_was_read_and_does_not_belong_is_taken_out(
    session: Session, gates: tuple[Issue, list[Comment]]
) -> None:
    issue, said = gates
    service.say_one_matter(session, issue, "Gates", read=[said[0].public_id], out=[said[0].public_id])
    assert states(session, issue) == ["refused", "machine", "machine", "machine"]


def test_what_left_the_issue_meanwhile_is_not_brought_back(
    session: Session, gates: tuple[Issue, list[Comment]]
) -> None:
    issue, said = gates
    curate.refuse_all(session, issue, said[:1])
    service.say_one_matter(session, issue, "Gates", read=[said[0].public_id, "gone"])
    assert states(session, issue)[0] == "refused"


def test_a_name_that_another_issue_has_is_refused(
    session: Session, gates: tuple[Issue, list[Comment]]
) -> None:
    factories.issue(session, name="Doors")
    with pytest.raises(Invalid, match="Another issue is called “Doors” already"):
        service.say_one_matter(session, gates[0], "doors")
    assert not gates[0].is_named


def test_a_newer_name_is_undone_before_it(session: Session, gates: tuple[Issue, list[Comment]]) -> None:
    act = service.say_one_matter(session, gates[0], "Gates")
    newer = curate.name_issue(session, gates[0], "Gates and doors")
    with pytest.raises(Conflict):
        curate.undo(session, act)
    curate.undo(session, newer)
    curate.undo(session, act)
    assert gates[0].name == "The gate stays shut"


def test_what_is_not_one_matter_stands_in_no_issue_again(
    session: Session, gates: tuple[Issue, list[Comment]], state: State
) -> None:
    issue, said = gates
    merged = factories.issue(session, name="Doors stick")
    curate.merge_issues(session, merged, issue)
    for one in said:
        factories.reading(session, one)
    before = state()
    act = service.dissolve(session, issue)
    assert set(states(session, issue)) == {"refused"}
    assert "4 comments went back to “not grouped yet”" in pages.history(session, issue)[0].words
    curate.undo(session, act)
    assert state() == before
    service.dissolve(session, issue)
    with pytest.raises(Conflict):
        service.dissolve(session, issue)


def test_what_is_no_problem_is_grouped_by_no_machine_until_that_is_undone(
    session: Session, gates: tuple[Issue, list[Comment]], told: Told
) -> None:
    issue, said = gates
    elsewhere = factories.issue(session)
    factories.match(session, said[0], elsewhere, state="confirmed")
    act = service.say_no_problem(session, issue)
    assert session.scalar(select(func.count()).select_from(NoProblem)) == 3
    assert session.get(NoProblem, (said[0].account_id, said[0].id)) is None
    curate.undo(session, act)
    assert session.scalar(select(func.count()).select_from(NoProblem)) == 0
    assert set(states(session, issue)) == {"machine"}
    assert ungrouped.NO_PROBLEM not in ungrouped.count_by_why(session)


def test_nothing_is_asked_any_more_about_what_was_dissolved(
    session: Session, gates: tuple[Issue, list[Comment]]
) -> None:
    asked = proposed(session, "merge", (gates[0], factories.issue(session), gates[1]))
    service.dissolve(session, gates[0])
    session.expire_all()
    assert session.get_one(Proposal, asked.id).state == "gone"


def test_a_whole_issue_is_emptied_and_filled_again_in_a_few_statements(
    session: Session, lead: User, statements: list[str]
) -> None:
    issue = factories.issue(session)
    for _ in range(60):
        factories.match(session, factories.comment(session), issue)
    session.flush()
    statements.clear()
    act = service.dissolve(session, issue)
    curate.undo(session, act)
    assert sum("match" in one.lower() for one in statements) < 40


def test_a_lead_sees_one_comment_of_each_client(session: Session, lead: User, told: Told) -> None:
    issue, one = factories.issue(session, words=["gate", "shut"]), factories.account(session)
    for at in range(3):
        told(issue, account=one, text=f"The gate stays shut, number {at}")
    for at in range(5):
        told(issue, text=f"The gate stays shut again, {at}", hurt=2)
    worst = told(issue, text="The gate stays shut and nobody gets in", hurt=8)
    shown = looked(session, issue)
    assert (shown.sides.comments, shown.sides.clients, shown.sides.worst) == (9, 7, 8)
    assert len(shown.told) == TOLD
    assert len({said.client for said in shown.told}) == TOLD
    assert worst.public_id in {said.public_id for said in shown.told}
    assert shown.words == ("gate", "shut")
    assert all(said.evidence.pieces for said in shown.told)


def test_a_comment_hidden_from_the_lead_is_neither_shown_nor_counted(
    session: Session, lead: User, gates: tuple[Issue, list[Comment]]
) -> None:
    gates[1][0].hidden_from_id = lead.id
    session.flush()
    shown = looked(session, gates[0])
    assert shown.sides.comments == 3
    assert gates[1][0].public_id not in {one.public_id for one in shown.told}


@given(
    st.lists(
        st.builds(
            Candidate,
            at=st.integers(0, 99), group=st.integers(0, 6), is_weak=st.booleans(),
            weight=st.sampled_from((0, 1, 2, 4, 8)),
        ),
        max_size=20, unique_by=lambda one: one.at,
    )
)  # fmt: skip
def test_each_client_is_told_once(found: list[Candidate]) -> None:
    told = most_telling(found)
    groups = [next(one.group for one in found if one.at == at) for at in told]
    assert len(groups) == len(set(groups)) <= TOLD
    assert bool(told) == bool(found)
