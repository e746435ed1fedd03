"""A client says something and gets a receipt; their points stand on their home page."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests import factories
from voc.accounts.models import Account
from voc.core.principal import Role
from voc.db.work import Work
from voc.intake.models import Comment, Raw, Thread
from voc.jobs import READ, QuietDoorbell

Client = Callable[..., FlaskClient]
Row = TypeVar("Row")
WORDS = "The invoice came late again, and nobody could say why."


@pytest.fixture
def account(session: Session) -> Account:
    owner = factories.user(session, Role.AGENT, name="Ana Leal", phone="+31 20 123 4567")
    return factories.account(session, name="Brightwater Clinic", owner_id=owner.id)


@pytest.fixture
def browser(client: Client, account: Account) -> FlaskClient:
    return client(Role.CLIENT_ADMIN, account=account, name="Mia Brandt")


def nonce_of(html: str) -> str:
    found = re.search(r'name="nonce" value="([^"]+)"', html)
    assert found
    return found.group(1)


def say(browser: FlaskClient, **fields: str) -> TestResponse:
    return browser.post("/say", data={"text": WORDS} | fields, follow_redirects=True)


def only(session: Session, model: type[Row]) -> Row:
    return session.scalars(select(model)).one()


def test_a_client_begins_at_a_page_with_the_box_and_says_what_is_empty(browser: FlaskClient) -> None:
    page = browser.get("/", follow_redirects=True)
    assert page.request.path == "/points"
    assert "What happened, or what would help?" in page.text
    assert "autofocus" in page.text
    assert "Nothing here yet" in page.text
    assert len(page.data) < 80_000


def test_the_receipt_names_a_number_a_person_and_a_day(browser: FlaskClient, session: Session) -> None:
    page = say(browser)
    thread = only(session, Thread)
    assert page.status_code == 200
    assert thread.receipt in page.text
    assert "Ana Leal" in page.text
    assert "11\u00a0May" in page.text  # five working days after Monday 4 May
    assert "You can close this page" in page.text
    assert "by mail" not in page.text


def test_the_words_wait_for_the_reader_before_the_receipt_is_shown(
    browser: FlaskClient, session: Session, doorbell: QuietDoorbell
) -> None:
    say(browser, hurt="4", touches="invoices", would_solve="A fixed day")
    comment = only(session, Comment)
    assert (comment.text, comment.hurt, comment.touches, comment.would_solve) == (
        WORDS,
        4,
        "invoices",
        "A fixed day",
    )
    assert (comment.source, comment.channel, comment.kind) == ("unasked", "form", "comment")
    assert only(session, Raw).body.startswith(b"text=The+invoice")
    assert only(session, Work).stage == READ
    assert doorbell.rung == [READ]


def test_asking_for_someone_senior_makes_it_an_escalation_with_an_answer_next_working_day(
    browser: FlaskClient, session: Session
) -> None:
    page = say(browser, wants_senior="1", may_ask_others="1")
    comment = only(session, Comment)
    assert comment.kind == "escalation"
    assert comment.may_ask_others
    assert "Someone senior" in page.text
    assert only(session, Thread).next_word_by == datetime(2026, 5, 5, 15, 0, tzinfo=UTC)


def test_twenty_equal_posts_are_one_comment_with_one_receipt(browser: FlaskClient, session: Session) -> None:
    nonce = nonce_of(browser.get("/say").text)
    where = {browser.post("/say", data={"text": WORDS, "nonce": nonce}).location for _ in range(20)}
    assert len(where) == 1
    assert session.scalar(select(func.count()).select_from(Comment)) == 1


def test_going_back_and_changing_the_words_is_another_comment(browser: FlaskClient, session: Session) -> None:
    nonce = nonce_of(browser.get("/say").text)
    say(browser, nonce=nonce)
    say(browser, nonce=nonce, text="Something else")
    assert session.scalar(select(func.count()).select_from(Comment)) == 2


def test_the_same_words_in_a_new_form_are_another_comment(browser: FlaskClient, session: Session) -> None:
    for _ in range(2):
        say(browser, nonce=nonce_of(browser.get("/say").text))
    assert session.scalar(select(func.count()).select_from(Comment)) == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Please write a few words first"),
        ("  \n ", "Please write a few words first"),
        ("\u200b\u200b", "Please write a few words first"),
        ("x" * 10_001, "This has 10,001 characters"),
    ],
)
def test_words_that_cannot_be_taken_come_back_with_the_reason_beside_them(
    browser: FlaskClient, session: Session, text: str, said: str
) -> None:
    page = say(browser, text=text, touches="the night shift", wants_senior="1")
    assert page.status_code == 422
    assert said in page.text
    assert "text-error" in page.text
    assert "the night shift" in page.text
    assert re.search(r'name="wants_senior" value="1" checked', page.text)
    assert session.scalar(select(func.count()).select_from(Raw)) == 0


@pytest.mark.parametrize("broken", [b"text=%ED%A0%80abc", b"text=%FF%FEabc", b"text=\xc0\xafabc"])
def test_what_is_no_text_is_refused(browser: FlaskClient, session: Session, broken: bytes) -> None:
    page = browser.post("/say", data=broken, content_type="application/x-www-form-urlencoded")
    assert page.status_code == 422
    assert session.scalar(select(func.count()).select_from(Raw)) == 0


def test_the_longest_words_are_kept_as_they_were_typed(browser: FlaskClient, session: Session) -> None:
    text = "<script>alert(1)</script> {{7*7}} \u202e ﬁ İ 👩‍👩‍👧\n" + "y" * 9_950
    page = say(browser, text=text.replace("\n", "\r\n"))
    assert page.status_code == 200
    assert only(session, Comment).text == text
    assert "<script>alert" not in page.text
    assert "<script>alert" not in browser.get("/points").text


@pytest.mark.parametrize("field", ["account_id", "role", "id", "sender_confirmed", "named_user_id"])
def test_fields_that_the_form_does_not_have_are_refused(
    browser: FlaskClient, session: Session, field: str
) -> None:
    assert say(browser, **{field: "1"}).status_code == 422
    assert session.scalar(select(func.count()).select_from(Raw)) == 0


@pytest.mark.parametrize(
    "fields", [{"hurt": "3"}, {"hurt": "x"}, {"wants_senior": "yes"}, {"touches": "t" * 1_001}]
)
def test_values_that_the_form_does_not_offer_are_refused(
    browser: FlaskClient, fields: dict[str, str]
) -> None:
    assert say(browser, **fields).status_code == 422


def test_twenty_megabytes_are_refused_before_they_are_read(browser: FlaskClient, session: Session) -> None:
    assert say(browser, text="x" * 20_000_000).status_code == 413
    assert session.scalar(select(func.count()).select_from(Raw)) == 0


def test_a_client_of_two_accounts_says_which(client: Client, session: Session, account: Account) -> None:
    other = factories.account(session, name="Dune Hotels")
    person = factories.user(session, Role.CLIENT_ADMIN, account=account)
    factories.membership(session, person, Role.CLIENT_ADMIN, account=other)
    factories.contact(session, other, user_id=person.id)
    browser = client(person)
    assert "Please choose which client" in say(browser).text
    assert say(browser, account=other.public_id).status_code == 200
    assert only(session, Comment).account_id == other.id


def test_nobody_speaks_for_an_account_that_is_not_theirs(browser: FlaskClient, session: Session) -> None:
    assert say(browser, account=factories.account(session).public_id).status_code == 422


def test_a_client_whom_we_know_no_account_of_is_told_so(client: Client, session: Session) -> None:
    person = factories.user(session)
    factories.membership(session, person, Role.CLIENT_VIEWER, account=factories.account(session))
    assert say(client(person)).status_code == 409


def test_staff_cannot_speak_as_a_client(client: Client) -> None:
    assert say(client(Role.LEAD)).status_code == 403


def test_a_sign_that_a_paste_brought_along_is_left_out(browser: FlaskClient, session: Session) -> None:
    page = say(browser, text="The\x00 linen was\x0b late.\x7f")
    assert page.status_code == 200
    assert only(session, Comment).text == "The linen was late."
