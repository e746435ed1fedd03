"""Knows what was told about an issue before anybody is asked: by whom, when, and with which permission."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from voc.accounts.book import Book
from voc.accounts.models import Account, Service
from voc.analysis.raised import wants_senior
from voc.breadth.changes import states_across
from voc.breadth.rules import HAS, CellState
from voc.checks import rules
from voc.checks.models import Check
from voc.checks.rules import Facts
from voc.core import clock
from voc.intake.models import Comment
from voc.issues.models import Issue, Match
from voc.issues.queries import merged_into, services_of
from voc.issues.rules import family_of, root_of
from voc.mail.house import why_closed

_OPEN = ("leaving", "asking")
_TELLS = frozenset({*HAS, CellState.REPORTED, CellState.UNCLEAR, CellState.SOLVED})


def family(session: Session, issue_id: int) -> frozenset[int]:
    """The issue that counts for `issue_id`, and all that were merged into it."""
    merged = merged_into(session)
    return family_of(root_of(issue_id, merged), merged)


def facts_of(session: Session, check: Check, *, zone: str, by_mail: int, by_call: int, wording: int) -> Facts:
    """What decides whether this question may go now."""
    issues = family(session, check.issue_id)
    issue = session.get_one(Issue, root_of(check.issue_id, merged_into(session)))
    told, may_ask = _told(session, issue.id, issues)
    return Facts(
        issue_is_open=issue.set_state != "not_now",
        complained_today=complained_today(session, issues, zone),
        groups_that_told=told,
        may_ask_others=may_ask,
        alone_reason=check.alone_reason,
        if_many=check.if_many,
        has_decider=check.decider_id is not None,
        decide_by=check.decide_by,
        wording=wording,
        by_mail=by_mail,
        by_call=by_call,
        other_open=_other_open(session, check, issues),
    )


def house_refusals(session: Session) -> tuple[str, ...]:
    """Why no mail may leave this house now; empty when it may."""
    closed = why_closed(session)
    return (closed,) if closed else ()


def loud_groups(session: Session, issue_id: int, book: Book) -> frozenset[int]:
    """The clients who asked for somebody senior about this issue."""
    rows = session.scalars(
        select(Comment.account_id)
        .join(Match, (Match.account_id == Comment.account_id) & (Match.comment_id == Comment.id))
        .where(Match.issue_id.in_(family(session, issue_id)), Match.state != "refused")
        .where(wants_senior(), Comment.sender_confirmed)
        .distinct()
    )
    return frozenset(book.group_of[account] for account in rows if account in book.group_of)


def roots(session: Session, check: Check) -> frozenset[str]:
    """The roots of the words that mark the question, its issue and the services it touches."""
    issue = session.get_one(Issue, check.issue_id)
    services = services_of(session, [issue.id]).get(issue.id, frozenset())
    names = session.scalars(select(Service.name).where(Service.id.in_(services)))
    return rules.roots_of([check.what, issue.name, *issue.words, *names])


def complained_today(session: Session, issues: frozenset[int], zone: str) -> bool:
    """Whether a client first spoke of this, or asked for somebody senior, on the day it is now in `zone`."""
    here = ZoneInfo(zone)
    began = datetime.combine(clock.today(zone), time.min, tzinfo=here)
    rows = session.execute(
        select(
            Account.group_id, func.min(Comment.said_at),
            func.max(Comment.said_at).filter(wants_senior()),
        )
        .select_from(Match)
        .join(Comment, (Match.account_id == Comment.account_id) & (Match.comment_id == Comment.id))
        .join(Account, Account.id == Match.account_id)
        .where(Match.issue_id.in_(issues), Match.state != "refused", Comment.source != "answer")
        .group_by(Account.group_id)
    )  # fmt: skip
    ends = began + timedelta(days=1)
    return any(
        began <= moment < ends for _, first, loud in rows for moment in (first, loud) if moment is not None
    )


def _told(session: Session, issue_id: int, issues: frozenset[int]) -> tuple[int, bool]:
    """How many clients told us or were seen to have it, and whether one of them said that we may ask others."""
    states = states_across(session, issue_id).values()  # also those from before it was changed
    may_ask = session.scalar(
        select(Comment.id)
        .join(Match, (Match.account_id == Comment.account_id) & (Match.comment_id == Comment.id))
        .where(Match.issue_id.in_(issues), Match.state != "refused", Comment.may_ask_others)
        .limit(1)
    )
    return sum(state in _TELLS for state in states), may_ask is not None


def _other_open(session: Session, check: Check, issues: frozenset[int]) -> bool:
    found = session.scalar(
        select(Check.id)
        .where(Check.issue_id.in_(issues), Check.state.in_(_OPEN), Check.id != check.id)
        .limit(1)
    )
    return found is not None


def roots_of(session: Session, issue_ids: Iterable[int]) -> frozenset[int]:
    """The issues that count for these today."""
    merged = merged_into(session)
    return frozenset(root_of(issue, merged) for issue in issue_ids)
