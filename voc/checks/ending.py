"""Ends a question before its day."""

from sqlalchemy.orm import Session

from voc.access.audit import record
from voc.checks.models import Check
from voc.core import clock
from voc.core.errors import Conflict


def close_now(session: Session, check: Check) -> None:
    """Lets the window end at this moment: nobody can answer any more.

    Who has not answered is noted by the next turn of the schedule, in blocks, as at any other end.
    """
    if check.state != "asking":
        raise Conflict("Only an open question can be closed. Look again how it stands.")
    check.closes_at = clock.now()
    session.flush()
    record(session, "check.close", f"check {check.public_id}")
