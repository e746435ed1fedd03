"""Mails leave when they are due, once, and what became of each is kept and told."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests import factories
from tests.conftest import NOW
from tests.mail.test_outbox import mail
from voc.accounts.models import Contact
from voc.core.config import Settings
from voc.core.errors import Conflict
from voc.db.session import Database
from voc.jobs import QuietDoorbell
from voc.mail import addresses, house, sending
from voc.mail.models import Delivery
from voc.mail.outbox import make_batch, put_mails, stop_batch
from voc.mail.rendering import Mail
from voc.mail.sender import Away, Bounced, Declined, FakeSender, Later, Unsure
from workers.mail import drain_with
from workers.scope import Scope
from workers.sweep import sweep

pytestmark = pytest.mark.usefixtures("open_house")


@pytest.fixture
def here(settings: Settings, database: Database, doorbell: QuietDoorbell) -> Scope:
    nobody: Any = None  # a drain needs no Redis of its own
    return Scope(settings, database, nobody, doorbell)  # type: ignore[arg-type]  # it keeps its rings


def state(session: Session, row: Delivery) -> str:
    session.refresh(row)
    return row.state


def refusing(error: Exception) -> FakeSender:
    def answer(_: Mail) -> None:
        raise error

    return FakeSender(answer=answer)


def forget_leases(session: Session) -> None:
    session.execute(update(Delivery).values(lease_until_ms=1))


def test_a_mail_that_is_due_leaves_once_and_is_told(
    session: Session, here: Scope, person: Contact, told: list[tuple[str, Any]]
) -> None:
    row, sender = put_mails(session, [mail(person)])[0], FakeSender()
    assert drain_with(here, sender) == 1
    assert drain_with(here, sender) == 0
    assert state(session, row) == "sent"
    assert (row.sent_at, row.token) == (NOW, None)
    assert [one.message_id for one in sender.sent] == [row.message_id]
    assert told == [("mail_sent", (row.account_id, row.id))]


def test_a_mail_waits_for_its_moment(
    session: Session, here: Scope, person: Contact, at: Callable[[datetime], None]
) -> None:
    put_mails(session, [mail(person, not_before=NOW + timedelta(days=5))])
    assert (drain_with(here, FakeSender()), sweep(here)) == (0, {})
    at(NOW + timedelta(days=5))
    assert sweep(here) == {"mail": 1}
    assert drain_with(here, FakeSender()) == 1


def test_a_batch_leaves_after_its_ten_minutes_and_not_before(
    session: Session,
    here: Scope,
    person: Contact,
    at: Callable[[datetime], None],
    told: list[tuple[str, Any]],
) -> None:
    batch = make_batch(session, what="A question", thing="check x")
    row = put_mails(session, [mail(person)], batch=batch)[0]
    at(NOW + timedelta(minutes=9, seconds=59))
    assert (drain_with(here, FakeSender()), sweep(here)) == (0, {})
    at(NOW + timedelta(minutes=10))
    assert sweep(here) == {"mail": 1}
    assert drain_with(here, FakeSender()) == 1
    assert told == [("batch_left", batch.id), ("mail_sent", (row.account_id, row.id))]
    with pytest.raises(Conflict):
        stop_batch(session, batch.public_id)


def test_a_stopped_batch_never_leaves(
    session: Session, here: Scope, person: Contact, at: Callable[[datetime], None]
) -> None:
    batch = make_batch(session, what="A question", thing="check x")
    put_mails(session, [mail(person)], batch=batch)
    stop_batch(session, batch.public_id)
    at(NOW + timedelta(days=1))
    assert drain_with(here, FakeSender()) == 0


def test_nothing_leaves_while_sending_is_stopped_and_all_of_it_after(
    session: Session, here: Scope, person: Contact, at: Callable[[datetime], None]
) -> None:
    batch = make_batch(session, what="A question", thing="check x")
    put_mails(session, [mail(person, "in a batch")], batch=batch)
    put_mails(session, [mail(person, "alone")])
    house.turn(session, on=False)
    at(NOW + timedelta(hours=1))
    assert (drain_with(here, FakeSender()), sweep(here)) == (0, {})
    house.turn(session, on=True)
    assert drain_with(here, FakeSender()) == 2


def test_who_asked_for_no_more_meanwhile_is_not_written_to(
    session: Session, here: Scope, person: Contact, told: list[tuple[str, Any]]
) -> None:
    row, sender = put_mails(session, [mail(person)])[0], FakeSender()
    addresses.set_rule(session, person.email or "", "no_questions")
    assert drain_with(here, sender) == 0
    assert (state(session, row), sender.sent) == ("refused", [])
    assert told == [("mail_bounced", (row.account_id, row.id))]


def test_an_address_that_takes_no_mail_is_not_written_to_again(
    session: Session, here: Scope, person: Contact, told: list[tuple[str, Any]]
) -> None:
    row = put_mails(session, [mail(person)])[0]
    drain_with(here, refusing(Bounced("550 5.1.1 no such person")))
    assert (state(session, row), row.why) == ("bounced", "550 5.1.1 no such person")
    assert told == [("mail_bounced", (row.account_id, row.id))]
    again = put_mails(session, [mail(person, "k2", template="update")])[0]
    assert again.state == "refused"


def test_a_mail_to_a_reserved_name_bounces_here(session: Session, here: Scope) -> None:
    nobody = factories.contact(
        session, factories.account(session), email="a@firm.example", email_key="a@firm.example"
    )
    row = put_mails(session, [mail(nobody)])[0]
    drain_with(here, FakeSender())
    assert state(session, row) == "bounced"
    assert addresses.rules_of(session, ["a@firm.example"]) == {}


def test_a_mail_put_off_is_tried_later_and_later_and_then_goes_to_a_person(
    session: Session, here: Scope, person: Contact, at: Callable[[datetime], None]
) -> None:
    row, sender, moment, waits = put_mails(session, [mail(person)])[0], refusing(Later("451 busy")), NOW, []
    while state(session, row) == "waiting":
        at(max(moment, row.not_before))
        moment = row.not_before
        drain_with(here, sender)
        session.refresh(row)
        waits.append((row.not_before - moment).total_seconds() / 60)
    assert waits[:4] == [1, 2, 4, 8]
    assert len(waits) == sending.PUT_OFF
    assert (row.state, row.why) == ("failed", f"{sending.PUT_OFF_TOO_OFTEN}451 busy")


def test_a_mail_the_server_declines_goes_to_a_person(session: Session, here: Scope, person: Contact) -> None:
    row = put_mails(session, [mail(person)])[0]
    drain_with(here, refusing(Declined("550 5.7.1 you may not")))
    assert state(session, row) == "failed"
    assert addresses.rules_of(session, [person.email or ""]) == {}


def test_a_server_that_is_away_costs_no_try(session: Session, here: Scope, person: Contact) -> None:
    rows = put_mails(session, [mail(person, f"k{number}") for number in range(3)])
    for _ in range(10):
        assert drain_with(here, refusing(Away("cannot be reached"))) == 0
    assert {state(session, row) for row in rows} == {"waiting"}
    assert {row.tries for row in rows} == {0}
    assert drain_with(here, FakeSender()) == 3


def test_a_mail_of_which_we_are_unsure_is_tried_three_times_with_one_message_id(
    session: Session, here: Scope, person: Contact
) -> None:
    row, tried = put_mails(session, [mail(person)])[0], []

    def answer(one: Mail) -> None:
        tried.append(one.message_id)
        raise Unsure("the line broke")

    for _ in range(5):
        drain_with(here, FakeSender(answer=answer))
        forget_leases(session)
    assert (state(session, row), row.why) == ("failed", sending.LEFT_AT_SENDING)
    assert tried == [row.message_id] * 3


def test_while_a_lease_holds_nobody_else_sends(session: Session, here: Scope, person: Contact) -> None:
    put_mails(session, [mail(person)])
    held = sending.claim(session, here.settings, limit=5)
    assert held is not None
    assert drain_with(here, FakeSender()) == 0
    forget_leases(session)
    assert drain_with(here, FakeSender()) == 1
    assert sending.keep_sent(session, held, held.mails) == 0


def test_what_a_dead_worker_left_untold_is_told_by_the_next(
    session: Session, here: Scope, person: Contact, told: list[tuple[str, Any]]
) -> None:
    row = put_mails(session, [mail(person)])[0]
    held = sending.claim(session, here.settings, limit=5)
    assert held is not None
    assert sending.keep_sent(session, held, held.mails) == 1
    forget_leases(session)
    assert sweep(here) == {"mail": 1}
    drain_with(here, FakeSender())
    assert told == [("mail_sent", (row.account_id, row.id))]
    assert sweep(here) == {}


def test_a_mail_that_cannot_be_written_does_not_stop_the_others(
    session: Session, here: Scope, person: Contact
) -> None:
    bad = put_mails(session, [mail(person, "bad", template="no_such_mail")])[0]
    good = put_mails(session, [mail(person, "good")])[0]
    assert drain_with(here, FakeSender()) == 1
    assert (state(session, bad), state(session, good)) == ("failed", "sent")


def test_the_ids_in_the_links_and_in_the_message_stay_the_same(
    session: Session, here: Scope, person: Contact
) -> None:
    row = put_mails(session, [mail(person)])[0]
    first = sending.claim(session, here.settings, limit=1)
    forget_leases(session)
    again = sending.claim(session, here.settings, limit=1)
    assert first is not None
    assert again is not None
    assert first.mails == again.mails
    assert session.scalar(select(Delivery.message_id)) == first.mails[0].message_id
    assert row.public_id in first.mails[0].message_id
