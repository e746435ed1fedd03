"""The estimate worker answers each change of a grid, and says nothing it cannot know."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.conftest import NOW
from voc.accounts.models import Account
from voc.breadth import estimates, forecasts, gathering
from voc.breadth.models import EstimateDue, Forecast, IssueEstimate
from voc.breadth.rules import Says, Source
from voc.breadth.service import follow_matches, record_evidence
from voc.checks.models import Ask, Check
from voc.core import ids
from voc.core.config import Settings
from voc.core.principal import SYSTEM
from voc.db.session import Database
from voc.issues import curate
from voc.issues.models import Issue
from voc.jobs import ESTIMATE, QuietDoorbell
from workers import breadth
from workers.scope import Scope


@pytest.fixture
def here(settings: Settings, database: Database, doorbell: QuietDoorbell) -> Scope:
    nobody: Any = None  # this drain only beats
    return Scope(settings, database, nobody, doorbell)  # type: ignore[arg-type]  # it keeps its rings


@pytest.fixture
def clients(session: Session) -> list[Account]:
    return [
        factories.account(session, segment="north" if n % 2 else "south", yearly_value_cents=n * 100_000)
        for n in range(40)
    ]


def tell(
    session: Session, account: Account, issue: Issue | None, *, days_ago: float = 20, **match: Any
) -> None:
    comment = factories.comment(session, account, said_at=NOW - timedelta(days=days_ago))
    if issue is not None:
        made = factories.match(session, comment, issue, **match)
        follow_matches(session, [(made.account_id, made.comment_id, made.issue_id)])


def estimate_of(session: Session, issue: Issue) -> IssueEstimate:
    session.expire_all()
    return session.get_one(IssueEstimate, issue.id)


@pytest.fixture
def told(session: Session, clients: list[Account]) -> Issue:
    """An issue five of forty clients told us of, in a book where most say something."""
    issue = factories.issue(session)
    for place, account in enumerate(clients[:30]):
        tell(session, account, issue if place < 5 else None, state="confirmed")
        tell(session, account, None, days_ago=90)
    return issue


def test_a_change_of_the_grid_makes_an_estimate_due_and_the_drain_makes_it(
    here: Scope, session: Session, told: Issue
) -> None:
    assert session.get(EstimateDue, told.id) is not None
    assert breadth.drain_with(here) >= 1
    row = estimate_of(session, told)
    assert session.scalar(select(EstimateDue)) is None
    assert (row.clients, row.unheard) == (40, 35)
    assert 0 <= row.likely_low <= row.likely_mean <= row.likely_high <= row.unheard
    assert row.count_low >= 5
    assert 0 <= (row.top_share or 0) <= 1


def test_a_second_drain_does_nothing(here: Scope, session: Session, told: Issue) -> None:
    breadth.drain_with(here)
    before = estimate_of(session, told).fitted_at
    assert breadth.drain_with(here) == 0
    assert estimate_of(session, told).fitted_at == before


def test_an_issue_that_changed_while_it_was_fitted_stays_due(session: Session, told: Issue) -> None:
    marks = estimates.due(session, limit=9)
    estimates.make_due(session, [told.id])
    estimates.store(session, [], marks)
    assert session.get(EstimateDue, told.id) is not None


def test_a_yes_of_a_client_raises_the_estimate(
    here: Scope, session: Session, told: Issue, clients: list[Account]
) -> None:
    breadth.drain_with(here)
    before = estimate_of(session, told).count_mean
    for account in clients[30:35]:
        record_evidence(
            session, account_id=account.id, issue_id=told.id, source=Source.ANSWER, says=Says.HAS_PROBLEM,
            observed_at=NOW,
        )  # fmt: skip
    breadth.drain_with(here)
    assert estimate_of(session, told).count_mean > before + 3


def test_those_who_are_asked_next_have_not_been_asked(
    here: Scope, session: Session, told: Issue, clients: list[Account]
) -> None:
    record_evidence(
        session, account_id=clients[39].id, issue_id=told.id, source=Source.ANSWER, says=Says.HAS_NOT,
        observed_at=NOW,
    )  # fmt: skip
    breadth.drain_with(here)
    asked = set(estimates.next_asks(session, told.id))
    assert len(asked) == 12
    assert clients[39].id not in asked


def test_a_client_that_cannot_have_it_is_in_no_denominator(
    here: Scope, session: Session, told: Issue, clients: list[Account]
) -> None:
    record_evidence(
        session, account_id=clients[38].id, issue_id=told.id, source=Source.PERSON, says=Says.NOT_APPLICABLE,
        observed_at=NOW,
    )  # fmt: skip
    breadth.drain_with(here)
    assert estimate_of(session, told).clients == 39
    assert clients[38].id not in estimates.chances(session, told.id)


def test_a_merged_issue_has_no_estimate_of_its_own(here: Scope, session: Session, told: Issue) -> None:
    other = factories.issue(session)
    tell(session, factories.account(session), other)
    breadth.drain_with(here)
    told.merged_into_id = other.id
    session.flush()
    follow = curate.find_issue(session, told.public_id)
    estimates.make_due(session, [told.id, follow.id])
    breadth.drain_with(here)
    session.expire_all()
    assert session.get(IssueEstimate, told.id) is None


def test_no_clients_and_no_words_say_nothing(here: Scope, session: Session) -> None:
    issue = factories.issue(session)
    estimates.make_due(session, [issue.id])
    breadth.drain_with(here)
    row = estimate_of(session, issue)
    assert (row.clients, row.flag) == (0, "insufficient")


def test_words_within_eight_weeks_after_being_asked_are_no_mention(
    session: Session, told: Issue, clients: list[Account]
) -> None:
    asked = clients[36]
    record_evidence(
        session, account_id=asked.id, issue_id=told.id, source=Source.ASKING, says=Says.ASKED,
        observed_at=NOW - timedelta(days=30),
    )  # fmt: skip
    tell(session, asked, told, days_ago=10, state="confirmed")
    found = gathering.gather(session, told.id, gathering.ground(session))
    place = found.groups.index(asked.id)
    assert (found.mentions[place], found.weeks_mentioned[place]) == (0, 0)


def test_the_lead_s_looks_are_the_audit_one_outcome_a_client(
    session: Session, told: Issue, clients: list[Account]
) -> None:
    for _ in range(6):
        tell(session, clients[20], told, state="refused")
    found = gathering.gather(session, told.id, gathering.ground(session))
    assert len(found.audit) == 6
    assert min(found.audit) == (False, 6)


def test_a_month_is_foretold_from_what_was_said_before_it_and_scored_when_it_is_over(
    here: Scope, session: Session, clients: list[Account]
) -> None:
    issue = factories.issue(session)
    for place, account in enumerate(clients):
        tell(session, account, None, days_ago=175)
        if place < 6:
            tell(session, account, issue, days_ago=150 - place, state="confirmed")
    tell(session, clients[10], issue, days_ago=50, state="confirmed")
    breadth.drain_with(here)
    rows = list(session.scalars(select(Forecast).order_by(Forecast.month_on)))
    assert rows
    first = rows[0]
    groups = estimates.read_keys(first.groups)
    assert clients[10].id in groups
    assert clients[0].id not in groups
    assert first.came is not None
    assert first.came[groups.index(clients[10].id)] == 1
    assert sum(first.came) == 1
    assert forecasts.record(session).came == 1


def test_a_forecast_once_frozen_stays(here: Scope, session: Session, clients: list[Account]) -> None:
    issue = factories.issue(session)
    month = NOW.date().replace(day=1)
    forecasts.freeze(session, month, {issue.id: ([clients[0].id], [0.25])})
    forecasts.freeze(session, month, {issue.id: ([clients[1].id], [0.75])})
    row = session.scalars(select(Forecast)).one()
    assert estimates.read_keys(row.groups) == [clients[0].id]


def test_the_bell_is_rung_once_when_the_change_is_stored(
    database: Database, session: Session, clients: list[Account]
) -> None:
    issue = factories.issue(session)
    rung: list[str] = []
    database.ring = rung.append
    with database.writing(SYSTEM) as other:
        for account in clients[:2]:
            record_evidence(
                other, account_id=account.id, issue_id=issue.id, source=Source.PERSON, says=Says.HAS_PROBLEM,
                observed_at=NOW,
            )  # fmt: skip
        assert rung == []
    assert rung == [ESTIMATE]


def finished_question(session: Session, issue: Issue, clients: list[Account], *, days_ago: int) -> Check:
    """A question of this installation's past: nobody foresaw anything of it."""
    moment = NOW - timedelta(days=days_ago)
    lead = factories.user(session)
    check = Check(
        id=ids.new_id(), public_id=ids.new_public_id(), issue_id=issue.id, what="a delivery was short",
        since_on=moment.date(), reach="everyone", state="closed", made_by_id=lead.id, made_at=moment,
        opened_at=moment, closed_at=moment + timedelta(days=14),
    )  # fmt: skip
    session.add(check)
    for account in clients:
        contact = factories.contact(session, account)
        session.add(Ask(
            account_id=account.id, id=ids.new_id(), public_id=ids.new_public_id(), check_id=check.id,
            group_id=account.id, contact_id=contact.id, how="mail", no_first=False, state="answered",
            asked_at=moment,
        ))  # fmt: skip
    session.flush()
    return check


def test_a_question_of_the_past_is_foretold_from_what_was_said_by_then_and_from_nothing_later(
    here: Scope, session: Session, clients: list[Account]
) -> None:
    issue = factories.issue(session)
    for place, account in enumerate(clients):
        tell(session, account, None, days_ago=175)
        if place < 6:
            tell(session, account, issue, days_ago=150 - place, state="confirmed")
    check = finished_question(session, issue, clients[10:30], days_ago=60)
    breadth.drain_with(here)
    before = shares_of(session, check)
    assert session.get_one(Check, check.id).foretold_at is not None
    assert all(share is not None and 0 < share < 1 for share in before.values())
    for account in clients[10:20]:  # said after the question left: the past does not know it
        tell(session, account, issue, days_ago=30, state="confirmed")
    later_one = finished_question(session, issue, clients[10:30], days_ago=60)
    breadth.drain_with(here)
    assert shares_of(session, later_one) == pytest.approx(before, abs=1e-6)


def test_a_question_nobody_had_spoken_of_by_then_is_not_foretold(
    here: Scope, session: Session, told: Issue, clients: list[Account]
) -> None:
    check = finished_question(session, told, clients[10:20], days_ago=100)
    breadth.drain_with(here)
    assert set(shares_of(session, check).values()) == {None}
    assert session.get_one(Check, check.id).foretold_at is not None


def shares_of(session: Session, check: Check) -> dict[int, float | None]:
    session.expire_all()
    rows = session.execute(select(Ask.group_id, Ask.predicted_share).where(Ask.check_id == check.id))
    return dict(rows.all())
