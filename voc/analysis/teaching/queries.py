"""What was learned and how far reading again is, for pages."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from voc.access.models import User
from voc.analysis.models import Rereading, Theme, ThemeHead
from voc.analysis.teaching import lessons
from voc.analysis.teaching.rules import may_tell


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
class Learning:
    """The themes that learned, by name; `goes_on` while newer corrections wait for the training worker."""

    themes: tuple[ThemeLearned, ...]
    goes_on: bool


@dataclass(frozen=True, slots=True)
class Again:
    """One reading again; `by` is None where the machine wanted it itself."""

    everything: bool
    by: str | None
    began_at: datetime | None
    ended_at: datetime | None
    stopped: bool
    total: int
    done: int
    changed: int


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
    return Learning(found, lessons.is_anything_new(session))


def reading_again(session: Session, *, may_start: bool) -> ReadingAgain:
    """How far reading again is."""
    open_ones = select(Rereading, User.name).outerjoin(User, User.id == Rereading.wanted_by_id)
    waiting = session.execute(
        open_ones.where(Rereading.ended_at.is_(None)).order_by(Rereading.everything, Rereading.id)
    ).all()
    ended = session.execute(
        open_ones.where(Rereading.ended_at.is_not(None), Rereading.done > 0)
        .order_by(Rereading.ended_at.desc())
        .limit(1)
    ).all()
    return ReadingAgain(
        _again(*waiting[0]) if waiting else None,
        _again(*ended[0]) if ended else None,
        may_start,
        any(row.everything for row, _ in waiting),
    )


def _again(row: Rereading, by: str | None) -> Again:
    done = min(row.done, row.total)
    return Again(row.everything, by, row.began_at, row.ended_at, row.stopped, row.total, done, row.changed)
