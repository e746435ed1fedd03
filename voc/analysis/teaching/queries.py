"""What was learned and how far reading again is, for pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from voc.access.models import User
from voc.analysis.models import Rereading, Theme, ThemeHead, ThemeMove
from voc.analysis.teaching import lessons
from voc.analysis.teaching.rules import may_tell
from voc.intake.models import Comment

_MOST_MOVED = 6


@dataclass(frozen=True, slots=True)
class ThemeLearned:
    """What one theme learned: of `seen` held-out comments `were` are of it, `called` were given it, `right` of these rightly."""

    public_id: str
    key: str
    name: str
    corrections: int
    called: int
    right: int
    were: int
    seen: int
    learned_at: datetime

    @property
    def may_tell(self) -> bool:
        """Whether enough comments were held out to say how often it is right."""
        return may_tell(were=self.were, seen=self.seen)


@dataclass(frozen=True, slots=True)
class Moved:
    """How many comments got or lost one theme in one reading again."""

    key: str
    name: str
    gained: bool
    number: int


@dataclass(frozen=True, slots=True)
class Learning:
    """The themes that learned, by name; `goes_on` while newer corrections wait for the training worker.

    `moved` is what one theme got and lost when comments were last read again.
    """

    themes: tuple[ThemeLearned, ...]
    goes_on: bool
    moved: tuple[Moved, ...] = ()


@dataclass(frozen=True, slots=True)
class Again:
    """One reading again; `by` is None where the machine wanted it itself, `other_moves` what `moved` leaves out."""

    everything: bool
    by: str | None
    began_at: datetime | None
    ended_at: datetime | None
    stopped: bool
    total: int
    done: int
    changed: int
    moved: tuple[Moved, ...] = ()
    other_moves: int = 0


@dataclass(frozen=True, slots=True)
class ReadingAgain:
    """What is being read again, and what was last; `may_start` where this person may ask for everything."""

    now: Again | None
    last: Again | None
    may_start: bool
    everything_waits: bool


def learning(session: Session, *, key: str | None = None) -> Learning:
    """What the themes in use learned from people, or only the theme of `key`; those nobody spoke of are absent."""
    last = select(ThemeHead.theme_id, func.max(ThemeHead.version).label("version")).group_by(
        ThemeHead.theme_id
    )
    latest = last.subquery()
    query = (
        select(ThemeHead, Theme)
        .join(latest, (latest.c.theme_id == ThemeHead.theme_id) & (latest.c.version == ThemeHead.version))
        .join(Theme, Theme.id == ThemeHead.theme_id)
        .where(Theme.retired_at.is_(None), ThemeHead.learned_from > 0)
        .order_by(Theme.name)
    )
    rows = session.execute(query if key is None else query.where(Theme.key == key))
    found = tuple(
        ThemeLearned(
            theme.public_id, theme.key, theme.name, head.learned_from, head.called, head.right, head.were,
            head.held_out, head.trained_at,
        )
        for head, theme in rows
    )  # fmt: skip
    moved = () if key is None else moved_last(session, [key])
    return Learning(found, lessons.is_anything_new(session), moved)


def moved_last(session: Session, keys: Sequence[str], *, since: datetime | None = None) -> tuple[Moved, ...]:
    """What these themes got and lost when comments were last read again, and that was after `since`."""
    last = _last(session)
    if last is None or (since is not None and (last.began_at is None or last.began_at < since)):
        return ()
    return tuple(one for one in _moved(session, last.id) if one.key in keys)


def _last(session: Session) -> Rereading | None:
    return session.scalar(
        select(Rereading)
        .where(Rereading.done > 0)
        .order_by(Rereading.ended_at.is_not(None), Rereading.ended_at.desc(), Rereading.id.desc())
        .limit(1)
    )


def reading_again(session: Session, *, may_start: bool) -> ReadingAgain:
    """How far reading again is."""
    open_ones = select(Rereading, User.name).outerjoin(User, User.id == Rereading.wanted_by_id)
    waiting = session.execute(
        open_ones.where(Rereading.ended_at.is_(None)).order_by(Rereading.everything, Rereading.id)
    ).all()
    ended = session.execute(
        open_ones.where(Rereading.ended_at.is_not(None), Rereading.done > 0)
        .order_by(Rereading.ended_at.desc(), Rereading.id.desc())
        .limit(1)
    ).all()
    return ReadingAgain(
        _again(session, *waiting[0]) if waiting else None,
        _again(session, *ended[0]) if ended else None,
        may_start,
        any(row.everything for row, _ in waiting),
    )


def _again(session: Session, row: Rereading, by: str | None) -> Again:
    done = min(row.done, row.total)
    return Again(
        row.everything, by, row.began_at, row.ended_at, row.stopped, row.total, done, row.changed,
        (moved := _moved(session, row.id))[:_MOST_MOVED], sum(one.number for one in moved[_MOST_MOVED:]),
    )  # fmt: skip


def _moved(session: Session, rereading_id: int) -> tuple[Moved, ...]:
    """What moved, the most first; a theme out of use counts where it was merged."""
    number = func.count()
    rows = session.execute(
        select(Theme.key, Theme.name, ThemeMove.gained, number)
        .join(ThemeMove, ThemeMove.theme_id == Theme.id)
        .where(ThemeMove.rereading_id == rereading_id)
        .group_by(Theme.key, Theme.name, ThemeMove.gained)
        .order_by(number.desc(), Theme.name)
    )
    return tuple(Moved(*row) for row in rows)


def moved_comments(session: Session, theme_keys: Sequence[str], *, gained: bool) -> ColumnElement[bool]:
    """Whether a comment got, or lost, one of these themes when comments were last read again."""
    last = _last(session)
    mine = (ThemeMove.account_id == Comment.account_id) & (ThemeMove.comment_id == Comment.id)
    ids = select(Theme.id).where(Theme.key.in_(theme_keys))
    wanted = (
        (ThemeMove.rereading_id == (last.id if last else None))
        & (ThemeMove.gained == gained)
        & ThemeMove.theme_id.in_(ids)
    )
    return exists(select(ThemeMove.theme_id).where(mine, wanted))
