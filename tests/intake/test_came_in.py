"""Staff read what came in, as far as each may, and note what they were told."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import factories
from voc.core.principal import Role
from voc.intake.models import Comment, Raw, Thread

Client = Callable[..., FlaskClient]


@pytest.fixture
def lead(client: Client) -> FlaskClient:
    return client(Role.LEAD)


def test_an_empty_list_says_what_to_do(lead: FlaskClient) -> None:
    assert "Nothing came in yet" in lead.get("/came-in").text


def test_the_newest_stands_first_and_opens_the_comment(lead: FlaskClient, session: Session) -> None:
    older, newer = factories.comment(session, text="Older"), factories.comment(session, text="Newer")
    page = lead.get("/came-in").text
    assert page.index("Newer") < page.index("Older")
    assert f"/comments/{newer.public_id}" in page
    assert f"/comments/{older.public_id}" in page
    assert "2 comments" in page


@pytest.mark.parametrize(
    ("query", "facts"),
    [
        ("kind=praise", {"kind": "praise"}),
        ("channel=import", {"channel": "import"}),
        ("unconfirmed=1", {"channel": "link", "sender_confirmed": False}),
        ("senior=1", {"kind": "escalation", "wants_senior": True}),
        ("q=ZEBRA", {"text": "A zebra on the ward"}),
    ],
)
def test_each_filter_is_in_the_address_and_in_words(
    lead: FlaskClient, session: Session, query: str, facts: dict[str, object]
) -> None:
    factories.comment(session, **({"text": "Wanted words"} | facts))
    factories.comment(session, text="Other words")
    page = lead.get(f"/came-in?{query}").text
    assert "Other words" not in page
    assert facts.get("text", "Wanted words") in page
    assert "Remove:" in page


def test_not_read_and_language_not_read_are_told_apart(lead: FlaskClient, session: Session) -> None:
    factories.comment(session, text="Waits")
    foreign = factories.comment(session, text="Mot")
    factories.reading(session, foreign, language=None, read_by_machine=False)
    factories.reading(session, factories.comment(session, text="Plain"))
    assert [word in lead.get("/came-in?unread=1").text for word in ("Waits", "Mot", "Plain")] == [
        True,
        False,
        False,
    ]
    assert [word in lead.get("/came-in?language=1").text for word in ("Waits", "Mot", "Plain")] == [
        False,
        True,
        False,
    ]


def test_one_client_can_be_looked_at_and_a_number_found(lead: FlaskClient, session: Session) -> None:
    comment = factories.comment(session, factories.account(session, name="Dune Hotels"), text="Theirs")
    factories.comment(session, text="Another")
    account = session.get_one(factories.Account, comment.account_id)
    thread = session.scalars(select(Thread).where(Thread.id == comment.thread_id)).one()
    for query in (f"client={account.public_id}", f"q={thread.receipt.lower()}", "q=dune"):
        page = lead.get(f"/came-in?{query}").text
        assert "Theirs" in page
        assert "Another" not in page


@pytest.mark.parametrize("query", ["q=%25", "q=_", "q=' OR 1=1--", "q=1);SELECT pg_sleep(5)"])
def test_what_looks_like_a_pattern_is_searched_as_it_stands(
    lead: FlaskClient, session: Session, query: str
) -> None:
    factories.comment(session, text="Plain words")
    page = lead.get(f"/came-in?{query}")
    assert page.status_code == 200
    assert "Plain words" not in page.text


@pytest.mark.parametrize(
    "query", ["kind=x", "channel=x", "limit=0", "limit=a", "cursor=1.x", "q=%00", "q=" + "x" * 300]
)
def test_a_list_that_cannot_be_is_refused(lead: FlaskClient, query: str) -> None:
    assert lead.get(f"/came-in?{query}").status_code == 422


def test_long_lists_go_on(lead: FlaskClient, session: Session) -> None:
    account = factories.account(session)
    for number in range(5):
        factories.comment(session, account, text=f"Number {number}")
    first = lead.get("/came-in?limit=3&kind=comment").text
    assert "Number 1" not in first
    address = re.search(r'href="(/came-in[^"]*cursor=[^"]+)"', first)
    assert address
    assert "Number 1" in lead.get(address.group(1).replace("&amp;", "&")).text


def test_agents_read_only_what_their_clients_said(client: Client, session: Session) -> None:
    agent = factories.user(session, Role.AGENT)
    factories.comment(session, factories.account(session, owner_id=agent.id), text="Of mine")
    factories.comment(session, text="Of others")
    page = client(agent).get("/came-in").text
    assert "Of mine" in page
    assert "Of others" not in page


def test_executives_read_escalations_and_others_masked(client: Client, session: Session) -> None:
    account = factories.account(session)
    contact = factories.contact(session, account, name="Mia Brandt")
    factories.comment(session, account, text="Escalated by Mia", kind="escalation", wants_senior=True)
    masked = factories.comment(session, account, contact_id=contact.id, text="Mail b.m@x.org, says Brandt")
    factories.reading(session, masked, masks=[[5, 14, "email"]])
    factories.comment(session, account, text="Nobody read this yet")
    executive = client(Role.EXECUTIVE)
    page = executive.get("/came-in").text
    assert "Escalated by Mia" in page
    assert "Mail [email], says [name]" in page
    assert "Mia Brandt" not in page
    assert "Nobody read this yet" not in page
    assert "cannot mask" in page
    assert "[email]" not in executive.get("/came-in?q=brandt").text  # masked words are not searched


def test_administrators_have_no_silent_look(client: Client) -> None:
    assert client(Role.ADMIN).get("/came-in").status_code == 403


def test_a_note_is_kept_read_and_promises_nothing(lead: FlaskClient, session: Session) -> None:
    account = factories.account(session, name="Dune Hotels")
    contact = factories.contact(session, account, name="Jo Night")
    assert "This person can ask to read this" in lead.get("/note").text
    form = {"client": "dune hotels", "person": "jo night", "text": "They wait for towels.", "said_on": "2026-05-01",
            "how": "visit", "kind": "suggestion"}  # fmt: skip
    page = lead.post("/note", data=form, follow_redirects=True)
    comment, thread = session.scalars(select(Comment)).one(), session.scalars(select(Thread)).one()
    assert "Noted as" in page.text
    assert (comment.source, comment.channel, comment.kind) == ("staff_note", "staff_note", "suggestion")
    assert (comment.contact_id, comment.heard_how) == (contact.id, "visit")
    assert comment.said_at == datetime(2026, 5, 1, 10, 0, tzinfo=UTC)
    assert comment.noted_by_id is not None
    assert thread.next_word_by is None


def test_a_person_we_do_not_know_is_kept_as_typed(lead: FlaskClient, session: Session) -> None:
    factories.account(session, name="Dune Hotels")
    lead.post("/note", data={"client": "Dune Hotels", "person": "A porter", "text": "Too few keys."})
    comment = session.scalars(select(Comment)).one()
    assert (comment.contact_id, comment.sender_name, comment.heard_how) == (None, "A porter", "call")


@pytest.mark.parametrize(
    "change",
    [{"client": "Nobody Ltd"}, {"client": ""}, {"text": " "}, {"said_on": "2026-05-05"}, {"said_on": "31/02"},
     {"how": "pigeon"}, {"kind": "answer"}, {"noted_by_id": "1"}],
)  # fmt: skip
def test_a_note_that_cannot_be_kept_says_why(
    lead: FlaskClient, session: Session, change: dict[str, str]
) -> None:
    factories.account(session, name="Dune Hotels")
    page = lead.post("/note", data={"client": "Dune Hotels", "text": "Kept words"} | change)
    assert page.status_code == 422
    assert "error" in page.text
    assert session.scalar(select(func.count()).select_from(Raw)) == 0


def test_agents_note_only_for_their_own_clients(client: Client, session: Session) -> None:
    factories.account(session, name="Dune Hotels")
    page = client(Role.AGENT).post("/note", data={"client": "Dune Hotels", "text": "Words"})
    assert page.status_code == 422
