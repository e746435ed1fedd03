"""“We act from N clients or € X”: what an executive set, and who set it when."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from voc.access.audit import record
from voc.access.models import User
from voc.breadth.limits import keep_limits
from voc.breadth.models import Threshold
from voc.breadth.rules import Limits
from voc.core import clock
from voc.core.errors import Invalid, NotFound
from voc.core.policy import DEFAULT
from voc.db.scope import principal_of

SHOWN = 20


@dataclass(frozen=True, slots=True)
class LimitsSet:
    """One setting of the threshold."""

    limits: Limits
    by: str
    at: datetime


def limits_history(session: Session) -> tuple[LimitsSet, ...]:
    """Who set what, newest first."""
    rows = session.execute(
        select(Threshold, User.name).join(User, User.id == Threshold.by_id).order_by(Threshold.id.desc()).limit(SHOWN)
    )  # fmt: skip
    return tuple(LimitsSet(Limits(row.groups, row.value_cents), by, row.at) for row, by in rows)


def set_limits(session: Session, limits: Limits) -> None:
    """Sets the threshold from now on; frozen editions keep theirs."""
    by_id = principal_of(session).user_id
    if by_id is None:
        raise Invalid("Only a signed-in person can do this.")
    keep_limits(session, limits, by_id=by_id, at=clock.now())
    record(session, "threshold.set", "threshold", groups=limits.groups, value_cents=limits.value_cents)


def undo_limits(session: Session) -> Limits:
    """Puts the setting before the newest one back; NotFound when there is none. The newest row counts."""
    rows = session.scalars(select(Threshold).order_by(Threshold.id.desc()).limit(2)).all()
    if not rows:
        raise NotFound
    before = Limits(rows[1].groups, rows[1].value_cents) if len(rows) > 1 else Limits(DEFAULT.act_from_groups)
    set_limits(session, before)
    return before
