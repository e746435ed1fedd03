"""The leadership page: who is owed a person first, then the widest issues, loud ones in their place."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests import factories
from tests.conftest import NOW
from voc.breadth.service import follow_issues, follow_matches
from voc.core.principal import Role
from voc.intake.models import Comment
from voc.issues.models import Issue
from voc.reports.queries import this_week

Client = Callable[..., FlaskClient]


def told(session: Session, issue: Issue, *, times: int = 1, clients: int = 1) -> None:
    for _ in range(clients):
        account = factories.account(session)
        for _ in range(times):
            comment = factories.comment(session, account)
            factories.match(session, comment, issue, state="confirmed")
            follow_matches(session, [(account.id, comment.id, issue.id)])


@pytest.mark.parametrize("role", Role)
def test_leadership_and_leads_read_it_and_nobody_else(client: Client, role: Role) -> None:
    status = client(role).get("/this-week").status_code
    assert status == (200 if role in {Role.EXECUTIVE, Role.LEAD} else 403)


def test_it_has_a_fragment_and_says_when_it_is_empty(client: Client) -> None:
    shown = client(Role.EXECUTIVE).get("/this-week", headers={"X-Fragment": "1"}).get_data(as_text=True)
    assert "<html" not in shown
    assert "Nobody waits for a person" in shown
    assert "No issue is shared by two clients yet" in shown


def test_the_widest_issue_comes_first_however_loud_another_is(client: Client, session: Session) -> None:
    loud, wide, alone = (
        factories.issue(session, name=name) for name in ("Loud one", "Wide one", "Alone one")
    )
    told(session, loud, times=9, clients=2)
    told(session, wide, clients=4)
    told(session, alone, times=20)
    follow_issues(session, [loud.id, wide.id, alone.id])
    assert [line.row.name for line in this_week(session).lines] == ["Wide one", "Loud one"]
    shown = client(Role.EXECUTIVE).get("/this-week").get_data(as_text=True)
    assert shown.index("Wide one") < shown.index("Loud one")
    assert "Alone one" not in shown


def test_an_issue_set_aside_is_not_in_it(session: Session) -> None:
    issue = factories.issue(session, set_state="not_now", set_at=NOW)
    told(session, issue, clients=3)
    assert this_week(session).lines == ()


def ask(session: Session, **wanted: object) -> Comment:
    return factories.comment(session, **({"wants_senior": True, "kind": "escalation"} | wanted))


def test_who_asked_for_someone_senior_is_owed_a_person_until_a_talk_is_noted(session: Session) -> None:
    asked = ask(session, said_at=NOW - timedelta(days=2))
    assert [one.one.comment_public_id for one in this_week(session).owed] == [asked.public_id]
    account = session.get_one(factories.Account, asked.account_id)
    factories.comment(session, account, source="staff_note", channel="staff_note")
    assert this_week(session).owed == ()


def test_who_gave_notice_comes_before_who_asked_later(session: Session) -> None:
    leaves = ask(session, kind="termination", wants_senior=False, said_at=NOW - timedelta(days=9))
    asked = ask(session)
    assert [one.one.comment_public_id for one in this_week(session).owed] == [
        leaves.public_id,
        asked.public_id,
    ]


def test_one_client_that_asks_often_is_one_line(session: Session) -> None:
    account = factories.account(session)
    for _ in range(3):
        ask(session, account=account)
    (owed,) = this_week(session).owed
    assert owed.one.times == 3


def test_personal_details_are_masked(client: Client, session: Session) -> None:
    asked = ask(session, text="Call 020 555 0100 please")
    factories.reading(session, asked, masks=[[5, 17, "phone"]])
    shown = client(Role.EXECUTIVE).get("/this-week").get_data(as_text=True)
    assert "020 555 0100" not in shown
    assert "Call [phone] please" in shown
