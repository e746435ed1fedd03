"""Before something ends: who depends on it, a list behind each number, a reason to end it and none to keep it."""

from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests import factories
from tests.decisions.conftest import TODAY
from voc.access.models import User
from voc.accounts.models import UsageReading
from voc.breadth.rules import Says, Source
from voc.breadth.service import record_evidence
from voc.core import clock
from voc.core.errors import Conflict
from voc.core.principal import Role
from voc.decisions import commitments, planned, said
from voc.decisions.forms import CommitmentForm, PlanForm
from voc.decisions.models import PlannedChange
from voc.issues.models import Issue

Client = Callable[..., FlaskClient]


@pytest.fixture
def plan(
    session: Session, executive: User, issue: Issue, promise: Callable[..., CommitmentForm]
) -> PlannedChange:
    """Three told us, two said yes when asked, one has only our promise, one we do not know."""
    service = factories.service(session, name="Night delivery")
    for name in ("Asked one", "Asked two"):
        account = factories.account(session, name=name)
        record_evidence(session, account_id=account.id, issue_id=issue.id, source=Source.ANSWER,
                        says=Says.HAS_PROBLEM, observed_at=clock.now())  # fmt: skip
        factories.buys(session, account, service)
    factories.account(session, name="Promised one")
    commitments.make_commitment(session, promise(client="Promised one", issue=issue.public_id))
    unknown = factories.account(session, name="Unknown one")
    session.add(
        UsageReading(account_id=unknown.id, service_id=service.id, week_on=date(2026, 4, 27), amount=3)
    )
    session.flush()
    return planned.plan_change(
        session, PlanForm("Night runs", issue.public_id, service.public_id, date(2026, 7, 1))
    )


def test_each_number_stands_by_itself_with_its_clients(session: Session, plan: PlannedChange) -> None:
    shown = planned.plan_shown(session, plan)
    assert said.say_dependants(shown) == (
        "3 clients told you, 2 said so when asked, 1 promise, 3 use the service, 1 we do not know."
    )
    assert said.say_loud_and_wide(shown) == "3 told you, 6 depend on what you drop"
    assert {one.name for one in shown.clients("said_yes")} == {"Asked one", "Asked two"}
    assert [one.name for one in shown.clients("promised")] == ["Promised one"]
    assert [one.name for one in shown.clients("unknown")] == ["Unknown one"]
    assert {one.name for one in shown.clients("uses")} == {"Asked one", "Asked two", "Unknown one"}


def test_what_was_known_when_it_was_decided_is_kept(session: Session, plan: PlannedChange) -> None:
    planned.drop(session, plan, "The road is closed.")
    assert plan.seen is not None
    assert (plan.seen["told"], plan.seen["depend"], plan.seen["unknown"]) == (3, 6, 1)
    with pytest.raises(Conflict):
        planned.keep(session, plan)
    planned.undo(session, plan)
    assert (plan.state, plan.reason, plan.seen) == ("planned", None, None)


def test_a_change_of_a_service_alone_says_what_it_does_not_know(session: Session, executive: User) -> None:
    service = factories.service(session)
    factories.buys(session, factories.account(session), service)
    made = planned.plan_change(session, PlanForm("All of it", "", service.public_id, TODAY))
    shown = planned.plan_shown(session, made)
    assert said.say_loud_and_wide(shown) == "Nobody told you, none that we know of depend on what you drop"
    assert (len(shown.dependants.uses), len(shown.dependants.unknown)) == (1, 1)


def test_ending_needs_a_reason_and_keeping_none(client: Client, plan: PlannedChange) -> None:
    browser, url = client(Role.EXECUTIVE), f"/planned-changes/{plan.public_id}"
    shown = browser.get(url).text
    assert "3 told you, 6 depend on what you drop" in shown
    assert browser.post(f"{url}/drop", data={"reason": " "}).status_code == 422
    assert browser.post(f"{url}/drop", data={"reason": "The road is closed."}).status_code == 303
    assert "The road is closed." in browser.get(url).text
    assert browser.post(f"{url}/undo").status_code == 303
    assert browser.post(f"{url}/keep").status_code == 303


@pytest.mark.parametrize("who", [*planned.WHO, "nobody"])
def test_every_number_opens_its_list(client: Client, plan: PlannedChange, who: str) -> None:
    answer = client(Role.EXECUTIVE).get(f"/planned-changes/{plan.public_id}?who={who}")
    assert answer.status_code == 200
    assert "Which clients" in answer.text


def test_leads_prepare_it_and_executives_decide(client: Client, session: Session, issue: Issue) -> None:
    browser = client(Role.LEAD)
    sent = {"name": "Night runs", "issue": issue.public_id, "planned_on": "2026-07-01"}
    url = browser.post("/planned-changes", data=sent).headers["Location"]
    assert "An executive decides this." in browser.get(url).text
    assert browser.post(f"{url}/keep").status_code == 403
    assert "Night runs" in browser.get("/planned-changes").text
    assert "3 told you, 3 depend on what you drop" in browser.get("/this-week").text
    assert client(Role.AGENT).get("/planned-changes").status_code == 403


@pytest.mark.parametrize(
    ("sent", "field"), [({"name": "", "issue": "x"}, "name"), ({"name": "Runs"}, "issue"), ({"name": "R", "issue": "x"}, "issue")]
)  # fmt: skip
def test_a_plan_that_nobody_can_say_who_depends_on_is_refused(
    client: Client, sent: dict[str, str], field: str
) -> None:
    answer = client(Role.LEAD).post("/planned-changes", data={"planned_on": "2026-07-01", **sent})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
