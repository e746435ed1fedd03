"""What somebody wants to end: who depends on it is shown first; ending it needs a reason, keeping it none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, aliased

from voc.access.audit import record
from voc.access.models import User
from voc.accounts.book import Book, open_book
from voc.accounts.models import Service, UsageReading
from voc.breadth.models import Cell
from voc.breadth.queries import states_of
from voc.breadth.rules import HAS
from voc.core import clock, ids
from voc.core.errors import Conflict, Invalid, NotFound
from voc.db.scope import principal_of
from voc.decisions.forms import PlanForm
from voc.decisions.models import Commitment, CommitmentTo, PlannedChange
from voc.decisions.people import find_issue_or_none, find_service
from voc.decisions.rules import Dependants, find_dependants
from voc.intake.queries import window_end
from voc.issues.models import Issue
from voc.issues.queries import merged_into
from voc.issues.rules import root_of
from voc.reports.queries import known_states

STATE_WORDS = {"planned": "planned", "dropped": "ended", "kept": "kept"}
WHO = ("told", "said_yes", "seen", "promised", "uses", "unknown", "depend")
_USED_WEEKS = 8
_LISTED = 200


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One planned change in a list."""

    public_id: str
    name: str
    issue: str | None
    issue_public_id: str | None
    service: str | None
    planned_on: date
    state: str
    reason: str | None
    made_by: str
    made_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    seen: Mapping[str, int] | None


@dataclass(frozen=True, slots=True)
class Client:
    """One client in a list of those who depend on it."""

    name: str
    public_id: str
    value_cents: int | None
    segment: str | None


@dataclass(frozen=True, slots=True)
class PlanShown:
    """One planned change with who depends on it now."""

    row: PlanRow
    dependants: Dependants
    commitments: int
    applies: int
    value_cents: int
    book: Book

    def clients(self, who: str) -> tuple[Client, ...]:
        """The clients behind one number, those worth most first."""
        groups = [self.book.groups[key] for key in getattr(self.dependants, who)]
        groups.sort(key=lambda group: (-(group.value_cents or 0), group.name))
        return tuple(Client(one.name, one.public_id, one.value_cents, one.segment) for one in groups)


def find_plan(session: Session, public_id: str) -> PlannedChange:
    """The planned change of this public id; raises NotFound."""
    found = session.scalar(select(PlannedChange).where(PlannedChange.public_id == public_id))
    if found is None:
        raise NotFound
    return found


def plan_change(session: Session, form: PlanForm) -> PlannedChange:
    """Writes down what somebody wants to end, before anything ends."""
    by_id = principal_of(session).user_id
    if by_id is None:
        raise Invalid("Only a signed-in person can do this.")
    issue, service = find_issue_or_none(session, form.issue), find_service(session, form.service)
    plan = PlannedChange(
        id=ids.new_id(), public_id=ids.new_public_id(), name=form.name, issue_id=issue.id if issue else None,
        service_id=service.id if service else None, planned_on=form.planned_on, state="planned", made_by_id=by_id,
        made_at=clock.now(),
    )  # fmt: skip
    session.add(plan)
    session.flush()
    record(session, "plan.make", f"planned change {plan.public_id}")
    return plan


def drop(session: Session, plan: PlannedChange, reason: str) -> None:
    """It ends, for a written reason, with who depended on it that day kept beside."""
    plan.reason = reason
    _settle(session, plan, "dropped")


def keep(session: Session, plan: PlannedChange) -> None:
    """It stays; that needs no reason."""
    _settle(session, plan, "kept")


def _settle(session: Session, plan: PlannedChange, state: str) -> None:
    if plan.state != "planned":
        raise Conflict(f"This was decided before: {STATE_WORDS[plan.state]}.")
    by_id = principal_of(session).user_id
    if by_id is None:
        raise Invalid("Only a signed-in person can decide.")
    shown = plan_shown(session, plan)
    seen: dict[str, object] = {who: len(getattr(shown.dependants, who)) for who in WHO}
    seen["commitments"] = shown.commitments
    plan.seen = seen
    plan.state, plan.decided_by_id, plan.decided_at = state, by_id, clock.now()
    session.flush()
    record(session, f"plan.{state}", f"planned change {plan.public_id}")


def undo(session: Session, plan: PlannedChange) -> None:
    """It is only planned again."""
    if plan.state == "planned":
        raise Conflict("Nothing was decided about this yet.")
    plan.state, plan.reason, plan.seen = "planned", None, None
    plan.decided_by_id, plan.decided_at = None, None
    session.flush()
    record(session, "plan.undo", f"planned change {plan.public_id}")


def plan_shown(session: Session, plan: PlannedChange) -> PlanShown:
    """One planned change and who depends on it as of now."""
    return plans_shown(session, [plan])[0]


def plans_shown(session: Session, plans: Sequence[PlannedChange]) -> tuple[PlanShown, ...]:
    """As `plan_shown`; the client list is read once, and not at all for none."""
    if not plans:
        return ()
    until = window_end(session)
    book = open_book(session, until.date())
    return tuple(_shown(session, plan, book, until.date()) for plan in plans)


def _shown(session: Session, plan: PlannedChange, book: Book, today: date) -> PlanShown:
    reaches, unknown, applies = _standing(session, plan, book)
    commitments, promised = _promised(session, plan, book)
    found = find_dependants(reaches, unknown, promised, _users(session, plan, book, today))
    return PlanShown(
        row=_rows(session, PlannedChange.id == plan.id)[0],
        dependants=found,
        commitments=commitments,
        applies=applies,
        value_cents=sum(book.groups[key].value_cents or 0 for key in found.depend),
        book=book,
    )


def _standing(
    session: Session, plan: PlannedChange, book: Book
) -> tuple[dict[int, str | None], set[int], int]:
    """Who has the issue and how it counts, of whom we do not know, and how many it may concern."""
    if plan.issue_id is None:
        services = frozenset({plan.service_id}) if plan.service_id else frozenset()
        whom = set(book.to_whom(services))
        return {}, whom, len(whom)
    issue_id = root_of(plan.issue_id, merged_into(session))
    states = states_of(session, [issue_id], book)[issue_id]
    known = known_states()
    has = session.execute(
        select(Cell.account_id, Cell.reach).where(Cell.issue_id == issue_id, Cell.state.in_(list(HAS)))
    )
    reaches = {account: reach for account, reach in has if account in states}
    unknown = {group for group, state in states.items() if state not in known}
    return reaches, unknown, len(states)


def _promised(session: Session, plan: PlannedChange, book: Book) -> tuple[int, set[int]]:
    """How many open promises speak of it, and to which groups they were made."""
    about = [
        column == key
        for column, key in ((Commitment.issue_id, plan.issue_id), (Commitment.service_id, plan.service_id))
        if key is not None
    ]
    rows = session.execute(
        select(Commitment.id, CommitmentTo.account_id)
        .join(CommitmentTo, CommitmentTo.commitment_id == Commitment.id)
        .where(Commitment.state == "open", _any(about))
    ).all()
    groups = {book.group_of[account] for _, account in rows if account in book.group_of}
    return len({key for key, _ in rows}), groups & set(book.groups)


def _any(conditions: Sequence[ColumnElement[bool]]) -> ColumnElement[bool]:
    found = conditions[0]
    for one in conditions[1:]:
        found = found | one
    return found


def _users(session: Session, plan: PlannedChange, book: Book, today: date) -> set[int]:
    """Groups that buy the service, or used it in the last weeks."""
    if plan.service_id is None:
        return set()
    used = session.scalars(
        select(UsageReading.account_id)
        .where(UsageReading.service_id == plan.service_id, UsageReading.amount > 0)
        .where(UsageReading.week_on >= today - timedelta(weeks=_USED_WEEKS))
        .distinct()
    )
    groups = {book.group_of[account] for account in used if account in book.group_of}
    return set(book.to_whom(frozenset({plan.service_id}))) | (groups & set(book.groups))


def plans(session: Session) -> tuple[PlanRow, ...]:
    """All planned changes, those still open first."""
    return _rows(session)


def open_plans(session: Session, limit: int) -> tuple[PlannedChange, ...]:
    """Planned changes nobody has decided about, the nearest first."""
    rows = session.scalars(
        select(PlannedChange)
        .where(PlannedChange.state == "planned")
        .order_by(PlannedChange.planned_on, PlannedChange.id)
        .limit(limit)
    )
    return tuple(rows)


def plans_about(session: Session, issue_id: int) -> tuple[PlanRow, ...]:
    """Planned changes that touch one issue."""
    return _rows(session, PlannedChange.issue_id == issue_id)


def _rows(session: Session, *conditions: ColumnElement[bool]) -> tuple[PlanRow, ...]:
    decider = aliased(User)
    rows = session.execute(
        select(PlannedChange, Issue.name, Issue.public_id, Service.name, User.name, decider.name)
        .join(User, User.id == PlannedChange.made_by_id)
        .outerjoin(decider, decider.id == PlannedChange.decided_by_id)
        .outerjoin(Issue, Issue.id == PlannedChange.issue_id)
        .outerjoin(Service, Service.id == PlannedChange.service_id)
        .where(*conditions)
        .order_by(PlannedChange.state != "planned", PlannedChange.planned_on, PlannedChange.id)
        .limit(_LISTED)
    )
    return tuple(_row(*row) for row in rows)


def _row(
    plan: PlannedChange,
    issue: str | None,
    issue_public_id: str | None,
    service: str | None,
    made_by: str,
    decided_by: str | None,
) -> PlanRow:
    seen = (
        {who: number for who, number in plan.seen.items() if isinstance(number, int)} if plan.seen else None
    )
    return PlanRow(
        plan.public_id, plan.name, issue, issue_public_id, service, plan.planned_on, plan.state, plan.reason,
        made_by, plan.made_at, decided_by, plan.decided_at, seen,
    )  # fmt: skip
