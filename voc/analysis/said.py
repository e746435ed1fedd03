"""Comments as a list: those the machine gave a theme, or all, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session, aliased

from voc.access.rules import Sight, sight_of_words
from voc.accounts.models import Account, Contact
from voc.analysis.models import Label, Reading, ReadingTheme, Theme
from voc.analysis.queries import masks_of
from voc.analysis.say import excerpt
from voc.core.errors import NotFound
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
    """One page of comments; `theme` is the name of the theme asked for, None for all."""

    theme: str | None
    since: datetime
    total: int
    rows: tuple[SaidRow, ...]


BY = {
    "machine": "as the machine reads them",
    "added": "where people added it",
    "taken": "where people took it away",
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
    """Comments of the window, newest first; raises NotFound for an unknown theme or `by`, a key of BY."""
    theme = session.scalar(select(Theme).where(Theme.key == theme_key)) if theme_key else None
    if (theme_key and theme is None) or by not in BY:
        raise NotFound
    since = window_end(session) - timedelta(weeks=DEFAULT.window_weeks)
    wanted = [Comment.said_at >= since, *([_about(theme, by)] if theme else [])]
    total = session.scalar(select(func.count()).select_from(Comment).where(*wanted)) or 0
    rows = session.execute(
        select(Comment, Account.name, Reading)
        .join(Account, Account.id == Comment.account_id)
        .outerjoin(Reading, (Reading.account_id == Comment.account_id) & (Reading.comment_id == Comment.id))
        .where(*wanted)
        .order_by(Comment.said_at.desc(), Comment.id)
        .limit(limit)
        .offset(offset)
    ).all()
    names = list(session.scalars(select(Contact.name)))
    shown = [
        SaidRow(one.public_id, name, one.said_at, _words(principal, one, reading, names))
        for one, name, reading in rows
    ]
    return SaidList(theme.name if theme else None, since, total, tuple(shown))


def _about(theme: Theme, by: str) -> ColumnElement[bool]:
    if by == "machine":
        mine = (ReadingTheme.account_id == Comment.account_id) & (ReadingTheme.comment_id == Comment.id)
        return exists(select(ReadingTheme.score).where(mine, ReadingTheme.theme_id == theme.id))
    # The newest label of a comment and theme counts; keys rise with time.
    later = aliased(Label)
    newest = (
        select(func.max(later.id))
        .where(later.account_id == Comment.account_id, later.comment_id == Comment.id)
        .where(later.kind == "theme", later.value == theme.key)
        .correlate(Comment)
        .scalar_subquery()
    )
    mine = (Label.account_id == Comment.account_id) & (Label.comment_id == Comment.id)
    return exists(
        select(Label.at).where(mine, Label.id == newest, Label.holds.is_(by == "added")).correlate(Comment)
    )


def _words(principal: Principal, comment: Comment, reading: Reading | None, names: Sequence[str]) -> str:
    sight = sight_of_words(principal, comment.kind, wants_senior=comment.wants_senior)
    if sight is Sight.CLOSED:
        return ""
    if sight is Sight.OPEN:
        return excerpt(comment.text)
    said_here = comment.text.casefold()
    return excerpt(
        mask(comment.text, masks_of(reading), [name for name in names if name.casefold() in said_here])
    )
