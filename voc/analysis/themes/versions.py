"""The themes as they stand, and every version they had."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from voc.access.models import User
from voc.analysis.models import Theme, ThemeVersion
from voc.analysis.themes.state import Taught, Themes, ThemeState, from_stored, to_stored
from voc.core import clock
from voc.core.errors import Conflict, NotFound
from voc.db.scope import principal_of

FIRST = "as they were at the beginning"


@dataclass(frozen=True, slots=True)
class Current:
    """The themes now and the number of their version."""

    number: int
    themes: Themes


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version: who made it when, and what was changed; `is_now` is the one in force."""

    number: int
    words: str
    by: str | None
    at: datetime
    was_looked_at: bool
    is_now: bool


def current(session: Session) -> Current:
    """The themes as they stand, retired ones too."""
    return Current(current_number(session), _themes(session))


def current_number(session: Session) -> int:
    """The number of the version in force; 1 before the first change."""
    return session.scalar(select(func.max(ThemeVersion.number))) or 1


def _themes(session: Session) -> dict[str, ThemeState]:
    rows = list(session.scalars(select(Theme)))
    keys = {row.id: row.key for row in rows}
    return {row.key: _state(row, keys) for row in rows}


def _state(row: Theme, keys: dict[int, str]) -> ThemeState:
    return ThemeState(
        key=row.key,
        name=row.name,
        description=row.description,
        examples=tuple(row.examples),
        taught_by=tuple(_taught(one) for one in row.taught_by or ()),
        parent=keys.get(row.parent_id or 0),
        is_retired=row.retired_at is not None,
        merged_into=keys.get(row.merged_into_id or 0),
        reads_as=row.reads_as,
    )


def _taught(stored: Sequence[object]) -> Taught:
    comment, start, end = stored
    return Taught(
        str(comment), int(str(start)) if start is not None else None, int(str(end)) if end is not None else None
    )  # fmt: skip


def themes_of(session: Session, number: int) -> Themes:
    """The themes of one version; raises NotFound for a number that never was."""
    row = session.get(ThemeVersion, number)
    if row is None:
        if number == current_number(session):
            return _themes(session)
        raise NotFound
    return from_stored(row.themes)


def note_shipped(session: Session) -> None:
    """Keeps as a version what this release brought along, where people have changed the themes before."""
    if session.scalar(select(ThemeVersion.number).limit(1)) is not None:
        number = current_number(session) + 1
        keep(session, number, _themes(session), "shipped", "brought new themes with a release")


def keep_first(session: Session, before: Current) -> None:
    """Keeps the themes before the first change, so that it can be taken back."""
    if session.scalar(select(ThemeVersion.number).limit(1)) is None:
        began = session.scalar(select(func.min(Theme.created_at))) or clock.now()
        session.add(
            ThemeVersion(
                number=before.number, act="first", words=FIRST, themes=to_stored(before.themes), by_id=None,
                at=began, was_looked_at=True,
            )
        )  # fmt: skip
        session.flush()


def keep(
    session: Session, number: int, themes: Themes, act: str, words: str, *, was_looked_at: bool = True
) -> ThemeVersion:
    """Keeps one version; raises Conflict when somebody else was there in the same moment."""
    row = ThemeVersion(
        number=number, act=act, words=words, themes=to_stored(themes), by_id=principal_of(session).user_id,
        at=clock.now(), was_looked_at=was_looked_at,
    )  # fmt: skip
    session.add(row)
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict(
            "Somebody changed the themes in this very moment. Look at them as they are now."
        ) from error
    return row


def history(session: Session, *, limit: int | None = None, offset: int = 0) -> tuple[VersionRow, ...]:
    """The versions, newest first."""
    now = current_number(session)
    rows = session.execute(
        select(ThemeVersion, User.name)
        .outerjoin(User, User.id == ThemeVersion.by_id)
        .order_by(ThemeVersion.number.desc())
        .limit(limit)
        .offset(offset)
    )
    return tuple(
        VersionRow(row.number, row.words, by, row.at, row.was_looked_at, row.number == now) for row, by in rows
    )  # fmt: skip


def by_whom(session: Session, by: str | None) -> str:
    """Who made a version, as a sentence about it begins: "You" to whoever did it, in another tab perhaps."""
    return "You" if by and by == principal_of(session).name else by or "Somebody"


def who_wrote(session: Session, key: str, *, since: int) -> tuple[str, ...]:
    """Who changed a theme in the versions after `since`, each once, the latest last."""
    rows = session.execute(
        select(ThemeVersion.number, ThemeVersion.themes, User.name)
        .outerjoin(User, User.id == ThemeVersion.by_id)
        .where(ThemeVersion.number >= since)
        .order_by(ThemeVersion.number)
    ).all()
    stood = [from_stored(row.themes).get(key) for row in rows]
    by = [
        row.name for row, was, one in zip(rows[1:], stood, stood[1:], strict=False) if was != one and row.name
    ]
    return tuple(dict.fromkeys(by))


def version(session: Session, number: int) -> VersionRow:
    """One version; raises NotFound for a number that never was."""
    found = session.execute(
        select(ThemeVersion, User.name)
        .outerjoin(User, User.id == ThemeVersion.by_id)
        .where(ThemeVersion.number == number)
    ).first()
    if found is None:
        raise NotFound
    row, by = found
    is_now = number == current_number(session)
    return VersionRow(number, row.words, by, row.at, row.was_looked_at, is_now)
