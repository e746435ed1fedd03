"""What came in, as staff read it: newest first, filtered, with the words as far as the reader may see them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, column, func, literal, or_, select, table, true
from sqlalchemy.orm import Session

from voc.access.models import User
from voc.access.rules import Sight, sight_of_words
from voc.accounts.models import Account, Contact
from voc.accounts.names import known_names
from voc.core.errors import NotFound
from voc.core.names import Names
from voc.core.principal import Principal, Role
from voc.core.text import mask
from voc.db.base import Json
from voc.db.work import Work
from voc.intake.models import Comment, Thread
from voc.jobs import READ

# Readings are a later stage's; only the columns that this list shows or filters by are named here.
_reading = table(
    "reading", column("account_id"), column("comment_id"), column("read_by_machine"), column("masks", Json)
)
_SHOWN = 280
# comment, account, its public id, contact, who noted it, waiting work, read by machine, masks
_Found = tuple[Comment, str, str, str | None, str | None, int | None, bool | None, list[list[object]] | None]
MOST_COUNTED = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a reader looks for; empty fields do not narrow."""

    client: str | None = None
    kind: str | None = None
    channel: str | None = None
    unconfirmed: bool = False
    senior: bool = False
    unread: bool = False
    language: bool = False
    words: str | None = None


@dataclass(frozen=True, slots=True)
class CameIn:
    """One comment in the list. `words` is None when the reader may not see them; `note` then says why."""

    id: int
    public_id: str
    account: str
    account_public_id: str
    who: str | None
    words: str | None
    note: str | None
    kind: str
    channel: str
    said_at: datetime
    received_at: datetime
    wants_senior: bool
    sender_confirmed: bool
    is_read: bool
    language_read: bool
    hidden_name: str | None


@dataclass(frozen=True, slots=True)
class HeldSender:
    """A comment by public link and who its sender says to be."""

    public_id: str
    account_id: int
    account: str
    name: str | None
    email: str | None
    words: str
    said_at: datetime
    sender_confirmed: bool
    people: tuple[tuple[str, str, bool], ...]  # public id, name with role, whether the address is the same


@dataclass(frozen=True, slots=True)
class _Span:
    start: int
    end: int
    kind: str


def came_in(
    session: Session, principal: Principal, wanted: Wanted, *, before: int | None, size: int
) -> tuple[tuple[CameIn, ...], int | None]:
    """A page of what came in, newest first, and the key the next page begins below (None: no more)."""
    query = _narrowed(_rows(), principal, wanted).order_by(Comment.id.desc()).limit(size + 1)
    if before is not None:
        query = query.where(Comment.id < before)
    rows: list[_Found] = [tuple(row) for row in session.execute(query)]
    names = known_names(session)
    shown = tuple(_came_in(principal, row, names) for row in rows[:size])
    return shown, shown[-1].id if len(rows) > size else None


def count(session: Session, principal: Principal, wanted: Wanted) -> int:
    """How many came in like this; counting stops beyond MOST_COUNTED."""
    found = _narrowed(_joined(select(Comment.id)), principal, wanted).limit(MOST_COUNTED + 1)
    return session.scalar(select(func.count()).select_from(found.subquery())) or 0


def unconfirmed_count(session: Session) -> int:
    """How many comments wait for somebody to recognise their sender."""
    return session.scalar(select(func.count()).select_from(Comment).where(~Comment.sender_confirmed)) or 0


def clients(session: Session, principal: Principal) -> tuple[tuple[str, str], ...]:
    """(public id, name) of each account open to this reader, by name."""
    query = select(Account.public_id, Account.name).order_by(Account.name)
    if principal.account_ids is not None:
        query = query.where(Account.id.in_(principal.account_ids))
    return tuple(session.execute(query).all())


def people_of(session: Session, principal: Principal, account_public_id: str) -> tuple[str, ...]:
    """The names of a client's people, to choose from; none for an account that is not open to the reader."""
    query = select(Contact.name).join(Account, Account.id == Contact.account_id).order_by(Contact.name)
    if principal.account_ids is not None:
        query = query.where(Account.id.in_(principal.account_ids))
    return tuple(session.scalars(query.where(Account.public_id == account_public_id)))


def held_sender(session: Session, public_id: str) -> HeldSender:
    """A comment by public link, with its account's people; NotFound when there is none."""
    row = session.execute(
        select(Comment, Account.name)
        .join(Account, Account.id == Comment.account_id)
        .where(Comment.public_id == public_id, Comment.channel == "link")
    ).first()
    if row is None:
        raise NotFound
    comment, account = row
    key = (comment.sender_email or "").casefold()
    people = session.scalars(
        select(Contact).where(Contact.account_id == comment.account_id).order_by(Contact.name)
    )
    choices = [
        (
            one.public_id,
            f"{one.name}, {one.role}" if one.role else one.name,
            bool(key) and one.email_key == key,
        )
        for one in people
    ]
    return HeldSender(
        comment.public_id, comment.account_id, account, comment.sender_name, comment.sender_email, comment.text,
        comment.said_at, comment.sender_confirmed, tuple(sorted(choices, key=lambda one: not one[2])),
    )  # fmt: skip


def _rows() -> Select[Any]:  # as `_Found`; raw columns carry no type
    return _joined(
        select(
            Comment, Account.name.label("account"), Account.public_id.label("account_public_id"),
            Contact.name.label("contact"), User.name.label("noted_by"), Work.comment_id.label("waits"),
            _reading.c.read_by_machine, _reading.c.masks,
        )
    )  # fmt: skip


def _joined(query: Select[Any]) -> Select[Any]:  # as `_rows`
    return (
        query.join(Account, Account.id == Comment.account_id)
        .join(Thread, (Thread.account_id == Comment.account_id) & (Thread.id == Comment.thread_id))
        .outerjoin(
            Contact, (Contact.account_id == Comment.account_id) & (Contact.id == Comment.contact_id)
        )
        .outerjoin(User, User.id == Comment.noted_by_id)
        .outerjoin(
            Work,
            (Work.account_id == Comment.account_id) & (Work.comment_id == Comment.id) & (Work.stage == READ),
        )
        .outerjoin(
            _reading,
            (_reading.c.account_id == Comment.account_id) & (_reading.c.comment_id == Comment.id),
        )
    )  # fmt: skip


def _narrowed(query: Select[Any], principal: Principal, wanted: Wanted) -> Select[Any]:  # as `_rows`
    narrow: list[ColumnElement[bool]] = []
    if wanted.client:
        narrow.append(Account.public_id == wanted.client)
    if wanted.kind:
        narrow.append(Comment.kind == wanted.kind)
    if wanted.channel:
        narrow.append(Comment.channel == wanted.channel)
    if wanted.unconfirmed:
        narrow.append(~Comment.sender_confirmed)
    if wanted.senior:
        narrow.append(Comment.wants_senior.is_(True))
    if wanted.unread:
        narrow.append(_reading.c.comment_id.is_(None))
    if wanted.language:
        narrow.append(_reading.c.read_by_machine == literal(False))
    if wanted.words:
        narrow.append(_said(principal, wanted.words))
    return query.where(*narrow)


def _said(principal: Principal, words: str) -> ColumnElement[bool]:
    """Whether the words stand in a comment, or name its client or number; masked words are not searched."""
    searched = Comment.text.icontains(words, autoescape=True)
    open_to_all = sight_of_words(principal, "comment") is Sight.OPEN
    readable = true() if open_to_all else _is_for_leaders()
    return or_(
        readable & searched, Account.name.icontains(words, autoescape=True), Thread.receipt == words.upper()
    )


def _is_for_leaders() -> ColumnElement[bool]:
    return or_(Comment.wants_senior, Comment.kind.in_(("escalation", "termination")))


def _came_in(principal: Principal, row: _Found, names: Names) -> CameIn:
    comment, account, account_public_id, contact, noted_by, waits, read_by_machine, masks = row
    is_read = read_by_machine is not None and waits is None
    words, note = _words(principal, comment, masks, names)
    return CameIn(
        id=comment.id,
        public_id=comment.public_id,
        account=account,
        account_public_id=account_public_id,
        who=_who(principal, comment, contact, noted_by),
        words=words,
        note=note,
        kind=comment.kind,
        channel=comment.channel,
        said_at=comment.said_at,
        received_at=comment.received_at,
        wants_senior=comment.wants_senior,
        sender_confirmed=comment.sender_confirmed,
        is_read=is_read,
        language_read=read_by_machine is not False,
        hidden_name=comment.hidden_name if Role.LEAD in principal.roles else None,
    )


def _words(
    principal: Principal, comment: Comment, masks: list[list[object]] | None, names: Names
) -> tuple[str | None, str | None]:
    """The words as this reader may see them, or None and why not."""
    sight = sight_of_words(principal, comment.kind, wants_senior=comment.wants_senior)
    if sight is Sight.CLOSED:
        return None, "Not yours to read."
    if sight is Sight.OPEN:
        return _short(comment.text), None
    if masks is None:
        return None, "Not read yet, so we cannot mask the names in it."
    spans = [_Span(int(str(start)), int(str(end)), str(kind)) for start, end, kind in masks]
    return _short(mask(comment.text, spans, names)), None


def _who(principal: Principal, comment: Comment, contact: str | None, noted_by: str | None) -> str | None:
    sight = sight_of_words(principal, comment.kind, wants_senior=comment.wants_senior)
    said = contact or comment.sender_name
    who = said if sight is Sight.OPEN else None
    if noted_by is None:
        return who
    return f"{who}, noted by {noted_by}" if who else f"noted by {noted_by}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN].rstrip()}…"
