"""Kinds of comments that wait, for pages: what hurts most clients most comes first."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Subquery, case, desc, exists, func, or_, select
from sqlalchemy.orm import Session

from voc.access.rules import Sight, sight_of_words
from voc.accounts.models import Account
from voc.accounts.names import known_names
from voc.analysis.models import Alike, AlikeComment, Reading
from voc.analysis.queries import masks_of
from voc.analysis.raised import (
    may_be_leaving,
    may_leave,
    may_want_senior,
    said_severity,
    severity_of,
    wants_senior,
)
from voc.analysis.say import SEVERITY, excerpt
from voc.core.names import Names
from voc.core.principal import Principal
from voc.core.text import mask
from voc.intake.models import Comment

LISTED = 30  # comments of one kind that one act settles; the others come up once these are settled
_WORDS = 3  # words that a heading names
_LONG = 220  # characters of a comment that a line needs
_ASKS_MUCH = 8  # who may leave, or wants someone senior, as what may make a client leave (policy defaults)
Keys = Select[int, int]  # account_id, comment_id of what waits
_HURTS = 2  # from here a client loses time or work (policy defaults); that something annoys is easily guessed
_MANY_HURT = 0.3  # the share of clients it hurts from which a kind stands before all that hurt fewer, as an issue is one


@dataclass(frozen=True, slots=True)
class SaidAlike:
    """One comment of a kind as its reader may see it, by how it begins; `sign` is what makes it pressing, or empty."""

    public_id: str
    client: str
    words: str
    said_at: datetime
    sign: str


@dataclass(frozen=True, slots=True)
class Kind:
    """Comments that say much the same: how many of how many clients, the words they share, the first of them.

    `near` holds (theme_id, share of those most like them), the largest first; `name` is what an issue of them could be called.
    """

    id: int
    number: int
    clients: int
    words: tuple[str, ...]
    name: str
    near: tuple[tuple[int, float], ...]
    said: tuple[SaidAlike, ...]

    @property
    def rest(self) -> int:
        """How many come up only when those listed are settled."""
        return max(0, self.number - len(self.said))


def totals(session: Session, waiting: Keys) -> tuple[int, int]:
    """How many kinds of two comments and more wait, and how many comments they hold."""
    each = _kinds(waiting).subquery()
    row = session.execute(select(func.count(), func.sum(each.c.number))).one()
    return int(row[0]), int(row[1] or 0)


def in_a_kind(waiting: Keys) -> ColumnElement[bool]:
    """Whether a comment stands in a kind of two and more that wait."""
    kinds = select(_kinds(waiting).subquery().c.alike_id)
    return exists().where(
        AlikeComment.account_id == Comment.account_id,
        AlikeComment.comment_id == Comment.id,
        AlikeComment.alike_id.in_(kinds),
    )


def kinds(
    session: Session,
    waiting: Keys,
    reader: Principal | None,
    *,
    limit: int,
    offset: int = 0,
    listed: int = LISTED,
) -> tuple[Kind, ...]:
    """Kinds of what waits, each client counted once by the worst it says; words masked for a reader of None."""
    found = session.execute(
        _kinds(waiting)
        .order_by(desc("hurts"), desc("weight"), desc("number"), "alike_id")
        .limit(limit)
        .offset(offset)
    ).all()
    return _shown(session, waiting, found, reader, listed)


def kind_of(session: Session, waiting: Keys, reader: Principal | None, public_id: str) -> Kind | None:
    """The kind of this comment, with what of it waits still; None where it stands alone or was not compared."""
    own = (
        select(AlikeComment.alike_id)
        .join(Comment, _of_comment())
        .where(Comment.public_id == public_id, AlikeComment.alike_id.is_not(None))
    )
    number = session.scalar(own)
    if number is None:
        return None
    query = _kinds(waiting, least=1, only=number)
    found = session.execute(query).all()
    return _shown(session, waiting, found, reader, LISTED)[0] if found else Kind(number, 0, 0, (), "", (), ())


def _of_comment() -> ColumnElement[bool]:
    return (AlikeComment.account_id == Comment.account_id) & (AlikeComment.comment_id == Comment.id)


def _rows(query: Any, waits: Subquery) -> Any:  # whatever columns it selects
    reads = (Reading.account_id == Comment.account_id) & (Reading.comment_id == Comment.id)
    return (
        query.select_from(waits)
        .join(Comment, (Comment.account_id == waits.c.account_id) & (Comment.id == waits.c.comment_id))
        .join(AlikeComment, _of_comment())
        .join(Account, Account.id == Comment.account_id)
        .outerjoin(Reading, reads)
    )


@cache
def _weight() -> ColumnElement[int]:
    """How much a comment presses, by our people's word, else the client's, else the machine's."""
    asks = or_(may_want_senior(), may_be_leaving())
    return case((asks, _ASKS_MUCH), else_=func.coalesce(severity_of(Comment.account_id, Comment.id), 0))


def _kinds(waiting: Keys, *, least: int = 2, only: int | None = None) -> Any:  # a Select of five columns
    """alike_id, number, clients, hurts, weight of each kind: each client weighs as much as the worst it says."""
    said = select(
        AlikeComment.alike_id,
        Account.group_id,
        func.count().label("number"),
        func.max(_weight()).label("worst"),
    )
    each = _rows(said, waiting.subquery()).where(
        AlikeComment.alike_id.is_not(None) if only is None else AlikeComment.alike_id == only
    )
    client = each.group_by(AlikeComment.alike_id, Account.group_id).subquery()
    number, hurt = func.sum(client.c.number), func.sum(case((client.c.worst >= _HURTS, 1), else_=0))
    return (
        select(
            client.c.alike_id, number.label("number"), func.count().label("clients"),
            case((hurt >= _MANY_HURT * func.count(), 1), else_=0).label("hurts"), func.sum(client.c.worst).label("weight"),
        )
        .group_by(client.c.alike_id)
        .having(number >= least)
    )  # fmt: skip


def _shown(
    session: Session, waiting: Keys, found: Sequence[Row[Any]], reader: Principal | None, listed: int
) -> tuple[Kind, ...]:
    numbers = [row.alike_id for row in found]
    names, said = known_names(session), _said(session, waiting, numbers, reader, listed)
    known = {one.id: one for one in session.scalars(select(Alike).where(Alike.id.in_(numbers)))}
    return tuple(
        Kind(
            row.alike_id, int(row.number), int(row.clients),
            _words(known[row.alike_id].words, said[row.alike_id], names), names.hide(known[row.alike_id].name),
            tuple((int(theme), near) for theme, near in known[row.alike_id].near), tuple(said[row.alike_id]),
        )
        for row in found
    )  # fmt: skip


def _words(words: Sequence[str], said: Sequence[SaidAlike], names: Names) -> tuple[str, ...]:
    """What marks the kind, as far as it stands in the words that this reader sees, and is no name."""
    seen = [" ".join(one.words.casefold().split()) for one in said]
    told = [word for word in words if not names.find(word) and any(word in text for text in seen)]
    return tuple(told[:_WORDS])


def _said(
    session: Session, waiting: Keys, numbers: Sequence[int], reader: Principal | None, listed: int
) -> dict[int, list[SaidAlike]]:
    """The first `listed` comments of each kind, the worst first."""
    order = func.row_number().over(
        partition_by=AlikeComment.alike_id, order_by=(_weight().desc(), Comment.said_at.desc(), Comment.id)
    )
    ranked = _rows(
        select(AlikeComment.alike_id, Comment.account_id, Comment.id.label("comment_id"), order.label("place")),
        waiting.subquery(),
    ).where(AlikeComment.alike_id.in_(numbers)).subquery()  # fmt: skip
    rows = session.execute(
        select(ranked.c.alike_id, Comment, Account.name, Reading, *signs())
        .select_from(ranked)
        .join(Comment, (Comment.account_id == ranked.c.account_id) & (Comment.id == ranked.c.comment_id))
        .join(Account, Account.id == Comment.account_id)
        .outerjoin(Reading, (Reading.account_id == Comment.account_id) & (Reading.comment_id == Comment.id))
        .where(ranked.c.place <= listed)
        .order_by(ranked.c.alike_id, ranked.c.place)
    )
    names, found = known_names(session), defaultdict(list)
    for number, comment, client, reading, *pressing in rows:
        words = _as_seen(comment, reading, reader, names)
        line = SaidAlike(
            comment.public_id, client, excerpt(words, _LONG), comment.said_at, sign_words(*pressing)
        )
        found[number].append(line)
    return found


def _as_seen(comment: Comment, reading: Reading | None, reader: Principal | None, names: Names) -> str:
    sight = (
        sight_of_words(reader, comment.kind, wants_senior=comment.wants_senior) if reader else Sight.MASKED
    )
    if sight is Sight.CLOSED:
        return ""
    return comment.text if sight is Sight.OPEN else mask(comment.text, masks_of(reading), names)


@cache
def signs() -> tuple[ColumnElement[str], ColumnElement[int | None], ColumnElement[bool]]:
    """Why a comment presses: who asks what, how bad it is, and whether only the machine says how bad."""
    said = func.coalesce(said_severity(Comment.account_id, Comment.id), Comment.hurt)
    asks = case(
        (wants_senior(), "someone senior should see this"),
        (Comment.kind == "termination", "gave notice"),
        (may_leave(), "may leave"),
        (may_be_leaving(), "may leave?"),
        (may_want_senior(), "someone senior?"),
        else_="",
    )
    return asks, severity_of(Comment.account_id, Comment.id), said.is_(None)


def sign_words(asks: str, level: int | None, is_guessed: bool) -> str:  # noqa: FBT001 - a row's columns
    """What `signs` found as words; empty where nothing presses."""
    if asks or level is None or level <= 1:
        return asks
    return SEVERITY[level] + ("?" if is_guessed else "")
