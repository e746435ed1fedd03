"""Everybody asked hears what came of it once, in words for their answer; the first to speak is thanked."""

from datetime import date

import pytest

from tests.closure.conftest import Book
from voc.checks.models import Check
from voc.closure import outcome, telling, thanking
from voc.closure.audience import Audience
from voc.closure.readers import audience_of
from voc.closure.telling import Wanted
from voc.core.errors import Conflict
from voc.decisions import deciding
from voc.decisions.forms import DecisionForm
from voc.decisions.models import Decision

NOTHING = Wanted(status="not_now", words="Nothing will change, because the contract ends.")


def drafted(book: Book, check: Check, wanted: Wanted = NOTHING) -> object:
    with book.acting() as session:
        return outcome.draft_outcome(
            session, check, wanted, for_no="Thank you for your no.", for_none="Your word is welcome."
        )


def test_yes_no_and_no_answer_hear_their_own_words_once(book: Book) -> None:
    check = book.check()
    clients = [
        book.asked(check, "Acacia House", "problem"),
        book.asked(check, "Birch Clinic", "no"),
        book.asked(check, "Cedar Care"),
    ]
    update = drafted(book, check)
    book.leave(update)
    words = {mail.account_id: mail.filled["words"] for mail in book.mails(update)}
    assert [words[one.account.id] for one in clients] == [
        NOTHING.words,
        "Thank you for your no.",
        "Your word is welcome.",
    ]
    answers = {mail.account_id: mail.filled["answer"] for mail in book.mails(update)}
    assert [answers[one.account.id] for one in clients] == ["Yes, it is a problem", "No", ""]
    assert book.session.get_one(Check, check.id).outcome_told_at is not None
    with pytest.raises(Conflict):
        drafted(book, check)


def test_whom_the_question_never_reached_hears_nothing(book: Book) -> None:
    check = book.check()
    book.asked(check, "Acacia House", "problem")
    book.asked(check, "Birch Clinic", state="bounced")
    book.asked(check, "Cedar Care", state="opted_out")
    found: Audience = audience_of(book.session, drafted(book, check))
    assert [one.client for one in found.hearers] == ["Acacia House"]
    assert {one.client for one in found.left_out} == {"Birch Clinic", "Cedar Care"}


def test_an_open_question_has_no_outcome(book: Book) -> None:
    with pytest.raises(Conflict):
        drafted(book, book.check(state="asking"))


def test_without_a_decision_only_nothing_will_change_may_be_said(book: Book) -> None:
    check = book.check()
    book.asked(check, "Acacia House", "problem")
    with pytest.raises(Conflict):
        drafted(book, check, Wanted(status="changing", words="We change it."))


def test_an_outcome_that_was_stopped_may_be_written_again(book: Book) -> None:
    from voc.closure import telling  # noqa: PLC0415 - only this test stops

    check = book.check()
    book.asked(check, "Acacia House", "problem")
    assert outcome.is_owed(book.session, check)
    update = drafted(book, check)
    assert not outcome.is_owed(book.session, check)
    book.send(update)
    with book.acting() as session:
        telling.stop(session, update)
    assert check.outcome_told_at is None
    assert outcome.is_owed(book.session, check)


def test_the_first_to_speak_is_thanked_once_after_we_looked_further(book: Book) -> None:
    first = book.told_us("Acacia House")
    assert thanking.whom_to_thank(book.session, book.issue) is None
    book.asked(book.check(), "Birch Clinic", "problem")
    found = thanking.whom_to_thank(book.session, book.issue)
    assert found is not None
    assert found.contact_id == first.contact.id
    with book.acting() as session:
        update = thanking.draft_thanks(session, book.issue, thanking.WORDS)
    book.leave(update)
    assert [mail.contact_id for mail in book.mails(update)] == [first.contact.id]
    assert thanking.whom_to_thank(book.session, book.issue) is None
    with book.acting() as session, pytest.raises(Conflict):
        thanking.draft_thanks(session, book.issue, thanking.WORDS)


def test_thanks_come_also_when_the_question_found_nobody(book: Book) -> None:
    first = book.told_us("Acacia House")
    book.asked(book.check(), "Birch Clinic", "no")
    found = thanking.whom_to_thank(book.session, book.issue)
    assert found is not None
    assert found.contact_id == first.contact.id


def decided(book: Book) -> Decision:
    form = DecisionForm(
        choice="change", words="One list.", message="There is one list now.", owner=book.lead.public_id,
        due_on=date(2026, 12, 1), look_again_on=date(2027, 3, 1),
    )  # fmt: skip
    with book.acting() as session:
        return deciding.decide(session, book.issue, form)


def test_a_decision_may_be_undone_until_the_first_message_about_it_has_left(book: Book) -> None:
    book.told_us("Acacia House")
    decision = decided(book)
    update = book.draft()
    assert update.decision_id == decision.id
    book.send(update)
    assert decision.told_at is None
    with book.acting() as session:
        telling.stop(session, update)
    again = book.draft()
    book.leave(again)
    assert book.session.get_one(Decision, decision.id).told_at is not None
    with book.acting() as session, pytest.raises(Conflict):
        deciding.undo(session, decision)


def test_a_message_from_before_the_decision_binds_nobody(book: Book) -> None:
    book.told_us("Acacia House")
    update = book.draft()
    decision = decided(book)
    book.leave(update)
    with book.acting() as session:
        deciding.undo(session, decision)
    assert decision.undone_at is not None
    assert book.draft().decision_id is None
