"""Owes an answer to “who else has this?” after a loud client: records first, then a dozen, then everyone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median

from sqlalchemy import select
from sqlalchemy.orm import Session

from voc.access.audit import record
from voc.access.models import User
from voc.accounts.models import Account
from voc.analysis.raised import wants_senior
from voc.breadth.models import IssueSum
from voc.breadth.rules import Says, Source
from voc.breadth.service import record_evidence
from voc.checks import rules, telling
from voc.checks.models import Check, WhoElse
from voc.checks.records import StepOne, look
from voc.core import clock, ids
from voc.core.errors import Conflict, Invalid, NotFound
from voc.core.policy import DEFAULT
from voc.core.text import clean_text
from voc.db.scope import principal_of
from voc.db.upsert import insert_ignoring
from voc.intake.models import Comment
from voc.intake.queries import window_end
from voc.issues.models import Issue, Match
from voc.issues.queries import merged_into
from voc.issues.rules import family_of, root_of

OWNER_SAYS = {"has": Says.HAS_PROBLEM, "has_not": Says.HAS_NOT, "unknown": Says.UNSURE}
_LIMIT = 2_000


@dataclass(frozen=True, slots=True)
class Plan:
    """What is owed for one issue, and how far it is."""

    issue_id: int
    issue_public_id: str
    issue: str
    client: str
    client_public_id: str
    first_loud_at: datetime
    opened_at: datetime
    due_on: date
    is_late: bool
    looked_at: datetime | None
    looked_by: str | None
    found: dict[str, object] | None
    found_words: str | None
    dozen: str | None  # the question's public id
    everyone: str | None
    changes_decision: bool | None
    answered_at: datetime | None
    answered_how: str | None
    reason: str | None
    days: int | None  # from the first loud comment to the answer
    left: int  # clients it can touch of whom we do not know
    draft: str | None  # a question about it that is written and has not left

    @property
    def asks_all(self) -> bool:
        """Whether so few are left that all are asked at once, without a dozen first."""
        return self.dozen is None and self.left <= DEFAULT.few_clients


@dataclass(frozen=True, slots=True)
class Headline:
    """The figure, and every plan behind it; `median_days` is None while nothing was answered."""

    median_days: float | None
    answered: int
    open: int
    overdue: int
    plans: tuple[Plan, ...]


def open_plans(session: Session) -> int:
    """Opens a plan for each issue about which a client asked for somebody senior; gives how many are new.

    Only where a person confirmed that the comment is about the issue. Called every few seconds, safe at
    any time: the issue's own row decides who was first.
    """
    merged = merged_into(session)
    planned = {root_of(issue, merged) for issue in session.scalars(select(WhoElse.issue_id))}
    loud: dict[int, tuple[int, int, datetime]] = {}
    for issue, account, comment, said_at in _loud(session):
        loud.setdefault(root_of(issue, merged), (account, comment, said_at))
    rows = [
        {
            "issue_id": issue, "public_id": ids.new_public_id(), "first_loud_at": said_at,
            "comment_account_id": account, "comment_id": comment, "opened_at": clock.now(),
            "due_on": clock.now().date() + timedelta(days=DEFAULT.who_else_days),
        }
        for issue, (account, comment, said_at) in loud.items()
        if issue not in planned
    ]  # fmt: skip
    insert_ignoring(session, WhoElse, rows)
    return len(rows)


def keep_plans(session: Session) -> int:
    """Links the questions of open plans and ends those that are answered by evidence; gives how many ended."""
    ended = 0
    for row in session.scalars(select(WhoElse).where(WhoElse.answered_at.is_(None))).all():
        checks = _checks(session, row.issue_id)
        dozen = next((one for one in checks if one.reach == "dozen"), None)
        everyone = next((one for one in checks if one.reach == "everyone"), None)
        row.dozen_check_id = dozen.id if dozen else None
        row.everyone_check_id = everyone.id if everyone else None
        settles = everyone if everyone and everyone.state == "closed" else None
        if settles is None and row.changes_decision is False and dozen and dozen.state == "closed":
            settles = dozen
        if settles is not None:
            row.answered_at, row.answered_how = settles.closed_at or clock.now(), "evidence"
            ended += 1
    session.flush()
    return ended


def plan_of(session: Session, issue: Issue, *, zone: str = "UTC") -> Plan | None:
    """The plan of an issue or of one merged into it, the first that was opened; None: nobody was loud."""
    row = _row(session, issue)
    return _plans(session, [row], zone)[0] if row else None


def step_one(session: Session, issue: Issue) -> StepOne:
    """What we know unasked: records, usage, and what the clients' owners say."""
    return look(session, issue)


def owner_says(session: Session, issue: Issue, account_public_id: str, *, says: str, note: str) -> None:
    """One of our people says whether a client of theirs has it; it counts as seen by us, never as the client's word."""
    if says not in OWNER_SAYS:
        raise Invalid(f"“{says}” is none of the three.", fields={"says": "Choose one of the three."})
    account = session.scalar(select(Account).where(Account.public_id == account_public_id))
    if account is None:
        raise NotFound
    words = clean_text(note, "note", limit=_LIMIT).strip() if note.strip() or says != "unknown" else None
    record_evidence(
        session, account_id=account.id, issue_id=issue.id, source=Source.STAFF, says=OWNER_SAYS[says],
        observed_at=clock.now(), user_id=principal_of(session).user_id, note=words,
    )  # fmt: skip
    record(session, "who_else.owner_says", f"issue {issue.public_id}", says=says)


def looked(session: Session, issue: Issue, words: str) -> Plan:
    """Ends step one: keeps what was found as figures, and what our people make of it."""
    row = _open_row(session, issue)
    row.found_words = clean_text(words, "words", limit=_LIMIT).strip()
    row.found = look(session, issue).figures()
    row.looked_at, row.looked_by_id = clock.now(), principal_of(session).user_id
    session.flush()
    record(session, "who_else.looked", f"issue {issue.public_id}")
    return _plans(session, [row], "UTC")[0]


def would_change(session: Session, issue: Issue, *, changes: bool) -> Plan:
    """Says whether asking everyone would change the decision: only then is everyone asked."""
    row = _open_row(session, issue)
    row.changes_decision = changes
    session.flush()
    keep_plans(session)
    record(session, "who_else.would_change", f"issue {issue.public_id}", changes=changes)
    return _plans(session, [row], "UTC")[0]


def answer_by_reason(session: Session, issue: Issue, reason: str) -> Plan:
    """Answers “who else?” with a written reason instead of evidence; it stays readable beside the figure."""
    row = _open_row(session, issue)
    words = clean_text(reason, "reason", limit=_LIMIT).strip()
    if not rules.is_reason(words):
        said = f"Write in at least {rules.LEAST_REASON} characters why nobody else is asked."
        raise Invalid(said, fields={"reason": said})
    row.reason, row.answered_how, row.answered_at = words, "reason", clock.now()
    row.answered_by_id = principal_of(session).user_id
    session.flush()
    record(session, "who_else.reason", f"issue {issue.public_id}")
    return _plans(session, [row], "UTC")[0]


def headline(session: Session, *, zone: str = "UTC") -> Headline:
    """Days from the first loud comment to the answer (the median), how many are open and overdue, and all of them."""
    rows = session.scalars(select(WhoElse).order_by(WhoElse.due_on, WhoElse.issue_id)).all()
    plans = _plans(session, rows, zone)
    days = [plan.days for plan in plans if plan.days is not None]
    waiting = [plan for plan in plans if plan.answered_at is None]
    late = sum(plan.is_late for plan in waiting)
    return Headline(float(median(days)) if days else None, len(days), len(waiting), late, plans)


def _loud(session: Session) -> Sequence[tuple[int, int, int, datetime]]:
    """(issue, account, comment, when), the first said on top, of the window."""
    since = window_end(session) - timedelta(weeks=DEFAULT.window_weeks)
    rows = session.execute(
        select(Match.issue_id, Match.account_id, Match.comment_id, Comment.said_at)
        .join(Comment, (Comment.account_id == Match.account_id) & (Comment.id == Match.comment_id))
        .where(Match.state == "confirmed", Comment.sender_confirmed, Comment.said_at >= since)
        .where(wants_senior())
        .order_by(Comment.said_at, Comment.id)
    )
    return [(issue, account, comment, said_at) for issue, account, comment, said_at in rows]


def _checks(session: Session, issue_id: int) -> list[Check]:
    """The questions of an issue that went out, the newest first."""
    found = session.scalars(
        select(Check)
        .where(Check.issue_id.in_(telling.family(session, issue_id)))
        .where(Check.state.in_(("leaving", "asking", "closed")))
        .order_by(Check.id.desc())
    )
    return list(found)


def _row(session: Session, issue: Issue) -> WhoElse | None:
    family = telling.family(session, issue.id)
    return session.scalar(
        select(WhoElse).where(WhoElse.issue_id.in_(family)).order_by(WhoElse.first_loud_at).limit(1)
    )


def _open_row(session: Session, issue: Issue) -> WhoElse:
    row = _row(session, issue)
    if row is None:
        raise NotFound
    session.refresh(row, with_for_update=True)
    if row.answered_at is not None:
        raise Conflict("“Who else?” is answered for this issue already.")
    return row


def _plans(session: Session, rows: Sequence[WhoElse], zone: str) -> tuple[Plan, ...]:
    issues = {
        one.id: one
        for one in session.scalars(select(Issue).where(Issue.id.in_([row.issue_id for row in rows])))
    }
    accounts = {
        one.id: one
        for one in session.scalars(
            select(Account).where(Account.id.in_([row.comment_account_id for row in rows]))
        )
    }
    checks = dict(
        session.execute(
            select(Check.id, Check.public_id).where(
                Check.id.in_(
                    [key for row in rows for key in (row.dozen_check_id, row.everyone_check_id) if key]
                )
            )
        ).all()
    )
    people = dict(
        session.execute(
            select(User.id, User.name).where(
                User.id.in_([row.looked_by_id for row in rows if row.looked_by_id])
            )
        ).all()
    )
    today = clock.today(zone)
    left, drafts = _left(session, rows), _drafts(session, rows)
    return tuple(
        Plan(
            issue_id=row.issue_id, issue_public_id=issues[row.issue_id].public_id, issue=issues[row.issue_id].name,
            client=accounts[row.comment_account_id].name, client_public_id=accounts[row.comment_account_id].public_id,
            first_loud_at=row.first_loud_at, opened_at=row.opened_at, due_on=row.due_on,
            is_late=row.answered_at is None and row.due_on < today, looked_at=row.looked_at,
            looked_by=people.get(row.looked_by_id or 0), found=row.found, found_words=row.found_words,
            dozen=checks.get(row.dozen_check_id or 0), everyone=checks.get(row.everyone_check_id or 0),
            changes_decision=row.changes_decision, answered_at=row.answered_at, answered_how=row.answered_how,
            reason=row.reason, days=(row.answered_at - row.first_loud_at).days if row.answered_at else None,
            left=left.get(row.issue_id, 0), draft=drafts.get(row.issue_id),
        )
        for row in rows
    )  # fmt: skip


def _left(session: Session, rows: Sequence[WhoElse]) -> dict[int, int]:
    """Of each plan's issue, how many clients it can touch have said neither yes nor no."""
    merged = merged_into(session)
    roots = {row.issue_id: root_of(row.issue_id, merged) for row in rows}
    sums = select(IssueSum).where(IssueSum.issue_id.in_(set(roots.values())))
    open_of = {one.issue_id: one.applies - one.has_it - one.has_not for one in session.scalars(sums)}
    return {issue: max(open_of.get(root, 0), 0) for issue, root in roots.items()}


def _drafts(session: Session, rows: Sequence[WhoElse]) -> dict[int, str]:
    """The newest question of each plan's issue that is written and has not left."""
    merged = merged_into(session)
    found: dict[int, str] = {}
    for row in rows:
        family = family_of(root_of(row.issue_id, merged), merged)
        wanted = select(Check.public_id).where(Check.issue_id.in_(family), Check.state == "draft")
        if public_id := session.scalar(wanted.order_by(Check.id.desc()).limit(1)):
            found[row.issue_id] = public_id
    return found
