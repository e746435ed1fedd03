"""What a client reads of its point: every message as it was sent, and “is it solved?” where it was asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from voc.accounts.models import Contact
from voc.closure.models import SignOff, Told, Update
from voc.closure.rules import CLOSED, STATUS_WORDS, STEPS, Stand
from voc.closure.standing import Line, lines_of, stand_of
from voc.core.errors import NotFound
from voc.core.principal import Principal
from voc.intake.models import Thread
from voc.mail.models import Delivery

_DONE = ("changing", "done")
_LISTED = 10


@dataclass(frozen=True, slots=True)
class Signed:
    """“Is it solved?” to one person; `may_answer` when it is the reader's own."""

    public_id: str
    says: str | None
    closes_at: datetime
    satisfaction: int | None
    may_answer: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One message as it was sent; `title` are the client's own first words, `question` what we had asked."""

    at: datetime
    kind: str
    status: str
    title: str
    question: str
    answer: str
    words: str
    cause: str
    action: str
    others: str
    next_by: str
    from_name: str
    from_phone: str
    sign: Signed | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """One point: its steps with their days, and its messages, newest first."""

    thread_public_id: str
    stand: Stand
    steps: tuple[
        tuple[str, datetime | None], ...
    ]  # name and day; none for a step that was skipped or is to come
    sent: tuple[Sent, ...]
    may_take_out: bool

    @property
    def open_sign(self) -> Signed | None:
        """The newest “is it solved?” that is the reader's to answer."""
        return next((one.sign for one in self.sent if one.sign and one.sign.may_answer), None)


def story_of(session: Session, principal: Principal, thread_id: int) -> Story:
    """The story of one thread; NotFound when it is not the asker's."""
    line = lines_of(session, principal, [thread_id]).get(thread_id)
    if line is None:
        raise NotFound
    shown = stand_of(line)
    return Story(
        line.thread.public_id, shown, tuple(zip(STEPS, shown.dates, strict=True)), _sent(session, principal, line),
        may_take_out=bool(line.issues) and shown.current != CLOSED,
    )  # fmt: skip


def _sent(session: Session, principal: Principal, line: Line) -> tuple[Sent, ...]:
    return messages(session, principal, line.told, line.signs)


def messages(
    session: Session,
    principal: Principal,
    rows: Sequence[tuple[Told, Update]],
    signs: Sequence[SignOff] = (),
) -> tuple[Sent, ...]:
    """These messages as they were sent, newest first, each with its reader's own “is it solved?”."""
    asked = {(sign.update_id, sign.contact_id): sign for sign in signs}
    deliveries = {
        row.id: row
        for row in session.scalars(
            select(Delivery).where(
                Delivery.id.in_([told.delivery_id for told, _ in rows if told.delivery_id])
            )
        )
    }
    newest = sorted(rows, key=lambda row: row[0].shown_at or row[1].at, reverse=True)
    return tuple(
        _message(told, update, deliveries.get(told.delivery_id or 0), _signed(principal, asked, told))
        for told, update in newest
    )


def _signed(principal: Principal, signs: dict[tuple[int, int], SignOff], told: Told) -> Signed | None:
    sign = signs.get((told.update_id, told.contact_id))
    if sign is None:
        return None
    mine = sign.contact_id in principal.contact_ids
    return Signed(sign.public_id, sign.says, sign.closes_at, sign.satisfaction, may_answer=mine)


def _message(told: Told, update: Update, delivery: Delivery | None, sign: Signed | None) -> Sent:
    filled = {name: str(value) for name, value in (delivery.filled if delivery else {}).items()}
    return Sent(
        at=told.shown_at or update.at,
        kind=update.kind,
        status=STATUS_WORDS[update.status],
        title=told.title or "",
        question=filled.get("question", ""),
        answer=filled.get("answer", ""),
        words=filled.get("words") or told.words or update.words,
        cause=filled.get("cause", ""),
        action=filled.get("action", ""),
        others=filled.get("others", ""),
        next_by=filled.get("next_by", ""),
        from_name=filled.get("from_name", ""),
        from_phone=filled.get("from_phone", ""),
        sign=sign,
    )


def did_for(session: Session, principal: Principal) -> tuple[Sent, ...]:
    """What we did because of what this client said, and what came of our questions, newest first."""
    query = (
        select(Told, Update)
        .join(Update, Update.id == Told.update_id)
        .where(Told.shown_at.is_not(None))
        .where(Update.status.in_(_DONE) | (Update.kind == "outcome"))
        .order_by(Told.shown_at.desc())
        .limit(_LISTED)
    )
    if principal.own_threads_only:
        query = query.where(Told.contact_id.in_(sorted(principal.contact_ids)))
    rows = [(told, update) for told, update in session.execute(query)]
    updates = [update.id for _, update in rows]
    signs = session.scalars(select(SignOff).where(SignOff.update_id.in_(updates))).all() if updates else ()
    return messages(session, principal, rows, signs)


def thread_of(session: Session, public_id: str) -> Thread:
    """The thread of this public id, if it is the asker's; raises NotFound."""
    found = session.scalar(select(Thread).where(Thread.public_id == public_id))
    if found is None:
        raise NotFound
    return found


def speaks_as(session: Session, principal: Principal, thread: Thread) -> int | None:
    """The contact as whom the asker adds words: the thread's own, or a colleague there; None when they are neither."""
    if thread.contact_id in principal.contact_ids:
        return thread.contact_id
    return session.scalar(
        select(Contact.id)
        .where(Contact.account_id == thread.account_id, Contact.id.in_(sorted(principal.contact_ids)))
        .order_by(Contact.id)
        .limit(1)
    )


def message_of(session: Session, principal: Principal, update_public_id: str) -> Sent:
    """One message that stands in no thread, to the asker alone; raises NotFound."""
    row = session.execute(
        select(Told, Update)
        .join(Update, Update.id == Told.update_id)
        .where(Update.public_id == update_public_id, Told.shown_at.is_not(None))
        .where(Told.contact_id.in_(sorted(principal.contact_ids)))
    ).first()
    if row is None:
        raise NotFound
    return messages(session, principal, [(row[0], row[1])])[0]


def done_of(session: Session, principal: Principal, sign: SignOff) -> Sent:
    """What was done and why, with its “is it solved?”, to whoever was asked."""
    row = session.execute(
        select(Told, Update)
        .join(Update, Update.id == Told.update_id)
        .where(Told.account_id == sign.account_id, Told.update_id == sign.update_id)
        .where(Told.contact_id == sign.contact_id)
    ).one()
    return messages(session, principal, [(row[0], row[1])], [sign])[0]
