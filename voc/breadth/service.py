"""Keeps evidence, and from it the cells and sums: in the transaction of whatever changed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from voc.accounts.book import Book, open_book
from voc.breadth.models import Cell, Evidence
from voc.breadth.rules import (
    HAS,
    RULE_VERSION,
    CellState,
    Decided,
    Fact,
    Says,
    Source,
    decide_cell,
    mark_prompted,
    not_withdrawn,
)
from voc.breadth.since import newest_changes
from voc.breadth.sums import keep_sums
from voc.core import clock, ids
from voc.core.policy import DEFAULT
from voc.db.among import among
from voc.db.upsert import insert_or_replace, insert_rows
from voc.intake.models import Comment
from voc.intake.queries import window_end
from voc.issues.models import Issue, Match
from voc.issues.queries import merged_into
from voc.issues.rules import family_of, root_of

_CELL_COLUMNS = ("state", "reach", "evidence_id", "mentions", "observed_at", "rule_version")
_UNASKED = frozenset({"unasked", "staff_note"})
# Columns, not objects: an issue of an archive has thousands, and each look goes through all of them.
_FACT = (
    Evidence.id, Evidence.account_id, Evidence.issue_id, Evidence.source, Evidence.says, Evidence.observed_at,
    Evidence.comment_id, Evidence.contact_id,
)  # fmt: skip
_SOURCES, _SAYS = {one.value: one for one in Source}, {one.value: one for one in Says}
_PAIRS = 400  # (issue, group) pairs looked up at once: SQLite's expression depth and statement size
_Row = dict[str, Any]  # one row of a bulk INSERT: column name to value


def record_evidence(
    session: Session,
    *,
    account_id: int,
    issue_id: int,
    source: Source,
    says: Says,
    observed_at: datetime,
    comment_id: int | None = None,
    contact_id: int | None = None,
    user_id: int | None = None,
    note: str | None = None,
) -> None:
    """Adds one piece of evidence and renews its cell and the issue's sums."""
    row = _evidence_row(account_id, issue_id, source, says, observed_at, comment_id, clock.now())
    insert_rows(session, Evidence, [row | {"contact_id": contact_id, "user_id": user_id, "note": note}])
    refresh(session, [(issue_id, account_id)])


def follow_matches(session: Session, keys: Sequence[tuple[int, int, int]]) -> None:
    """Turns changed matches, (account, comment, issue) each, into evidence, cells and sums.

    Told by issues in its own transaction. Running twice adds nothing: only what differs from the
    evidence that stands is recorded.
    """
    wanted = _wanted(session, keys)
    standing = _standing(session, keys)
    now = clock.now()
    rows = [
        _evidence_row(account, issue, source, says, observed_at, comment, now)
        for (account, comment, issue, source), (says, observed_at) in wanted.items()
        if standing.get((account, comment, issue, source), Says.WITHDRAWN) is not says
    ]
    if rows:
        insert_rows(session, Evidence, rows)
    refresh(session, [(issue, account) for account, _, issue in keys])


def follow_comments(session: Session, keys: Sequence[tuple[int, int]]) -> None:
    """Looks again at the matches of changed comments, (account, comment) each: a sender was recognised, say."""
    rows = session.execute(
        select(Match.account_id, Match.comment_id, Match.issue_id).where(
            among(session, (Match.account_id, Match.comment_id), keys)
        )
    )
    follow_matches(session, [(account, comment, issue) for account, comment, issue in rows])


def follow_issues(session: Session, issue_ids: Sequence[int]) -> None:
    """Renews the whole grid of issues whose merge, services or state changed."""
    merged = merged_into(session)
    roots = {root_of(issue, merged) for issue in issue_ids}
    gone = set(issue_ids) - roots
    if gone:
        session.execute(delete(Cell).where(Cell.issue_id.in_(gone)))
    families = [member for root in roots for member in family_of(root, merged)]
    pairs = session.execute(
        select(Evidence.issue_id, Evidence.account_id).where(Evidence.issue_id.in_(families)).distinct()
    )
    session.execute(delete(Cell).where(Cell.issue_id.in_(roots)))
    refresh(session, [(issue, account) for issue, account in pairs], also=roots | gone)


def follow_accounts(session: Session, account_ids: Sequence[int]) -> None:
    """Renews every grid after the client list changed: groups, services and values are in all of them."""
    del account_ids  # a moved site changes two groups, a new client every denominator
    follow_issues(session, list(session.scalars(select(Issue.id))))


def refresh(session: Session, pairs: Iterable[tuple[int, int]], *, also: Iterable[int] = ()) -> None:
    """Derives the cells of (issue, account) pairs anew from their evidence, and the sums of their issues."""
    now = window_end(session)
    book = open_book(session, now.date())
    merged = merged_into(session)
    wanted = sorted(
        {
            (root_of(issue, merged), book.group_of[account])
            for issue, account in pairs
            if book.group_of.get(account) in book.groups  # a site may outlive its group on the list
        }
    )
    for start in range(0, len(wanted), _PAIRS):
        derive_cells(session, wanted[start : start + _PAIRS], book, merged, now)
    keep_sums(session, {issue for issue, _ in wanted} | set(also), book, merged)


def derive_cells(
    session: Session, pairs: Sequence[tuple[int, int]], book: Book, merged: dict[int, int], now: datetime
) -> list[_Row]:
    """Writes the cells of some (issue, group) pairs from their evidence and gives their rows; no sums."""
    facts = _facts(session, pairs, book, merged)
    changes = newest_changes(session, {member for issue, _ in pairs for member in family_of(issue, merged)})
    rows = [
        _cell_row(
            issue, group, _since(facts.get((issue, group), []), issue, changes), book, now, changes.get(issue)
        )
        for issue, group in pairs
    ]
    kept = [row for row in rows if row["state"] != CellState.NOT_ASKED or row["mentions"]]
    empty = [(row["account_id"], row["issue_id"]) for row in rows if row not in kept]
    if kept:
        insert_or_replace(session, Cell, kept, keys=("account_id", "issue_id"), values=_CELL_COLUMNS)
    if empty:
        session.execute(delete(Cell).where(among(session, (Cell.account_id, Cell.issue_id), empty)))
    return rows


def decide_states(session: Session, issue_id: int) -> dict[int, str]:
    """Each group's state as if the issue had never been changed; nothing is kept."""
    now = window_end(session)
    book, merged = open_book(session, now.date()), merged_into(session)
    accounts = session.scalars(
        select(Evidence.account_id).where(Evidence.issue_id.in_(family_of(issue_id, merged))).distinct()
    )
    groups = {book.group_of[account] for account in accounts if account in book.group_of}
    pairs = sorted((issue_id, group) for group in groups if group in book.groups)
    found: dict[int, str] = {}
    for start in range(0, len(pairs), _PAIRS):
        block = pairs[start : start + _PAIRS]
        facts = _facts(session, block, book, merged)
        for issue, group in block:
            found[group] = _cell_row(issue, group, facts.get((issue, group), []), book, now, None)["state"]
    return found


def _since(facts: Sequence[Fact], issue: int, changes: Mapping[int, datetime]) -> list[Fact]:
    """Without what a merged issue knew from before its own change; `decide_cell` sees to the issue's."""
    return [
        fact
        for fact in facts
        if fact.issue_id == issue
        or fact.issue_id not in changes
        or fact.observed_at >= changes[fact.issue_id]
    ]


def _facts(
    session: Session, pairs: Sequence[tuple[int, int]], book: Book, merged: dict[int, int]
) -> dict[tuple[int, int], list[Fact]]:
    families = {issue: family_of(issue, merged) for issue, _ in pairs}
    wanted = [
        (member_issue, account)
        for issue, group in pairs
        for member_issue in families[issue]
        for account in book.groups[group].members
    ]
    rows = session.execute(
        select(*_FACT, Comment.source)
        .outerjoin(Comment, (Comment.account_id == Evidence.account_id) & (Comment.id == Evidence.comment_id))
        .where(among(session, (Evidence.issue_id, Evidence.account_id), wanted))
    )
    found: dict[tuple[int, int], list[Fact]] = defaultdict(list)
    for key, account, issue, by, says, at, comment, contact, source in rows:
        fact = Fact(
            key, account, _SOURCES[by], _SAYS[says], at, comment, contact,
            unasked=source is None or source in _UNASKED, issue_id=issue,
        )  # fmt: skip
        found[root_of(issue, merged), book.group_of[account]].append(fact)
    return found


def _cell_row(
    issue: int, group: int, facts: Sequence[Fact], book: Book, now: datetime, changed_at: datetime | None
) -> _Row:
    decided: Decided = decide_cell(
        facts, group_id=group, sites=len(book.groups[group].members) - 1, now=now,
        weeks=DEFAULT.evidence_weeks, changed_at=changed_at,
    )  # fmt: skip
    # What may answer a question is read and followed, and is no mention: asking must not make anybody loud.
    standing = not_withdrawn(mark_prompted(facts))
    mentions = {
        fact.comment_id
        for fact in standing
        if fact.comment_id and fact.unasked and (changed_at is None or fact.observed_at >= changed_at)
    }
    return {
        "account_id": group,
        "issue_id": issue,
        "state": decided.state,
        "reach": decided.reach if decided.state in HAS else None,
        "evidence_id": decided.evidence_id,
        "mentions": len(mentions),
        "observed_at": decided.observed_at,
        "rule_version": RULE_VERSION,
    }


_Wanted = dict[tuple[int, int, int, Source], tuple[Says, datetime]]


def _wanted(session: Session, keys: Sequence[tuple[int, int, int]]) -> _Wanted:
    """What each source should say of each match as it stands now."""
    rows = session.execute(
        select(
            Match.account_id,
            Match.comment_id,
            Match.issue_id,
            Match.state,
            Match.score,
            Comment.source,
            Comment.kind,
            Comment.sender_confirmed,
            Comment.said_at,
        )
        .join(Comment, (Match.account_id == Comment.account_id) & (Match.comment_id == Comment.id))
        .where(among(session, (Match.account_id, Match.comment_id, Match.issue_id), keys))
    )
    now = clock.now()
    wanted: _Wanted = {
        (*key, witness): (Says.WITHDRAWN, now)  # a match that is gone takes its word back
        for key in keys
        for witness in (Source.CONFIRMED, Source.STAFF, Source.MACHINE)
    }
    for account, comment, issue, state, score, source, kind, sender_confirmed, said_at in rows:
        by_person = Source.STAFF if source == "staff_note" else Source.CONFIRMED
        # Thanks are no complaint, and an unknown sender speaks for nobody yet.
        counts = sender_confirmed and kind != "praise"
        said = {
            by_person: counts and state == "confirmed",
            Source.MACHINE: counts and state != "refused" and score is not None,
        }
        for witness, holds in said.items():
            wanted[account, comment, issue, witness] = (
                (Says.HAS_PROBLEM if holds else Says.WITHDRAWN),
                said_at,
            )
    return wanted


def _standing(
    session: Session, keys: Sequence[tuple[int, int, int]]
) -> dict[tuple[int, int, int, Source], Says]:
    comments = list({(account, comment) for account, comment, _ in keys})
    rows = session.execute(
        select(Evidence.account_id, Evidence.comment_id, Evidence.issue_id, Evidence.source, Evidence.says)
        .where(among(session, (Evidence.account_id, Evidence.comment_id), comments))
        .order_by(Evidence.id)
    )
    return {
        (account, comment or 0, issue, _SOURCES[source]): _SAYS[says]
        for account, comment, issue, source, says in rows
    }


def _evidence_row(
    account: int,
    issue: int,
    source: Source,
    says: Says,
    observed_at: datetime,
    comment: int | None,
    now: datetime,
) -> _Row:
    return {
        "account_id": account,
        "id": ids.new_id(),
        "issue_id": issue,
        "source": source,
        "says": says,
        "comment_id": comment,
        "observed_at": observed_at,
        "recorded_at": now,
    }
