"""Who is owed a person: every wish for someone senior and every notice without a talk or a written reason."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from voc.access.audit import record
from voc.access.models import User
from voc.accounts.book import Book, open_book
from voc.accounts.models import Account, Contact
from voc.analysis.raised import may_leave, wants_senior
from voc.checks.models import Call
from voc.core import clock
from voc.core.errors import Invalid, NotFound
from voc.core.policy import DEFAULT
from voc.core.text import clean_text
from voc.db.scope import principal_of
from voc.intake.models import Comment
from voc.intake.queries import window_end
from voc.reports.models import OwedReason
from voc.reports.quotes import Reference, first_sentence

_REASON_LIMIT = 500


@dataclass(frozen=True, slots=True)
class Owed:
    """A client who asked for someone senior or gave notice, and nobody talked with it since.

    `by_us`: our people say so of its words (`leaves`: that it may leave), it did not.
    """

    group_id: int
    client: str
    client_public_id: str
    comment_public_id: str
    person: str | None
    about: str | None
    phone: str | None
    reference: Reference
    said_at: datetime
    leaves: bool
    times: int
    owner: str | None
    owner_phone: str | None
    by_us: bool = False


def owed_a_person(session: Session, book: Book, until: datetime) -> tuple[Owed, ...]:
    """One line a client: its newest unanswered wish or notice; those who may leave first, then the newest."""
    rows = session.execute(
        select(Comment, Account, Contact, User.name, User.phone, may_leave())
        .join(Account, Account.id == Comment.account_id)
        .outerjoin(Contact, (Contact.account_id == Comment.account_id) & (Contact.id == Comment.contact_id))
        .outerjoin(User, User.id == Account.owner_id)
        .where(*_waits(until))
        .order_by(Comment.said_at.desc(), Comment.id.desc())
    )
    by_group: dict[int, list[Owed]] = {}
    for comment, account, contact, owner, owner_phone, leaves in rows:
        group = book.group_of.get(account.id)
        if group is not None:
            one = replace(
                _owed(group, comment, account, contact),
                leaves=bool(leaves),
                by_us=_by_us(comment, leaves=leaves),
            )
            by_group.setdefault(group, []).append(replace(one, owner=owner, owner_phone=owner_phone))
    lines = [_with_times(found) for found in by_group.values()]
    return tuple(sorted(lines, key=lambda one: (not one.leaves, -one.said_at.timestamp())))


def _waits(until: datetime) -> tuple[ColumnElement[bool], ...]:
    since = until - timedelta(weeks=DEFAULT.window_weeks)
    asked = or_(wants_senior(), may_leave())
    return (
        asked, Comment.said_at >= since, Comment.said_at <= until, ~_talked(), ~_reasoned(),
    )  # fmt: skip


@cache  # built once: a page asks for it each time, and building costs more than asking
def _talked() -> ColumnElement[bool]:
    """A visit or call noted since, or a call on somebody's list that reached them."""
    note = aliased(Comment)
    # A note keeps the day, not the hour: one of the same day counts when it was written after the words came.
    same_day = and_(
        func.date(note.said_at) == func.date(Comment.said_at), note.received_at > Comment.received_at
    )
    noted = exists().where(
        and_(
            note.account_id == Comment.account_id,
            note.source == "staff_note",
            or_(note.heard_how.is_(None), note.heard_how.in_(("visit", "call"))),
            or_(note.said_at > Comment.said_at, same_day),
        )
    )
    spoke = exists().where(
        and_(Call.account_id == Comment.account_id, Call.result == "spoke", Call.done_at > Comment.said_at)
    )
    return or_(noted, spoke)


def _reasoned() -> ColumnElement[bool]:
    return exists().where(
        and_(
            OwedReason.account_id == Comment.account_id,
            OwedReason.comment_id == Comment.id,
            OwedReason.undone_at.is_(None),
        )
    )


def _owed(group: int, comment: Comment, account: Account, contact: Contact | None) -> Owed:
    return Owed(
        group_id=group,
        client=account.name,
        client_public_id=account.public_id,
        comment_public_id=comment.public_id,
        person=contact.name if contact else None,
        about=contact.role if contact else None,
        phone=contact.phone if contact else None,
        reference=Reference(comment.account_id, comment.id, *first_sentence(comment.text)),
        said_at=comment.said_at,
        leaves=comment.kind == "termination",
        times=1,
        owner=None,
        owner_phone=None,
    )


def _by_us(comment: Comment, *, leaves: bool) -> bool:
    """Whether only our people say what a line says first: that it leaves, else that someone senior should see it."""
    if leaves:
        return comment.kind != "termination"
    return not comment.wants_senior and comment.kind != "escalation"


def _with_times(found: list[Owed]) -> Owed:
    first = next((one for one in found if one.leaves), found[0])
    return replace(first, times=len(found))


def give_reason(session: Session, comment_public_id: str, reason: str) -> Comment:
    """Writes down why a client gets no visit and no call: it counts for all that it waits for today.

    NotFound when nothing of this client waits; Invalid without words.
    """
    words = clean_text(reason, "reason", limit=_REASON_LIMIT).strip()
    comment, waiting = _waiting_with(session, comment_public_id)
    by_id, now = principal_of(session).user_id, clock.now()
    if by_id is None:
        raise Invalid("Only a signed-in person can do this.")
    for account_id, comment_id in waiting:
        row = session.get(OwedReason, (account_id, comment_id)) or OwedReason(
            account_id=account_id, comment_id=comment_id
        )
        row.reason, row.by_id, row.at, row.undone_at = words, by_id, now, None
        session.add(row)
    session.flush()
    record(session, "owed.reason", f"comment {comment.public_id}", of=len(waiting))
    return comment


def take_reason_back(session: Session, comment_public_id: str) -> None:
    """Takes a reason back: the client is owed a person again. NotFound when none stands."""
    comment = _comment(session, comment_public_id)
    row = session.get(OwedReason, (comment.account_id, comment.id))
    if row is None or row.undone_at is not None:
        raise NotFound
    together = session.scalars(
        select(OwedReason).where(OwedReason.at == row.at, OwedReason.by_id == row.by_id)
    ).all()
    for one in together:
        one.undone_at = clock.now()
    session.flush()
    record(session, "owed.reason_back", f"comment {comment.public_id}", of=len(together))


def _comment(session: Session, public_id: str) -> Comment:
    comment = session.scalar(select(Comment).where(Comment.public_id == public_id))
    if comment is None:
        raise NotFound
    return comment


def _waiting_with(session: Session, public_id: str) -> tuple[Comment, list[tuple[int, int]]]:
    """The comment, and the keys of all that its group waits for, itself among them."""
    comment, until = _comment(session, public_id), window_end(session)
    book = open_book(session, until.date())
    group = book.groups.get(book.group_of.get(comment.account_id, 0))
    if group is None:
        raise NotFound
    rows = session.execute(
        select(Comment.account_id, Comment.id).where(
            Comment.account_id.in_(sorted(group.members)), *_waits(until)
        )
    ).all()
    keys = [(account, key) for account, key in rows]
    if (comment.account_id, comment.id) not in keys:
        raise NotFound
    return comment, keys
