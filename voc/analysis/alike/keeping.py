"""Keeps which waiting comments are alike, for the worker that compares them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, exists, func, or_, select, union
from sqlalchemy.orm import Session

from voc.analysis.models import Alike, AlikeComment, Label, Reading, ReadingTheme, Theme
from voc.analysis.queries import Key
from voc.analysis.waiting import unsure
from voc.core import ids
from voc.db.upsert import insert_or_replace, insert_rows
from voc.intake.models import Comment

Keys = Select[int, int]  # account_id, comment_id


@dataclass(frozen=True, slots=True)
class Heap:
    """Comments that are alike: what marks them, what an issue of them could be called, and the share of each theme among what is most like them."""

    members: tuple[Key, ...]
    words: tuple[str, ...]
    name: str
    near: tuple[tuple[int, float], ...]


def keep_heaps(session: Session, heaps: Sequence[Heap], at: datetime) -> None:
    """Remembers which comments are alike; what was said of them before is replaced."""
    if not heaps:
        return
    numbers = [ids.new_id() for _ in heaps]
    insert_rows(
        session,
        Alike,
        [
            {"id": number, "words": list(one.words), "name": one.name, "near": [list(pair) for pair in one.near]}
            for number, one in zip(numbers, heaps, strict=True)
        ],
    )  # fmt: skip
    rows = [(key, number) for number, one in zip(numbers, heaps, strict=True) for key in one.members]
    _keep(session, rows, at)


def keep_alone(session: Session, keys: Sequence[Key], at: datetime) -> None:
    """Remembers that no other comment is like these."""
    _keep(session, [(key, None) for key in keys], at)


def _keep(session: Session, rows: Sequence[tuple[Key, int | None]], at: datetime) -> None:
    insert_or_replace(
        session,
        AlikeComment,
        [
            {"account_id": account, "comment_id": comment, "alike_id": alike, "at": at}
            for (account, comment), alike in rows
        ],
        keys=("account_id", "comment_id"),
        values=("alike_id", "at"),
    )


def forget_before(session: Session, at: datetime) -> None:
    """Forgets what was compared before `at` and not since."""
    session.execute(delete(AlikeComment).where(AlikeComment.at < at))
    session.execute(delete(Alike).where(~exists().where(AlikeComment.alike_id == Alike.id)))


def unsure_keys(session: Session, *, limit: int) -> list[Key]:
    """The newest comments that nobody is sure of the theme of, oldest first."""
    query = unsure(session).order_by(Comment.said_at.desc()).limit(limit)
    return [(account, comment) for account, comment in reversed(session.execute(query).all())]


def number_compared(session: Session) -> int:
    """How many comments were compared with each other the last time."""
    return session.scalar(select(func.count()).select_from(AlikeComment)) or 0


def number_not_compared(session: Session, waiting: Sequence[Keys], *, within: int, most: int) -> int:
    """How many of the newest `within` of each of these were not compared with the others yet, up to `most`."""
    fresh = union(*(_not_compared(query, within, most) for query in waiting)).subquery()
    return session.scalar(select(func.count()).select_from(fresh)) or 0


def _not_compared(query: Keys, within: int, most: int) -> Keys:
    newest = query.order_by(Comment.said_at.desc()).limit(within).subquery()
    compared = exists().where(
        AlikeComment.account_id == newest.c.account_id, AlikeComment.comment_id == newest.c.comment_id
    )
    fresh = select(newest.c.account_id, newest.c.comment_id).where(~compared).limit(most).subquery()
    return select(fresh.c.account_id, fresh.c.comment_id)


def themed(session: Session, *, limit: int) -> list[tuple[Key, int]]:
    """The newest comments with each theme they have, by people's word or the machine's sure one."""
    newest = select(Comment.account_id, Comment.id).order_by(Comment.said_at.desc()).limit(limit).subquery()
    in_use = or_(Theme.retired_at.is_(None), Theme.merged_into_id.is_not(None))
    counts = func.coalesce(Theme.merged_into_id, Theme.id)
    by_machine = (
        select(ReadingTheme.account_id, ReadingTheme.comment_id, counts)
        .join(Theme, Theme.id == ReadingTheme.theme_id)
        .join(newest, _of(newest, ReadingTheme))
        .where(in_use)
    )
    by_people = (
        select(Label.account_id, Label.comment_id, counts)
        .join(Theme, Theme.key == Label.value)
        .join(newest, _of(newest, Label))
        .where(Label.kind == "theme", Label.holds, in_use)
    )
    found = {((account, comment), theme) for query in (by_machine, by_people)
             for account, comment, theme in session.execute(query)}  # fmt: skip
    return sorted(found)


def _of(newest: Any, model: type[ReadingTheme] | type[Label] | type[Reading]) -> Any:  # columns of a subquery
    return (newest.c.account_id == model.account_id) & (newest.c.id == model.comment_id)
