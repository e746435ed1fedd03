"""Which issues nobody has looked at, what hurts most clients most first; frozen rows out."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from voc.breadth.models import IssueSum
from voc.breadth.seen import not_seen
from voc.core.policy import DEFAULT
from voc.issues.models import Issue


@dataclass(frozen=True, slots=True)
class Unseen:
    """One issue in the line; `severity` is that of the client in the middle, empty where it is not known."""

    public_id: str
    name: str
    clients: int
    comments: int
    severity: int | None
    last_at: datetime | None


def number_unseen(session: Session) -> int:
    """How many issues wait for somebody to look at them."""
    return session.scalar(_unseen(select(func.count(Issue.id)))) or 0


def unseen(session: Session, *, limit: int | None = None) -> tuple[Unseen, ...]:
    """The issues that wait: clients times how much it hurts; among equals who wants someone senior, then the newest.

    Clients are those who told us, not an estimate: whether an issue that nobody looked at is one matter is not known.
    """
    clients = IssueSum.reported
    rows = session.execute(
        _unseen(
            select(
                Issue.public_id, Issue.name, clients, IssueSum.comments, IssueSum.severity, IssueSum.last_at
            )
        )
        .order_by(
            (clients * func.coalesce(IssueSum.severity, 1)).desc(), IssueSum.escalations.desc(),
            IssueSum.last_at.desc(), Issue.id,
        )
        .limit(limit)
    )  # fmt: skip
    return tuple(Unseen(*row) for row in rows)


def _unseen(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:  # whatever columns it selects
    """Those that lists of issues show as recurring, and nobody named, confirmed or put aside."""
    return (
        query.select_from(Issue)
        .join(IssueSum, IssueSum.issue_id == Issue.id)
        .where(
            Issue.merged_into_id.is_(None), not_seen(), IssueSum.comments > 0,
            IssueSum.reported >= DEFAULT.recurring_groups, or_(Issue.set_state.is_(None), _came_back()),
        )
    )  # fmt: skip


def _came_back() -> ColumnElement[bool]:
    return and_(Issue.set_state == "done", IssueSum.last_at > Issue.set_at)
