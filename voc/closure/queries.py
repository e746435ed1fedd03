"""What our people see of messages, sign-offs and words owed: frozen rows out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import Session

from voc.access.models import User
from voc.accounts.models import Account, Contact
from voc.closure.models import SignOff, TakenOut, Told, Update
from voc.closure.rules import STATUS_WORDS, end_of, first_words
from voc.closure.telling import KIND_WORDS
from voc.core import clock
from voc.intake.models import Comment, Thread
from voc.issues.models import Issue
from voc.issues.queries import merged_into
from voc.issues.rules import family_of
from voc.mail.models import Batch

_LISTED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateRow:
    """One message as a list shows it; `state` is draft, waiting, left or stopped."""

    public_id: str
    kind: str
    kind_words: str
    status: str
    words: str
    by: str
    at: datetime
    state: str
    leaves_at: datetime | None
    left_at: datetime | None
    people: int
    clients: int
    yes: int
    no: int
    none: int
    waiting: int


@dataclass(frozen=True, slots=True)
class SignedRow:
    """What one person says to “is it solved?”; `says` is yes, no, none or None while we wait."""

    client: str
    account_public_id: str
    name: str
    says: str | None
    said_at: datetime | None
    closes_at: datetime
    satisfaction: int | None
    words: str | None


@dataclass(frozen=True, slots=True)
class OwedWord:
    """A thread whose promised word is due; `comment` is the newest thing said in it."""

    comment: str
    client: str
    next_word_by: datetime
    words: str


@dataclass(frozen=True, slots=True)
class OutRow:
    """A point that its client took out."""

    public_id: str
    client: str
    at: datetime
    words: str
    comment: str
    issues: tuple[str, ...]


def updates_about(session: Session, issue: Issue) -> tuple[UpdateRow, ...]:
    """The messages about an issue and what was merged into it, newest first."""
    family = sorted(family_of(issue.id, merged_into(session)))
    return _rows(session, Update.issue_id.in_(family))


def updates_to(session: Session, account_id: int) -> tuple[UpdateRow, ...]:
    """The messages to one client, newest first."""
    told = exists().where(Told.update_id == Update.id, Told.account_id == account_id)
    return _rows(session, told & Update.stopped_at.is_(None))


def update_row(session: Session, update: Update) -> UpdateRow:
    """One message."""
    return _rows(session, Update.id == update.id)[0]


def _rows(session: Session, condition: ColumnElement[bool]) -> tuple[UpdateRow, ...]:
    rows = session.execute(
        select(Update, User.name, Batch.leaves_at)
        .join(User, User.id == Update.by_id)
        .outerjoin(Batch, Batch.id == Update.batch_id)
        .where(condition)
        .order_by(Update.id.desc())
        .limit(_LISTED)
    ).all()
    ids = [update.id for update, *_ in rows]
    told = _told_counts(session, ids)
    signs = _sign_counts(session, ids)
    return tuple(
        _row(update, by, leaves_at, told.get(update.id, (0, 0)), signs.get(update.id, {}))
        for update, by, leaves_at in rows
    )


def _row(
    update: Update, by: str, leaves_at: datetime | None, told: tuple[int, int], signs: dict[str | None, int]
) -> UpdateRow:
    return UpdateRow(
        public_id=update.public_id, kind=update.kind, kind_words=KIND_WORDS[update.kind],
        status=STATUS_WORDS[update.status], words=update.words, by=by, at=update.at, state=state_of(update),
        leaves_at=leaves_at, left_at=update.left_at, people=told[0], clients=told[1], yes=signs.get("yes", 0),
        no=signs.get("no", 0), none=signs.get("none", 0), waiting=signs.get(None, 0),
    )  # fmt: skip


def state_of(update: Update) -> str:
    """Where a message stands: draft, waiting, left or stopped."""
    if update.stopped_at is not None:
        return "stopped"
    if update.left_at is not None:
        return "left"
    return "draft" if update.batch_id is None else "waiting"


def _told_counts(session: Session, ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    rows = session.execute(
        select(Told.update_id, func.count(), func.count(Told.account_id.distinct()))
        .where(Told.update_id.in_(list(ids)))
        .group_by(Told.update_id)
    )
    return {update: (people, clients) for update, people, clients in rows}


def _sign_counts(session: Session, ids: Sequence[int]) -> dict[int, dict[str | None, int]]:
    rows = session.execute(
        select(SignOff.update_id, SignOff.says, func.count())
        .where(SignOff.update_id.in_(list(ids)))
        .group_by(SignOff.update_id, SignOff.says)
    )
    found: dict[int, dict[str | None, int]] = {}
    for update, says, number in rows:
        found.setdefault(update, {})[says] = number
    return found


def signed_rows(session: Session, update: Update) -> tuple[SignedRow, ...]:
    """Yes, no and no answer of each person whom an update asked, those who said no first."""
    rows = session.execute(
        select(SignOff, Account, Contact.name, Comment.text)
        .join(Account, Account.id == SignOff.account_id)
        .join(Contact, (Contact.account_id == SignOff.account_id) & (Contact.id == SignOff.contact_id))
        .outerjoin(Comment, (Comment.account_id == SignOff.account_id) & (Comment.id == SignOff.comment_id))
        .where(SignOff.update_id == update.id)
        .order_by(Account.name, Contact.name)
    ).all()
    order = {"no": 0, "yes": 1, None: 2, "none": 3}
    found = [
        SignedRow(
            account.name,
            account.public_id,
            name,
            sign.says,
            sign.said_at,
            sign.closes_at,
            sign.satisfaction,
            text,
        )
        for sign, account, name, text in rows
    ]
    return tuple(sorted(found, key=lambda one: order[one.says]))


def words_owed(session: Session, zone: str, limit: int) -> tuple[OwedWord, ...]:
    """Threads whose promised word is due by the end of today, the longest due first."""
    last = (
        select(func.max(Comment.id))
        .where(Comment.account_id == Thread.account_id, Comment.thread_id == Thread.id)
        .correlate(Thread)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Comment.public_id, Account.name, Thread.next_word_by, Comment.text)
        .join(Thread, (Thread.account_id == Comment.account_id) & (Thread.id == Comment.thread_id))
        .join(Account, Account.id == Thread.account_id)
        .where(Comment.id == last, *_is_owed(zone))
        .order_by(Thread.next_word_by, Thread.id)
        .limit(limit)
    )
    return tuple(OwedWord(comment, client, by, first_words(text)) for comment, client, by, text in rows if by)


def number_owed(session: Session, zone: str) -> int:
    """How many threads wait for a promised word by the end of today."""
    return session.scalar(select(func.count()).select_from(Thread).where(*_is_owed(zone))) or 0


def _is_owed(zone: str) -> tuple[ColumnElement[bool], ...]:
    """Due, and no word to them on its way."""
    on_its_way = exists().where(
        Told.account_id == Thread.account_id, Told.thread_id == Thread.id, Update.id == Told.update_id,
        Update.batch_id.is_not(None), Update.left_at.is_(None), Update.stopped_at.is_(None),
    )  # fmt: skip
    return Thread.next_word_by <= end_of(clock.today(zone), zone), ~on_its_way


def taken_out(session: Session, limit: int) -> tuple[OutRow, ...]:
    """Points that clients took out and nobody of us has looked at, the oldest first."""
    return _out_rows(session, _taken_out().order_by(TakenOut.at).limit(limit))


def taken_out_row(session: Session, public_id: str) -> OutRow | None:
    """One of them; None when it is not there."""
    return next(iter(_out_rows(session, _taken_out(seen=True).where(TakenOut.public_id == public_id))), None)


def number_taken_out(session: Session) -> int:
    """How many points that clients took out nobody of us has looked at."""
    return session.scalar(select(func.count()).select_from(_taken_out().subquery())) or 0


def _taken_out(*, seen: bool = False) -> Select[TakenOut, str, str, str]:
    first = (
        select(func.min(Comment.id))
        .where(Comment.account_id == TakenOut.account_id, Comment.thread_id == TakenOut.thread_id)
        .correlate(TakenOut)
        .scalar_subquery()
    )
    query = (
        select(TakenOut, Account.name, Comment.text, Comment.public_id)
        .join(Account, Account.id == TakenOut.account_id)
        .join(Comment, (Comment.account_id == TakenOut.account_id) & (Comment.id == first))
    )
    return query if seen else query.where(TakenOut.looked_at.is_(None), TakenOut.undone_at.is_(None))


def _out_rows(session: Session, query: Select[TakenOut, str, str, str]) -> tuple[OutRow, ...]:
    rows = session.execute(query).all()
    ids = {int(str(one["issue"])) for row, *_ in rows for one in row.before}
    names = dict(session.execute(select(Issue.id, Issue.name).where(Issue.id.in_(sorted(ids)))).all())
    return tuple(
        OutRow(
            row.public_id, client, row.at, first_words(text), comment,
            tuple(dict.fromkeys(names[int(str(one["issue"]))] for one in row.before)),
        )
        for row, client, text, comment in rows
    )  # fmt: skip


def written_in(session: Session, account_id: int, thread_id: int) -> tuple[UpdateRow, ...]:
    """What we wrote in one thread, newest first, and what is on its way."""
    told = exists().where(
        Told.update_id == Update.id, Told.account_id == account_id, Told.thread_id == thread_id
    )
    return _rows(session, told & Update.stopped_at.is_(None) & Update.batch_id.is_not(None))
