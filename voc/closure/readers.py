"""Whom each kind of message is for."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from voc.accounts.models import Account, Contact
from voc.checks.models import Check
from voc.closure.asked import who_was_asked
from voc.closure.audience import Audience, Hearer, Key, who_hears, with_silence
from voc.closure.models import Told, Update
from voc.closure.rules import first_words
from voc.intake.models import Comment, Thread
from voc.issues.models import Issue, Match
from voc.issues.queries import merged_into
from voc.issues.rules import family_of, root_of


def audience_of(session: Session, update: Update) -> Audience:
    """Everybody this message is for, as things stand now."""
    if update.kind == "outcome" and update.check_id is not None:
        return who_was_asked(session, session.get_one(Check, update.check_id))
    if update.kind == "correction" and update.corrects_id is not None:
        return _who_was_told(session, update.corrects_id, "heard what this puts right")
    if update.issue_id is None:
        return _who_was_told(session, update.id, "")
    issue = session.get_one(Issue, root_of(update.issue_id, merged_into(session)))
    if update.kind == "thanks":
        first = first_speaker(session, issue)
        return Audience(with_silence(session, [first] if first else []))
    return who_hears(session, issue)


def first_speaker(session: Session, issue: Issue) -> Hearer | None:
    """The client's person who spoke of it first, unasked and in writing; None when nobody did."""
    family = family_of(issue.id, merged_into(session))
    row = session.execute(
        select(Comment, Thread, Account, Contact)
        .join(Match, (Match.account_id == Comment.account_id) & (Match.comment_id == Comment.id))
        .join(Thread, (Thread.account_id == Comment.account_id) & (Thread.id == Comment.thread_id))
        .join(Account, Account.id == Comment.account_id)
        .join(Contact, (Contact.account_id == Comment.account_id) & (Contact.id == Comment.contact_id))
        .where(Match.issue_id.in_(sorted(family)), Match.state == "confirmed", Comment.source == "unasked")
        .where(Comment.sender_confirmed, Comment.kind != "praise")
        .order_by(Comment.said_at, Comment.id)
        .limit(1)
    ).first()
    if row is None:
        return None
    comment, thread, account, contact = row
    return to_one(thread, account, contact, why="spoke of it first", texts=(comment.text,))


def to_one(
    thread: Thread | None, account: Account, contact: Contact, *, why: str, texts: Sequence[str]
) -> Hearer:
    """One person about one thread; `texts` are what was said in it, the first words first."""
    return Hearer(
        account_id=account.id, contact_id=contact.id, account_public_id=account.public_id,
        contact_public_id=contact.public_id, client=account.name, name=contact.name, email=contact.email,
        phone=contact.phone, thread_id=thread.id if thread else None,
        title=first_words(texts[0]) if texts else None, why=why,
        said_at=thread.opened_at if thread else contact.created_at, own=tuple(texts),
    )  # fmt: skip


def _who_was_told(session: Session, update_id: int, why: str) -> Audience:
    """Exactly the people whom an update told, or is to tell."""
    rows = session.execute(
        select(Told, Account, Contact, Thread)
        .join(Account, Account.id == Told.account_id)
        .join(Contact, (Contact.account_id == Told.account_id) & (Contact.id == Told.contact_id))
        .outerjoin(Thread, (Thread.account_id == Told.account_id) & (Thread.id == Told.thread_id))
        .where(Told.update_id == update_id)
        .order_by(Account.name, Contact.name)
    ).all()
    said = _said_in(session, [(row.account_id, row.thread_id) for row, *_ in rows if row.thread_id])
    hearers = [
        to_one(
            thread, account, contact, why=why or row.why,
            texts=said.get((row.account_id, row.thread_id or 0), (row.title,) if row.title else ()),
        )
        for row, account, contact, thread in rows
    ]  # fmt: skip
    return Audience(with_silence(session, hearers))


def _said_in(session: Session, threads: Sequence[Key]) -> Mapping[Key, tuple[str, ...]]:
    """What the client wrote in each thread, oldest first."""
    rows = session.execute(
        select(Comment.account_id, Comment.thread_id, Comment.text)
        .where(
            tuple_(Comment.account_id, Comment.thread_id).in_(list(threads)), Comment.source != "staff_note"
        )
        .order_by(Comment.id)
    )
    found: dict[Key, tuple[str, ...]] = {}
    for account, thread, text in rows:
        found[account, thread] = (*found.get((account, thread), ()), text)
    return found
