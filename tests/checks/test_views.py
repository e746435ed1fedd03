"""The pages of asking clients: two steps for a lead, a table that fills, and what others may see of it."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import factories
from tests.checks.conftest import BY, SINCE, WHAT, Book
from tests.checks.test_calibration import foresee
from tests.conftest import NOW
from voc.checks.models import Ask, Check
from voc.core.principal import Role

Client = Callable[..., FlaskClient]
OTHERS = (Role.AGENT, Role.ADMIN, Role.CLIENT_ADMIN, Role.CLIENT_VIEWER)
LOUD = "our terrible invoices never come on time, as Havel told us too"


def step_one(book: Book, **fields: str) -> dict[str, str]:
    """The whole form of step one, ready to go on."""
    return {
        "what": WHAT, "since_on": SINCE.isoformat(), "if_many": "We print it on every invoice.",
        "decider": book.lead.public_id, "decide_by": BY.isoformat(), "reach": "everyone", "act": "next",
    } | fields  # fmt: skip


def number(session: Session, model: type[Check | Ask]) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def paths(book: Book, check: Check) -> list[str]:
    issue = f"/issues/{book.issue.public_id}"
    return ["/checks", f"{issue}/ask", f"/checks/{check.public_id}", f"{issue}/who-else"]


def test_a_lead_words_it_looks_who_is_asked_and_sends(client: Client, book: Book) -> None:
    lead = client(book.lead)
    first = lead.post(f"/issues/{book.issue.public_id}/ask", data=step_one(book))
    assert first.status_code == 303, first.text
    who = lead.get(first.headers["Location"]).text
    asked = len(book.clients) - 2
    assert f"Ask {asked} clients" in who
    assert "Told us already" in who
    assert "has it happened in your work with us" in unescape(who)
    assert "stop-asking" in who, "the mail is shown as it leaves"
    sent = lead.post(f"{first.headers['Location']}/send", follow_redirects=True)
    assert "Stop" in sent.text
    assert 'data-every="10"' in sent.text
    assert f"{asked} clients will be asked" in sent.text


def test_a_leading_question_is_refused_with_what_stands_in_its_way(
    client: Client, book: Book, session: Session
) -> None:
    answer = client(book.lead).post(f"/issues/{book.issue.public_id}/ask", data=step_one(book, what=LOUD))
    assert answer.status_code == 422
    assert "<mark" in answer.text
    assert LOUD in answer.text, "what was typed stays"
    assert number(session, Check) == 0


def test_a_better_wording_is_one_press_away(client: Client, book: Book, session: Session) -> None:
    lead, url = client(book.lead), f"/issues/{book.issue.public_id}/ask"
    tried = lead.post(url, data=step_one(book, what="an invoice came too late again", act="look"))
    assert tried.status_code == 200
    better = re.search(r'name="use" value="([^"]+)"', tried.text)
    assert better, tried.text
    used = lead.post(url, data=step_one(book, use=unescape(better.group(1)), act=""))
    assert "reads well" in used.text
    assert number(session, Check) == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("what", ""), ("what", "x" * 301), ("since_on", ""), ("since_on", "31/02/2026"), ("since_on", "2030-01-01"),
        ("since_on", "1026-01-01"), ("if_many", ""), ("decider", ""), ("decider", "nobody"), ("decide_by", ""),
        ("decide_by", "2020-01-01"), ("decide_by", "9999-99-99"), ("reach", "the loud ones"), ("what", "a\x00b"),
    ],
)  # fmt: skip
def test_a_field_that_cannot_be_used_is_said_beside_it(
    client: Client, book: Book, session: Session, field: str, value: str
) -> None:
    answer = client(book.lead).post(
        f"/issues/{book.issue.public_id}/ask", data=step_one(book, **{field: value})
    )
    assert answer.status_code == 422
    assert "error" in answer.text
    session.expire_all()
    assert number(session, Check) == 0


def test_while_one_types_only_the_sentence_comes_back(client: Client, book: Book) -> None:
    fields = step_one(book)
    del fields["act"]
    lead = client(book.lead)
    answer = lead.post(f"/issues/{book.issue.public_id}/ask", data=fields, headers={"X-Fragment": "1"})
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert 'id="reads"' in answer.text


@pytest.mark.parametrize("role", OTHERS)
def test_nobody_else_sees_the_pages_of_questions(client: Client, book: Book, role: Role) -> None:
    check, browser = book.draft(), client(role)
    assert {browser.get(path).status_code for path in paths(book, check)} == {403}


def test_an_executive_sees_them_and_cannot_send(client: Client, book: Book) -> None:
    check, browser = book.draft(), client(Role.EXECUTIVE)
    seen = [browser.get(path).status_code for path in paths(book, check)]
    assert seen == [200, 403, 200, 200]
    assert "/send" not in browser.get(f"/checks/{check.public_id}").text
    assert browser.post(f"/checks/{check.public_id}/send").status_code == 403


@pytest.mark.parametrize("fragment", ["0", "1"])
def test_every_page_comes_whole_and_as_a_fragment(client: Client, book: Book, fragment: str) -> None:
    lead, check = client(book.lead), book.draft()
    for path in paths(book, check):
        answer = lead.get(path, headers={"X-Fragment": fragment})
        assert answer.status_code == 200, path
        assert ("<html" in answer.text) is (fragment == "0")
        assert len(answer.data) < 80_000


def test_an_empty_list_says_where_a_question_begins(client: Client) -> None:
    assert "No question yet" in client(Role.LEAD).get("/checks").text


@pytest.mark.parametrize("path", ["/checks/{}", "/issues/{}/ask", "/issues/{}/who-else"])
def test_what_is_not_there_is_not_found(client: Client, path: str) -> None:
    assert client(Role.LEAD).get(path.format("a" * 26)).status_code == 404


def test_another_person_is_asked_or_a_client_left_out_and_taken_back(client: Client, book: Book) -> None:
    check, lead = book.draft(), client(book.lead)
    quiet = book.clients[-1]
    other = factories.contact(book.session, quiet, name="Olga Other", role="Invoice clerk")
    page = f"/checks/{check.public_id}"
    lead.post(f"{page}/person", data={"client": quiet.public_id, "person": other.public_id})
    assert "Olga Other" in lead.get(page).text
    bad = lead.post(f"{page}/leave-out", data={"client": quiet.public_id, "reason": " "})
    assert bad.status_code == 422
    out = lead.post(
        f"{page}/leave-out", data={"client": quiet.public_id, "reason": "moves house"}, follow_redirects=True
    )
    assert "Moves house" in out.text
    assert "Ask after all" in out.text
    back = lead.post(f"{page}/put-back?client={quiet.public_id}", follow_redirects=True)
    assert "Moves house" not in back.text


def test_what_may_not_be_sent_says_why_and_offers_no_button(client: Client, book: Book) -> None:
    book.told(book.clients[3], days_ago=0.01)
    check, lead = book.draft(), client(book.lead)
    shown = lead.get(f"/checks/{check.public_id}").text
    assert "complained about this today" in shown
    assert "/send" not in shown
    refused = lead.post(f"/checks/{check.public_id}/send")
    assert refused.status_code == 422
    assert number(book.session, Ask) == 0


def test_stop_makes_it_a_draft_again(client: Client, book: Book, session: Session) -> None:
    check, lead = book.draft(), client(book.lead)
    lead.post(f"/checks/{check.public_id}/send")
    stopped = lead.post(f"/checks/{check.public_id}/stop", follow_redirects=True)
    assert "Stopped" in stopped.text
    assert "Who is asked" in stopped.text
    session.expire_all()
    assert session.get_one(Check, check.id).state == "draft"


def test_the_table_fills_with_what_clients_say_in_masked_words(client: Client, book: Book) -> None:
    check = book.ask()
    yes, no = book.ask_of(check, book.clients[2]), book.ask_of(check, book.clients[3])
    book.answer(yes, "problem", "Every <b>month</b>, our clerk types it again.")
    book.answer(no, "no")
    lead = client(book.lead)
    shown = lead.get(f"/checks/{check.public_id}").text
    asked = len(book.asks(check))
    assert f"2 of {asked} answered" in shown
    assert "1 say yes, it is a problem, 0 yes, they manage, 1 no" in shown
    assert "&lt;b&gt;month" in shown
    assert "<b>month" not in shown
    only = lead.get(f"/checks/{check.public_id}?says=has_problem").text
    assert book.clients[2].name in only.partition("<table")[2]
    assert book.clients[3].name not in only.partition("<table")[2]
    cell = lead.get(f"/checks/{check.public_id}?c={book.clients[2].public_id}")
    assert cell.headers["Location"].endswith(f"/clients/{book.clients[2].public_id}")


@pytest.mark.parametrize(
    "query", ["says=x%00", "says=has_it'--", "page=0", "page=x", "change=<b>", "says=%25"]
)
def test_odd_filters_are_harmless(client: Client, book: Book, query: str) -> None:
    check = book.ask()
    assert client(book.lead).get(f"/checks/{check.public_id}?{query}").status_code in {200, 422}


def test_a_question_can_be_closed_before_its_day(client: Client, book: Book, session: Session) -> None:
    check, lead = book.ask(), client(book.lead)
    assert lead.post(f"/checks/{check.public_id}/close").status_code == 303
    session.expire_all()
    assert session.get_one(Check, check.id).closes_at == NOW
    draft = book.draft()
    assert lead.post(f"/checks/{draft.public_id}/close").status_code == 409


def test_the_issue_offers_one_next_act_with_its_reason(client: Client, book: Book) -> None:
    lead, url = client(book.lead), f"/issues/{book.issue.public_id}"
    before = lead.get(url).text
    assert f"/issues/{book.issue.public_id}/ask" in before
    assert "nobody has asked them" in before
    assert before.count("button primary") == 1
    check = book.ask()
    after = lead.get(url).text
    assert f"/checks/{check.public_id}" in after
    assert "A question is open." in after


def test_after_the_question_it_goes_to_leadership(client: Client, book: Book, session: Session) -> None:
    check = book.ask()
    check.state, check.closed_at = "closed", NOW
    session.flush()
    shown = client(book.lead).get(f"/issues/{book.issue.public_id}").text
    assert "It stands before leadership." in shown
    assert "/this-week" in shown


def test_an_agent_sees_the_state_of_questions_without_their_pages(client: Client, book: Book) -> None:
    check = book.ask()
    shown = client(Role.AGENT).get(f"/issues/{book.issue.public_id}").text
    assert "A question is open." in shown
    assert f"/checks/{check.public_id}" not in shown


def test_those_whose_answers_tell_most_are_marked_and_nobody_else_is_asked_for_it(
    client: Client, book: Book, session: Session
) -> None:
    check, lead = book.draft(reach="dozen"), client(book.lead)
    before = lead.get(f"/checks/{check.public_id}").text
    assert "tells most" not in before
    next_asks = (book.clients[4].id, book.clients[5].id, book.clients[0].id)
    foresee(session, book.issue.id, {one.id: 0.5 for one in book.clients}, next_asks=next_asks)
    shown = lead.get(f"/checks/{check.public_id}").text
    assert "Asking these 2 next tells most" in shown
    assert shown.count(">tells most<") == 2
    assert re.findall(r'id="c-(\w+)"', shown) == re.findall(r'id="c-(\w+)"', before)


def test_when_a_question_is_over_its_page_asks_to_tell_what_came_of_it_once(
    client: Client, book: Book, session: Session
) -> None:
    check, lead = book.ask(), client(book.lead)
    book.answer(book.ask_of(check, book.clients[2]), "problem")
    assert "Tell them what came of it" not in lead.get(f"/checks/{check.public_id}").text
    check.state = "closed"
    session.flush()
    assert lead.get(f"/checks/{check.public_id}").text.count("Tell them what came of it") == 1
