"""Go and see: the next step is the one to do, going there writes a note, and nobody is owed that talk any more."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import factories
from tests.conftest import NOW
from tests.decisions.conftest import TODAY
from voc.access.models import User
from voc.core.principal import Role
from voc.db.work import Work
from voc.decisions.models import Visit
from voc.intake.models import Comment
from voc.jobs import QuietDoorbell
from voc.reports.queries import this_week

Client = Callable[..., FlaskClient]


@pytest.fixture
def asked(session: Session) -> Comment:
    account = factories.account(session, name="Harbour Clinic")
    person = factories.contact(session, account, name="Noor Ames")
    return factories.comment(session, account, wants_senior=True, kind="escalation", contact_id=person.id,
                             said_at=NOW - timedelta(days=2))  # fmt: skip


def plan(browser: FlaskClient, session: Session, who: User) -> str:
    data = {"client": "Harbour Clinic", "visitor": who.public_id, "planned_on": TODAY.isoformat()}
    answer = browser.post("/visits", data=data)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def test_a_visit_goes_step_by_step_from_who_is_owed_to_all_clients_checked(
    client: Client, session: Session, asked: Comment, doorbell: QuietDoorbell
) -> None:
    who = factories.user(session, Role.EXECUTIVE)
    browser = client(who)
    start = browser.get(f"/visits/plan?client={account_of(session, asked)}&comment={asked.public_id}").text
    assert "Harbour Clinic" in start
    assert "Noor Ames" in start
    url = plan(browser, session, who)
    for path, data, then in (
        (
            "went",
            {"how": "visit", "went_on": "2026-05-04", "text": "We check twice."},
            "Why do they do it so?",
        ),
        ("logic", {"words": "Their night shift has no phone."}, "What do we promise?"),
        ("no-commitment", {"words": "Nothing to promise yet."}, "Does the team know?"),
        ("team", {}, "Who else has it?"),
        ("checked", {"words": "Asked all 52."}, "Asked all 52."),
    ):
        assert browser.post(f"{url}/{path}", data=data).status_code == 303
        shown = browser.get(url).text
        assert then in shown
        assert shown.count("button primary") <= 1
    assert this_week(session).owed == ()
    assert "read" in doorbell.rung
    note = session.scalars(select(Comment).where(Comment.source == "staff_note")).one()
    assert (note.heard_how, note.noted_by_id, note.text) == ("visit", who.id, "We check twice.")
    assert session.scalar(select(func.count()).select_from(Work).where(Work.comment_id == note.id)) == 1


def account_of(session: Session, comment: Comment) -> str:
    return session.get_one(factories.Account, comment.account_id).public_id


def test_a_step_out_of_its_turn_is_a_conflict_and_going_twice_writes_one_note(
    client: Client, session: Session, asked: Comment
) -> None:
    who = factories.user(session, Role.LEAD)
    browser = client(who)
    url = plan(browser, session, who)
    assert browser.post(f"{url}/logic", data={"words": "Too early."}).status_code == 409
    went = {"how": "call", "went_on": "2026-05-04", "text": "They told us."}
    assert browser.post(f"{url}/went", data=went).status_code == 303
    assert browser.post(f"{url}/went", data=went).status_code == 409
    notes = select(func.count()).select_from(Comment).where(Comment.source == "staff_note")
    assert session.scalar(notes) == 1


def test_the_last_step_is_taken_back_and_the_talk_stays(
    client: Client, session: Session, asked: Comment
) -> None:
    who = factories.user(session, Role.LEAD)
    browser = client(who)
    url = plan(browser, session, who)
    browser.post(f"{url}/went", data={"how": "call", "went_on": "2026-05-04", "text": "They told us."})
    browser.post(f"{url}/logic", data={"words": "Night shift."})
    assert browser.post(f"{url}/undo").status_code == 303
    assert "Why do they do it so?" in browser.get(url).text
    assert browser.post(f"{url}/undo").status_code == 409
    assert browser.post(f"{url}/drop").status_code == 409


def test_a_plan_is_taken_back_before_anybody_went(client: Client, session: Session, asked: Comment) -> None:
    who = factories.user(session, Role.LEAD)
    browser = client(who)
    url = plan(browser, session, who)
    assert "Harbour Clinic" in browser.get("/today?queue=visits").text
    assert browser.post(f"{url}/drop").status_code == 303
    assert session.scalar(select(func.count()).select_from(Visit)) == 0


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"text": ""}, "text"), ({"how": "dream"}, "how"), ({"went_on": "2026-05-05"}, "went_on")],
)
def test_a_talk_without_words_or_in_the_future_is_refused(
    client: Client, session: Session, asked: Comment, wrong: dict[str, str], field: str
) -> None:
    who = factories.user(session, Role.LEAD)
    browser = client(who)
    url = plan(browser, session, who)
    went = {"how": "call", "went_on": "2026-05-04", "text": "They told us."} | wrong
    answer = browser.post(f"{url}/went", data=went)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text


def test_an_unknown_client_or_colleague_is_said_beside_the_field(client: Client) -> None:
    data = {"client": "Nobody Ltd", "visitor": "x", "planned_on": "2026-05-04"}
    answer = client(Role.LEAD).post("/visits", data=data)
    assert answer.status_code == 422
    assert 'id="visitor-error"' in answer.text


def test_the_clients_page_shows_who_went_there(client: Client, session: Session, asked: Comment) -> None:
    who = factories.user(session, Role.LEAD)
    browser = client(who)
    plan(browser, session, who)
    assert "Visits and promises" in browser.get(f"/clients/{account_of(session, asked)}").text
    assert client(Role.AGENT).get("/visits").status_code == 403
