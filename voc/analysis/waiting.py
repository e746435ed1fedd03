"""Comments that wait for a person, queue by queue."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, exists, func, not_, or_, select
from sqlalchemy.orm import Session, aliased

from voc.access.models import Audit
from voc.accounts.models import Account
from voc.analysis.models import Label, Reading, ReadingTheme, Theme
from voc.analysis.raised import newest_says
from voc.analysis.rules import TAKEN
from voc.analysis.say import excerpt
from voc.core import clock
from voc.core.policy import DEFAULT
from voc.db.work import Work
from voc.intake.models import Comment
from voc.intake.queries import window_end

_BEGINNING = 300  # characters of a comment that a list needs
_Condition = Callable[[datetime], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Waiting:
    """One comment in a queue, by how it begins."""

    public_id: str
    account: str
    said_at: datetime
    words: str


def _of_comment(
    model: type[Label] | type[Reading] | type[ReadingTheme] | type[Work],
) -> ColumnElement[bool]:
    return and_(model.account_id == Comment.account_id, model.comment_id == Comment.id)


def _labelled(kind: str, *more: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists(select(Label.id).where(_of_comment(Label), Label.kind == kind, *more))


def _taken_on(kind: str) -> ColumnElement[bool]:
    return _labelled(kind, Label.value == TAKEN)


def _read(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists(select(Reading.version).where(_of_comment(Reading), *conditions))


def _wants_senior() -> ColumnElement[bool]:
    return or_(Comment.wants_senior, Comment.kind == "escalation")


def _senior(since: datetime) -> ColumnElement[bool]:
    return _stands("escalation", _wants_senior(), since)


def _leaving(since: datetime) -> ColumnElement[bool]:
    return _stands("departure", Comment.kind == "termination", since)


def _stands(kind: str, declared: ColumnElement[bool], since: datetime) -> ColumnElement[bool]:
    """What the client declared and nobody of ours spoke of, or our people said, until somebody takes it on."""
    said = and_(
        Comment.said_at >= since, newest_says(kind, holds=True), not_(declared), not_(_taken_on(kind))
    )
    return or_(and_(declared, not_(_labelled(kind))), said)


def _perhaps_senior(since: datetime) -> ColumnElement[bool]:
    proposed = and_(Comment.said_at >= since, _read(Reading.escalation.is_not(None)))
    return and_(not_(_wants_senior()), proposed, not_(_labelled("escalation")))


def _perhaps_leaving(since: datetime) -> ColumnElement[bool]:
    proposed = and_(Comment.said_at >= since, _read(Reading.departure.is_not(None)))
    return and_(Comment.kind != "termination", proposed, not_(_labelled("departure")))


def _sender(_since: datetime) -> ColumnElement[bool]:
    return not_(Comment.sender_confirmed)


def theme_said() -> ColumnElement[bool]:
    """Whether a person said of a comment what it is about, or that none of our themes fits: a no to one theme is neither."""
    later = aliased(Label)
    taken_back = exists().where(
        later.account_id == Label.account_id, later.comment_id == Label.comment_id, later.kind == "theme",
        later.value == Label.value, later.holds.is_(False), later.id > Label.id,
    )  # fmt: skip
    return _labelled("theme", Label.holds.is_(True), not_(taken_back))


def _all_denied() -> ColumnElement[bool]:
    """Whether people took away every theme that the machine gave."""
    root = aliased(Theme)
    denied = exists(select(Label.id).where(_of_comment(Label), Label.kind == "theme", ~Label.holds,
                    or_(Label.value == Theme.key, Label.value == root.key)))  # fmt: skip
    kept = (
        select(ReadingTheme.theme_id)
        .join(Theme, Theme.id == ReadingTheme.theme_id)
        .outerjoin(root, root.id == Theme.merged_into_id)
        .where(_of_comment(ReadingTheme), not_(denied))
    )
    return and_(_labelled("theme", ~Label.holds), not_(exists(kept)))


def _set_aside(_since: datetime) -> ColumnElement[bool]:
    stuck = exists(select(Work.stage).where(_of_comment(Work), Work.set_aside))
    return and_(stuck, not_(theme_said()))


def _unsure(since: datetime) -> ColumnElement[bool]:
    by_machine = _read(Reading.read_by_machine.is_(True))
    open_still = or_(_read(Reading.unsure.is_(True)), _all_denied())
    return and_(Comment.said_at >= since, by_machine, open_still, not_(theme_said()))


def _not_read(since: datetime) -> ColumnElement[bool]:
    return and_(Comment.said_at >= since, _read(not_(Reading.read_by_machine)), not_(theme_said()))


CONDITIONS: Mapping[str, _Condition] = {
    "senior": _senior,
    "leaving": _leaving,
    "perhaps-senior": _perhaps_senior,
    "perhaps-leaving": _perhaps_leaving,
    "sender": _sender,
    "set-aside": _set_aside,
    "unsure": _unsure,
    "not-read": _not_read,
}
_NEWEST_FIRST = frozenset({"unsure", "not-read", "perhaps-senior", "perhaps-leaving"})


def _since(session: Session) -> datetime:
    return window_end(session) - timedelta(weeks=DEFAULT.window_weeks)


def number_waiting(session: Session, queue: str) -> int:
    """How many comments wait in `queue`, a key of CONDITIONS."""
    condition = CONDITIONS[queue](_since(session))
    return session.scalar(select(func.count()).select_from(Comment).where(condition)) or 0


def unsure(session: Session) -> Select[int, int]:
    """The keys of all comments that nobody is sure of the theme of."""
    return select(Comment.account_id, Comment.id.label("comment_id")).where(_unsure(_since(session)))


def waiting(
    session: Session, queue: str, limit: int, *, but: ColumnElement[bool] | None = None
) -> tuple[Waiting, ...]:
    """The first comments of `queue`, without those for which `but` holds.

    Who waited longest first, proposals and doubts newest first; what no machine read by the client's ticks before.
    """
    order = Comment.said_at.desc() if queue in _NEWEST_FIRST else Comment.said_at
    # No machine read these, so that only the client's own word says which cannot wait.
    first: list[ColumnElement[Any]] = (
        [_wants_senior().desc(), func.coalesce(Comment.hurt, 0).desc()] if queue == "not-read" else []
    )
    wanted = CONDITIONS[queue](_since(session))
    wanted = wanted if but is None else and_(wanted, not_(but))
    rows = session.execute(_lines(wanted).order_by(*first, order, Comment.id).limit(limit))
    return tuple(Waiting(public_id, name, at, excerpt(text)) for public_id, name, at, text in rows)


def _lines(condition: ColumnElement[bool]) -> Select[str, str, datetime, str]:
    begins = func.substr(Comment.text, 1, _BEGINNING)
    return (
        select(Comment.public_id, Account.name, Comment.said_at, begins)
        .join(Account, Account.id == Comment.account_id)
        .where(condition)
    )


def done_today(session: Session, user_id: int, zone: str) -> dict[str, int]:
    """How many acts of each kind this person did since midnight in `zone`, by the audit's word for it."""
    midnight = datetime.combine(clock.today(zone), time(), tzinfo=ZoneInfo(zone))
    rows = session.execute(
        select(Audit.act, func.count())
        .where(Audit.user_id == user_id, Audit.at >= midnight)
        .group_by(Audit.act)
    )
    return dict(rows.all())
