"""Sums each issue's grid into the one row that pages and rankings read."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median_low
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, case, delete, func, select
from sqlalchemy.orm import Session

from voc.accounts.book import Book
from voc.analysis.models import Reading
from voc.analysis.raised import severity_of, wants_senior
from voc.breadth.estimates import make_due
from voc.breadth.models import Cell, Evidence, IssueSum
from voc.breadth.rules import HAS, CellState, Fact, Says, Source, asked_moments, is_prompted
from voc.breadth.since import said_since_change
from voc.core import clock
from voc.db.upsert import insert_or_replace
from voc.intake.models import Comment
from voc.issues.models import Match
from voc.issues.queries import services_of
from voc.issues.rules import family_of, root_of

_ANSWERS = ("prompted", "answer")
_COLUMNS = tuple(column.name for column in IssueSum.__table__.columns if column.name != "issue_id")


@dataclass
class _Said:
    """What the comments of one issue add up to."""

    comments: int = 0
    escalations: int = 0
    by_group: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    worst: dict[int, int] = field(default_factory=dict)
    first_at: datetime | None = None
    last_at: datetime | None = None


def keep_sums(session: Session, issues: Collection[int], book: Book, merged: Mapping[int, int]) -> None:
    """Writes the sums of `issues` anew; an issue that was merged into another has none."""
    if not issues:
        return
    roots = {issue for issue in issues if issue not in merged}
    if len(roots) < len(set(issues)):
        session.execute(delete(IssueSum).where(IssueSum.issue_id.in_(set(issues) - roots)))
    said = _said(session, roots, book, merged)
    cells = _cells(session, roots)
    services = services_of(session, list(roots))
    rows = [
        _sum_row(
            issue, cells.get(issue, []), said.get(issue, _Said()), book, services.get(issue, frozenset())
        )
        for issue in sorted(roots)
    ]
    if rows:
        insert_or_replace(session, IssueSum, rows, keys=("issue_id",), values=_COLUMNS)
        make_due(session, [row["issue_id"] for row in rows])


class _Stands(NamedTuple):
    """Of a cell what is summed: columns, not objects, as a look writes tens of thousands."""

    account_id: int
    state: str
    reach: str | None


def _cells(session: Session, roots: Collection[int]) -> dict[int, list[_Stands]]:
    found: dict[int, list[_Stands]] = defaultdict(list)
    rows = session.execute(
        select(Cell.issue_id, Cell.account_id, Cell.state, Cell.reach).where(Cell.issue_id.in_(roots))
    )
    for issue, account, state, reach in rows:
        found[issue].append(_Stands(account, state, reach))
    return found


def _said(
    session: Session, roots: Collection[int], book: Book, merged: Mapping[int, int]
) -> dict[int, _Said]:
    """Comments, worst severity and dates by issue, grouped in the database to one row an account.

    What answers a question, or came within weeks of one, is no mention: asking makes nobody loud. It is
    read and followed all the same, so it counts for how bad and how recent. What was said before the issue
    was changed counts for its dates alone.
    """
    fresh = said_since_change(session, roots, merged)
    families = [member for root in roots for member in family_of(root, dict(merged))]
    worst = func.max(case((fresh, severity_of(Match.account_id, Match.comment_id))))
    rows = session.execute(
        select(
            Match.issue_id, Match.account_id, func.count().filter(Comment.source.not_in(_ANSWERS), fresh), worst,
            func.count().filter(wants_senior(), fresh),
            func.min(Comment.said_at), func.max(Comment.said_at),
        )
        .join(Comment, (Comment.account_id == Match.account_id) & (Comment.id == Match.comment_id))
        .outerjoin(Reading, (Reading.account_id == Match.account_id) & (Reading.comment_id == Match.comment_id))
        .where(Match.issue_id.in_(families), Match.state != "refused")
        .where(Comment.sender_confirmed, Comment.kind != "praise")
        .group_by(Match.issue_id, Match.account_id)
    )  # fmt: skip
    found: dict[int, _Said] = defaultdict(_Said)
    for issue, account, number, severity, escalations, first_at, last_at in rows:
        if account in book.group_of:
            group = book.group_of[account]
            _add(found[root_of(issue, merged)], group, number, severity, escalations, first_at, last_at)
    for (issue, group), number in _prompted(session, families, book, merged, fresh).items():
        found[issue].comments -= number
        found[issue].by_group[group] -= number
    return found


def _prompted(
    session: Session,
    families: Collection[int],
    book: Book,
    merged: Mapping[int, int],
    fresh: ColumnElement[bool],
) -> dict[tuple[int, int], int]:
    """How many comments of each (issue, group) came within weeks of its being asked."""
    asked = _asked(session, families, book, merged)
    if not asked:
        return {}
    rows = session.execute(
        select(Match.issue_id, Match.account_id, Comment.said_at)
        .join(Comment, (Comment.account_id == Match.account_id) & (Comment.id == Match.comment_id))
        .where(Match.issue_id.in_(families), Match.state != "refused", Comment.source.not_in(_ANSWERS), fresh)
        .where(
            Comment.sender_confirmed,
            Comment.kind != "praise",
            Comment.said_at > min(map(min, asked.values())),
        )
    )
    found: dict[tuple[int, int], int] = defaultdict(int)
    for issue, account, said_at in rows:
        key = root_of(issue, merged), book.group_of.get(account, 0)
        found[key] += is_prompted(said_at, asked.get(key, ()))
    return found


def _asked(
    session: Session, families: Collection[int], book: Book, merged: Mapping[int, int]
) -> dict[tuple[int, int], list[datetime]]:
    """When each (issue, group) was asked."""
    rows = session.execute(
        select(
            Evidence.issue_id,
            Evidence.id,
            Evidence.account_id,
            Evidence.says,
            Evidence.observed_at,
            Evidence.contact_id,
        ).where(Evidence.issue_id.in_(families), Evidence.source == Source.ASKING)
    )
    facts: dict[tuple[int, int], list[Fact]] = defaultdict(list)
    for issue, key, account, says, at, contact in rows:
        fact = Fact(key, account, Source.ASKING, Says(says), at, contact_id=contact, issue_id=issue)
        facts[root_of(issue, merged), book.group_of.get(account, 0)].append(fact)
    moments = {key: asked_moments(found) for key, found in facts.items()}
    return {key: found for key, found in moments.items() if found}


def _add(
    said: _Said,
    group: int,
    number: int,
    severity: int | None,
    escalations: int,
    first_at: datetime,
    last_at: datetime,
) -> None:
    said.comments += number
    said.escalations += escalations
    said.by_group[group] += number
    if severity:
        said.worst[group] = max(said.worst.get(group, 0), severity)
    said.first_at = min(said.first_at or first_at, first_at)
    said.last_at = max(said.last_at or last_at, last_at)


def _sum_row(
    issue: int, cells: Collection[_Stands], said: _Said, book: Book, services: frozenset[int]
) -> dict[str, Any]:  # one row of a bulk INSERT
    to_whom = book.to_whom(services)
    counted = [cell for cell in cells if cell.account_id in to_whom]
    have = [cell for cell in counted if cell.state in HAS]
    reported = [cell for cell in counted if cell.state == CellState.REPORTED]
    touched = [to_whom[cell.account_id] for cell in have + reported]
    loudest = max(
        (group for group in said.by_group if said.by_group[group]),
        key=lambda group: (said.by_group[group], group),
        default=None,
    )
    return {
        "issue_id": issue,
        "has_it": len(have),
        "told": sum(cell.reach == "told" for cell in have),
        "said_yes": sum(cell.reach == "said_yes" for cell in have),
        "seen": sum(cell.reach == "seen" for cell in have),
        "reported": len(reported),
        "has_not": sum(cell.state == CellState.HAS_NOT for cell in counted),
        "unclear": sum(cell.state == CellState.UNCLEAR for cell in counted),
        "applies": len(to_whom) - sum(cell.state == CellState.NOT_APPLICABLE for cell in counted),
        "comments": said.comments,
        "segments": len({group.segment for group in touched}),
        "value_cents": sum(group.value_cents or 0 for group in touched),
        "loudest_account_id": loudest,
        "loudest_share": said.by_group[loudest] / said.comments if loudest is not None else None,
        "severity": median_low(said.worst.values()) if said.worst else None,
        "escalations": said.escalations,
        "first_at": said.first_at,
        "last_at": said.last_at,
        "summed_at": clock.now(),
    }
