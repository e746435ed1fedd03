"""A question leaves once, is asked from delivery on, and can be stopped until it left."""

from collections import Counter
from datetime import timedelta

import pytest

from tests.checks.conftest import Book
from voc.checks import asking
from voc.checks.models import Check
from voc.core import clock
from voc.core.errors import Conflict
from voc.jobs import tell
from voc.mail.models import Batch
from voc.mail.outbox import stop_batch


def test_sending_puts_one_mail_in_line_for_each_person_and_asks_nobody_yet(book: Book) -> None:
    check = book.draft()
    batch = asking.send(book.session, check)
    mails = book.mails(check)
    assert {mail.contact_id for mail in mails} == {book.people[one.id].id for one in book.clients[2:]}
    assert {mail.state for mail in mails} == {"held"}
    assert (batch.state, check.state, {one.state for one in book.asks(check)}) == (
        "waiting",
        "leaving",
        {"queued"},
    )
    assert all(book.state(one) == "not_asked" for one in book.clients[2:])


def test_the_mail_holds_the_question_the_answers_and_our_person_and_no_other_client(book: Book) -> None:
    check = book.draft()
    asking.send(book.session, check)
    mail = book.mails(check)[0]
    assert (
        mail.filled["question"]
        == "Since 2 March, has it happened in your work with us that an invoice came without your order number?"
    )
    assert mail.filled["from_name"] == "Olga Orange"
    assert mail.filled["reads_name"] == "Leo Lime"
    assert len(mail.filled["answers"]) == 5  # type: ignore[arg-type]  # a JSON list
    assert "Paper not as agreed" not in str(mail.filled)


def test_half_of_the_mails_begin_with_no(book: Book) -> None:
    check = book.draft()
    asking.send(book.session, check)
    assert Counter(one.no_first for one in book.asks(check)) == {True: 4, False: 4}


def test_asked_begins_at_delivery(book: Book) -> None:
    check = book.ask()
    assert {one.state for one in book.asks(check)} == {"asked"}
    assert all(book.state(one) == "waiting" for one in book.clients[2:])
    assert (check.state, check.opened_at, (check.closes_at or clock.now()) - clock.now()) == (
        "asking",
        clock.now(),
        timedelta(days=14),
    )


def test_telling_of_a_delivery_twice_changes_nothing(book: Book) -> None:
    check = book.ask()
    before = book.evidence(book.clients[3])
    tell(book.session, "mail_sent", [(mail.account_id, mail.id) for mail in book.mails(check)])
    assert book.evidence(book.clients[3]) == before


def test_a_mail_that_came_back_asked_nobody_and_becomes_a_call(book: Book) -> None:
    check = book.ask()
    mail = book.mails(check)[0]
    for _ in range(2):
        tell(book.session, "mail_bounced", [(mail.account_id, mail.id)])
    (call,) = book.calls("question")
    assert (call.account_id, call.caller_id) == (mail.account_id, book.owner.id)
    assert [one.state for one in book.asks(check) if one.account_id == mail.account_id] == ["bounced"]
    client = next(one for one in book.clients if one.id == mail.account_id)
    assert book.state(client) == "not_asked"


def test_a_bounce_after_an_answer_is_nothing_to_us(book: Book) -> None:
    check = book.ask()
    ask = book.ask_of(check, book.clients[3])
    book.answer(ask, "no")
    mail = next(one for one in book.mails(check) if one.account_id == ask.account_id)
    tell(book.session, "mail_bounced", [(mail.account_id, mail.id)])
    assert (book.ask_of(check, book.clients[3]).state, book.state(book.clients[3])) == ("answered", "has_not")


def test_a_stopped_batch_makes_it_a_draft_that_can_be_sent_again(book: Book) -> None:
    check = book.draft()
    batch = asking.send(book.session, check)
    stop_batch(book.session, batch.public_id)
    book.session.refresh(check)
    assert (check.state, check.batch_id, {one.state for one in book.asks(check)}) == (
        "draft",
        None,
        {"planned"},
    )
    assert book.calls("question") == []
    book.ask(check)
    assert {one.state for one in book.asks(check)} == {"asked"}
    assert len(book.asks(check)) == 8


def test_only_one_of_two_leads_sends(book: Book) -> None:
    check = book.draft()
    asking.send(book.session, check)
    with pytest.raises(Conflict):
        asking.send(book.session, check)


def test_what_may_not_be_asked_is_not_sent_and_stays_a_draft(book: Book) -> None:
    check = book.draft("an invoice came late again")
    with pytest.raises(Conflict, match="wording"), book.session.begin_nested():
        asking.send(book.session, check)
    book.session.expire_all()
    assert book.session.get_one(Check, check.id).state == "draft"
    assert book.mails(check) == []


def test_a_stopped_question_waits_for_nobody_any_more(book: Book) -> None:
    check = book.ask()
    book.answer(book.ask_of(check, book.clients[3]), "no")
    asking.stop(book.session, check)
    assert (check.state, book.state(book.clients[3]), book.state(book.clients[4])) == (
        "stopped",
        "has_not",
        "not_asked",
    )
    with pytest.raises(Conflict):
        book.answer(book.ask_of(check, book.clients[4]), "no")


def test_mails_of_other_stages_are_left_alone(book: Book) -> None:
    asking.follow_sent(book.session, [(1, 2)])
    asking.follow_bounced(book.session, [(1, 2)])
    asking.follow_stopped(book.session, [1])


def test_a_batch_that_is_stopped_is_shown_with_what_it_was(book: Book) -> None:
    check = book.draft()
    asking.send(book.session, check)
    asking.stop(book.session, check)
    assert book.session.query(Batch).one().state == "stopped"
    assert check.state == "draft"
