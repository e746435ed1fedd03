"""Makes themes the ones in force, and takes one change back."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from voc.access.audit import record
from voc.analysis.models import Theme, ThemeDraft, ThemeVersion
from voc.analysis.teaching import rereading
from voc.analysis.themes.returning import differ_only_in_names
from voc.analysis.themes.rules import changed
from voc.analysis.themes.sentences import done
from voc.analysis.themes.state import Themes, ThemeState
from voc.analysis.themes.versions import current, current_number, history, keep, keep_first, themes_of
from voc.analysis.themes.wishes import TakeBack
from voc.core import clock, ids
from voc.core.errors import Conflict, NotFound
from voc.db.scope import principal_of
from voc.db.session import ring_later
from voc.jobs import PREVIEW, TRAIN


def write(
    session: Session, themes: Themes, *, act: str, words: str, was_looked_at: bool = True
) -> ThemeVersion:
    """Makes `themes` the ones in force, as a new version.

    The machine learns what changed and reads the window again; all open wishes are looked at anew.

    Raises Conflict when somebody else was there in the same moment.
    """
    before = current(session)
    keep_first(session, before)
    _write_rows(session, before.themes, themes)
    row = keep(session, before.number + 1, themes, act, words, was_looked_at=was_looked_at)
    record(session, f"theme.{act}", f"themes {row.number}", words=words, was_looked_at=was_looked_at)
    _look_anew(session)
    rereading.want(session, by_id=principal_of(session).user_id)
    ring_later(session, TRAIN)
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
    """Puts back at once what one version changed, as a new version; what others changed elsewhere stays.

    Raises Conflict when the same themes were changed since, or can no longer stand as they stood.
    """
    wanted, now = taking_back(session, number), current(session)
    earlier = {number: themes_of(session, number), number - 1: themes_of(session, number - 1)}
    try:
        themes = changed(now.themes, wanted, earlier)
    except Conflict as error:
        newest = history(session, limit=1)[0]
        raise Conflict(f"{error.message} Last, {newest.by or 'somebody'} {newest.words}.") from error
    return write(session, themes, act="undo", words=done(now.themes, wanted))


def taking_back(session: Session, number: int) -> TakeBack:
    """The wish to take back what one version changed; NotFound for the first and one that never was."""
    row = session.get(ThemeVersion, number) if number > 1 else None
    if row is None:
        raise NotFound
    return TakeBack(number, row.words)


def may_take_back_at_once(session: Session, number: int) -> bool:
    """Whether nobody needs to look first: it is what was done just now, or only a name."""
    taking_back(session, number)
    if number == current_number(session):
        return True
    return differ_only_in_names(themes_of(session, number - 1), themes_of(session, number))
