"""What decisions add to the pages of earlier stages: an issue, a client, the client's own page, this week."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from voc.accounts.models import Account
from voc.core import clock
from voc.core.principal import Principal
from voc.decisions import (
    commitments,
    planned,
    queries,
    said,
    visits,
    waiting,  # noqa: F401 - joins its queues to the page of what is owed
)
from voc.decisions.commitments import CommitmentRow, Promised
from voc.decisions.models import Commitment, Visit
from voc.decisions.planned import PlanRow
from voc.decisions.queries import DecisionRow
from voc.decisions.visits import VisitRow
from voc.issues.curate import find_issue
from voc.issues.queries import merged_into
from voc.issues.rules import family_of
from voc.reports.parts import Part, add_acts, add_decided, add_part
from voc.web.context import settings
from voc.web.panels import Rendered, panel

_NEWEST = 3
_SOON = 5


@dataclass(frozen=True, slots=True)
class IssueShown:
    """What was decided, promised, seen and planned about one issue."""

    issue: str
    decisions: tuple[DecisionRow, ...]
    commitments: tuple[CommitmentRow, ...]
    visits: tuple[VisitRow, ...]
    plans: tuple[PlanRow, ...]
    may_decide: bool
    may_promise: bool
    may_visit: bool


@panel("issue", order=30, permission="decision:list")
def decisions_of_issue(session: Session, principal: Principal, *, issue: str) -> Rendered:
    """The decisions about an issue, and the way to the next one."""
    found = find_issue(session, issue)
    family = family_of(found.id, merged_into(session))
    return Rendered("decisions/_issue.html", IssueShown(
        issue=found.public_id,
        decisions=queries.decisions_about(session, found),
        commitments=commitments.commitments(session, Commitment.issue_id.in_(family)),
        visits=visits.visits(session, Visit.issue_id.in_(family)),
        plans=planned.plans_about(session, found.id),
        may_decide=principal.may("decision:change"),
        may_promise=principal.may("commitment:change"),
        may_visit=principal.may("visit:change"),
    ))  # fmt: skip


@panel("proposal", order=20, permission="decision:list")
def decision_of_side(session: Session, principal: Principal, *, issue: str) -> Rendered | None:
    """That something was decided about an issue which is to be merged or split, and what becomes of it."""
    del principal
    if not queries.decisions_about(session, find_issue(session, issue)):
        return None
    return Rendered(
        "issues/_holds.html",
        "leadership has decided something about it. The decision and what clients were told stay as they are.",
    )


@dataclass(frozen=True, slots=True)
class AccountShown:
    """Visits to one client and promises made to it."""

    client: str
    visits: tuple[VisitRow, ...]
    commitments: tuple[CommitmentRow, ...]
    may_visit: bool
    may_promise: bool


@panel("account", order=40, permission="decision:list")
def decisions_of_account(session: Session, principal: Principal, *, account: str) -> Rendered | None:
    """Who went there, and what we promised."""
    row = session.execute(select(Account.id, Account.group_id).where(Account.public_id == account)).first()
    if row is None:
        return None
    sites = [row.id]
    if row.id == row.group_id:
        sites += session.scalars(select(Account.id).where(Account.group_id == row.id))
    return Rendered("decisions/_account.html", AccountShown(
        client=account,
        visits=visits.visits(session, Visit.account_id.in_(sites)),
        commitments=commitments.commitments(session, commitments.made_to(sites)),
        may_visit=principal.may("visit:change"),
        may_promise=principal.may("commitment:change"),
    ))  # fmt: skip


@panel("client_promises", order=10)
def promises_for_client(session: Session, principal: Principal) -> Rendered | None:
    """What we promised the asker, who answers for it, and what showed so far."""
    del principal
    found: tuple[Promised, ...] = commitments.promised_to_asker(session)
    return Rendered("decisions/_client.html", found) if found else None


@dataclass(frozen=True, slots=True)
class WeekShown:
    """What the last decisions changed, what is due, and what would be dropped with clients depending on it."""

    decisions: tuple[tuple[DecisionRow, str], ...]
    due: tuple[CommitmentRow, ...]
    more_due: int
    plans: tuple[tuple[PlanRow, str, str], ...]


@panel("week", order=20, permission="decision:list")
def decisions_of_week(session: Session, principal: Principal) -> Rendered:
    """What the last decisions changed; promises due; planned changes with who depends on them."""
    del principal
    today = _today()
    due = _due(session, today)
    return Rendered("decisions/_week.html", WeekShown(
        decisions=_last(session),
        due=due[:_SOON],
        more_due=max(len(due) - _SOON, 0),
        plans=_plans(session),
    ))  # fmt: skip


def _today() -> date:
    return clock.today(settings().time_zone)


def _last(session: Session) -> tuple[tuple[DecisionRow, str], ...]:
    rows = queries.newest_decisions(session, _NEWEST)
    shown = queries.shown_of(session, rows)
    return tuple((one.row, said.say_changes(one.changes)) for one in shown)


def _due(session: Session, today: date) -> tuple[CommitmentRow, ...]:
    return commitments.commitments(session, commitments.is_due(today))


def _plans(session: Session) -> tuple[tuple[PlanRow, str, str], ...]:
    shown = planned.plans_shown(session, planned.open_plans(session, _NEWEST))
    return tuple((one.row, said.say_loud_and_wide(one), said.say_dependants(one)) for one in shown)


def _frozen_decisions(session: Session) -> Part:
    shown = queries.shown_of(session, queries.newest_decisions(session, _NEWEST))
    today = clock.now().date()
    return Part("What the last decisions changed", tuple(said.say_decision(one, today) for one in shown))


def _frozen_due(session: Session) -> Part:
    today = clock.now().date()
    due = _due(session, today)
    return Part("Promises due", tuple(said.say_commitment(row, today) for row in due[:_SOON]))


def _frozen_plans(session: Session) -> Part:
    return Part(
        "Planned changes", tuple(f"{row.name}: {loud}. {sentence}" for row, loud, sentence in _plans(session))
    )


add_part("decisions", order=10, make=_frozen_decisions)
add_part("commitments", order=20, make=_frozen_due)
add_part("plans", order=30, make=_frozen_plans)
add_acts("decisions", queries.decision_marks)
add_decided("decisions", queries.decided_already)
