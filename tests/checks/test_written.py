"""Whoever answers the mail itself has answered: a plain answer counts at once, other words wait for one of us."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.checks.conftest import Book, later
from tests.mail.letters import OUR_ADDRESS, letter
from voc.accounts.models import Account
from voc.checks import closing
from voc.checks.models import Answer, Ask, Check
from voc.checks.plain import plain_answer
from voc.core.config import Settings
from voc.core.policy import DEFAULT
from voc.core.principal import Role
from voc.db.session import Database
from voc.intake.models import Comment
from voc.jobs import QuietDoorbell
from voc.mail import inbound, tokens
from workers import replies
from workers.scope import Scope

Client = Callable[..., FlaskClient]
WORDS = "Yes, it did, twice in March. We now add the number by hand."


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("No", "no"),
        ("No.\n\nKind regards,\nIna", "no"),
        ("Hello Olga,\n\nYes, it is a problem.\n\nBest,\nIna", "problem"),
        ("yes we manage", "manages"),
        ("We don’t use this.", "not_used"),
        ("I cannot tell", "cannot_tell"),
        ("Yes", None),
        ("No, but on Tuesday it did.", None),
        ("No problem, I will look.", None),
        ("No\nOnly in March it was missing.", None),
        ("Thanks, no", None),
        ("", None),
    ],
)
def test_only_an_answer_word_for_word_is_taken_as_one(text: str, says: str | None) -> None:
    assert plain_answer(text) == says


class Post:
    """Writes back to the mail of one client's person."""

    def __init__(self, book: Book, settings: Settings, database: Database, doorbell: QuietDoorbell) -> None:
        nobody: Any = None  # taking in needs no Redis of its own
        ours = replace(settings, mail_from=f"Northwind <{OUR_ADDRESS}>")
        self.book, self.here = book, Scope(ours, database, nobody, doorbell)

    def write(self, check: Check, account: Account, text: str) -> Ask:
        person = self.book.people[account.id]
        mail = next(one for one in self.book.mails(check) if one.contact_id == person.id)
        token = tokens.message_id_of(mail.public_id, self.here.settings)
        own = f"<{abs(hash(text))}@client.example>"
        body = letter(text, From=f"{person.name} <{person.email}>", In_Reply_To=token, Message_ID=own)
        inbound.keep(self.book.session, body)
        replies.sort_new(self.here)
        return self.book.ask_of(check, account)


@pytest.fixture
def post(book: Book, settings: Settings, database: Database, doorbell: QuietDoorbell) -> Post:
    return Post(book, settings, database, doorbell)


def test_a_plain_no_is_their_answer_and_a_comment_that_answers(
    book: Book, post: Post, session: Session
) -> None:
    check = book.ask()
    ask = post.write(check, book.clients[3], "No.\r\n\r\nKind regards,\r\nIna")
    answer = session.get_one(Answer, (ask.account_id, ask.id))
    comment = session.get_one(Comment, (ask.account_id, answer.comment_id))
    assert (ask.state, ask.wrote_id, answer.says, answer.taken_by_id) == ("answered", None, "no", None)
    assert (comment.kind, comment.source, comment.channel) == ("answer", "answer", "email")
    assert book.state(book.clients[3]) == "has_not"


def test_other_words_wait_for_one_of_us_and_nobody_is_reminded_or_called(
    book: Book, post: Post, at: Callable[..., None]
) -> None:
    check = book.ask()
    ask = post.write(check, book.clients[3], WORDS)
    assert (ask.state, book.state(book.clients[3])) == ("asked", "waiting")
    assert ask.wrote_id is not None
    at(later(DEFAULT.reminder_days + 1))
    closing.remind_due(book.session, zone="UTC")
    at(later(2 * DEFAULT.reminder_days + 1))
    closing.call_due(book.session)
    assert book.ask_of(check, book.clients[3]).reminded_at is None
    assert book.ask_of(check, book.clients[4]).reminded_at is not None
    called = {one.contact_id for one in book.calls("reminder")}
    assert book.people[book.clients[3].id].id not in called
    assert book.people[book.clients[4].id].id in called


def test_a_lead_says_which_answer_it_is_and_may_take_that_back(
    client: Client, book: Book, post: Post, session: Session
) -> None:
    check = book.ask()
    ask = post.write(check, book.clients[3], WORDS)
    lead, url = client(book.lead), f"/replies/{ask.public_id}/answer"
    page = lead.get("/today?queue=replies").text
    assert "twice in March" in page
    assert "Which answer is this?" in page
    assert "wrote back, waits to be read" in lead.get(f"/checks/{check.public_id}").text
    assert lead.post(url, data={"pressed": "perhaps"}).status_code == 422
    lead.post(url, data={"pressed": "manages"})
    assert book.state(book.clients[3]) == "has_manages"
    session.expire_all()
    answer = session.scalars(select(Answer)).one()
    assert (answer.taken_by_id, answer.read_by_id) == (book.lead.id, book.lead.id)
    comment = session.get_one(Comment, (answer.account_id, answer.comment_id))
    assert lead.post(url, data={"pressed": "no"}).status_code == 404
    lead.post(f"/replies/{ask.public_id}/again?comment={comment.public_id}")
    assert book.state(book.clients[3]) == "waiting"
    assert "twice in March" in lead.get("/today?queue=replies").text


def test_words_about_something_else_let_the_question_wait_on(
    client: Client, book: Book, post: Post, at: Callable[..., None]
) -> None:
    check = book.ask()
    ask = post.write(check, book.clients[3], "By the way, the lift is out of order.")
    client(book.lead).post(f"/replies/{ask.public_id}/answer", data={"pressed": "none"})
    at(later(DEFAULT.reminder_days + 1))
    closing.remind_due(book.session, zone="UTC")
    assert book.ask_of(check, book.clients[3]).reminded_at is not None


def test_a_call_that_a_reply_spared_us_comes_back_when_it_answers_nothing(
    client: Client, book: Book, post: Post, at: Callable[..., None]
) -> None:
    check = book.ask()
    at(later(2 * DEFAULT.reminder_days + 1))
    closing.call_due(book.session)
    person = book.people[book.clients[3].id].id
    assert person in {one.contact_id for one in book.calls("reminder")}
    ask = post.write(check, book.clients[3], "By the way, the lift is out of order.")
    assert person not in {one.contact_id for one in book.calls("reminder")}
    client(book.lead).post(f"/replies/{ask.public_id}/answer", data={"pressed": "none"})
    assert person in {one.contact_id for one in book.calls("reminder")}


def test_what_came_in_time_may_be_read_after_the_question_closed(
    client: Client, book: Book, post: Post, at: Callable[..., None]
) -> None:
    check = book.ask()
    first = post.write(check, book.clients[3], WORDS)
    second = post.write(check, book.clients[4], "By the way, the lift is out of order.")
    at(check.closes_at + timedelta(hours=1) if check.closes_at else later(30))
    while closing.close_due(book.session):
        pass
    assert [one.state for one in (first, second)] == ["asked", "asked"]
    lead = client(book.lead)
    lead.post(f"/replies/{first.public_id}/answer", data={"pressed": "problem"})
    lead.post(f"/replies/{second.public_id}/answer", data={"pressed": "none"})
    assert book.state(book.clients[3]) == "has_problem"
    assert (book.state(book.clients[4]), book.ask_of(check, book.clients[4]).state) == (
        "no_answer", "no_answer",
    )  # fmt: skip


def test_their_own_click_wins_over_what_we_read(book: Book, post: Post, client: Client) -> None:
    check = book.ask()
    ask = post.write(check, book.clients[3], WORDS)
    book.answer(ask, "problem")
    book.session.flush()
    assert book.ask_of(check, book.clients[3]).wrote_id is None
    assert client(book.lead).get("/today?queue=replies").text.count("twice in March") == 0
    assert (
        client(book.lead).post(f"/replies/{ask.public_id}/answer", data={"pressed": "no"}).status_code == 404
    )


@pytest.mark.parametrize("role", [Role.ADMIN, Role.CLIENT_ADMIN, Role.CLIENT_VIEWER])
def test_clients_and_administrators_read_nobodys_reply(
    book: Book, post: Post, client: Client, role: Role
) -> None:
    ask = post.write(book.ask(), book.clients[3], WORDS)
    assert client(role).post(f"/replies/{ask.public_id}/answer", data={"pressed": "no"}).status_code == 403
