"""What people decide about issues holds, and undo puts everything back exactly."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.breadth.pictures import rows_of
from voc.access.models import Audit, User
from voc.breadth.service import follow_issues
from voc.core.errors import Conflict, Forbidden, Invalid, NotFound
from voc.intake.models import Comment
from voc.issues import curate
from voc.issues.models import Act, Issue, Match

State = Callable[[], tuple[object, ...]]
Told = Callable[..., Comment]
ACTS: dict[str, Callable[[Session, Issue, Issue, Comment], Act]] = {
    "name": lambda session, issue, *_: curate.name_issue(session, issue, "Late invoices"),
    "behind": lambda session, issue, *_: curate.set_behind(session, issue, "did_not_know"),
    "watching": lambda session, issue, *_: curate.set_state(session, issue, "watching", watch_until=9),
    "done": lambda session, issue, *_: curate.set_state(session, issue, "done"),
    "services": lambda session, issue, *_: curate.set_services(
        session, issue, [factories.service(session).public_id]
    ),
    "confirm": lambda session, issue, _, said: curate.confirm_all(session, issue, [said]),
    "refuse": lambda session, issue, _, said: curate.refuse_all(session, issue, [said]),
    "move": lambda session, issue, other, said: curate.move_comments(session, issue, other, [said]),
    "put": lambda session, _, other, said: curate.put_with(session, [said], other),
    "merge": lambda session, issue, other, _: curate.merge_issues(session, issue, other),
}


@pytest.mark.parametrize("act", ACTS)
def test_undo_puts_back_exactly_what_was(
    session: Session, lead: User, told: Told, state: State, act: str
) -> None:
    issue, other = factories.issue(session), factories.issue(session)
    said = told(issue)
    told(other, state="confirmed")
    follow_issues(session, [issue.id, other.id])  # both grids know all clients
    before = state()
    done = ACTS[act](session, issue, other, said)
    assert state() != before
    curate.undo(session, done)
    assert state() == before


@pytest.mark.parametrize("act", ACTS)
def test_the_same_act_is_undone_only_once(session: Session, lead: User, told: Told, act: str) -> None:
    issue, other = factories.issue(session), factories.issue(session)
    done = ACTS[act](session, issue, other, told(issue))
    curate.undo(session, done)
    with pytest.raises(Conflict):
        curate.undo(session, done)


def test_a_split_makes_a_new_issue_and_undo_gives_its_comments_back(
    session: Session, lead: User, told: Told
) -> None:
    issue = factories.issue(session)
    said, stays = told(issue), told(issue)
    before = rows_of(session, Match)
    new, act = curate.split_issue(session, issue, [said], "Something else")
    assert (_state(session, said, issue), _state(session, said, new)) == ("refused", "confirmed")
    assert _state(session, stays, issue) == "machine"
    curate.undo(session, act)
    assert rows_of(session, Match) == before


def test_an_older_act_waits_for_the_newer_one_on_the_same_comment(
    session: Session, lead: User, told: Told
) -> None:
    issue, other = factories.issue(session), factories.issue(session)
    said = told(issue)
    moved = curate.move_comments(session, issue, other, [said])
    refused = curate.refuse_all(session, other, [said])
    with pytest.raises(Conflict):
        curate.undo(session, moved)
    curate.undo(session, refused)
    curate.undo(session, moved)
    assert _state(session, said, issue) == "machine"


def test_two_leads_on_different_comments_do_not_meet(session: Session, lead: User, told: Told) -> None:
    issue = factories.issue(session)
    mine, theirs = told(issue), told(issue)
    first = curate.confirm_all(session, issue, [mine])
    curate.refuse_all(session, issue, [theirs])
    curate.undo(session, first)
    assert (_state(session, mine, issue), _state(session, theirs, issue)) == ("machine", "refused")


def test_the_newer_of_two_names_is_undone_first(session: Session, lead: User) -> None:
    issue = factories.issue(session, name="By machine")
    first = curate.name_issue(session, issue, "One")
    second = curate.name_issue(session, issue, "Two")
    with pytest.raises(Conflict):
        curate.undo(session, first)
    curate.undo(session, second)
    curate.undo(session, first)
    assert (issue.name, issue.is_named) == ("By machine", False)


def test_every_act_and_undo_leaves_a_trace(session: Session, lead: User) -> None:
    act = curate.name_issue(session, factories.issue(session), "Late invoices")
    curate.undo(session, act)
    found = session.execute(select(Audit.act, Audit.user_id).where(Audit.act.like("issue.%"))).all()
    assert sorted(map(tuple, found)) == [("issue.name", lead.id), ("issue.undo", lead.id)]


def test_a_merged_issue_is_found_under_its_old_address(session: Session, lead: User) -> None:
    old, new = factories.issue(session), factories.issue(session)
    curate.merge_issues(session, old, new)
    assert curate.find_issue(session, old.public_id).id == new.id


def test_comments_of_a_merged_issue_are_decided_where_they_stand(
    session: Session, lead: User, told: Told
) -> None:
    old, new = factories.issue(session), factories.issue(session)
    said = told(old)
    merged = curate.merge_issues(session, old, new)
    curate.confirm_all(session, new, [said])
    assert _state(session, said, old) == "confirmed"
    curate.undo(session, merged)
    assert _state(session, said, old) == "confirmed"


REFUSED: dict[str, Callable[[Session, Issue], Any]] = {
    "empty name": lambda session, issue: curate.name_issue(session, issue, " "),
    "long name": lambda session, issue: curate.name_issue(session, issue, "x" * 121),
    "NUL in a name": lambda session, issue: curate.name_issue(session, issue, "a\x00b"),
    "unknown reason": lambda session, issue: curate.set_behind(session, issue, "because"),
    "unknown state": lambda session, issue: curate.set_state(session, issue, "asking"),
    "unknown service": lambda session, issue: curate.set_services(session, issue, ["none"]),
    "nothing to split": lambda session, issue: curate.split_issue(session, issue, [], "New"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_used_is_refused_and_nothing_changes(
    session: Session, lead: User, state: State, what: str
) -> None:
    issue = factories.issue(session)
    before = state()
    with pytest.raises(Invalid):
        REFUSED[what](session, issue)
    assert state() == before


def test_an_issue_is_not_merged_into_itself(session: Session, lead: User) -> None:
    issue = factories.issue(session)
    with pytest.raises(Invalid):
        curate.merge_issues(session, issue, issue)


def test_only_a_signed_in_person_decides(session: Session) -> None:
    with pytest.raises(Invalid):
        curate.name_issue(session, factories.issue(session), "By a machine")


def test_who_may_not_change_issues_undoes_only_matches(session: Session, lead: User) -> None:
    act = curate.name_issue(session, factories.issue(session), "Late")
    with pytest.raises(Forbidden):
        curate.find_act(session, act.public_id, may_change_issues=False)
    with pytest.raises(NotFound):
        curate.find_act(session, "nothing", may_change_issues=True)


def _state(session: Session, said: Comment, issue: Issue) -> str | None:
    row = session.get(Match, (said.account_id, said.id, issue.id))
    return row.state if row else None


@pytest.mark.parametrize("name", ["Linen late", "LINEN  late", " linen late "])
def test_two_issues_never_have_one_name(session: Session, lead: User, told: Told, name: str) -> None:
    factories.issue(session, name="Linen late")
    issue = factories.issue(session)
    with pytest.raises(Invalid, match="Put them together"):
        curate.name_issue(session, issue, name)
    with pytest.raises(Invalid, match="Put them together"):
        curate.split_issue(session, issue, [told(issue)], name)


def test_an_issue_may_keep_its_name_and_take_that_of_a_merged_one(session: Session, lead: User) -> None:
    issue, gone = factories.issue(session, name="Linen late"), factories.issue(session, name="Towels late")
    curate.merge_issues(session, gone, issue)
    assert curate.name_issue(session, issue, "Linen Late").after["name"] == "Linen Late"
    assert curate.name_issue(session, issue, "Towels late").after["name"] == "Towels late"
