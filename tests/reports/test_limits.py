"""From when we act: an executive sets it, the page reads by it, and undo puts the one before back."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests import factories
from tests.reports.conftest import Told
from voc.breadth import estimates
from voc.breadth.deciding import Stand
from voc.breadth.limits import current_limits
from voc.breadth.rules import Limits
from voc.core.config import Settings
from voc.core.principal import Role
from voc.db.session import Database
from voc.jobs import QuietDoorbell
from voc.reports.queries import this_week
from workers import breadth
from workers.scope import Scope

Client = Callable[..., FlaskClient]


def test_it_begins_with_the_policy(client: Client) -> None:
    shown = client(Role.LEAD).get("/thresholds").text
    assert "We act from 5 clients" in shown
    assert "An executive sets this." in shown


def test_an_executive_sets_it_and_takes_it_back(client: Client, session: Session, told: Told) -> None:
    told(factories.issue(session), 3)
    assert this_week(session).lines[0].verdict.stand is Stand.BELOW
    browser = client(Role.EXECUTIVE)
    assert browser.post("/thresholds", data={"groups": "3", "value": "400000"}).status_code == 303
    assert current_limits(session) == Limits(3, 40_000_000)
    assert this_week(session).lines[0].verdict.stand is Stand.ABOVE
    assert "We act from 3 clients or €" in browser.get("/this-week").text
    assert browser.post("/thresholds/undo").status_code == 303
    assert current_limits(session) == Limits(5)


@pytest.mark.parametrize(
    ("data", "field"),
    [({"groups": "0"}, "groups"), ({"groups": "five"}, "groups"), ({"groups": "9" * 5000}, "groups"),
     ({"groups": "２"}, "groups"), ({"groups": "5", "value": "much"}, "value"), ({"groups": "5", "value": "0"}, "value")],
)  # fmt: skip
def test_what_is_no_number_is_said_beside_its_field(client: Client, data: dict[str, str], field: str) -> None:
    answer = client(Role.EXECUTIVE).post("/thresholds", data=data)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text


def test_only_executives_set_it(client: Client) -> None:
    assert client(Role.LEAD).post("/thresholds", data={"groups": "1"}).status_code == 403


def test_what_is_not_known_is_said_and_never_added_up(client: Client, session: Session, told: Told) -> None:
    issue = factories.issue(session)
    told(issue, 2)
    told(issue, 1, state="machine")
    for _ in range(9):
        factories.account(session)
    from voc.breadth.service import follow_issues  # noqa: PLC0415 - the new clients count from here on

    follow_issues(session, [issue.id])
    shown = client(Role.EXECUTIVE).get("/this-week").text
    assert "likely not known yet" in shown
    assert "3 more with it are enough to act; asking the 10 we do not know settles it by 18" in shown.replace(
        "\xa0", " "
    )
    assert "Nobody was asked about it yet." in shown


def test_one_number_stands_on_every_page_and_a_new_one_wants_new_estimates(
    client: Client,
    session: Session,
    told: Told,
    settings: Settings,
    database: Database,
    doorbell: QuietDoorbell,
) -> None:
    issue = factories.issue(session)
    told(issue, 3)
    for _ in range(12):
        factories.account(session)
    nobody: Any = None  # this drain only beats
    here = Scope(settings, database, nobody, doorbell)  # type: ignore[arg-type]  # it keeps its rings
    breadth.drain_with(here)
    assert not estimates.is_any_due(session)
    executive = client(Role.EXECUTIVE)
    executive.post("/thresholds", data={"groups": "9", "value": ""})
    assert set(estimates.due(session, limit=9)) == {issue.id}
    assert "We act from 9 clients" in executive.get(f"/issues/{issue.public_id}").text
    assert "We act from 9 clients" in executive.get("/this-week").text
