"""How the installation is doing, as facts an administrator can read: what waits, what was set aside, what was lost."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from voc.analysis.models import Reading
from voc.db.work import Work, waiting
from voc.intake.models import Comment
from voc.issues.models import GroupRun
from voc.issues.queries import not_grouped


@dataclass(frozen=True, slots=True)
class Running:
    """The facts; `lost` are comments that are neither read, nor waiting, nor set aside: it must be 0."""

    comments: int
    read: int
    waiting_to_be_read: int
    waiting_to_be_grouped: int
    set_aside: int
    lost: int
    not_grouped: int
    last_came_in_at: datetime | None
    last_looked_over_at: datetime | None


def running(session: Session) -> Running:
    """Counts everything once, in the database."""
    comments = session.scalar(select(func.count()).select_from(Comment)) or 0
    read = session.scalar(select(func.count()).select_from(Reading)) or 0
    waits = waiting(session)
    return Running(
        comments=comments,
        read=read,
        waiting_to_be_read=waits.get("read", 0),
        waiting_to_be_grouped=waits.get("match", 0),
        set_aside=session.scalar(select(func.count()).select_from(Work).where(Work.set_aside)) or 0,
        lost=_lost(session),
        not_grouped=not_grouped(session),
        last_came_in_at=session.scalar(select(func.max(Comment.received_at))),
        last_looked_over_at=session.scalar(select(func.max(GroupRun.at))),
    )


def _lost(session: Session) -> int:
    """Comments without a reading and without a row that says somebody will read them."""
    query = (
        select(func.count())
        .select_from(Comment)
        .outerjoin(Reading, (Reading.account_id == Comment.account_id) & (Reading.comment_id == Comment.id))
        .outerjoin(
            Work,
            (Work.account_id == Comment.account_id)
            & (Work.comment_id == Comment.id)
            & (Work.stage == "read"),
        )
        .where(Reading.comment_id.is_(None), Work.comment_id.is_(None))
    )
    return session.scalar(query) or 0
