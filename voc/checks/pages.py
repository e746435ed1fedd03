"""What the pages of questions show to our people beside the questions themselves: what is owed, what is typed."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from voc.access.models import User
from voc.checks.models import Check, WhoElse
from voc.issues.models import Issue

CHECK_WORDS = {
    "draft": ("draft", ""),
    "leaving": ("about to leave", "amber"),
    "asking": ("open", "teal"),
    "closed": ("closed", "sage"),
    "stopped": ("stopped", ""),
}
"""What a page says for each state of a question, and in which tone."""

_LISTED = 100


def clock_words(moment: datetime, zone: str) -> str:
    """A time of the day as people say it, such as 14:32."""
    return moment.astimezone(ZoneInfo(zone)).strftime("%H:%M")


def name_of(session: Session, user_id: int | None) -> str | None:
    """The name of one of our people; None where nobody stands."""
    return session.scalar(select(User.name).where(User.id == user_id)) if user_id else None


def typed_of(session: Session, check: Check) -> dict[str, str]:
    """A draft as the fields of its form."""
    decider = session.get(User, check.decider_id) if check.decider_id else None
    return {
        "what": check.what,
        "since_on": check.since_on.isoformat(),
        "if_many": check.if_many or "",
        "decider": decider.public_id if decider else "",
        "decide_by": check.decide_by.isoformat() if check.decide_by else "",
        "reach": check.reach,
    }


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One open “who else?” in a list."""

    issue: str
    issue_public_id: str
    first_loud_at: datetime
    due_on: date
    is_late: bool
    how_far: str


def open_plans(session: Session, today: date) -> tuple[PlanLine, ...]:
    """The answers to “who else?” that are owed, the one due first on top."""
    rows = session.execute(
        select(WhoElse, Issue)
        .join(Issue, Issue.id == WhoElse.issue_id)
        .where(WhoElse.answered_at.is_(None))
        .order_by(WhoElse.due_on, WhoElse.issue_id)
        .limit(_LISTED)
    )
    return tuple(_plan_line(plan, issue, today) for plan, issue in rows)


def plan_line(session: Session, plan: WhoElse, today: date) -> PlanLine:
    """One plan as a line."""
    return _plan_line(plan, session.get_one(Issue, plan.issue_id), today)


def _plan_line(plan: WhoElse, issue: Issue, today: date) -> PlanLine:
    return PlanLine(
        issue.name, issue.public_id, plan.first_loud_at, plan.due_on, plan.due_on < today, how_far(plan)
    )


def how_far(plan: WhoElse) -> str:
    """Which of the three steps comes next, in words."""
    if plan.looked_at is None:
        return "look at what we know unasked"
    if plan.dozen_check_id is None:
        return "ask a random dozen"
    return "the dozen is asked" if plan.everyone_check_id is None else "everyone is asked"
