"""Comments for pages and workers: frozen rows out."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from voc.core import clock
from voc.core.policy import DEFAULT
from voc.intake.models import Comment

Key = tuple[int, int]  # (account_id, comment_id)


def texts_of(session: Session, keys: Sequence[Key]) -> dict[Key, str]:
    """The words of these comments."""
    rows = session.execute(
        select(Comment.account_id, Comment.id, Comment.text).where(
            tuple_(Comment.account_id, Comment.id).in_(list(keys))
        )
    )
    return {(account, comment): text for account, comment, text in rows}


def window_end(session: Session) -> datetime:
    """Where windows end: now, or the newest comment when that is older than the window itself (model.md)."""
    newest = session.scalar(select(func.max(Comment.said_at)))
    now = clock.now()
    stale = newest is not None and newest < now - timedelta(weeks=DEFAULT.window_weeks)
    return newest if stale and newest is not None else now
