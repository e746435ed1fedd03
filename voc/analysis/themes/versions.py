"""The themes as they stand, and every version they had: written, looked at, undone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from voc.access.audit import record
from voc.access.models import User
from voc.analysis.models import Theme, ThemeDraft, ThemeVersion
from voc.analysis.themes.rules import check_whole
from voc.analysis.themes.state import Taught, Themes, ThemeState, from_stored, to_stored
from voc.core import clock, ids
from voc.core.errors import Conflict, NotFound
from voc.db.scope import principal_of
from voc.db.session import ring_later
from voc.jobs import PREVIEW

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


def write(
    session: Session, themes: Themes, *, act: str, words: str, was_looked_at: bool = True
) -> ThemeVersion:
    """Makes `themes` the ones in force, as a new version; all open wishes are looked at anew.

    Raises Conflict when somebody else was there in the same moment.
    """
    before = current(session)
    _keep_first(session, before)
    _write_rows(session, before.themes, themes)
    row = _keep(session, before.number + 1, themes, act, words, was_looked_at=was_looked_at)
    record(session, f"theme.{act}", f"themes {row.number}", words=words, was_looked_at=was_looked_at)
    _look_anew(session)
    return row


def note_shipped(session: Session) -> None:
    """Keeps as a version what this release brought along, where people have changed the themes before."""
    if session.scalar(select(ThemeVersion.number).limit(1)) is not None:
        number = current_number(session) + 1
        _keep(session, number, _themes(session), "shipped", "brought new themes with a release")


def _keep_first(session: Session, before: Current) -> None:
    if session.scalar(select(ThemeVersion.number).limit(1)) is None:
        began = session.scalar(select(func.min(Theme.created_at))) or clock.now()
        session.add(
            ThemeVersion(
                number=before.number, act="first", words=FIRST, themes=to_stored(before.themes), by_id=None,
                at=began, was_looked_at=True,
            )
        )  # fmt: skip
        session.flush()


def _keep(
    session: Session, number: int, themes: Themes, act: str, words: str, *, was_looked_at: bool = True
) -> ThemeVersion:
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


def _write_rows(session: Session, before: Themes, after: Themes) -> None:
    now = clock.now()
    for key in sorted(set(after) - set(before)):
        session.add(
            Theme(
                id=ids.new_id(), public_id=ids.new_public_id(), key=key, name=after[key].name, description="",
                examples=[], created_at=now,
            )
        )  # fmt: skip
    session.flush()
    rows = {row.key: row for row in session.scalars(select(Theme))}
    for key, one in after.items():
        if before.get(key) != one:
            _write_row(rows[key], one, rows, now)
    session.flush()


def _write_row(row: Theme, one: ThemeState, rows: dict[str, Theme], now: datetime) -> None:
    row.name, row.description, row.examples = one.name, one.description, list(one.examples)
    row.reads_as = one.reads_as
    row.taught_by = [[taught.comment, taught.starts_at, taught.ends_at] for taught in one.taught_by]
    row.parent_id = rows[one.parent].id if one.parent else None
    merged = rows[one.merged_into].id if one.merged_into else None
    if not one.is_retired:
        row.retired_at = None
    elif row.retired_at is None or row.merged_into_id != merged:
        row.retired_at = now  # from now on the other one counts
    row.merged_into_id = merged


def _look_anew(session: Session) -> None:
    open_ones = ThemeDraft.state.in_(("waiting", "ready", "failed"))
    waiting = {"state": "waiting", "tries": 0, "looked": 0, "mark": ids.new_id(), "moved_at": clock.now()}
    session.execute(update(ThemeDraft).where(open_ones).values(**waiting))
    ring_later(session, PREVIEW)


def undo(session: Session, number: int) -> ThemeVersion:
    """Puts back what one version changed, as a new version; what others changed elsewhere stays.

    Raises Conflict when the same themes were changed since, or can no longer stand as they stood.
    """
    if number <= 1 or session.get(ThemeVersion, number) is None:
        raise NotFound
    after, before, now = themes_of(session, number), themes_of(session, number - 1), current(session)
    touched = {key for key in after if before.get(key) != after[key]}
    if any(now.themes.get(key) != after[key] for key in touched):
        raise Conflict(_changed_since(session, number))
    gone = {key: replace(after[key], is_retired=True, merged_into=None) for key in touched - set(before)}
    put_back = {key: before[key] for key in touched & set(before)}
    themes = {**now.themes, **gone, **put_back}
    check_whole(themes)
    row = session.get_one(ThemeVersion, number)
    return write(session, themes, act="undo", words=f"took back version {number}: {row.words}")


def _changed_since(session: Session, number: int) -> str:
    newest = history(session, limit=1)[0]
    by = newest.by or "Somebody"
    return (
        f"The same theme was changed again since then. Last, {by} {newest.words}. "
        f"You can bring back the themes as they were before, in version {number - 1}, on the page of versions."
    )


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
