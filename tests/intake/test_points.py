"""Clients see their own points, and only those."""

from collections.abc import Callable
from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests import factories
from voc.core import clock
from voc.core.principal import Role

Client = Callable[..., FlaskClient]


def test_a_point_shows_own_words_step_next_word_and_person(client: Client, session: Session) -> None:
    person = factories.user(session, Role.CLIENT_VIEWER)
    contact, account = factories.contact_of(session, person)
    owner = factories.user(session, Role.LEAD, name="Ana Leal", phone="+31 20 123 4567")
    thread = factories.thread(
        session, account, contact_id=contact.id, named_user_id=owner.id, next_word_by=clock.now() + timedelta(days=2)
    )  # fmt: skip
    factories.comment(session, account, thread=thread, text="The trolley never comes on Sundays.")
    page = client(person).get("/points").text
    for words in (
        "The trolley never comes on Sundays.",
        "Ana Leal",
        "tel:+31201234567",
        thread.receipt,
        "6\u00a0May",
    ):
        assert words in page
    assert 'aria-current="step">We have it' in page


def test_an_imported_point_names_who_looks_after_the_client(client: Client, session: Session) -> None:
    person = factories.user(session, Role.CLIENT_VIEWER)
    contact, account = factories.contact_of(session, person)
    owner = factories.user(session, Role.LEAD, name="Ana Leal")
    deputy = factories.user(session, Role.AGENT, name="Rui Costa")
    account.owner_id = owner.id
    factories.deputy(session, account, deputy)
    factories.comment(session, account, contact_id=contact.id)
    page = client(person).get("/points").text
    assert "Ana Leal" in page
    assert "looks after you" in page
    factories.comment(session, account, contact_id=contact.id, hidden_from_id=owner.id, text="Kept from Ana")
    point = next(
        one for one in client(person).get("/points").text.split("<article") if "Kept from Ana" in one
    )
    assert "Rui Costa" in point


def test_a_broken_promise_is_said_openly(client: Client, session: Session) -> None:
    person = factories.user(session, Role.CLIENT_VIEWER)
    contact, account = factories.contact_of(session, person)
    thread = factories.thread(
        session, account, contact_id=contact.id, next_word_by=clock.now() - timedelta(days=2)
    )
    factories.comment(session, account, thread=thread)
    assert "We owe you a word" in client(person).get("/points").text


def test_a_viewer_sees_own_points_an_admin_those_of_the_account(client: Client, session: Session) -> None:
    mine = factories.user(session, Role.CLIENT_VIEWER)
    contact, account = factories.contact_of(session, mine)
    other = factories.contact(session, account, name="Jo Other")
    boss = factories.user(session, Role.CLIENT_ADMIN, account=account)
    factories.comment(session, account, contact_id=contact.id, text="Mine alone")
    factories.comment(session, account, contact_id=other.id, text="Said by the other")
    assert "Said by the other" not in client(mine).get("/points").text
    seen = client(boss).get("/points").text
    assert "Mine alone" in seen
    assert "Said by the other" in seen
    assert "Jo Other" in seen


def test_points_of_another_account_are_as_absent_as_none(client: Client, session: Session) -> None:
    foreign = factories.thread(session, factories.account(session))
    factories.comment(session, foreign_account(session, foreign), thread=foreign, text="Foreign words")
    browser = client(Role.CLIENT_ADMIN)
    theirs, absent = browser.get(f"/points/{foreign.public_id}"), browser.get("/points/" + "a" * 26)
    assert theirs.status_code == absent.status_code == 404
    assert theirs.text.replace(foreign.public_id, "") == absent.text.replace("a" * 26, "")
    assert browser.get(f"/points/{foreign.public_id}/receipt").status_code == 404
    assert "Foreign words" not in browser.get("/points").text


def test_neither_strangers_words_nor_our_notes_stand_among_a_clients_points(
    client: Client, session: Session
) -> None:
    account = factories.account(session)
    boss = factories.user(session, Role.CLIENT_ADMIN, account=account)
    factories.comment(session, account, text="From a stranger", channel="link", sender_confirmed=False)
    factories.comment(session, account, text="Our own note", channel="staff_note", source="staff_note")
    page = client(boss).get("/points").text
    assert "From a stranger" not in page
    assert "Our own note" not in page


def test_long_lists_go_on_at_the_next_page(client: Client, session: Session) -> None:
    account = factories.account(session)
    boss = factories.user(session, Role.CLIENT_ADMIN, account=account)
    for number in range(23):
        factories.comment(session, account, text=f"Point number {number:02}. " + "word " * 2000)
    browser = client(boss)
    first = browser.get("/points")
    assert len(first.data) < 80_000
    assert "Point number 22" in first.text
    assert "Point number 02" not in first.text
    later = browser.get(
        first.text.partition("/points?cursor=")[2].join(["/points?cursor=", ""]).partition('"')[0]
    )
    assert "Point number 02" in later.text


def test_a_point_opens_with_all_its_words(client: Client, session: Session) -> None:
    account = factories.account(session)
    boss = factories.user(session, Role.CLIENT_ADMIN, account=account)
    comment = factories.comment(
        session, account, text="All of it", touches="beds", would_solve="new ones", hurt=8
    )
    thread = session.get_one(type(factories.thread(session, account)), (account.id, comment.thread_id))
    page = client(boss).get(f"/points/{thread.public_id}").text
    for words in ("All of it", "beds", "new ones", "We may leave over this"):
        assert words in page


def foreign_account(session: Session, thread: object) -> object:
    return session.get_one(factories.Account, thread.account_id)
