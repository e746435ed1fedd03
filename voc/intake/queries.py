"""Comments for pages and workers: frozen rows out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.orm import Session

from voc.accounts.models import Account, Contact
from voc.core import clock
from voc.core.errors import NotFound
from voc.core.policy import DEFAULT
from voc.core.principal import Principal
from voc.db.among import among
from voc.intake.carers import Hidden, OurPerson, named_person, our_people
from voc.intake.models import Comment, Thread

Key = tuple[int, int]  # (account_id, comment_id)
_TITLE = 240


@dataclass(frozen=True, slots=True)
class Writer:
    """A client's person who may speak for one account."""

    account_id: int
    account_public_id: str
    account: str
    contact_id: int


@dataclass(frozen=True, slots=True)
class Words:
    """One thing said in a thread."""

    text: str
    said_at: datetime
    touches: str | None
    would_solve: str | None
    hurt: int | None


@dataclass(frozen=True, slots=True)
class Point:
    """One matter of a client: their own first words, and what happens next."""

    thread_id: int
    public_id: str
    receipt: str
    account: str
    title: str
    is_cut: bool
    said_at: datetime
    said_by: str | None
    is_mine: bool
    wants_senior: bool
    may_ask_others: bool
    is_hidden: bool
    next_word_by: datetime | None
    person: OurPerson | None
    words: tuple[Words, ...]


def texts_of(session: Session, keys: Sequence[Key]) -> dict[Key, str]:
    """The words of these comments."""
    rows = session.execute(
        select(Comment.account_id, Comment.id, Comment.text).where(
            among(session, (Comment.account_id, Comment.id), keys)
        )
    )
    return {(account, comment): text for account, comment, text in rows}


def unconfirmed_of(session: Session, keys: Sequence[Key]) -> set[Key]:
    """Those of these comments whose sender nobody recognised: they are read, and count for no client yet."""
    rows = session.execute(
        select(Comment.account_id, Comment.id).where(
            among(session, (Comment.account_id, Comment.id), keys), ~Comment.sender_confirmed
        )
    )
    return set(rows.all())


def window_end(session: Session) -> datetime:
    """Where windows end: now, or the newest comment when that is older than the window itself (model.md)."""
    newest = session.scalar(select(func.max(Comment.said_at)))
    now = clock.now()
    stale = newest is not None and newest < now - timedelta(weeks=DEFAULT.window_weeks)
    return newest if stale and newest is not None else now


def writers(session: Session, principal: Principal) -> tuple[Writer, ...]:
    """The accounts this client's person may speak for, by name."""
    rows = session.execute(
        select(Account.id, Account.public_id, Account.name, Contact.id)
        .join(Contact, Contact.account_id == Account.id)
        .where(Contact.user_id == principal.user_id)
        .order_by(Account.name, Contact.id)
    )
    return tuple(Writer(*row) for row in rows)


def points(
    session: Session, principal: Principal, *, before: int | None, size: int
) -> tuple[tuple[Point, ...], int | None]:
    """A page of the asker's points, newest first, and the key the next page begins below (None: no more)."""
    wanted = select(Thread).where(_is_theirs()).order_by(Thread.id.desc()).limit(size + 1)
    if before is not None:
        wanted = wanted.where(Thread.id < before)
    threads = list(session.scalars(wanted))
    shown = threads[:size]
    return _points(session, principal, shown), shown[-1].id if len(threads) > size else None


def point(session: Session, principal: Principal, public_id: str) -> Point:
    """One point with all that was said in it; NotFound when it is not there or not theirs."""
    thread = session.scalar(select(Thread).where(Thread.public_id == public_id, _is_theirs()))
    if thread is None:
        raise NotFound
    return _points(session, principal, [thread])[0]


def _is_theirs() -> ColumnElement[bool]:
    # What a stranger sent in their name, and what our people noted, is not theirs to see here.
    return (
        select(Comment.id)
        .where(Comment.account_id == Thread.account_id, Comment.thread_id == Thread.id)
        .where(Comment.sender_confirmed, Comment.source != "staff_note")
        .exists()
    )


def _points(session: Session, principal: Principal, threads: Sequence[Thread]) -> tuple[Point, ...]:
    keys = [(thread.account_id, thread.id) for thread in threads]
    said: dict[Key, list[Comment]] = {key: [] for key in keys}
    for row in session.scalars(
        select(Comment)
        .where(tuple_(Comment.account_id, Comment.thread_id).in_(keys))
        .where(Comment.sender_confirmed, Comment.source != "staff_note")
        .order_by(Comment.id)
    ):
        said[row.account_id, row.thread_id].append(row)
    people = _people_of(session, threads)
    names = dict(
        session.execute(
            select(Contact.id, Contact.name).where(
                Contact.id.in_([thread.contact_id for thread in threads if thread.contact_id])
            )
        ).all()
    )  # fmt: skip
    accounts = dict(
        session.execute(
            select(Account.id, Account.name).where(Account.id.in_({thread.account_id for thread in threads}))
        ).all()
    )  # fmt: skip
    return tuple(
        _point(
            thread, said[thread.account_id, thread.id], accounts[thread.account_id],
            names.get(thread.contact_id or 0), people[thread.account_id, thread.id],
            is_mine=thread.contact_id in principal.contact_ids,
        )
        for thread in threads
    )  # fmt: skip


def _people_of(session: Session, threads: Sequence[Thread]) -> dict[Key, OurPerson | None]:
    """Who answers for each: whom its receipt named; where nobody was named (imports), who looks after the client."""
    named = our_people(session, [thread.named_user_id for thread in threads if thread.named_user_id])
    kept = {thread: Hidden(thread.hidden_from_id, thread.hidden_name) for thread in threads}
    asked = {
        (thread.account_id, hidden) for thread, hidden in kept.items() if thread.named_user_id not in named
    }
    near = {(account, hidden): named_person(session, account, hidden) for account, hidden in asked}
    return {
        (thread.account_id, thread.id): named.get(thread.named_user_id or 0)
        or near.get((thread.account_id, hidden))
        for thread, hidden in kept.items()
    }


def _point(
    thread: Thread,
    said: Sequence[Comment],
    account: str,
    said_by: str | None,
    person: OurPerson | None,
    *,
    is_mine: bool,
) -> Point:
    first = said[0]
    line = " ".join(first.text.split())
    return Point(
        thread_id=thread.id,
        public_id=thread.public_id,
        receipt=thread.receipt,
        account=account,
        title=line[:_TITLE].rstrip(),
        is_cut=len(line) > _TITLE,
        said_at=first.said_at,
        said_by=said_by,
        is_mine=is_mine,
        wants_senior=any(one.wants_senior for one in said),
        may_ask_others=first.may_ask_others,
        is_hidden=thread.hidden_from_id is not None or thread.hidden_name is not None,
        next_word_by=thread.next_word_by,
        person=person,
        words=tuple(
            Words(one.text, one.said_at, one.touches, one.would_solve, one.hurt) for one in said
        ),
    )  # fmt: skip
