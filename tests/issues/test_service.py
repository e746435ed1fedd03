"""Comments are placed once, people's words stay, and only one worker founds at a time."""

from collections.abc import Callable

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests import factories
from tests.breadth.pictures import rows_of
from voc.access.models import User
from voc.breadth.models import Evidence
from voc.core.principal import SYSTEM
from voc.db import lease, work
from voc.db.lease import Lease
from voc.db.session import Database
from voc.intake.models import Comment
from voc.issues import curate, queries, service
from voc.issues.models import Issue, Match
from voc.issues.rules import Placement

Told = Callable[..., Comment]


def held(session: Session, *comments: Comment) -> work.Claim:
    work.put(session, "match", [(one.account_id, one.id) for one in comments])
    found = work.claim(session, "match", limit=100)
    assert found is not None
    return found


def test_a_comment_placed_twice_stands_once(session: Session) -> None:
    issue, comment = factories.issue(session), factories.comment(session)
    placement = Placement(comment.account_id, comment.id, issue.id, 0.9, ("Speaks of “invoice”.",))
    claim = held(session, comment)
    assert service.place(session, claim, [placement]) == 1
    before = rows_of(session, Match), rows_of(session, Evidence)
    assert service.place(session, claim, [placement]) == 0
    service.join(session, [placement])
    assert (rows_of(session, Match), rows_of(session, Evidence)) == before


def test_a_worker_that_lost_its_lease_places_nothing(session: Session) -> None:
    issue, comment = factories.issue(session), factories.comment(session)
    late = held(session, comment)
    session.execute(update(work.Work).values(token=1))
    assert service.place(session, late, [Placement(comment.account_id, comment.id, issue.id, 0.9)]) == 0
    assert not list(session.scalars(select(Match)))


@pytest.mark.parametrize("state", ["confirmed", "refused"])
def test_the_machine_never_changes_what_a_person_said(session: Session, state: str) -> None:
    comment, issue = factories.comment(session), factories.issue(session)
    factories.match(session, comment, issue, state=state)
    here = Placement(comment.account_id, comment.id, issue.id, 0.99)
    service.join(session, [here])
    service.move_by_machine(session, [here])
    service.move_by_machine(session, [Placement(comment.account_id, comment.id, None)])
    session.expire_all()
    assert [row.state for row in session.scalars(select(Match))] == [state]


def test_refused_pairs_are_known_before_placing(session: Session) -> None:
    comment, issue = factories.comment(session), factories.issue(session)
    factories.match(session, comment, issue, state="refused")
    factories.match(session, comment)
    key = (comment.account_id, comment.id)
    assert service.refused_pairs(session, [key]) == {(*key, issue.id)}


def test_a_comment_that_a_person_placed_is_not_moved_by_machine(session: Session) -> None:
    comment, chosen, other = factories.comment(session), factories.issue(session), factories.issue(session)
    factories.match(session, comment, chosen, state="confirmed")
    service.move_by_machine(session, [Placement(comment.account_id, comment.id, other.id, 0.9)])
    assert [row.issue_id for row in session.scalars(select(Match))] == [chosen.id]


def test_moving_by_machine_takes_only_its_own_matches_away(session: Session) -> None:
    comment, old, new = factories.comment(session), factories.issue(session), factories.issue(session)
    factories.match(session, comment, old)
    service.move_by_machine(session, [Placement(comment.account_id, comment.id, new.id, 0.9)])
    assert list(session.scalars(select(Match.issue_id))) == [new.id]


def test_a_name_given_by_a_person_is_not_overwritten(session: Session, lead: User) -> None:
    issue = factories.issue(session, name="invoice, late")
    service.rename_by_machine(session, issue.id, "invoice, wrong", ["invoice"])
    session.refresh(issue)
    assert issue.name == "invoice, wrong"
    curate.name_issue(session, issue, "Invoices come late")
    service.rename_by_machine(session, issue.id, "something", [])
    session.refresh(issue)
    assert issue.name == "Invoices come late"


def test_issues_that_people_did_anything_with_are_touched(session: Session, lead: User, told: Told) -> None:
    confirmed, named, merged, target, untouched = (factories.issue(session) for _ in range(5))
    curate.confirm_all(session, confirmed, [told(confirmed)])
    curate.name_issue(session, named, "Named")
    curate.merge_issues(session, merged, target)
    touched = queries.touched_issues(session)
    assert touched == {confirmed.id, named.id, target.id}
    assert untouched.id not in touched


def test_two_workers_never_hold_the_lease_together(stored_database: Database) -> None:
    with stored_database.writing(SYSTEM) as first:
        token = lease.take(first, "grouping")
    assert token is not None
    with stored_database.writing(SYSTEM) as second:
        assert lease.take(second, "grouping") is None
        assert lease.take(second, "something else") is not None
        assert lease.keep(second, "grouping", token)
        assert not lease.keep(second, "grouping", token + 1)
        lease.give_back(second, "grouping", token + 1)
    with stored_database.writing(SYSTEM) as third:
        assert lease.take(third, "grouping") is None
        lease.give_back(third, "grouping", token)
        assert lease.take(third, "grouping") is not None


def test_a_lease_that_ran_out_is_lost_to_the_next(session: Session) -> None:
    before = lease.take(session, "grouping")
    assert before is not None
    session.execute(update(Lease).values(until_ms=1))
    after = lease.take(session, "grouping")
    assert after not in {None, before}
    assert not lease.keep(session, "grouping", before)


def test_founding_gives_an_issue_in_the_machines_words(session: Session) -> None:
    key = service.found(session, "late invoice", ["invoice", "late"])
    issue = session.get_one(Issue, key)
    assert (issue.name, issue.words, issue.is_named) == ("late invoice", ["invoice", "late"], False)
