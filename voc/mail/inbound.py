"""What came back: kept as it came before anything is made of it, then sorted; nothing is ever dropped."""

import hashlib
import re
from dataclasses import dataclass
from email.parser import BytesHeaderParser
from email.policy import compat32

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from voc.core import clock, ids
from voc.core.config import Settings
from voc.core.errors import Conflict, NotFound
from voc.db.upsert import insert_new
from voc.jobs import tell
from voc.mail import addresses, tokens
from voc.mail.headers import one_line
from voc.mail.letter import Letter, addresses_in
from voc.mail.models import Delivery, InboundMail
from voc.mail.wanted import QUESTIONS

LARGEST = 10_000_000  # bytes kept of one mail (model.md)
TOO_LARGE = "It is larger than 10 MB. We kept its beginning; the whole still lies in the mailbox."
NO_ANSWER_TO_US = "It answers no mail of ours."
NOT_THEIRS = "It answers a mail to somebody else than its sender: sender not confirmed."
FORGED = "Our mail server says that the sender is not who it claims to be: sender not confirmed."
TWO_SENDERS = "It names several senders: sender not confirmed."
_HEADER_BYTES = 100_000
_LINE_END = re.compile(rb"\r?\n\r?\n")
_MILD = ("5.7.", "5.2.", "5.3.", "5.5.")  # says nothing about whether the address is there


@dataclass(frozen=True, slots=True)
class Arrived:
    """One kept mail that waits to be sorted; `account_id` is set when a person said whose it is."""

    id: int
    body: bytes
    account_id: int | None
    delivery_id: int | None
    dedupe_key: str


@dataclass(frozen=True, slots=True)
class Answered:
    """The delivery that a mail answers."""

    account_id: int
    delivery_id: int
    contact_id: int
    was_question: bool
    key: str = ""  # what made it one row: tells the stage that wrote it what it was about


def keep(session: Session, body: bytes, *, is_whole: bool = True) -> bool:
    """Keeps a mail as it came; False when the very same mail, by Message-ID and body, is there already."""
    head, text = _split(body)
    message = BytesHeaderParser(policy=compat32).parsebytes(head)
    own_id = str(message.get("Message-ID") or "").strip()
    key = hashlib.sha256(
        own_id.encode("utf-8", "replace") + b"\x1f" + hashlib.sha256(text).digest()
    ).hexdigest()
    senders = addresses_in(message, "From")
    row = {
        "id": ids.new_id(), "public_id": ids.new_public_id(), "dedupe_key": key, "body": body[:LARGEST],
        "sender": senders[0][:320] if senders else None, "subject": one_line(message.get("Subject") or "", 300) or None,
        "state": "new" if is_whole else "unreadable", "why": None if is_whole else TOO_LARGE,
        "received_at": clock.now(),
    }  # fmt: skip
    return bool(insert_new(session, InboundMail, [row], key="dedupe_key"))


def _split(body: bytes) -> tuple[bytes, bytes]:
    found = _LINE_END.search(body[:_HEADER_BYTES])
    return (body[: found.start()], body[found.end() :]) if found else (body[:_HEADER_BYTES], body)


def arrived(session: Session, *, limit: int) -> list[Arrived]:
    """The mails that wait to be sorted, the oldest first."""
    rows = session.execute(
        select(
            InboundMail.id,
            InboundMail.body,
            InboundMail.account_id,
            InboundMail.delivery_id,
            InboundMail.dedupe_key,
        )
        .where(InboundMail.state == "new")
        .order_by(InboundMail.id)
        .limit(limit)
    )
    return [Arrived(*row) for row in rows]


def answered(session: Session, letter: Letter, settings: Settings) -> Answered | None:
    """The delivery that this letter names by a token of ours; None when it names none."""
    for public_id in tokens.deliveries_in(letter.naming, settings):
        row = session.scalar(select(Delivery).where(Delivery.public_id == public_id))
        if row is not None:
            return _as_answered(row)
    return None


def delivery(session: Session, account_id: int, delivery_id: int | None) -> Answered | None:
    """As `answered`, for a delivery of this account by its id."""
    row = session.scalar(
        select(Delivery).where(Delivery.account_id == account_id, Delivery.id == delivery_id)
    )
    return _as_answered(row) if row is not None else None


def _as_answered(row: Delivery) -> Answered:
    return Answered(row.account_id, row.id, row.contact_id, row.template in QUESTIONS, row.dedupe_key)


def why_not_confirmed(letter: Letter, email_key: str | None) -> str | None:
    """Why this sender is not the person we wrote to, in words; None when it is, as far as mail can tell."""
    if letter.senders > 1:
        return TWO_SENDERS
    if letter.is_forged:
        return FORGED
    theirs = letter.sender is not None and addresses.email_key(letter.sender) == email_key
    return None if theirs else NOT_THEIRS


def put_apart(
    session: Session,
    mail_id: int,
    state: str,
    why: str | None,
    *,
    account_id: int | None = None,
    delivery_id: int | None = None,
) -> bool:
    """Gives a mail its place; False when another worker has given it one meanwhile."""
    done = session.execute(
        update(InboundMail)
        .where(InboundMail.id == mail_id, InboundMail.state == "new")
        .values(state=state, why=why, account_id=account_id, delivery_id=delivery_id)
        .returning(InboundMail.id)
        .execution_options(synchronize_session=False)
    )
    return done.first() is not None


def note_comment(session: Session, mail_id: int, comment_id: int) -> None:
    """Keeps what a joined mail became."""
    session.execute(
        update(InboundMail)
        .where(InboundMail.id == mail_id)
        .values(comment_id=comment_id)
        .execution_options(synchronize_session=False)
    )


def take_bounce(session: Session, mail_id: int, letter: Letter, settings: Settings) -> None:
    """A mail of ours came back: its delivery bounced, and where the address is no more, nothing is sent to it."""
    about = answered(session, letter, settings)
    why = f"A mail of ours came back ({letter.status or 'no reason given'})."
    if about is None:
        put_apart(session, mail_id, "bounce", "It says that a mail came back; we cannot tell which.")
        return
    if not put_apart(
        session, mail_id, "bounce", why, account_id=about.account_id, delivery_id=about.delivery_id
    ):
        return
    sent_to = session.scalar(
        update(Delivery)
        .where(
            Delivery.account_id == about.account_id,
            Delivery.id == about.delivery_id,
            Delivery.state == "sent",
        )
        .values(state="bounced", why=why)
        .returning(Delivery.sent_to)
        .execution_options(synchronize_session=False)
    )
    if sent_to:
        if not (letter.status or "").startswith(_MILD):
            addresses.set_rule(session, sent_to, "bounces")
        tell(session, "mail_bounced", [(about.account_id, about.delivery_id)])


def let_in(session: Session, public_id: str) -> InboundMail:
    """A person says that a held mail is from the client it is held for: the worker takes it in; Conflict when it is not held."""
    mail = _held(session, public_id)
    if mail.account_id is None:
        raise Conflict("We do not know which client this is from. Note it as something they told you.")
    mail.state = "new"
    return mail


def leave_alone(session: Session, public_id: str) -> InboundMail:
    """A person says that nothing is to be done with a mail; it stays kept."""
    mail = _held(session, public_id)
    mail.state = "left_alone"
    return mail


def _held(session: Session, public_id: str) -> InboundMail:
    mail = session.scalar(select(InboundMail).where(InboundMail.public_id == public_id))
    if mail is None:
        raise NotFound
    if mail.state not in {"held", "unreadable", "automatic"}:
        raise Conflict("Somebody has seen to this mail already.")
    return mail
