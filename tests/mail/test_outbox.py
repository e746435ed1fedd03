"""A mail is a row before it is a mail; a batch can be stopped until it leaves."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import factories
from tests.conftest import NOW
from voc.accounts.models import Contact
from voc.core.errors import Conflict, NotFound
from voc.mail import addresses, house, outbox
from voc.mail.models import Delivery, Link
from voc.mail.outbox import NewLink, NewMail, make_batch, put_mail, put_mails, stop_batch


def mail(person: Contact, key: str = "k1", **wanted: Any) -> NewMail:
    facts = {"account_id": person.account_id, "contact_id": person.id, "email": person.email, "template": "question",
             "thing": "ask x", "dedupe_key": key, "filled": {"hello": person.name}}  # fmt: skip
    return NewMail(**(facts | wanted))


@pytest.mark.usefixtures("open_house")
def test_the_same_key_twice_is_one_mail_with_one_link(session: Session, person: Contact) -> None:
    link = NewLink(purpose="answer", thing="a" * 26, expires_at=NOW + timedelta(days=21))
    first, again = put_mails(session, [mail(person, link=link), mail(person, link=link)])
    later = put_mails(session, [mail(person, link=link)])[0]
    assert first is again is later
    assert session.scalar(select(func.count()).select_from(Link)) == 1
    assert session.scalar(select(Link.id)) == first.link_id
    assert (first.state, first.sent_to) == ("waiting", "ines@clinic.internal")


@pytest.mark.usefixtures("open_house")
def test_a_mail_of_a_batch_is_held_until_it_leaves(session: Session, person: Contact) -> None:
    batch = make_batch(session, what="A question", thing="check x")
    assert batch.leaves_at == NOW + timedelta(minutes=10)
    assert put_mails(session, [mail(person)], batch=batch)[0].state == "held"


@pytest.mark.parametrize(
    ("email", "rule", "template", "why"),
    [
        (None, None, "question", outbox.NO_ADDRESS),
        ("  ", None, "update", outbox.NO_ADDRESS),
        ("a@b, c@d", None, "update", outbox.ODD_ADDRESS),
        ("a@b.internal\nBcc: c@d.internal", None, "update", outbox.ODD_ADDRESS),
        ("ines@clinic.internal", "no_questions", "question", outbox.RULE_WORDS["no_questions"]),
        ("INES@clinic.internal", "no_questions", "reminder", outbox.RULE_WORDS["no_questions"]),
        ("ines@clinic.internal", "no_mail", "update", outbox.RULE_WORDS["no_mail"]),
        ("ines@clinic.internal", "bounces", "update", outbox.RULE_WORDS["bounces"]),
    ],
)
@pytest.mark.usefixtures("open_house")
def test_what_may_not_leave_is_a_row_that_says_why(
    session: Session, person: Contact, email: str | None, rule: str | None, template: str, why: str
) -> None:
    if rule:
        addresses.set_rule(session, "ines@clinic.internal", rule)
    row = put_mails(session, [mail(person, email=email, template=template)])[0]
    assert (row.state, row.why) == ("refused", why)


@pytest.mark.usefixtures("open_house")
def test_who_wants_no_questions_still_hears_what_was_done(session: Session, person: Contact) -> None:
    addresses.set_rule(session, person.email or "", "no_questions")
    assert put_mails(session, [mail(person, template="update")])[0].state == "waiting"


def test_nothing_is_put_in_line_before_sending_was_started(session: Session, person: Contact) -> None:
    row = put_mails(session, [mail(person)])[0]
    assert (row.state, row.why) == ("refused", house.NOT_ON)


def test_practice_mail_is_put_in_line(session: Session, person: Contact) -> None:
    house.practise(session)
    assert put_mails(session, [mail(person)])[0].state == "waiting"


@pytest.mark.usefixtures("open_house")
def test_a_stopped_batch_stays_stopped_and_is_told_once(
    session: Session, person: Contact, told: list[tuple[str, Any]]
) -> None:
    batch = make_batch(session, what="A question", thing="check x")
    row = put_mails(session, [mail(person)], batch=batch)[0]
    assert stop_batch(session, batch.public_id).state == "stopped"
    assert stop_batch(session, batch.public_id).state == "stopped"
    session.refresh(row)
    assert row.state == "stopped"
    assert told == [("batch_stopped", batch.id)]
    assert put_mails(session, [mail(person, "late")], batch=batch)[0].state == "stopped"


def test_a_batch_that_left_cannot_be_stopped(session: Session) -> None:
    batch = make_batch(session, what="A question", thing="check x")
    batch.state = "left"
    session.flush()
    with pytest.raises(Conflict, match="left the house"):
        stop_batch(session, batch.public_id)
    with pytest.raises(NotFound):
        stop_batch(session, "a" * 26)


@pytest.mark.usefixtures("open_house")
def test_one_mail_may_bring_its_own_link_and_moment(session: Session, person: Contact) -> None:
    new = mail(person)
    row = put_mail(
        session, account_id=new.account_id, contact_id=new.contact_id, email=new.email, template="reminder",
        thing="ask x", dedupe_key="r1", filled={}, not_before=NOW + timedelta(days=5),
        link=NewLink(purpose="answer", thing="a" * 26, expires_at=NOW),
    )  # fmt: skip
    assert row.not_before == NOW + timedelta(days=5)
    assert row.link_id is not None


@pytest.mark.usefixtures("open_house")
def test_many_mails_of_many_clients_come_back_in_their_order(session: Session) -> None:
    people = [factories.contact(session, factories.account(session)) for _ in range(7)]
    rows = put_mails(session, [mail(one, f"many-{one.id}") for one in people])
    assert [row.contact_id for row in rows] == [one.id for one in people]
    assert len({row.message_id for row in rows}) == 7
    assert session.scalar(select(func.count()).select_from(Delivery)) == 7
