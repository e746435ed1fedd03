"""Solved is each client's own word: yes, no, or no answer, which is never a yes."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from tests import factories
from tests.closure.conftest import ZONE, Book, Client, client_of
from voc.checks.models import Call
from voc.closure import signing
from voc.closure.models import SignOff
from voc.closure.rules import CLOSED, LOOKING
from voc.closure.standing import stands_of
from voc.core import clock
from voc.core.errors import Invalid, NotFound
from voc.intake.models import Comment, Thread


def sign_of(book: Book, client: Client) -> SignOff:
    return book.session.scalars(select(SignOff).where(SignOff.contact_id == client.contact.id)).one()


def says(book: Book, client: Client, what: str, words: str | None = None) -> SignOff:
    with book.acting(client_of(client)) as session:
        sign = signing.find_sign_off(session, sign_of(book, client).public_id)
        signing.answer(session, sign, says=what, words=words, zone=ZONE)
    return sign


def step(book: Book, client: Client) -> int:
    assert client.thread is not None
    with book.acting(client_of(client)) as session:
        return stands_of(session, client_of(client), [client.thread.id])[client.thread.id].current


def test_yes_closes_the_point_and_the_cell_is_solved(book: Book) -> None:
    one, other = book.told_us("Acacia House"), book.told_us("Birch Clinic")
    book.done()
    says(book, one, "yes")
    assert (book.state(one), book.state(other)) == ("solved", "has_problem")
    assert step(book, one) == CLOSED


def test_no_opens_it_again_with_words_a_date_and_a_call(book: Book) -> None:
    one = book.told_us("Acacia House")
    assert one.thread is not None
    book.done()
    sign = says(book, one, "no", "It came cold again on Friday.")
    assert book.state(one) == "has_problem"
    comment = book.session.get_one(Comment, (one.account.id, sign.comment_id))
    assert (comment.text, comment.source, comment.thread_id) == (
        "It came cold again on Friday.", "prompted", one.thread.id,
    )  # fmt: skip
    assert book.session.get_one(Thread, (one.account.id, one.thread.id)).next_word_by is not None
    (call,) = book.session.scalars(select(Call))
    assert (call.why, call.caller_id, call.account_id) == ("problem", book.lead.id, one.account.id)
    assert step(book, one) == LOOKING


def test_yes_may_become_no_and_what_stood_before_stands_again(book: Book) -> None:
    one = book.told_us("Acacia House")
    book.done()
    says(book, one, "yes")
    says(book, one, "no")
    assert book.state(one) == "has_problem"
    says(book, one, "yes")
    assert book.state(one) == "solved"


def test_the_same_answer_twice_is_one(book: Book) -> None:
    one = book.told_us("Acacia House")
    book.done()
    says(book, one, "no", "Still cold.")
    says(book, one, "no", "Still cold.")
    assert len(book.session.scalars(select(Call)).all()) == 1
    assert len(book.session.scalars(select(Comment).where(Comment.text == "Still cold.")).all()) == 1


def test_a_colleagues_no_keeps_a_yes_from_solving_it(book: Book) -> None:
    one = book.told_us("Acacia House")
    colleague = factories.contact(book.session, one.account, name="Bo Colleague")
    thread = factories.thread(book.session, one.account, contact_id=colleague.id)
    comment = factories.comment(book.session, one.account, thread=thread, text="Cold for me as well.")
    factories.match(book.session, comment, book.issue, state="confirmed")
    second = Client(one.account, colleague, thread, comment)
    book.done()
    says(book, second, "no")
    says(book, one, "yes")
    assert book.state(one) == "has_problem"
    says(book, second, "yes")
    assert book.state(one) == "solved"


def test_silence_closes_without_an_answer_and_proves_nothing(
    book: Book, at: Callable[[datetime], None]
) -> None:
    one = book.told_us("Acacia House")
    book.done()
    at(clock.now() + timedelta(days=13))
    assert signing.close_silent(book.session) == 0
    at(clock.now() + timedelta(days=2))
    assert signing.close_silent(book.session) == 1
    assert signing.close_silent(book.session) == 0
    assert sign_of(book, one).says == "none"
    assert book.state(one) == "has_problem"
    says(book, one, "no")
    assert step(book, one) == LOOKING


def test_what_was_stopped_asks_nobody(book: Book) -> None:
    one = book.told_us("Acacia House")
    update = book.draft(status="done", cause="A list.", action="One list.")
    book.send(update)
    with book.acting(client_of(one)) as session, pytest.raises(NotFound):
        signing.find_sign_off(session, sign_of(book, one).public_id)
    with book.acting() as session:
        from voc.closure import telling  # noqa: PLC0415 - only this test stops

        telling.stop(session, update)
    assert book.session.scalars(select(SignOff)).all() == []


def test_satisfaction_comes_only_after_the_answer(book: Book) -> None:
    one = book.told_us("Acacia House")
    book.done()
    sign = sign_of(book, one)
    with book.acting(client_of(one)) as session, pytest.raises(Invalid):
        signing.rate(session, sign, satisfaction=5, words=None, zone=ZONE)
    says(book, one, "yes")
    with book.acting(client_of(one)) as session:
        signing.rate(session, sign, satisfaction=4, words="It took a while.", zone=ZONE)
        with pytest.raises(Invalid):
            signing.rate(session, sign, satisfaction=6, words=None, zone=ZONE)
    assert sign.satisfaction == 4


def test_another_clients_sign_off_is_as_absent_as_none(book: Book) -> None:
    one, other = book.told_us("Acacia House"), book.told_us("Birch Clinic")
    book.done()
    with book.acting(client_of(other)) as session, pytest.raises(NotFound):
        signing.find_sign_off(session, sign_of_id(book, one))


def sign_of_id(book: Book, client: Client) -> str:
    from voc.core.principal import SYSTEM  # noqa: PLC0415 - the test looks past the asker
    from voc.db.scope import open_for, principal_of  # noqa: PLC0415

    asker = principal_of(book.session)
    open_for(book.session, SYSTEM)
    found = sign_of(book, client).public_id
    open_for(book.session, asker)
    return found
