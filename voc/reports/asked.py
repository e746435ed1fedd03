"""What was asked about the issues of the page, and how long an answer to "who else?" takes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from voc.access.models import User
from voc.checks.models import Ask, Check, WhoElse

_ASKED = ("asked", "answered", "no_answer", "opted_out")
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
    checks = session.execute(
        select(Check, User.name)
        .outerjoin(User, User.id == Check.decider_id)
        .where(Check.issue_id.in_(list(issue_ids)), Check.state.in_(_SHOWN))
        .order_by(Check.id)
    ).all()
    newest = {check.issue_id: (check, decider) for check, decider in checks}
    counted = _counted(session, [check.id for check, _ in newest.values()])
    return {
        issue: Asked(
            check_public_id=check.public_id,
            is_open=check.state in {"leaving", "asking"},
            asked=counted.get(check.id, (0, 0))[0],
            answered=counted.get(check.id, (0, 0))[1],
            on=check.opened_at,
            if_many=check.if_many,
            decider=decider,
            decide_by=check.decide_by,
        )
        for issue, (check, decider) in newest.items()
    }


def _counted(session: Session, check_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Of each question how many clients it reached, and how many of them answered."""
    if not check_ids:
        return {}
    reached = func.count(func.distinct(Ask.group_id)).filter(Ask.state.in_(_ASKED))
    answered = func.count(func.distinct(Ask.group_id)).filter(Ask.state == "answered")
    rows = session.execute(
        select(Ask.check_id, reached, answered).where(Ask.check_id.in_(list(check_ids))).group_by(Ask.check_id)
    )
    return {check: (asked, said) for check, asked, said in rows}


@dataclass(frozen=True, slots=True)
class Headline:
    """Days from the first loud comment to the answer on "who else?"; None while none is answered."""

    days: int | None
    answered: int
    open: int
    overdue: int


def headline(session: Session, today: date) -> Headline:
    """The median over all plans that were answered, and how many are open and overdue."""
    rows = session.execute(select(WhoElse.first_loud_at, WhoElse.answered_at, WhoElse.due_on)).all()
    took = [(answered - loud).days for loud, answered, _ in rows if answered is not None]
    waiting = [due for _, answered, due in rows if answered is None]
    return Headline(
        days=round(median(took)) if took else None,
        answered=len(took),
        open=len(waiting),
        overdue=sum(due < today for due in waiting),
    )
