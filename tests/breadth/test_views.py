"""Every figure of an issue opens its clients, and says in a sentence how sure it is."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests import factories
from tests.breadth.conftest import Town
from tests.conftest import NOW
from voc.breadth import estimates, forecasts
from voc.breadth.estimates import Fitted, pack_keys, pack_shares
from voc.breadth.models import Forecast
from voc.breadth.recording import NewEvidence, record_many
from voc.breadth.rules import Says, Source
from voc.core.principal import Role
from voc.issues.models import IssueService

Client = Callable[..., FlaskClient]


def estimated(session: Session, town: Town, **wanted: object) -> None:
    groups = sorted([town.loud.id, town.quiet.id, town.parent.id])
    facts = {
        "issue_id": town.issue.id, "clients": 3, "unheard": 2, "count_mean": 1.6, "count_low": 1, "count_high": 3,
        "likely_mean": 0.6, "likely_low": 0, "likely_high": 2, "value_mean_cents": 0, "value_low_cents": 0,
        "value_high_cents": 0, "flag": "ok", "is_borrowed": False, "has_skill": True, "ask_more": 2,
        "next_asks": [town.quiet.id, town.parent.id], "witnesses": [], "groups": pack_keys(groups),
        "shares": pack_shares([0.5] * 3), "speaks": pack_shares([0.0] * 3), "draws": b"",
    }  # fmt: skip
    estimates.store(session, [Fitted(**(facts | wanted))], {})  # type: ignore[arg-type]  # facts of all kinds
    estimates.keep_top_shares(session, {town.issue.id: 0.9})


@pytest.fixture
def told(session: Session, town: Town) -> Town:
    for _ in range(3):
        town.told(town.loud, match_state="confirmed", said_at=NOW - timedelta(days=9))
    estimated(session, town)
    return town


def test_what_one_client_said_by_itself_and_what_it_said_when_asked_open_apart(
    client: Client, session: Session, told: Town
) -> None:
    record_many(session, [NewEvidence(
        account_id=told.quiet.id, issue_id=told.issue.id, source=Source.ANSWER, says=Says.HAS_PROBLEM, observed_at=NOW,
    )])  # fmt: skip
    executive = client(Role.EXECUTIVE)
    shown = executive.get(f"/issues/{told.issue.public_id}").text
    assert 'href="?cell=told#grid"><b>1</b>' in shown
    assert 'href="?cell=said_yes#grid"><b>1</b>' in shown
    for cell, name, others in (("told", "Loud", "Quiet"), ("said_yes", "Quiet", "Loud")):
        table = executive.get(f"/issues/{told.issue.public_id}?cell={cell}").text.partition("<tbody")[2]
        rows = re.findall(r'<th scope="row"><a[^>]*><bdi>(\w+)</bdi>', table)
        assert rows == [name]
        assert others not in rows


def test_clients_that_cannot_have_it_open_too(client: Client, session: Session, told: Town) -> None:
    service = factories.service(session)
    factories.buys(session, told.loud, service)
    session.add(IssueService(issue_id=told.issue.id, service_id=service.id))
    session.flush()
    shown = client(Role.EXECUTIVE).get(f"/issues/{told.issue.public_id}?cell=not_applicable").text
    assert "2 clients" in shown
    assert "Quiet" in shown.partition("<tbody")[2]


def test_the_sentences_say_where_it_stands_how_sure_and_whom_to_ask_and_why(
    client: Client, told: Town
) -> None:
    shown = client(Role.EXECUTIVE).get(f"/issues/{told.issue.public_id}").text
    assert "could be either" not in shown  # three clients can never be five
    assert "surely below" in shown
    assert "In 9 of 10 ways things could stand" in shown
    assert "Without the client who told us most: by clients still 1st" in shown
    assert "nobody more needs to be asked" in shown


def test_a_square_leads_to_its_client_by_a_short_name(client: Client, told: Town) -> None:
    executive = client(Role.EXECUTIVE)
    short = executive.get(
        f"/issues/{told.issue.public_id}?c={told.loud.public_id[:10]}", follow_redirects=True
    )
    assert short.status_code == 200
    assert "Loud" in short.text
    unknown = executive.get(f"/issues/{told.issue.public_id}?c={'z' * 10}", follow_redirects=True)
    assert unknown.status_code == 404
    too_short = executive.get(
        f"/issues/{told.issue.public_id}?c={told.loud.public_id[:4]}", follow_redirects=True
    )
    assert too_short.status_code == 404


def test_the_ranking_shows_what_it_orders_by_and_can_be_ordered_by_value(client: Client, told: Town) -> None:
    executive = client(Role.EXECUTIVE)
    told.told(told.quiet, match_state="confirmed", said_at=NOW - timedelta(days=8))
    shown = executive.get("/issues").text
    assert "1 to 3</a> of 3" in shown
    assert "9 in 10" in shown
    assert "67\u00a0% by one" in shown or "75\u00a0% by one" in shown
    assert "Issues by yearly value" in executive.get("/issues?sort=value").text


def test_the_sceptics_page_says_how_sure_the_order_is_and_each_forecast_opens(
    client: Client, session: Session, told: Town
) -> None:
    executive = client(Role.EXECUTIVE)
    assert "Is the order of the issues sure?" in executive.get("/how-sure").text
    month = (NOW - timedelta(days=90)).date().replace(day=1)
    forecasts.freeze(session, month, {told.issue.id: ([told.quiet.id, told.loud.id], [0.03, 0.3])})
    row = session.get_one(Forecast, (told.issue.id, month))
    row.came, row.scored_at = bytes([0, 1]), NOW
    session.flush()
    assert "/how-sure/foreseen?band=4" in executive.get("/how-sure").text
    assert "Loud" in executive.get("/how-sure/foreseen?band=4").text
    assert "Quiet" in executive.get("/how-sure/foreseen?band=1").text
    assert executive.get("/how-sure/foreseen?band=9").status_code == 404


def test_loudness_against_size_is_not_known_without_a_yearly_value(
    client: Client, session: Session, told: Town
) -> None:
    told.quiet.yearly_value_cents = None
    session.flush()
    shown = client(Role.EXECUTIVE).get("/who-speaks").text
    assert "Against its size" in shown
    assert "we do not know" in shown
