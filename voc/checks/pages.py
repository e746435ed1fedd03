"""What the pages of questions show to our people: frozen rows out."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from voc.access.models import User
from voc.checks import queries, rules
from voc.checks.models import Check, WhoElse
from voc.checks.queries import Coverage
from voc.core import clock
from voc.issues.models import Issue
from voc.issues.queries import merged_into
from voc.issues.rules import root_of
from voc.web.context import settings

CHECK_WORDS = {
    "draft": ("draft", ""),
    "leaving": ("leaves at once", "amber"),
    "asking": ("open until", "teal"),
    "closed": ("closed", "sage"),
    "stopped": ("stopped", ""),
}
_LISTED = 100
_MOVES = case({"leaving": 0, "asking": 1, "draft": 2, "stopped": 3, "closed": 4}, value=Check.state)


def issue_of(session: Session, check: Check) -> Issue:
    """The issue a question counts for today: the one its own was merged into, if it was."""
    return session.get_one(Issue, root_of(check.issue_id, merged_into(session)))


def clock_words(moment: datetime, zone: str) -> str:
    """A time of the day as people say it, such as 14:32."""
    return moment.astimezone(ZoneInfo(zone)).strftime("%H:%M")


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One question in a list; `coverage` is None before it left."""

    public_id: str
    question: str
    issue: str
    state: str
    state_words: str
    tone: str
    state_at: datetime | None
    coverage: Coverage | None
    decider: str | None
    decide_by: date | None


def check_lines(session: Session, issue_id: int | None = None) -> tuple[CheckLine, ...]:
    """Questions, what moves first; of one issue, or of all."""
    wanted = (
        select(Check, Issue.name, User.name)
        .join(Issue, Issue.id == Check.issue_id)
        .outerjoin(User, User.id == Check.decider_id)
        .order_by(_MOVES, Check.id.desc())
        .limit(_LISTED)
    )
    if issue_id is not None:
        merged = merged_into(session)
        family = [one for one in {issue_id, *merged} if root_of(one, merged) == issue_id]
        wanted = wanted.where(Check.issue_id.in_(family))
    return tuple(_line(session, *row) for row in session.execute(wanted).all())


def _line(session: Session, check: Check, issue: str, decider: str | None) -> CheckLine:
    words, tone = CHECK_WORDS[check.state]
    state_at = {"asking": check.closes_at, "closed": check.closed_at}.get(check.state, check.made_at)
    has_left = check.state in {"leaving", "asking", "closed"}
    return CheckLine(
        public_id=check.public_id,
        question=_question(check),
        issue=issue,
        state=check.state,
        state_words=words,
        tone=tone,
        state_at=state_at,
        coverage=queries.coverage(session, check.id) if has_left else None,
        decider=decider,
        decide_by=check.decide_by,
    )


def _question(check: Check) -> str:
    return rules.question(check.what, check.since_on, clock.today(settings().time_zone))


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


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above every page of one question."""

    public_id: str
    question: str
    issue: str
    issue_public_id: str
    state: str
    if_many: str | None
    decider: str | None
    decide_by: date | None


def head(session: Session, check: Check) -> Head:
    """What every page of this question begins with."""
    issue = issue_of(session, check)
    return Head(
        public_id=check.public_id,
        question=_question(check),
        issue=issue.name,
        issue_public_id=issue.public_id,
        state=check.state,
        if_many=check.if_many,
        decider=name_of(session, check.decider_id),
        decide_by=check.decide_by,
    )


def name_of(session: Session, user_id: int | None) -> str | None:
    """The name of one of our people; None where nobody stands."""
    return session.scalar(select(User.name).where(User.id == user_id)) if user_id else None
