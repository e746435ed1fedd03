"""An estimate of an issue that nobody has looked at never stands alone: on each page that shows one, and in files."""

import csv
import json
from collections.abc import Callable
from io import StringIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests import factories
from tests.reports.conftest import Told
from voc.breadth import estimates
from voc.breadth.estimates import Fitted, pack_keys, pack_shares
from voc.core.principal import Role
from voc.issues.models import Issue

Client = Callable[..., FlaskClient]
DOUBT = "if these comments are one matter: nobody has looked yet"


@pytest.fixture
def issue(session: Session, told: Told) -> Issue:
    """The machine's alone: two clients may have told us, and by the estimate 17 to 43 of the others have it."""
    quiet = [factories.account(session).id for _ in range(60)]
    made = factories.issue(session, name="Gates stay shut")
    told(made, 2, state="machine")
    estimates.store(session, [Fitted(
        issue_id=made.id, clients=62, unheard=62, count_mean=30.0, count_low=17, count_high=43, likely_mean=30.0,
        likely_low=17, likely_high=43, value_mean_cents=0, value_low_cents=0, value_high_cents=0, flag="ok",
        is_borrowed=False, has_skill=True, ask_more=9, next_asks=quiet[:2], witnesses=[], groups=pack_keys(quiet),
        shares=pack_shares([0.5] * 60), speaks=pack_shares([0.0] * 60), draws=b"",
    )], {})  # fmt: skip
    estimates.keep_top_shares(session, {made.id: 0.9})
    return made


def test_the_issues_own_page_says_so_and_lets_no_estimate_decide(client: Client, issue: Issue) -> None:
    shown = client(Role.EXECUTIVE).get(f"/issues/{issue.public_id}").text
    assert f"Likely 17 to 43 of those 62, {DOUBT}." in shown
    assert "All of this holds only if these comments are one matter: nobody has looked yet." in shown
    assert "Nobody has looked yet whether these comments are one matter. Look at them first." in shown
    assert "urely above" not in shown
    assert "in 100 clients like this have it" not in shown
    assert "Asking these" not in shown


def test_after_somebody_looked_the_number_stands_and_decides(client: Client, issue: Issue) -> None:
    lead = client(Role.LEAD)
    lead.post(f"/issues/{issue.public_id}/name", data={"name": "Gates"})
    shown = lead.get(f"/issues/{issue.public_id}").text
    assert "Likely 17 to 43 of those 62." in shown
    assert "likely 17 or more have it" in shown
    assert DOUBT not in shown
    assert "50 in 100 clients like this have it" in shown
    assert "if it is one matter" not in lead.get("/issues").text
    assert DOUBT not in lead.get("/this-week").text


def test_the_list_and_the_order_of_issues_say_so(client: Client, issue: Issue) -> None:
    executive = client(Role.EXECUTIVE)
    shown = executive.get("/issues").text
    assert "17 to 43</a> of 62 <small>if it is one matter</small>" in shown
    assert "nobody looked yet" in shown
    assert "17 to 43</a> of 62 <small>if it is one matter</small>" in executive.get("/how-sure").text


def test_the_picture_takes_those_who_told_us(
    client: Client, session: Session, told: Told, issue: Issue
) -> None:
    for _ in range(2):
        told(factories.issue(session), 2, state="machine")
    shown = client(Role.EXECUTIVE).get("/issues").text
    assert "2 told us, nobody has looked yet" in shown
    assert ">30<" not in shown


def test_leaderships_page_says_so_and_proposes_to_look(client: Client, issue: Issue) -> None:
    shown = client(Role.EXECUTIVE).get("/this-week").text
    assert f"<b>62</b></a>, {DOUBT}." in shown
    assert f"Likely 17 to 43 of those 62, {DOUBT}" in shown
    assert "Look at the comments first" in shown
    assert "urely above" not in shown


def test_the_page_of_a_decision_says_so(client: Client, issue: Issue) -> None:
    shown = client(Role.EXECUTIVE).get(f"/issues/{issue.public_id}/decide").text
    assert DOUBT in shown
    assert "Look at the comments first" in shown


def test_an_edition_and_its_files_say_so_for_good(client: Client, issue: Issue) -> None:
    browser = client(Role.EXECUTIVE)
    url = browser.post("/editions").headers["Location"]
    assert DOUBT in browser.get(url).text
    client(Role.LEAD).post(f"/issues/{issue.public_id}/name", data={"name": "Gates"})
    assert DOUBT in browser.get(url).text
    head, row = csv.reader(StringIO(browser.get(f"{url}.csv").data.decode("utf-8-sig")))
    line = dict(zip(head, row, strict=True))
    assert (line["Likely, at least"], line["Looked at"]) == (
        "17",
        "nobody yet: likely only if it is one matter",
    )


def test_the_example_of_how_we_count_says_so(
    client: Client, session: Session, told: Told, issue: Issue
) -> None:
    loud = factories.account(session)
    told(issue, 0, accounts=(loud,) * 4, state="machine")
    shown = client(Role.EXECUTIVE).get("/how-we-count").text
    assert f"likely 17 to 43, {DOUBT}." in shown


def test_no_estimate_is_given_to_programs(client: Client) -> None:
    asked = client(Role.ADMIN).get("/api/v1/openapi.json")
    assert "likely" not in json.dumps(asked.json)


def test_a_person_who_took_a_comment_out_has_looked_at_the_page_but_said_nothing_of_the_rest(
    client: Client, told: Told, issue: Issue
) -> None:
    lead = client(Role.LEAD)
    comment = told(issue, 1, state="machine")[0]
    lead.post(f"/issues/{issue.public_id}/comments", data={"comments": comment.public_id, "act": "refuse"})
    shown = lead.get(f"/issues/{issue.public_id}").text
    assert "found by the machine, nobody has looked yet" not in shown
    assert "Nobody has said yet whether this is one matter." in shown
