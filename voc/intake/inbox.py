"""What came in, as staff read it: newest first, filtered, with the words as far as the reader may see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, column, func, literal, or_, select, table, true
from sqlalchemy.orm import Session

from voc.access.models import User
from voc.access.rules import Sight, sight_of_words
from voc.accounts.models import Account, Contact
from voc.core.errors import NotFound
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
    rows = session.execute(query).all()
    names = _names(session, {row.Comment.account_id for row in rows})
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
    return tuple(session.execute(query).tuples().all())


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


def _rows() -> Select[
    Comment, str, str, str | None, str | None, int | None, bool | None, list[object] | None
]:
    return _joined(
        select(
            Comment, Account.name.label("account"), Account.public_id.label("account_public_id"),
            Contact.name.label("contact"), User.name.label("noted_by"), Work.comment_id.label("waits"),
            _reading.c.read_by_machine, _reading.c.masks,
        )
    )  # fmt: skip


def _joined(query: Select[*tuple[object, ...]]) -> Select[*tuple[object, ...]]:
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


def _narrowed(
    query: Select[*tuple[object, ...]], principal: Principal, wanted: Wanted
) -> Select[*tuple[object, ...]]:
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
        narrow.append(Comment.wants_senior)
    if wanted.unread:
        narrow.append(_reading.c.comment_id.is_(None))
    if wanted.language:
        narrow.append(_reading.c.read_by_machine == literal(False))  # noqa: FBT003 - SQL's false
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


def _names(session: Session, account_ids: set[int]) -> dict[int, list[str]]:
    rows = session.execute(
        select(Contact.account_id, Contact.name).where(Contact.account_id.in_(sorted(account_ids)))
    )
    found: dict[int, list[str]] = {}
    for account_id, name in rows:
        found.setdefault(account_id, []).extend([name, *name.split()])
    return found


def _came_in(principal: Principal, row: object, names: dict[int, list[str]]) -> CameIn:
    raise NotImplementedError
