"""Rows by many keys as one parameter: the same rows, however many keys."""

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tests import factories
from voc.core import ids
from voc.db.among import among
from voc.db.work import Work, claim, drop, first_waiting, in_line, number_waiting
from voc.intake.models import Comment
from voc.jobs import READ


@pytest.mark.parametrize("others", [0, 3000])
def test_those_of_the_keys_come_and_no_others(session: Session, others: int) -> None:
    said = [factories.comment(session) for _ in range(3)]
    keys = [(one.account_id, one.id) for one in said[:2]] + [(1, ids.new_id()) for _ in range(others)]
    found = session.scalars(select(Comment.id).where(among(session, (Comment.account_id, Comment.id), keys)))
    assert set(found) == {one.id for one in said[:2]}


def test_a_key_counts_as_a_whole(session: Session) -> None:
    one, other = factories.comment(session), factories.comment(session)
    crossed = [(one.account_id, other.id), (other.account_id, one.id)]
    if one.account_id != other.account_id:
        wanted = select(Comment.id).where(among(session, (Comment.account_id, Comment.id), crossed))
        assert not list(session.scalars(wanted))


def test_no_keys_are_no_rows(session: Session) -> None:
    factories.comment(session)
    assert not list(
        session.scalars(select(Comment.id).where(among(session, (Comment.account_id, Comment.id), [])))
    )


def test_rows_go_by_their_keys(session: Session) -> None:
    keys = [(one.account_id, one.id) for one in (factories.comment(session) for _ in range(3))]
    in_line(session, READ, keys).run(session)
    session.execute(delete(Work).where(among(session, (Work.account_id, Work.comment_id), keys[:1])))
    assert number_waiting(session, READ, most=9) == 2


def test_what_waits_is_dropped_once_and_what_is_held_is_not(session: Session) -> None:
    keys = [(one.account_id, one.id) for one in (factories.comment(session) for _ in range(5))]
    in_line(session, READ, keys).run(session)
    held = claim(session, READ, limit=1)
    assert held is not None
    assert first_waiting(session, READ, limit=3) == keys[1:4]
    assert drop(session, READ, keys) == set(keys[1:])
    assert drop(session, READ, keys) == set()
    assert number_waiting(session, READ, most=9) == 1


def test_more_than_asked_for_are_not_counted(session: Session) -> None:
    keys = [(one.account_id, one.id) for one in (factories.comment(session) for _ in range(5))]
    in_line(session, READ, keys).run(session)
    assert [number_waiting(session, READ, most=most) for most in (2, 9)] == [2, 5]
