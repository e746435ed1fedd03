"""The phone list, what waits on the page of what is owed, and the three steps after a loud client."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.checks.conftest import Book
from voc.breadth.service import follow_matches
from voc.checks import who_else
from voc.checks.models import Answer, Ask, Call, Check, WhoElse
from voc.core.policy import DEFAULT
from voc.core.principal import Role
from voc.intake.models import Comment
from voc.issues.models import Match

Client = Callable[..., FlaskClient]


@pytest.fixture
def called(book: Book, session: Session) -> Call:
    """A client without an address: the owner calls."""
    person = book.people[book.clients[6].id]
    person.email, person.email_key, person.phone = None, None, "030 555 01"
    session.flush()
    book.ask()
    found: Call = session.scalars(select(Call).where(Call.contact_id == person.id)).one()
    return found


def test_the_caller_sees_whom_to_call_why_and_what_to_say(client: Client, book: Book, called: Call) -> None:
    page = client(book.owner).get("/calls").text
    assert book.clients[6].name in page
    assert "tel:03055501" in page
    assert "Good day, this is Olga Orange" in page
    assert len(re.findall('name="pressed"', page)) == 7
    assert client(book.lead).get("/calls").text.count("Nobody waits for a call") == 1
    assert book.clients[6].name in client(book.lead).get("/calls?all=1").text
    assert book.clients[6].name in client(Role.EXECUTIVE).get("/calls?all=1").text


def test_an_answer_on_the_phone_is_the_clients_own(
    client: Client, book: Book, called: Call, session: Session
) -> None:
    caller, url = client(book.owner), f"/calls/{called.public_id}"
    assert caller.post(url, data={"pressed": "perhaps"}).status_code == 422
    sent = caller.post(
        url, data={"pressed": "manages", "words": "They add it by hand."}, follow_redirects=True
    )
    assert "counts as their own answer" in sent.text
    session.expire_all()
    answer = session.scalars(select(Answer)).one()
    assert (answer.says, answer.taken_by_id) == ("manages", book.owner.id)
    assert book.state(book.clients[6]) == "has_manages"
    assert caller.post(url, data={"pressed": "no"}).status_code == 409


def test_not_reached_comes_back_the_next_working_day(
    client: Client, book: Book, called: Call, session: Session
) -> None:
    due = called.due_on
    sent = client(book.owner).post(f"/calls/{called.public_id}", data={"pressed": "not_reached"})
    assert sent.status_code == 303
    session.expire_all()
    kept = session.scalars(select(Call).where(Call.id == called.id)).one()
    assert (kept.tries, kept.done_at) == (1, None)
    assert kept.due_on > due


def test_an_agent_finds_no_call_of_a_client_of_others(client: Client, called: Call) -> None:
    other = client(Role.AGENT)
    assert "Nobody waits" in other.get("/calls").text
    assert other.get(f"/calls?call={called.public_id}").status_code == 404
    assert other.post(f"/calls/{called.public_id}", data={"pressed": "no"}).status_code == 404
    assert other.get(f"/calls?call={'a' * 26}").status_code == 404


@pytest.mark.parametrize("role", [Role.ADMIN, Role.CLIENT_ADMIN, Role.CLIENT_VIEWER])
def test_clients_and_administrators_have_no_phone_list(client: Client, called: Call, role: Role) -> None:
    assert client(role).get("/calls").status_code == 403


def test_the_clients_page_names_the_calls_we_owe_it(client: Client, book: Book, called: Call) -> None:
    page = client(book.lead).get(f"/clients/{book.clients[6].public_id}").text
    assert "Calls we owe them" in page
    assert "Calls we owe them" not in client(book.lead).get(f"/clients/{book.clients[7].public_id}").text


def test_words_beside_an_answer_wait_until_somebody_has_read_them(
    client: Client, book: Book, session: Session
) -> None:
    ask = book.ask_of(book.ask(), book.clients[3])
    book.answer(ask, "no", "Only once, in March.")
    session.flush()
    lead = client(book.lead)
    shown = lead.get("/today?queue=answers").text
    assert "Only once, in March." in shown
    lead.post(f"/answers/{ask.public_id}/read", data={"back": "/today?queue=answers"})
    assert "Only once" not in lead.get("/today?queue=answers").text
    lead.post(f"/answers/{ask.public_id}/unread")
    assert "Only once" in lead.get("/today?queue=answers").text
    assert lead.post(f"/answers/{'a' * 26}/read").status_code == 404
    assert session.scalars(select(Comment).where(Comment.source == "answer")).one()


@pytest.fixture
def plan(book: Book, session: Session) -> WhoElse:
    who_else.open_plans(session)
    found: WhoElse = session.scalars(select(WhoElse)).one()
    return found


def test_an_answer_to_who_else_is_owed_on_three_pages(client: Client, book: Book, plan: WhoElse) -> None:
    lead, url = client(book.lead), f"/issues/{book.issue.public_id}"
    assert f"{url}/who-else" in lead.get(url).text
    assert f"{url}/who-else" in lead.get("/checks").text
    assert "Who else has it?" in lead.get("/today?queue=who-else").text


def test_so_few_are_asked_all_at_once_without_a_dozen_first(
    client: Client, book: Book, plan: WhoElse, session: Session
) -> None:
    lead, url = client(book.lead), f"/issues/{book.issue.public_id}/who-else"
    done = lead.post(f"{url}/looked", data={"words": "Two told us."}, follow_redirects=True).text
    assert "ask all 8 that are left" in done
    assert "reach=dozen" not in done
    check = book.draft()
    assert f"/checks/{check.public_id}" in lead.get(url).text
    assert "send the question that is written" in lead.get(url).text


def test_the_three_steps_are_taken_one_after_the_other(
    client: Client, book: Book, plan: WhoElse, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("voc.checks.who_else.DEFAULT", replace(DEFAULT, few_clients=3))
    lead, url = client(book.lead), f"/issues/{book.issue.public_id}/who-else"
    page = lead.get(url).text
    assert book.clients[0].name in page
    assert lead.post(f"{url}/looked", data={"words": " "}).status_code == 422
    seen = {"client": book.clients[5].public_id, "says": "has", "note": "Saw it on a visit."}
    assert lead.post(f"{url}/owner", data=seen).status_code == 303
    assert lead.post(f"{url}/owner", data=seen | {"says": "x"}).status_code == 422
    done = lead.post(f"{url}/looked", data={"words": "Two told us, one we saw."}, follow_redirects=True)
    assert "Two told us, one we saw." in done.text
    assert "reach=dozen" in done.text
    assert lead.post(f"{url}/changes", data={"changes": "perhaps"}).status_code == 422
    assert "Ask everyone" in lead.post(f"{url}/changes", data={"changes": "yes"}, follow_redirects=True).text
    assert book.state(book.clients[5]) == "has_problem"


def test_a_reason_answers_it_only_when_it_says_something(
    client: Client, book: Book, plan: WhoElse, session: Session
) -> None:
    lead, url = client(book.lead), f"/issues/{book.issue.public_id}/who-else"
    assert lead.post(f"{url}/reason", data={"reason": "no"}).status_code == 422
    why = "Only this client ever had this contract, so nobody else can have it."
    assert why in lead.post(f"{url}/reason", data={"reason": why}, follow_redirects=True).text
    assert lead.post(f"{url}/reason", data={"reason": why}).status_code == 422
    assert f'{url}"' not in lead.get(f"/issues/{book.issue.public_id}").text


def test_an_executive_reads_the_plan_and_changes_nothing(client: Client, book: Book, plan: WhoElse) -> None:
    executive, url = client(Role.EXECUTIVE), f"/issues/{book.issue.public_id}/who-else"
    assert "<textarea" not in executive.get(url).text
    assert executive.post(f"{url}/reason", data={"reason": "x" * 30}).status_code == 403


def test_an_issue_nobody_was_loud_about_owes_nothing(client: Client, book: Book, session: Session) -> None:
    page = client(book.lead).get(f"/issues/{book.issue.public_id}/who-else").text
    assert "no answer is owed" in page
    assert session.scalars(select(Check)).all() == []
    assert session.scalars(select(Ask)).all() == []


def test_an_executive_records_why_we_ask_about_what_one_client_told(
    client: Client, book: Book, session: Session
) -> None:
    for comment in session.scalars(select(Comment)):
        comment.may_ask_others = False
    for match in session.scalars(select(Match).where(Match.account_id == book.clients[1].id)):
        match.state = "refused"
    session.flush()
    keys = [(one.account_id, one.comment_id, one.issue_id) for one in session.scalars(select(Match))]
    follow_matches(session, keys)
    check = book.draft()
    lead, executive, url = client(book.lead), client(Role.EXECUTIVE), f"/checks/{check.public_id}"
    assert "Only one client told us" in lead.get(url).text
    assert "An executive can write down" in lead.get(url).text
    assert lead.post(f"{url}/alone", data={"reason": "x" * 30}).status_code == 403
    assert executive.post(f"{url}/alone", data={"reason": "short"}).status_code == 422
    why = "The new rule touches every client, so we must know."
    kept = executive.post(f"{url}/alone", data={"reason": why}, follow_redirects=True)
    assert why in kept.text
    assert "Only one client told us" not in kept.text
