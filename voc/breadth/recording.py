"""Adds evidence that comes in great numbers, a question's and its answers', and moves the sums by what changed."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select, tuple_, update
from sqlalchemy.orm import Session, aliased

from voc.accounts.book import Book, open_book
from voc.accounts.models import Account, AccountService
from voc.breadth.estimates import make_due
from voc.breadth.models import Cell, Evidence, IssueSum
from voc.breadth.rules import HAS, CellState, Says, Source
from voc.breadth.service import derive_cells, refresh
from voc.core import clock, ids
from voc.db.upsert import insert_rows
from voc.intake.queries import window_end
from voc.issues.queries import merged_into, services_of
from voc.issues.rules import root_of

_TOUCHED = frozenset({*HAS, CellState.REPORTED})
_BLOCK = 400  # pairs looked up at once: SQLite's expression depth and statement size
_State = tuple[str, str | None]  # a cell's state and how it counts in reach
_NOTHING: _State = (CellState.NOT_ASKED, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvidence:
    """One piece of evidence to be added; see the table for what each field means."""

    account_id: int
    issue_id: int
    source: Source
    says: Says
    observed_at: datetime
    comment_id: int | None = None
    contact_id: int | None = None
    user_id: int | None = None
    note: str | None = None


def record_many(session: Session, found: Sequence[NewEvidence]) -> None:
    """Adds evidence and renews its cells; the sums move by what changed, so one answer costs no look at all clients."""
    if not found:
        return
    groups = _lock_groups(session, sorted({one.account_id for one in found}))
    insert_rows(session, Evidence, [_row(one) for one in found])
    touched = sorted({(one.issue_id, groups[one.account_id]) for one in found})
    for start in range(0, len(touched), _BLOCK):
        _renew(session, touched[start : start + _BLOCK])


def _row(one: NewEvidence) -> dict[str, Any]:  # one row of a bulk INSERT
    return {
        "account_id": one.account_id, "id": ids.new_id(), "issue_id": one.issue_id, "source": one.source,
        "says": one.says, "comment_id": one.comment_id, "contact_id": one.contact_id, "user_id": one.user_id,
        "note": one.note, "observed_at": one.observed_at, "recorded_at": clock.now(),
    }  # fmt: skip


def _lock_groups(session: Session, account_ids: Sequence[int]) -> dict[int, int]:
    """Each account's group; two answers of one client wait for each other, so that the later sees the earlier."""
    groups: dict[int, int] = {}
    for start in range(0, len(account_ids), _BLOCK):
        block = account_ids[start : start + _BLOCK]
        theirs = select(Account.group_id).where(Account.id.in_(block))
        groups |= dict(
            session.execute(
                select(Account.id, Account.group_id)
                .where(or_(Account.id.in_(block), Account.id.in_(theirs)))
                .order_by(Account.id)
                .with_for_update(key_share=True)
            ).all()
        )
    return groups


def _renew(session: Session, touched: Sequence[tuple[int, int]]) -> None:
    now = window_end(session)
    merged = merged_into(session)
    book = open_book(session, now.date(), only={group for _, group in touched})
    pairs = sorted({(root_of(issue, merged), group) for issue, group in touched if group in book.groups})
    if not pairs:
        return
    before = _states(session, pairs)
    rows = derive_cells(session, pairs, book, merged, now)
    after: dict[tuple[int, int], _State] = {
        (row["issue_id"], row["account_id"]): (row["state"], row["reach"]) for row in rows
    }
    services = services_of(session, sorted({issue for issue, _ in pairs}))
    for issue in sorted({issue for issue, _ in pairs}):
        moves = [
            (group, before.get((issue, group), _NOTHING), after[issue, group])
            for one, group in pairs
            if one == issue and before.get((issue, group), _NOTHING) != after[issue, group]
        ]
        _move_sums(session, issue, moves, book, services.get(issue, frozenset()), now.date())


def _states(session: Session, pairs: Sequence[tuple[int, int]]) -> dict[tuple[int, int], _State]:
    rows = session.execute(
        select(Cell.issue_id, Cell.account_id, Cell.state, Cell.reach).where(
            tuple_(Cell.issue_id, Cell.account_id).in_(list(pairs))
        )
    )
    return {(issue, group): (state, reach) for issue, group, state, reach in rows}


_Move = tuple[int, _State, _State]  # a group, what its cell was, what it is


def _move_sums(
    session: Session, issue: int, moves: Sequence[_Move], book: Book, services: frozenset[int], on: date
) -> None:
    applies = book.to_whom(services)
    counted = [move for move in moves if move[0] in applies]
    if not counted:
        return
    change: dict[str, int] = defaultdict(int)
    for group, was, state in counted:
        for sign, (cell, reach) in ((-1, was), (1, state)):
            for name, number in _counts(cell, reach, applies[group].value_cents).items():
                change[name] += sign * number
    values: dict[str, Any] = {  # column name to expression
        name: getattr(IssueSum, name) + number for name, number in change.items() if number
    }
    if any((was[0] in _TOUCHED) != (state[0] in _TOUCHED) for _, was, state in counted):
        values["segments"] = _segments(session, issue, services, on)
    _write(session, issue, values)


def _counts(state: str, reach: str | None, value_cents: int | None) -> Mapping[str, int]:
    """What one cell adds to the sums of its issue."""
    has = state in HAS
    return {
        "has_it": int(has),
        "told": int(has and reach == "told"),
        "said_yes": int(has and reach == "said_yes"),
        "seen": int(has and reach == "seen"),
        "reported": int(state == CellState.REPORTED),
        "has_not": int(state == CellState.HAS_NOT),
        "unclear": int(state == CellState.UNCLEAR),
        "applies": -int(state == CellState.NOT_APPLICABLE),
        "value_cents": (value_cents or 0) if state in _TOUCHED else 0,
    }


def _segments(session: Session, issue: int, services: frozenset[int], on: date) -> int:
    wanted = (
        select(Account.segment)
        .join(Cell, Cell.account_id == Account.id)
        .where(Cell.issue_id == issue, Cell.state.in_(sorted(_TOUCHED)), Account.group_id == Account.id)
        .where(or_(Account.left_on.is_(None), Account.left_on > on))
        .distinct()
    )
    if services:
        site = aliased(Account)
        wanted = wanted.where(
            select(AccountService.account_id)
            .join(site, site.id == AccountService.account_id)
            .where(site.group_id == Account.id, AccountService.service_id.in_(services))
            .where(AccountService.starts_on <= on)
            .where(or_(AccountService.ends_on.is_(None), AccountService.ends_on > on))
            .exists()
        )
    return len(session.execute(wanted).all())


def _write(session: Session, issue: int, values: dict[str, Any]) -> None:  # as above
    known = session.execute(
        update(IssueSum)
        .where(IssueSum.issue_id == issue)
        .values(**values, summed_at=clock.now())
        .returning(IssueSum.issue_id)
        .execution_options(synchronize_session=False)
    ).all()
    if not known:
        refresh(session, [], also=[issue])
    make_due(session, [issue])
