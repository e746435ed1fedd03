"""Decisions: figures of the day beside those of now, owner and dates, undo until a client has heard."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests import factories
from tests.conftest import NOW
from tests.decisions.conftest import Form
from tests.reports.conftest import Told
from voc.access.models import User
from voc.breadth.models import IssueSum
from voc.core.errors import Conflict, Invalid
from voc.core.principal import Role
from voc.decisions import deciding, queries
from voc.issues import curate
from voc.issues.models import Issue
from voc.reports.queries import this_week

Client = Callable[..., FlaskClient]


def test_the_figures_of_the_day_stand_beside_those_of_now(
    session: Session, executive: User, issue: Issue, form: Form, told: Told
) -> None:
    made = deciding.decide(session, issue, form())
    told(issue, 2)
    changes = {one.words: (one.before, one.now) for one in queries.decision_shown(session, made).changes}
    assert changes["told us"] == (3, 5)
    assert changes["said yes when asked"] == (0, 0)


def test_not_now_sets_the_issue_aside_and_undo_puts_it_back(
    session: Session, executive: User, issue: Issue, form: Form
) -> None:
    made = deciding.decide(session, issue, form(choice="not_now"))
    assert this_week(session).lines == ()
    deciding.undo(session, made)
    assert [line.row.id for line in this_week(session).lines] == [issue.id]
    with pytest.raises(Conflict, match="undone before"):
        deciding.undo(session, made)


def test_a_state_that_somebody_set_since_stands_when_a_decision_is_undone(
    session: Session, executive: User, issue: Issue, form: Form
) -> None:
    made = deciding.decide(session, issue, form(choice="not_now"))
    curate.set_state(session, issue, "watching", watch_until=9)
    deciding.undo(session, made)
    assert issue.set_state == "watching"


def test_a_decision_that_a_client_has_heard_of_stays(
    session: Session, executive: User, issue: Issue, form: Form
) -> None:
    made = deciding.decide(session, issue, form())
    deciding.mark_told(session, made.id)
    deciding.mark_told(session, made.id)
    with pytest.raises(Conflict, match="Clients have heard"):
        deciding.undo(session, made)


def test_an_owner_is_one_of_ours(session: Session, executive: User, issue: Issue, form: Form) -> None:
    with pytest.raises(Invalid):
        deciding.decide(session, issue, form(owner=factories.user(session, Role.CLIENT_ADMIN).public_id))


def test_done_and_looked_again_are_said_once_and_taken_back(
    session: Session, executive: User, issue: Issue, form: Form
) -> None:
    made = deciding.decide(session, issue, form())
    deciding.mark_done(session, made)
    with pytest.raises(Conflict):
        deciding.mark_done(session, made)
    deciding.take_done_back(session, made)
    deciding.look_again(session, made)
    deciding.take_look_back(session, made)
    assert (made.done_at, made.looked_again_at) == (None, None)


def test_the_page_of_this_week_says_that_it_is_decided_in_place_of_a_proposal(
    client: Client, session: Session, executive: User, issue: Issue, form: Form
) -> None:
    deciding.decide(session, issue, form())
    (line,) = this_week(session).lines
    assert line.decided is not None
    assert line.decided.replace("\xa0", " ") == "Decided: we change it. Ines Corr, by 1 June."
    assert [act.words for act in line.acts] == ["decided: we change it"]


GOOD = {"choice": "change", "words": "Send on time.", "message": "From June on time.", "due_on": "2026-06-01",
        "look_again_on": "2026-08-03"}  # fmt: skip


def test_an_executive_decides_on_a_page_that_first_says_why(
    client: Client, issue: Issue, owner: User
) -> None:
    browser = client(Role.EXECUTIVE)
    shown = browser.get(f"/issues/{issue.public_id}/decide?choice=not_now").text
    assert shown.index("Why we believe it") < shown.index("The decision")
    assert "surely below" in shown
    assert 'value="not_now" checked' in shown
    answer = browser.post(f"/issues/{issue.public_id}/decide", data={**GOOD, "owner": owner.public_id})
    assert answer.status_code == 303
    page = browser.get(answer.headers["Location"]).text
    assert "Late invoices" in page
    assert "Undo" in page
    assert browser.post(answer.headers["Location"] + "/undo").status_code == 303
    assert "undone" in browser.get("/decisions").text


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"choice": "perhaps"}, "choice"), ({"words": " "}, "words"), ({"message": ""}, "message"),
     ({"owner": "x"}, "owner"), ({"due_on": "2026-05-03"}, "due_on"), ({"due_on": "31/02/2026"}, "due_on"),
     ({"due_on": "10000-01-01"}, "due_on"), ({"look_again_on": "2026-05-20"}, "look_again_on"),
     ({"words": "x" * 2001}, "words"), ({"words": "a\x00b"}, "words")],
)  # fmt: skip
def test_what_is_missing_is_said_beside_its_field_and_nothing_typed_is_lost(
    client: Client, issue: Issue, owner: User, wrong: dict[str, str], field: str
) -> None:
    sent = {**GOOD, "owner": owner.public_id, **wrong}
    answer = client(Role.EXECUTIVE).post(f"/issues/{issue.public_id}/decide", data=sent)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert field == "message" or "From June on time." in answer.text


def test_leads_read_decisions_and_do_not_decide(client: Client, issue: Issue) -> None:
    browser = client(Role.LEAD)
    assert "Nothing was decided yet" in browser.get("/decisions").text
    assert browser.get(f"/issues/{issue.public_id}/decide").status_code == 403
    assert browser.post(f"/issues/{issue.public_id}/decide", data=GOOD).status_code == 403
    assert "Decisions and promises" in browser.get(f"/issues/{issue.public_id}").text


def test_a_lead_says_that_it_is_done_and_a_due_look_waits_under_today(
    client: Client, session: Session, executive: User, issue: Issue, form: Form
) -> None:
    from tests.decisions.conftest import TODAY  # noqa: PLC0415 - the day of this test alone

    made = deciding.decide(session, issue, form(due_on=TODAY, look_again_on=TODAY))
    browser = client(Role.LEAD)
    assert browser.post(f"/decisions/{made.public_id}/done").status_code == 303
    assert "Late invoices" in browser.get("/today?queue=look-again").text
    assert browser.post(f"/decisions/{made.public_id}/looked").status_code == 303
    assert "Late invoices" not in browser.get("/today?queue=look-again", headers={"X-Fragment": "1"}).text


def test_what_was_changed_makes_the_wall_unknown_and_taken_back_it_stands_again(
    session: Session, executive: User, issue: Issue, form: Form, at: Callable[[datetime], None]
) -> None:
    at(NOW + timedelta(days=1))

    def has_it() -> int:
        session.expire_all()
        return session.get_one(IssueSum, issue.id).has_it

    kept, made = deciding.decide(session, issue, form(choice="keep")), deciding.decide(session, issue, form())
    deciding.mark_done(session, kept)
    assert has_it() == 3
    deciding.mark_done(session, made)
    assert has_it() == 0
    deciding.take_done_back(session, made)
    assert has_it() == 3
    deciding.mark_done(session, made)
    deciding.undo(session, made)
    assert has_it() == 3
