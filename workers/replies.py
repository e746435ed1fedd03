"""Takes in what came back by mail: the only code that joins mail and intake."""

import time

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from voc.accounts.models import Contact
from voc.checks import written
from voc.closure.models import Told
from voc.core.principal import SYSTEM
from voc.intake import carers
from voc.intake.models import Comment, Thread
from voc.intake.service import Incoming, receive
from voc.jobs import READ, ring_after_commit
from voc.mail import addresses, inbound, tokens
from voc.mail.inbound import Answered, Arrived
from voc.mail.letter import Letter, read_letter
from voc.mail.mailbox import MailboxAway, fetch_new
from voc.mail.models import InboundMail
from workers.alive import alive
from workers.scope import Scope

log = structlog.get_logger(__name__)

LOOK_SECONDS = 60.0
_AT_ONCE = 20
_SORT_SECONDS = 30
_looked_at: dict[str, float] = {}


def take_in(here: Scope) -> int:
    """Looks into the mailbox once a minute, then gives each new mail its place; gives how many it sorted.

    Rung with the mail worker. Safe to run twice: the very same mail is one row, and each row is sorted once.
    """
    url = here.settings.imap_url
    if url and time.monotonic() - _looked_at.get(url, -LOOK_SECONDS) >= LOOK_SECONDS:
        _looked_at[url] = time.monotonic()
        with alive(here.beat):
            fetch(here)
    return sort_new(here)


def fetch(here: Scope) -> int:
    """Keeps what lies unseen in the mailbox, and marks it as seen once it is kept; gives how many."""
    try:
        return fetch_new(here.settings, here.database)
    except MailboxAway as error:
        log.warning("mailbox_away", error=str(error))
        return 0


def sort_new(here: Scope) -> int:
    """Sorts the mails that wait, for half a minute at most; gives how many."""
    done, started = 0, time.monotonic()
    while time.monotonic() - started < _SORT_SECONDS:
        with here.database.reading(SYSTEM) as session:
            waiting = inbound.arrived(session, limit=_AT_ONCE)
        if not waiting:
            break
        for mail in waiting:
            with alive(here.beat):
                letter = read_letter(mail.body, tokens.our_address(here.settings))
            with here.database.writing(SYSTEM) as session:
                _sort(session, here, mail, letter)
        done += len(waiting)
    return done


def _sort(session: Session, here: Scope, mail: Arrived, letter: Letter) -> None:
    if mail.account_id is not None:
        _let_in(session, here, mail, letter)
    elif letter.kind == "bounce":
        inbound.take_bounce(session, mail.id, letter, here.settings)
    elif letter.kind == "delayed":
        inbound.put_apart(session, mail.id, "automatic", "A mail of ours is late; its server goes on trying.")
    elif letter.kind in {"automatic", "unreadable"}:
        inbound.put_apart(session, mail.id, letter.kind, letter.why)
    else:
        _take_words(session, here, mail, letter)


def _take_words(session: Session, here: Scope, mail: Arrived, letter: Letter) -> None:
    about = inbound.answered(session, letter, here.settings)
    if about is None:
        account_id = _account_of(session, letter.sender)
        inbound.put_apart(session, mail.id, "held", inbound.NO_ANSWER_TO_US, account_id=account_id)
        return
    contact = _contact(session, about)
    why = inbound.why_not_confirmed(letter, contact.email_key if contact else None)
    if why is not None:
        inbound.put_apart(
            session, mail.id, "held", why, account_id=about.account_id, delivery_id=about.delivery_id
        )
        return
    if inbound.put_apart(
        session, mail.id, "joined", None, account_id=about.account_id, delivery_id=about.delivery_id
    ):
        _receive(session, here, mail, letter, about.account_id, contact, about)


def _let_in(session: Session, here: Scope, mail: Arrived, letter: Letter) -> None:
    """A person said whose mail this is; unknown senders stand in "what came in" as not confirmed."""
    account_id = mail.account_id or 0
    if not letter.text:
        inbound.put_apart(
            session, mail.id, "unreadable", letter.why or "There are no words in it.", account_id=account_id,
            delivery_id=mail.delivery_id,
        )  # fmt: skip
        return
    about = inbound.delivery(session, account_id, mail.delivery_id)
    contact = _contact_at(session, account_id, letter.sender)
    if inbound.put_apart(
        session, mail.id, "joined", None, account_id=account_id, delivery_id=mail.delivery_id
    ):
        _receive(session, here, mail, letter, account_id, contact, about)


def _receive(
    session: Session, here: Scope, mail: Arrived, letter: Letter, account_id: int, contact: Contact | None,
    about: Answered | None,
) -> None:  # fmt: skip
    thread_id = _thread_of(session, about, contact) if about and contact else None
    reply = _reply(session, about, contact, letter.text)
    is_answer = reply is not None and reply.says is not None
    named = None if thread_id else carers.named_person(session, account_id, carers.NOBODY_HIDDEN)
    stored = receive(
        session,
        Incoming(
            account_id=account_id,
            channel="email",
            kind="answer" if is_answer else "comment",
            source="answer" if is_answer else "prompted" if about and about.was_question else "unasked",
            text=letter.text,
            sender_key=f"mail {mail.dedupe_key}",
            body=mail.body,
            content_type="message/rfc822",
            thread_id=thread_id,
            contact_id=contact.id if contact else None,
            sender_confirmed=contact is not None,
            sender_email=None if contact else letter.sender,
            named_user_id=named.id if named else None,
            promise=not is_answer,  # an answer is promised what came of the question
            time_zone=here.settings.time_zone,
        ),
    )
    inbound.note_comment(session, mail.id, stored.comment_id)
    if reply is not None:
        written.keep(session, reply, stored.comment_id, zone=here.settings.time_zone)
    ring_after_commit(session, here.doorbell, READ)


def _reply(
    session: Session, about: Answered | None, contact: Contact | None, text: str
) -> written.Reply | None:
    if about is None or contact is None or not about.was_question or contact.id != about.contact_id:
        return None
    return written.reply_to(session, about.account_id, contact.id, about.key, text)


def _thread_of(session: Session, about: Answered, contact: Contact) -> int | None:
    """The thread that the answered mail stands in, or that an earlier answer to it opened; None: a new one."""
    told = select(Told.thread_id).where(
        Told.account_id == about.account_id, Told.delivery_id == about.delivery_id
    )
    before = (
        select(Comment.thread_id)
        .join(
            InboundMail,
            (InboundMail.account_id == Comment.account_id) & (InboundMail.comment_id == Comment.id),
        )
        .where(InboundMail.account_id == about.account_id, InboundMail.delivery_id == about.delivery_id)
        .order_by(Comment.id)
    )
    for wanted in (told, before):
        key = session.scalar(wanted.limit(1))
        whose = select(Thread.contact_id).where(Thread.account_id == about.account_id, Thread.id == key)
        if key is not None and session.scalar(whose) in {None, contact.id}:
            return key
    return None


def _contact(session: Session, about: Answered) -> Contact | None:
    return session.scalar(
        select(Contact).where(Contact.account_id == about.account_id, Contact.id == about.contact_id)
    )


def _contact_at(session: Session, account_id: int, sender: str | None) -> Contact | None:
    key = addresses.email_key(sender or "")
    return session.scalar(select(Contact).where(Contact.account_id == account_id, Contact.email_key == key))


def _account_of(session: Session, sender: str | None) -> int | None:
    """The one client that a sender of this address belongs to, as a guess for people; None when several or none."""
    key = addresses.email_key(sender or "")
    found = session.scalars(select(Contact.account_id).where(Contact.email_key == key).limit(2)).all()
    return found[0] if len(found) == 1 else None
