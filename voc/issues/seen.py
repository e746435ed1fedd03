"""What a look over all comments sees of them: light rows of the newest, words and vectors of those not known yet."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Subquery, not_, or_, select
from sqlalchemy.orm import Session

from voc.accounts.names import known_names
from voc.analysis.models import Reading, Vector
from voc.db import work
from voc.db.among import among
from voc.intake.models import Comment
from voc.issues.models import Match
from voc.issues.queries import (
    CONCERN,
    PRAISE,
    Key,
    masked_words,
    merged_into,
    of_encoder,
    said_no_problem,
)
from voc.issues.rules import root_of


@dataclass(frozen=True, slots=True)
class Seen:
    """One comment in one issue, or in none, as `voc.issues.queries.Placed`; `read_at` says which reading of it counts."""

    account_id: int
    comment_id: int
    issue_id: int | None
    is_concern: bool
    is_praise: bool
    read_at: datetime


@dataclass(frozen=True, slots=True)
class Read:
    """The vector of one comment as stored, its masked words, and when both were read."""

    comment_id: int
    numbers: bytes
    words: str
    read_at: datetime


def newest_seen(session: Session, *, limit: int, encoder: str = "static") -> Iterator[Seen]:
    """The newest `limit` comments, by id, with a vector of this encoder; one for each issue it stands in."""
    merged = merged_into(session)
    stands = (Match.account_id == Vector.account_id) & (Match.comment_id == Vector.comment_id)
    newest = _newest(limit)
    rows = session.execute(
        select(Vector.account_id, Vector.comment_id, Match.issue_id, CONCERN, PRAISE, Reading.read_at)
        .join(newest, (newest.c.account_id == Vector.account_id) & (newest.c.id == Vector.comment_id))
        .join(Comment, (Comment.account_id == Vector.account_id) & (Comment.id == Vector.comment_id))
        .join(Reading, (Reading.account_id == Vector.account_id) & (Reading.comment_id == Vector.comment_id))
        .outerjoin(Match, stands & (Match.state != "refused"))
        .where(of_encoder(encoder), or_(Match.comment_id.is_not(None), not_(said_no_problem())))
        .order_by(Comment.id)
    ).yield_per(1000)
    for account, comment, issue, is_concern, is_praise, read_at in rows:
        root = root_of(issue, merged) if issue is not None else None
        yield Seen(account, comment, root, bool(is_concern), bool(is_praise), read_at)


def _newest(limit: int) -> Subquery:
    return select(Comment.account_id, Comment.id).order_by(Comment.said_at.desc()).limit(limit).subquery()


def read_of(session: Session, keys: Sequence[Key], *, encoder: str = "static") -> list[Read]:
    """Vector and words of these comments, by id; those without a vector of this encoder are left out."""
    names = known_names(session)
    rows = session.execute(
        select(Vector.comment_id, Vector.numbers, Comment.text, Reading.masks, Reading.read_at)
        .join(Comment, (Comment.account_id == Vector.account_id) & (Comment.id == Vector.comment_id))
        .join(Reading, (Reading.account_id == Vector.account_id) & (Reading.comment_id == Vector.comment_id))
        .where(of_encoder(encoder), among(session, (Vector.account_id, Vector.comment_id), keys))
        .order_by(Vector.comment_id)
    )
    return [
        Read(comment, numbers, masked_words(text, masks, names), read_at)
        for comment, numbers, text, masks, read_at in rows
    ]


def in_line_after(session: Session, stage: str, comment_id: int, *, limit: int) -> list[Key]:
    """Those that wait for `stage` after this comment, by id."""
    rows = session.execute(
        select(work.Work.account_id, work.Work.comment_id)
        .where(work.Work.stage == stage, ~work.Work.set_aside, work.Work.lease_until_ms == 0)
        .where(work.Work.comment_id > comment_id)
        .order_by(work.Work.comment_id)
        .limit(limit)
    )
    return [(account, comment) for account, comment in rows]


def newest_standing(
    session: Session, apart: bytearray, *, limit: int, encoder: str = "static"
) -> Iterator[tuple[int, int]]:
    """(comment, issue) of the newest `limit` comments that stand in one, by comment; its vector goes to `apart` each time."""
    merged, newest = merged_into(session), _newest(limit)
    stands = (Match.account_id == Vector.account_id) & (Match.comment_id == Vector.comment_id)
    rows = session.execute(
        select(Vector.comment_id, Match.issue_id, Vector.numbers)
        .join(newest, (newest.c.account_id == Vector.account_id) & (newest.c.id == Vector.comment_id))
        .join(Match, stands & (Match.state != "refused"))
        .where(of_encoder(encoder))
        .order_by(Vector.comment_id)
    ).yield_per(1000)
    for comment, issue, numbers in rows:
        apart += numbers
        yield comment, root_of(issue, merged)
