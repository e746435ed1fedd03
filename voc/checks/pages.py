"""What the pages of questions show to our people beside the questions themselves: what is owed, what is typed."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from voc.access.models import User
from voc.checks.models import Check
from voc.checks.who_else import Plan, headline

CHECK_WORDS = {
    "draft": ("draft", ""),
    "leaving": ("about to leave", "amber"),
    "asking": ("open", "teal"),
    "closed": ("closed", "sage"),
    "stopped": ("stopped", ""),
}
"""What a page says for each state of a question, and in which tone."""


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


def how_far(plan: Plan) -> str:
    """Which of the three steps comes next, in words."""
    if plan.looked_at is None:
        return "look at what we know unasked"
    if plan.everyone:
        return "everyone is asked"
    if plan.draft:
        return "send the question that is written"
    return _to_ask(plan)


def _to_ask(plan: Plan) -> str:
    if plan.asks_all:
        all_left = f"ask all {plan.left} that are left"
        return all_left if plan.left else "answer it with a reason: nobody is left to ask"
    if plan.dozen is None:
        return "ask a random dozen"
    if plan.changes_decision is None:
        return "say whether asking everyone would change the decision"
    return "ask everyone" if plan.changes_decision else "wait for the dozen"


def owed(session: Session, zone: str) -> tuple[Plan, ...]:
    """The answers to “who else?” that are owed, the one due first on top."""
    return tuple(one for one in headline(session, zone=zone).plans if one.answered_at is None)
