"""What a lead and an agent find on the page of what is owed today."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests import factories
from tests.conftest import NOW
from voc.core.principal import Role
from voc.db.work import Work

Signed = Callable[..., FlaskClient]


def test_a_lead_begins_with_today(client: Signed) -> None:
    assert client(Role.LEAD).get("/").location == "/today"


def test_nothing_owed_says_so(client: Signed) -> None:
    page = client(Role.LEAD).get("/today")
    assert page.status_code == 200
    assert "Nothing is owed just now" in page.text


def test_a_declared_escalation_stands_first_with_its_words(client: Signed, session: Session) -> None:
    unsure = factories.comment(session, text="Something else.")
    factories.reading(session, unsure)
    account = factories.account(session, name="Beryl Foods")
    factories.comment(session, account, text="I want to speak with your director.", wants_senior=True)
    page = client(Role.LEAD).get("/today").text
    assert "Someone senior should see this · 1" in page
    assert "Not sure of theme" in page
    assert "I want to speak with your director." in page


@pytest.mark.parametrize(
    ("queue", "title"),
    [
        ("senior", "Someone senior should see this"),
        ("leaving", "Gave notice, or may leave"),
        ("perhaps-senior", "Perhaps for someone senior"),
        ("perhaps-leaving", "May leave, perhaps"),
        ("sender", "Sender not confirmed"),
        ("set-aside", "Needs attention"),
        ("not-read", "Not read by machine"),
        ("unsure", "Not sure of theme"),
    ],
)
def test_each_queue_counts_and_opens_its_list(
    client: Signed, session: Session, queue: str, title: str
) -> None:
    _fill(session)
    page = client(Role.LEAD).get(f"/today?queue={queue}")
    assert page.status_code == 200
    assert f"{title} · 1" in page.text


def _fill(session: Session) -> None:
    signal = {"level": 1, "score": 0.8, "starts_at": 0, "ends_at": 3, "reason": "“The”: a test."}
    theme = (factories.theme(session),)
    factories.comment(session, wants_senior=True)
    factories.comment(session, kind="termination")
    for name in ("escalation", "departure"):
        found = factories.comment(session)
        factories.reading(session, found, themes=theme, signals={name: signal}, **{name: 0.8})
    factories.comment(
        session, sender_confirmed=False, channel="link", sender_name="Jo", sender_email="jo@x.org"
    )
    stuck = factories.comment(session, text="The one that always fails.")
    session.add(
        Work(
            account_id=stuck.account_id,
            comment_id=stuck.id,
            stage="read",
            tries=3,
            set_aside=True,
            error="ValueError: odd",
        )
    )
    factories.reading(
        session, factories.comment(session, text="Merci."), language="fr", read_by_machine=False, unsure=False
    )
    factories.reading(session, factories.comment(session))


def test_an_unknown_queue_is_not_found(client: Signed) -> None:
    assert client(Role.LEAD).get("/today?queue=nonsense").status_code == 404


def test_an_agent_sees_only_assigned_clients(client: Signed, session: Session) -> None:
    mine, other = factories.account(session, name="Mine Ltd"), factories.account(session, name="Other Ltd")
    agent = factories.user(session, Role.AGENT)
    factories.deputy(session, mine, agent)
    factories.comment(session, mine, wants_senior=True)
    hidden = factories.comment(session, other, wants_senior=True)
    browser = client(agent)
    page = browser.get("/today").text
    assert "Someone senior should see this · 1" in page
    assert "Other Ltd" not in page
    assert browser.get(f"/today?queue=senior&thing={hidden.public_id}").status_code == 404
    assert browser.get(f"/comments/{hidden.public_id}").status_code == 404


@pytest.mark.parametrize("role", [Role.LEAD, Role.AGENT])
def test_a_complaint_about_a_person_never_reaches_that_person(
    client: Signed, session: Session, role: Role
) -> None:
    account = factories.account(session)
    about = factories.user(session, role)
    factories.deputy(session, account, about)
    comment = factories.comment(
        session, account, text="Your colleague shouted.", wants_senior=True, hidden_from_id=about.id
    )
    browser = client(about)
    assert "Nothing is owed just now" in browser.get("/today").text
    assert browser.get(f"/comments/{comment.public_id}").status_code == 404
    assert (
        browser.post(f"/comments/{comment.public_id}/labels", data={"label": "escalation::yes"}).status_code
        == 404
    )
    assert comment.public_id in client(Role.LEAD).get("/today").text


@pytest.mark.parametrize("role", [Role.EXECUTIVE, Role.ADMIN, Role.CLIENT_ADMIN])
def test_today_is_for_those_who_do_the_work(client: Signed, role: Role) -> None:
    assert client(role).get("/today").status_code == 403


def test_a_long_queue_shows_its_beginning_and_opens_as_a_whole(client: Signed, session: Session) -> None:
    for _ in range(17):
        factories.reading(session, factories.comment(session))
    browser = client(Role.LEAD)
    page = browser.get("/today").text
    assert "Not sure of theme · 15 of 17" in page
    assert "Show all 17" in page
    whole = browser.get("/today?queue=unsure&all=1").text
    assert "Not sure of theme · 17" in whole
    assert "Show all" not in whole


def test_undo_shows_the_thing_it_undid(client: Signed, session: Session) -> None:
    first, second = (factories.comment(session, text=f"Line {at}.", wants_senior=True) for at in (1, 2))
    browser = client(Role.LEAD)
    back = f"/today?queue=senior&thing={second.public_id}"
    browser.post(f"/comments/{first.public_id}/labels", data={"label": "escalation:taken:yes", "back": back})
    undo = re.search(r'action="(/comments/[^"]*/undo[^"]*)"', browser.get(back).text)
    assert undo is not None
    answer = browser.post(unescape(undo.group(1)))
    assert answer.location == f"/today?queue=senior&thing={first.public_id}"


def test_one_theme_settles_a_doubt_and_the_next_one_comes_up(client: Signed, session: Session) -> None:
    factories.theme(session, key="billing", name="Billing")
    first, second = (
        factories.comment(session, factories.account(session, name=name), said_at=NOW - timedelta(hours=at))
        for at, name in enumerate(("Dune Hotels", "Mill Clinic"))
    )
    for one in (first, second):
        factories.reading(session, one)
    browser = client(Role.LEAD)
    page = browser.get("/today?queue=unsure").text
    back = re.search(r'aria-label="Themes">.*?name="back" value="([^"]*)"', page)
    assert back is not None
    sent = {"label": "theme:billing:yes", "back": unescape(back[1])}
    page = browser.post(f"/comments/{first.public_id}/labels", data=sent, follow_redirects=True).text
    assert "Kept for Dune Hotels: it is about Billing." in page
    assert f"/comments/{second.public_id}/labels" in page
    undone = re.search(r'action="(/comments/[^"]*/undo[^"]*)"', page)
    assert undone is not None
    page = browser.post(unescape(undone[1]), follow_redirects=True).text
    assert f"/comments/{first.public_id}/labels" in page


def test_a_second_theme_is_given_without_leaving_the_comment(client: Signed, session: Session) -> None:
    theme = factories.theme(session)
    one = factories.comment(session)
    factories.reading(session, one, themes=(theme,))
    other = factories.comment(session)
    factories.reading(session, other)
    page = client(Role.LEAD).get(f"/today?queue=unsure&thing={one.public_id}").text
    assert 'aria-label="Themes">' in page
    back = re.search(r'aria-label="Themes">.*?name="back" value="([^"]*)"', page)
    assert back is not None
    assert one.public_id in back[1]


def test_beside_a_thing_that_no_longer_waits_stands_the_rest_of_its_list(
    client: Signed, session: Session
) -> None:
    _fill(session)
    page = client(Role.LEAD).get(f"/today?queue=unsure&thing={'x' * 26}")
    assert page.status_code == 404
    assert "This no longer waits" in page.text
    assert "Not sure of theme · 1" in page.text
    (following,) = re.findall(r'href="([^"]*)"[^>]*>On to what waits', page.text)
    assert client(Role.LEAD).get(unescape(following)).status_code == 200
