"""Says when an issue reaches somebody new: a client, a kind of client, the 3rd, 5th, 10th; never volume."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from voc.accounts.book import Book
from voc.accounts.models import Account
from voc.breadth.models import Cell, IssueSum, SpreadAlert
from voc.breadth.rules import HAS, CellState
from voc.core import clock, ids
from voc.core.errors import NotFound
from voc.db.upsert import insert_ignoring
from voc.issues.models import Issue

STEPS = (3, 5, 10)
_COUNTS = frozenset({*HAS, CellState.REPORTED})
_SHOWN_DAYS = 28
_Row = dict[str, Any]  # one row of a bulk INSERT
_NAMED = 3  # names are read at a glance (policy)


@dataclass(frozen=True, slots=True)
class Alert:
    """One piece of news about an issue, in words."""

    public_id: str
    issue_public_id: str
    issue: str
    words: str
    at: datetime


def watch(session: Session, issue_ids: Sequence[int], book: Book) -> int:
    """Keeps what is new about these issues; gives the number of alerts. The first look at an issue is quiet.

    A merged issue keeps the alerts of its parts, so that a merge makes no news of what was known.
    """
    known = _known(session, issue_ids)
    rows: list[_Row] = []
    for issue in session.scalars(select(Issue).where(Issue.id.in_(list(issue_ids)))):
        first = issue.id not in known
        muted = issue.watch_until or 0
        cells = list(
            session.scalars(select(Cell.account_id).where(Cell.issue_id == issue.id, Cell.state.in_(_COUNTS)))
        )
        looked_at = clock.now() if first or len(cells) < muted else None
        rows += [_row(issue.id, kind, what, looked_at) for kind, what in _news(cells, book)]
        rows += [_row(issue.id, "came_back", what, None) for what in _came_back(session, issue)]
    fresh = [row for row in rows if (row["kind"], row["what"]) not in known.get(row["issue_id"], set())]
    insert_ignoring(session, SpreadAlert, fresh)
    return sum(row["looked_at"] is None for row in fresh)


def _known(session: Session, issue_ids: Sequence[int]) -> dict[int, set[tuple[str, str]]]:
    parts: dict[int, int | None] = dict(
        session.execute(select(Issue.id, Issue.merged_into_id).where(Issue.merged_into_id.is_not(None))).all()
    )
    wanted = {*issue_ids, *(part for part, into in parts.items() if into in set(issue_ids))}
    found: dict[int, set[tuple[str, str]]] = {}
    for issue, kind, what in session.execute(
        select(SpreadAlert.issue_id, SpreadAlert.kind, SpreadAlert.what).where(
            SpreadAlert.issue_id.in_(wanted)
        )
    ):
        found.setdefault(issue, set()).add((kind, what))
        if (into := parts.get(issue)) is not None:
            found.setdefault(into, set()).add((kind, what))
    return found


def _news(groups: Sequence[int], book: Book) -> list[tuple[str, str]]:
    segments = {book.groups[group].segment for group in groups if group in book.groups}
    return [
        *(("client", str(group)) for group in groups),
        *(("segment", segment) for segment in segments if segment),
        *(("reached", str(step)) for step in STEPS if len(groups) >= step),
    ]


def _came_back(session: Session, issue: Issue) -> list[str]:
    if issue.set_state != "done" or issue.set_at is None:
        return []
    last = session.scalar(select(IssueSum.last_at).where(IssueSum.issue_id == issue.id))
    return [issue.set_at.date().isoformat()] if last and last > issue.set_at else []


def _row(issue: int, kind: str, what: str, looked_at: datetime | None) -> _Row:
    return {
        "id": ids.new_id(), "public_id": ids.new_public_id(), "issue_id": issue, "kind": kind, "what": what,
        "at": clock.now(), "looked_at": looked_at, "looked_by_id": None,
    }  # fmt: skip


def fresh_alerts(session: Session, limit: int) -> tuple[Alert, ...]:
    """News nobody has looked at, one line an issue, the newest first."""
    newest = (
        select(func.max(SpreadAlert.id).label("id"))
        .where(SpreadAlert.looked_at.is_(None), SpreadAlert.at >= clock.now() - timedelta(days=_SHOWN_DAYS))
        .group_by(SpreadAlert.issue_id)
        .subquery()
    )
    rows = session.execute(
        select(SpreadAlert, Issue)
        .join(newest, newest.c.id == SpreadAlert.id)
        .join(Issue, Issue.id == SpreadAlert.issue_id)
        .order_by(SpreadAlert.id.desc())
        .limit(limit)
    ).all()
    return tuple(
        Alert(row.public_id, issue.public_id, issue.name, _words(session, issue), row.at)
        for row, issue in rows
    )


def alert(session: Session, public_id: str) -> Alert:
    """One piece of news; NotFound when there is none."""
    row = session.scalar(select(SpreadAlert).where(SpreadAlert.public_id == public_id))
    if row is None:
        raise NotFound
    issue = session.get_one(Issue, row.issue_id)
    return Alert(row.public_id, issue.public_id, issue.name, _words(session, issue), row.at)


def count_fresh(session: Session) -> int:
    """How many issues have news nobody has looked at."""
    return (
        session.scalar(
            select(func.count(SpreadAlert.issue_id.distinct())).where(
                SpreadAlert.looked_at.is_(None), SpreadAlert.at >= clock.now() - timedelta(days=_SHOWN_DAYS)
            )
        )
        or 0
    )


def _words(session: Session, issue: Issue) -> str:
    rows = session.scalars(
        select(SpreadAlert).where(SpreadAlert.issue_id == issue.id, SpreadAlert.looked_at.is_(None))
    ).all()
    clients = [int(row.what) for row in rows if row.kind == "client"]
    names = list(session.scalars(select(Account.name).where(Account.id.in_(clients)).order_by(Account.name)))
    steps = [int(row.what) for row in rows if row.kind == "reached"]
    segments = sorted(row.what for row in rows if row.kind == "segment")
    said = ["It came back after it was done."] * any(row.kind == "came_back" for row in rows)
    said += [f"It reached {max(steps, default=0)} clients."] * bool(steps)
    said += [f"New among {', '.join(segments)}."] * bool(segments)
    said += [_new(names)] * bool(names)
    return " ".join(said)


def _new(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"New: {', '.join(names[:_NAMED])}{more}."


def look_at(session: Session, public_id: str, user_id: int | None) -> str:
    """Takes all news of this alert's issue as seen; gives the issue's public id. NotFound when there is none."""
    found = session.scalar(select(SpreadAlert).where(SpreadAlert.public_id == public_id))
    if found is None:
        raise NotFound
    session.execute(
        update(SpreadAlert)
        .where(SpreadAlert.issue_id == found.issue_id, SpreadAlert.looked_at.is_(None))
        .values(looked_at=clock.now(), looked_by_id=user_id)
        .execution_options(synchronize_session=False)
    )
    return session.get_one(Issue, found.issue_id).public_id
