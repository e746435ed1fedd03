"""Owed a person: every wish and notice until a talk or a written reason; the reason can be taken back."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests import factories
from tests.conftest import NOW
from voc.access.models import User
from voc.checks.models import Call
from voc.core import ids
from voc.core.errors import Invalid, NotFound
from voc.core.principal import Role
from voc.intake.models import Comment
from voc.reports import owed
from voc.reports.queries import this_week

Client = Callable[..., FlaskClient]


def ask(session: Session, **wanted: object) -> Comment:
    return factories.comment(session, **({"wants_senior": True, "kind": "escalation"} | wanted))


def owed_now(session: Session) -> list[str]:
    return [shown.one.comment_public_id for shown in this_week(session).owed]


def test_a_written_reason_counts_for_all_that_the_client_waits_for(session: Session, executive: User) -> None:
    account = factories.account(session)
    asked = [ask(session, account=account, said_at=NOW - timedelta(days=day)) for day in (3, 1)]
    owed.give_reason(session, asked[1].public_id, "They withdrew it on the phone.")
    assert owed_now(session) == []
    owed.take_reason_back(session, asked[1].public_id)
    assert owed_now(session) == [asked[1].public_id]
    assert this_week(session).owed[0].one.times == 2


def test_a_newer_wish_is_owed_again_after_a_reason(session: Session, executive: User) -> None:
    account = factories.account(session)
    first = ask(session, account=account, said_at=NOW - timedelta(days=3))
    owed.give_reason(session, first.public_id, "Settled.")
    second = ask(session, account=account, said_at=NOW)
    assert owed_now(session) == [second.public_id]


def test_a_reason_needs_words_and_something_that_waits(session: Session, executive: User) -> None:
    asked = ask(session)
    with pytest.raises(Invalid):
        owed.give_reason(session, asked.public_id, "  ")
    with pytest.raises(NotFound):
        owed.give_reason(session, factories.comment(session).public_id, "Nobody asked.")
    with pytest.raises(NotFound):
        owed.take_reason_back(session, asked.public_id)


def test_a_call_that_reached_them_is_a_talk_and_one_that_did_not_is_none(session: Session) -> None:
    asked = ask(session, said_at=NOW - timedelta(days=1))
    call = Call(account_id=asked.account_id, id=ids.new_id(), public_id=ids.new_public_id(), comment_id=asked.id,
                why="senior", due_on=NOW.date(), made_at=NOW, done_at=NOW, result="not_reached")  # fmt: skip
    session.add(call)
    session.flush()
    assert owed_now(session) == [asked.public_id]
    call.result = "spoke"
    session.flush()
    assert owed_now(session) == []


def test_a_note_of_some_other_way_is_no_talk(session: Session) -> None:
    asked = ask(session, said_at=NOW - timedelta(days=1))
    account = session.get_one(factories.Account, asked.account_id)
    factories.comment(session, account, source="staff_note", channel="staff_note", heard_how="other")
    assert owed_now(session) == [asked.public_id]


def test_a_talk_noted_later_on_the_same_day_counts(session: Session) -> None:
    """A note keeps the day, at noon; the words came in the afternoon."""
    asked = ask(session, said_at=NOW - timedelta(minutes=30), received_at=NOW - timedelta(minutes=30))
    account = session.get_one(factories.Account, asked.account_id)
    factories.comment(session, account, source="staff_note", channel="staff_note", heard_how="call",
                      said_at=NOW - timedelta(hours=2), received_at=NOW)  # fmt: skip
    assert owed_now(session) == []


def test_the_page_takes_a_reason_with_undo_and_says_what_is_missing(client: Client, session: Session) -> None:
    asked, browser = ask(session), client(Role.EXECUTIVE)
    missing = browser.post(f"/comments/{asked.public_id}/reason", data={"reason": " "})
    assert missing.status_code == 422
    assert 'aria-invalid="true"' in missing.text
    answer = browser.post(f"/comments/{asked.public_id}/reason", data={"reason": "They took it back."})
    assert answer.status_code == 303
    shown = browser.get("/this-week").text
    assert f"/comments/{asked.public_id}/reason/undo" in shown
    assert "Nobody waits for a person" in shown
    assert browser.post(f"/comments/{asked.public_id}/reason/undo").status_code == 303
    assert asked.public_id in browser.get("/this-week").text


def test_one_client_is_named_to_call_with_two_sentences_and_a_number(
    client: Client, session: Session
) -> None:
    account = factories.account(session, name="Harbour Clinic", yearly_value_cents=31_000_000)
    person = factories.contact(session, account, name="Noor Ames", phone="+31 20 555 0101")
    ask(session, account=account, contact_id=person.id, said_at=NOW - timedelta(days=3))
    shown = client(Role.EXECUTIVE).get("/this-week").text
    assert "It asked for someone senior on" in shown
    assert "nobody has talked with it since" in shown
    assert "Its yearly value is" in shown
    assert 'href="tel:+31205550101"' in shown
