"""Reading again: which comments, how far it is, and what is kept of it.

One row is one look over the comments, newest first; its place is kept with each batch, so that a stop
loses nothing. Reading again puts nothing in line for the grouping, touches no label and not the first
reading, and an alarm may fall silent but never rings: those ring when a comment comes in.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, func, select, update
from sqlalchemy.orm import Session

from voc.analysis.models import Reading, ReadingTheme, Rereading, Theme, ThemeMove
from voc.analysis.queries import Key, given_theme_ids, theme_ids
from voc.analysis.service import ReadComment, only_given, replace_readings
from voc.core import clock, ids
from voc.core.policy import DEFAULT
from voc.db import lease
from voc.db.among import among
from voc.db.session import ring_later
from voc.db.upsert import insert_or_replace
from voc.intake.models import Comment
from voc.intake.queries import window_end
from voc.jobs import READ, tell

LEASE = "rereading"
_Shown = tuple[float, int | None, int | None, str]


@dataclass(frozen=True, slots=True)
class Batch:
    """Comments to read again now, held by lease."""

    rereading_id: int
    token: int
    keys: tuple[Key, ...]


def want(session: Session, *, everything: bool = False, by_id: int | None = None) -> None:
    """Has the window, or everything, read again once fresh comments are done; wanted twice, it is done once."""
    waiting = select(Rereading.id).where(Rereading.ended_at.is_(None), Rereading.everything.is_(everything))
    if not everything:  # one that has begun may have passed comments that changed since
        waiting = waiting.where(Rereading.began_at.is_(None))
    if session.scalar(waiting.limit(1)) is None:
        session.add(
            Rereading(id=ids.new_id(), everything=everything, wanted_by_id=by_id, wanted_at=clock.now())
        )
        session.flush()
    ring_later(session, READ)


def stop(session: Session) -> bool:
    """Ends the reading again of everything; gives whether one ran. What was read again stays."""
    ended = session.execute(
        update(Rereading)
        .where(Rereading.ended_at.is_(None), Rereading.everything)
        .values(ended_at=clock.now(), stopped=True)
        .returning(Rereading.id)
        .execution_options(synchronize_session=False)
    ).all()
    return bool(ended)


def is_wanted(session: Session) -> bool:
    """Whether anything is to be read again."""
    return session.scalar(select(Rereading.id).where(Rereading.ended_at.is_(None)).limit(1)) is not None


def claim(session: Session, version: str, *, limit: int) -> Batch | None:
    """The next comments that were not read with `version`; None when there are none or another worker is at it."""
    if not is_wanted(session) or (token := lease.take(session, LEASE)) is None:
        return None
    while (row := _next(session)) is not None:
        since = None if row.everything else _since(session)
        if row.began_at is None:
            row.began_at = clock.now()
            row.total = session.scalar(_count(version, since)) or 0
        keys = session.execute(_keys(version, since, row.below, limit)).all()
        if keys:
            session.flush()
            return Batch(row.id, token, tuple((account, comment) for account, comment in keys))
        row.ended_at, row.done = clock.now(), row.total
        session.flush()
    lease.give_back(session, LEASE, token)
    return None


def _next(session: Session) -> Rereading | None:
    waiting = select(Rereading).where(Rereading.ended_at.is_(None))
    return session.scalar(waiting.order_by(Rereading.everything, Rereading.id).limit(1))


def _since(session: Session) -> datetime:
    return window_end(session) - timedelta(weeks=DEFAULT.window_weeks)


def _mine() -> ColumnElement[bool]:
    return and_(Comment.account_id == Reading.account_id, Comment.id == Reading.comment_id)


def _count(version: str, since: datetime | None) -> Select[int]:
    query = select(func.count()).select_from(Reading).where(Reading.version != version)
    return query if since is None else query.join(Comment, _mine()).where(Comment.said_at >= since)


def _keys(version: str, since: datetime | None, below: int | None, limit: int) -> Select[int, int]:
    query = select(Reading.account_id, Reading.comment_id).where(Reading.version != version)
    if since is not None:
        query = query.join(Comment, _mine()).where(Comment.said_at >= since)
    if below is not None:
        query = query.where(Reading.comment_id < below)
    return query.order_by(Reading.comment_id.desc()).limit(limit)


def store(session: Session, batch: Batch, readings: Sequence[ReadComment]) -> int:
    """Keeps what was read again and moves on; gives how many comments have other themes now.

    A worker that lost its lease stores nothing. A comment of the batch without a reading is passed over.
    """
    if not lease.keep(session, LEASE, batch.token):
        return 0
    changed = _renew(session, batch.rereading_id, readings) if readings else 0
    session.execute(
        update(Rereading)
        .where(Rereading.id == batch.rereading_id)
        .values(
            done=Rereading.done + len(batch.keys),
            changed=Rereading.changed + changed,
            below=min(comment for _, comment in batch.keys),
        )
        .execution_options(synchronize_session=False)
    )
    lease.give_back(session, LEASE, batch.token)
    return changed


def _renew(session: Session, rereading_id: int, readings: Sequence[ReadComment]) -> int:
    readings = only_given(readings, given_theme_ids(session))
    keys = [(one.account_id, one.comment_id) for one in readings]
    stood, seen = _stood(session, keys), _seen(session, keys)
    calm = [
        _without_new_alarms(one, stood[key]) for key, one in zip(keys, readings, strict=True) if key in stood
    ]
    other = [one for one in calm if _is_other(one, stood, seen)]
    replace_readings(session, other)
    _keep_moves(session, rereading_id, other, seen)
    written = {(one.account_id, one.comment_id) for one in other}
    same = [key for key in stood if key not in written]
    if same:
        session.execute(
            update(Reading)
            .where(among(session, (Reading.account_id, Reading.comment_id), same))
            .values(version=calm[0].version, read_at=clock.now())
            .execution_options(synchronize_session=False)
        )
    worse = [
        (one.account_id, one.comment_id)
        for one in other
        if (one.severity.level if one.severity else None) != stood[one.account_id, one.comment_id].severity
    ]
    tell(session, "comments_changed", worse)
    return sum(
        {theme.key for theme in one.themes} != set(seen.get((one.account_id, one.comment_id), {}))
        for one in other
    )


def _keep_moves(
    session: Session, rereading_id: int, readings: Sequence[ReadComment], seen: dict[Key, dict[str, _Shown]]
) -> None:
    """Which themes each comment got and lost, so that people can look at what a correction moved."""
    themes = theme_ids(session)
    rows = []
    for one in readings:
        before = set(seen.get((one.account_id, one.comment_id), {}))
        after = {theme.key for theme in one.themes}
        place = {"account_id": one.account_id, "comment_id": one.comment_id, "rereading_id": rereading_id}
        rows += [
            place | {"theme_id": themes[key], "gained": key in after}
            for key in before ^ after
            if key in themes
        ]
    if rows:
        keys = ("account_id", "comment_id", "theme_id")
        insert_or_replace(session, ThemeMove, rows, keys=keys, values=("rereading_id", "gained"))


@dataclass(frozen=True, slots=True)
class _Stood:
    version: str
    severity: int | None
    escalation: bool
    departure: bool


def _stood(session: Session, keys: Sequence[Key]) -> dict[Key, _Stood]:
    rows = session.execute(
        select(
            Reading.account_id, Reading.comment_id, Reading.version, Reading.severity,
            Reading.escalation.is_not(None), Reading.departure.is_not(None),
        ).where(among(session, (Reading.account_id, Reading.comment_id), keys))
    )  # fmt: skip
    return {
        (account, comment): _Stood(version, severity, bool(escalation), bool(departure))
        for account, comment, version, severity, escalation, departure in rows
    }


def _seen(session: Session, keys: Sequence[Key]) -> dict[Key, dict[str, _Shown]]:
    rows = session.execute(
        select(ReadingTheme, Theme.key)
        .join(Theme, Theme.id == ReadingTheme.theme_id)
        .where(among(session, (ReadingTheme.account_id, ReadingTheme.comment_id), keys))
    )
    found: dict[Key, dict[str, _Shown]] = {}
    for row, key in rows:
        shown = (row.score, row.starts_at, row.ends_at, row.reason)
        found.setdefault((row.account_id, row.comment_id), {})[key] = shown
    return found


def _without_new_alarms(one: ReadComment, stood: _Stood) -> ReadComment:
    return replace(
        one,
        escalation=one.escalation if stood.escalation else None,
        departure=one.departure if stood.departure else None,
    )


def _is_other(one: ReadComment, stood: dict[Key, _Stood], seen: dict[Key, dict[str, _Shown]]) -> bool:
    """Whether more than the version changed; with the same pipeline only themes can."""
    key = (one.account_id, one.comment_id)
    now = {theme.key: (theme.score, theme.starts_at, theme.ends_at, theme.reason) for theme in one.themes}
    return pipeline_of(one.version) != pipeline_of(stood[key].version) or now != seen.get(key, {})


def pipeline_of(version: str) -> str:
    """The pipeline's part of a reading's version: "2026.11.7" of "2026.11.7+12"."""
    return version.partition("+")[0]


def set_of(version: str) -> int | None:
    """The model set's part of a reading's version: 12 of "2026.11.7+12"; None where there is none."""
    number = version.partition("+")[2]
    return int(number) if number.isdigit() else None
