"""From how many clients, or which yearly value, leadership acts: one number for every page and estimate."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from voc.breadth.estimates import make_due
from voc.breadth.models import IssueEstimate, Threshold
from voc.breadth.rules import Limits
from voc.core import ids
from voc.core.policy import DEFAULT
from voc.db.session import ring_later
from voc.jobs import ESTIMATE


def current_limits(session: Session) -> Limits:
    """The newest setting, else the policy's."""
    row = session.scalar(select(Threshold).order_by(Threshold.id.desc()).limit(1))
    return Limits(row.groups, row.value_cents) if row else Limits(DEFAULT.act_from_groups)


def keep_limits(session: Session, limits: Limits, *, by_id: int, at: datetime) -> None:
    """Keeps a new setting; how many to ask to settle it is estimated anew for every issue."""
    session.add(
        Threshold(id=ids.new_id(), groups=limits.groups, value_cents=limits.value_cents, by_id=by_id, at=at)
    )
    session.flush()
    issues = session.scalars(select(IssueEstimate.issue_id)).all()
    if issues:
        make_due(session, issues)
        ring_later(session, ESTIMATE)
