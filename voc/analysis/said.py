"""Comments as a list: those the machine gave a theme, or all, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, func, select, tuple_
from sqlalchemy.orm import Session

from voc.access.rules import Sight, sight_of_words
from voc.accounts.models import Account
from voc.accounts.names import known_names
from voc.analysis.models import Reading, ReadingTheme, Theme
from voc.analysis.queries import masks_of
from voc.analysis.say import excerpt
from voc.analysis.teaching.lessons import spoken
from voc.analysis.teaching.queries import moved_comments
from voc.analysis.themes.counting import commented, verdicts_since
from voc.analysis.themes.retired import had_until_then
from voc.analysis.themes.state import children, family_of, root_of
from voc.analysis.themes.versions import current
from voc.core.errors import NotFound
from voc.core.names import Names
from voc.core.policy import DEFAULT
from voc.core.principal import Principal
from voc.core.text import mask
from voc.intake.models import Comment
from voc.intake.queries import window_end


@dataclass(frozen=True, slots=True)
class SaidRow:
    """One comment by how it begins, masked where this person may not read it as written."""

    public_id: str
    account: str
    said_at: datetime
    words: str


@dataclass(frozen=True, slots=True)
class SaidList:
    """One page of comments; `theme` is the name of the theme asked for, None for all, and `with_others` those under it."""

    theme: str | None
    with_others: tuple[str, ...]
    since: datetime
    total: int
    rows: tuple[SaidRow, ...]


BY = {
    "machine": "as the machine reads them",
    "added": "where people added it",
    "taken": "where people took it away",
    "gained": "that got it when they were last read again",
    "lost": "that lost it when they were last read again",
    "until_then": "that had it when it was taken out of use",
    "spoke": "where people said yes or no to it",
}


def said(
    session: Session,
    principal: Principal,
    theme_key: str | None,
    *,
    by: str = "machine",
    limit: int,
    offset: int,
) -> SaidList:
    """Comments of the window, newest first; raises NotFound for an unknown theme or `by`, a key of BY.

    A theme's list holds those under it too, and those merged into it; a merged one shows what counts for it.
    Where people spoke of it are all comments that teach it, however old.
    """
    if by not in BY:
        raise NotFound
    since = window_end(session) - timedelta(weeks=DEFAULT.window_weeks)
    asked = _asked(session, theme_key) if theme_key else _Asked(None, "", (), ())
    if asked.name is not None and by == "spoke":
        keys = spoken(session, asked.root)
        chosen = [tuple_(Comment.account_id, Comment.id).in_(keys[offset : offset + limit])]
        first = session.scalar(
            select(func.min(Comment.said_at)).where(tuple_(Comment.account_id, Comment.id).in_(keys))
        )
        return SaidList(
            asked.name, (), first or since, len(keys), _rows(session, principal, chosen, limit=limit)
        )
    if asked.name is not None and by in {"gained", "lost", "until_then"}:
        moved = [
            had_until_then(asked.root)
            if by == "until_then"
            else moved_comments(session, asked.family, gained=by == "gained")
        ]
        total = session.scalar(select(func.count()).select_from(Comment).where(*moved)) or 0
        rows = _rows(session, principal, moved, limit=limit, offset=offset)
        return SaidList(asked.name, asked.below, since, total, rows)
    if asked.name is not None and by != "machine":
        keys = commented(verdicts_since(session, since), asked.family, holds=by == "added")
        shown = keys[offset : offset + limit]
        rows = _rows(session, principal, [tuple_(Comment.account_id, Comment.id).in_(shown)], limit=limit)
        return SaidList(asked.name, asked.below, since, len(keys), rows)
    wanted = [Comment.said_at >= since, *([_read_as(asked.family)] if asked.name is not None else [])]
    total = session.scalar(select(func.count()).select_from(Comment).where(*wanted)) or 0
    rows = _rows(session, principal, wanted, limit=limit, offset=offset)
    return SaidList(asked.name, asked.below, since, total, rows)


@dataclass(frozen=True, slots=True)
class _Asked:
    name: str | None
    root: str
    below: tuple[str, ...]
    family: tuple[str, ...]


def _asked(session: Session, key: str) -> _Asked:
    themes = current(session).themes
    if key not in themes:
        raise NotFound
    root = root_of(themes, key)
    below = tuple(one.name for one in children(themes, root))
    return _Asked(themes[root].name, root, below, family_of(themes, root))


def _read_as(family: Sequence[str]) -> ColumnElement[bool]:
    mine = (ReadingTheme.account_id == Comment.account_id) & (ReadingTheme.comment_id == Comment.id)
    ids = select(Theme.id).where(Theme.key.in_(family))
    return exists(select(ReadingTheme.score).where(mine, ReadingTheme.theme_id.in_(ids)))


def _rows(
    session: Session,
    principal: Principal,
    wanted: Sequence[ColumnElement[bool]],
    *,
    limit: int,
    offset: int = 0,
) -> tuple[SaidRow, ...]:
    rows = session.execute(
        select(Comment, Account.name, Reading)
        .join(Account, Account.id == Comment.account_id)
        .outerjoin(Reading, (Reading.account_id == Comment.account_id) & (Reading.comment_id == Comment.id))
        .where(*wanted)
        .order_by(Comment.said_at.desc(), Comment.id)
        .limit(limit)
        .offset(offset)
    ).all()
    names = known_names(session)
    return tuple(
        SaidRow(one.public_id, name, one.said_at, _words(principal, one, reading, names))
        for one, name, reading in rows
    )


def _words(principal: Principal, comment: Comment, reading: Reading | None, names: Names) -> str:
    sight = sight_of_words(principal, comment.kind, wants_senior=comment.wants_senior)
    if sight is Sight.CLOSED:
        return ""
    if sight is Sight.OPEN:
        return excerpt(comment.text)
    return excerpt(mask(comment.text, masks_of(reading), names))
