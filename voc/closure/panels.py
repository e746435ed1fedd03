"""What closure adds to earlier stages' pages: messages, sign-offs, words owed, and where a client's points stand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from voc.accounts.models import Account, Contact
from voc.analysis.comments import comment_shown
from voc.checks.models import Check
from voc.closure import others, outcome, queries, thanking, writing
from voc.closure.audience import Hearer
from voc.closure.decided import standing_decision
from voc.closure.pointing import PointShown, signed_in_urls
from voc.closure.queries import OutRow, UpdateRow
from voc.closure.rules import STEPS
from voc.closure.standing import stands_of
from voc.closure.story import did_for, story_of
from voc.core.errors import NotFound
from voc.core.principal import Principal
from voc.intake.models import Comment, Thread
from voc.issues.curate import find_comment, find_issue
from voc.issues.models import Issue
from voc.issues.pages import count_in
from voc.issues.queries import merged_into
from voc.issues.rules import family_of
from voc.web.context import settings
from voc.web.owed import Owed, Queue, add_done, add_queue
from voc.web.panels import Rendered, panel
from voc.web.standing import StandShown, set_standing


@dataclass(frozen=True, slots=True)
class IssueTold:
    """What clients were told about an issue, and what is owed next; `is_first`: the page's one primary button is here."""

    issue: str
    rows: tuple[UpdateRow, ...]
    outcomes_owed: tuple[str, ...]
    is_owed: bool
    is_first: bool
    to_thank: Hearer | None
    others_on: bool
    may_tell: bool
    may_switch: bool


@panel("issue", order=40, permission="issue:read")
def told_about_issue(session: Session, principal: Principal, *, issue: str) -> Rendered:
    """Messages to clients about this issue, sign-offs, and what should be told next."""
    found = find_issue(session, issue)
    rows = queries.updates_about(session, found)
    may_tell = principal.may("closure:change")
    return Rendered(
        "closure/_issue.html",
        IssueTold(
            issue=issue,
            rows=rows if may_tell else tuple(row for row in rows if row.state == "left"),
            outcomes_owed=_outcomes_owed(session, found) if may_tell else (),
            is_owed=may_tell and _is_owed(session, found, rows),
            is_first=standing_decision(session, found.id) is not None
            and not (principal.may("match:change") and count_in(session, found)["machine"]),
            to_thank=thanking.whom_to_thank(session, found) if may_tell else None,
            others_on=others.is_on(session, found.id),
            may_tell=may_tell,
            may_switch=principal.may("decision:change"),
        ),
    )


def _outcomes_owed(session: Session, issue: Issue) -> tuple[str, ...]:
    """Closed questions whose outcome nobody has told."""
    family = sorted(family_of(issue.id, merged_into(session)))
    checks = session.scalars(
        select(Check).where(Check.issue_id.in_(family), Check.state == "closed").order_by(Check.id)
    )
    return tuple(check.public_id for check in checks if outcome.is_owed(session, check))


def _is_owed(session: Session, issue: Issue, rows: Sequence[UpdateRow]) -> bool:
    """Whether something was decided that clients have not heard."""
    decision = standing_decision(session, issue.id)
    if decision is None:
        return False
    newest = max((row.at for row in rows if row.state in {"left", "waiting"}), default=None)
    return newest is None or newest < decision.decided_at


@dataclass(frozen=True, slots=True)
class CheckOutcome:
    """What became of a question for those asked: owed, written, or told."""

    check: str
    is_owed: bool
    update: str | None
    told_at: datetime | None


@panel("check", order=40, permission="closure:change")
def outcome_of_check(session: Session, principal: Principal, *, check: str) -> Rendered | None:
    """Whether those asked have heard what came of it, as the next act once the question is closed."""
    del principal
    found = outcome.find_check(session, check)
    if found.state != "closed":
        return None
    before = outcome.told_before(session, found)
    return Rendered(
        "closure/_check.html",
        CheckOutcome(
            check,
            outcome.is_owed(session, found),
            before.public_id if before else None,
            found.outcome_told_at,
        ),
    )


@panel("account", order=50, permission="thread:change")
def told_to_account(session: Session, principal: Principal, *, account: str) -> Rendered | None:
    """What this client heard from us lately."""
    del principal
    account_id = session.scalar(select(Account.id).where(Account.public_id == account))
    if account_id is None:
        return None
    return Rendered("closure/_account.html", queries.updates_to(session, account_id))


@dataclass(frozen=True, slots=True)
class WriteShown:
    """What was said and written in one thread, and whether a word can be written."""

    comment: str
    client: str
    name: str | None
    email: str | None
    text: str
    said_at: datetime
    next_word_by: datetime | None
    why_not: str | None
    rows: tuple[UpdateRow, ...]


@panel("comment", order=40, permission="thread:change")
def write_to_sender(session: Session, principal: Principal, *, comment: str) -> Rendered:
    """What we promised and wrote in this thread, and the way to write a word."""
    return Rendered("closure/_comment.html", write_shown(session, principal, find_comment(session, comment)))


def write_shown(session: Session, principal: Principal, comment: Comment) -> WriteShown:
    """One comment with what was written to whoever said it."""
    del principal
    thread = session.get_one(Thread, (comment.account_id, comment.thread_id))
    contact = session.get(Contact, (comment.account_id, comment.contact_id)) if comment.contact_id else None
    return WriteShown(
        comment.public_id, session.get_one(Account, comment.account_id).name, contact.name if contact else None,
        contact.email if contact else None, comment.text, comment.said_at, thread.next_word_by,
        writing.why_not_to(comment), queries.written_in(session, thread.account_id, thread.id),
    )  # fmt: skip


@panel("client_did", order=10)
def you_said_we_did(session: Session, principal: Principal) -> Rendered | None:
    """What we did because of what this client said."""
    found = did_for(session, principal)
    return Rendered("closure/_did.html", found) if found else None


@panel("client_point", order=10)
def story_of_point(session: Session, principal: Principal, *, thread_id: int) -> Rendered:
    """The steps of one point, every message, and what the client can do."""
    found = story_of(session, principal, thread_id)
    return Rendered("closure/_point.html", PointShown(found, signed_in_urls(found.thread_public_id)))


def _stands(session: Session, principal: Principal, thread_ids: Sequence[int]) -> Mapping[int, StandShown]:
    return {
        key: StandShown(STEPS, stand.current, stand.words)
        for key, stand in stands_of(session, principal, thread_ids).items()
    }


set_standing(_stands)


def _words_owed(session: Session, limit: int) -> Sequence[Owed]:
    found = queries.words_owed(session, settings().time_zone, limit)
    return [Owed(one.comment, one.client, one.next_word_by, one.words) for one in found]


def _comment_thing(session: Session, principal: Principal, key: str) -> Rendered:
    return Rendered("analysis/_comment.html", comment_shown(session, principal, key))


def _out_items(session: Session, limit: int) -> Sequence[Owed]:
    return [Owed(one.public_id, one.client, one.at, one.words) for one in queries.taken_out(session, limit)]


def _out_thing(session: Session, principal: Principal, key: str) -> Rendered:
    del principal
    found: OutRow | None = queries.taken_out_row(session, key)
    if found is None:
        raise NotFound
    return Rendered("closure/_taken_out.html", found)


add_queue(
    Queue(
        key="word",
        title="A word is owed",
        order=5,
        permission="thread:change",
        count=lambda session: queries.number_owed(session, settings().time_zone),
        items=_words_owed,
        thing=_comment_thing,
    )
)
add_queue(
    Queue(
        key="not-meant",
        title="Not what they meant",
        order=45,
        permission="closure:change",
        count=queries.number_taken_out,
        items=_out_items,
        thing=_out_thing,
    )
)
add_done("update.send", "message sent", "messages sent")
add_done("point.looked", "point that a client took out looked at", "points that clients took out looked at")
