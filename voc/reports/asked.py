"""The newest question about each issue of the page, and what came back of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from voc.access.models import User
from voc.checks.models import Check
from voc.checks.queries import coverage
from voc.issues.queries import merged_into
from voc.issues.rules import family_of, root_of

_SHOWN = ("leaving", "asking", "closed", "stopped")


@dataclass(frozen=True, slots=True)
class Asked:
    """The newest question about one issue: how many clients were asked and answered."""

    check_public_id: str
    is_open: bool
    asked: int
    answered: int
    on: datetime | None
    if_many: str | None
    decider: str | None
    decide_by: date | None


def newest_asked(session: Session, issue_ids: Sequence[int]) -> dict[int, Asked]:
    """The newest question of each issue that left; issues nobody was asked about are absent."""
    merged = merged_into(session)
    families = [member for issue in issue_ids for member in family_of(issue, merged)]
    checks = session.execute(
        select(Check, User.name)
        .outerjoin(User, User.id == Check.decider_id)
        .where(Check.issue_id.in_(families), Check.state.in_(_SHOWN))
        .order_by(Check.id)
    ).all()
    newest = {root_of(check.issue_id, merged): (check, decider) for check, decider in checks}
    return {issue: _asked(session, check, decider) for issue, (check, decider) in newest.items()}


def _asked(session: Session, check: Check, decider: str | None) -> Asked:
    came = coverage(session, check.id)
    return Asked(
        check_public_id=check.public_id,
        is_open=check.state in {"leaving", "asking"},
        asked=came.asked,
        answered=came.answered,
        on=check.opened_at,
        if_many=check.if_many,
        decider=decider,
        decide_by=check.decide_by,
    )
