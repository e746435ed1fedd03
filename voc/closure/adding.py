"""What a client says beside an answer, or once more: a comment of its own in the same thread."""

from urllib.parse import urlencode

from sqlalchemy.orm import Session

from voc.closure.rules import next_word
from voc.core import clock
from voc.core.text import clean_text, fingerprint
from voc.intake.forms import CONTENT_TYPE
from voc.intake.models import Thread
from voc.intake.service import Incoming, receive


def say_more(
    session: Session, thread: Thread, contact_id: int | None, text: str, *, nonce: str | None, zone: str
) -> int:
    """A client says more about a point; unasked, like the first words, and with a day for our next word."""
    return _add(session, thread.account_id, contact_id, thread, clean_text(text), "unasked",
                key=f"more {nonce or ''}", zone=zone)  # fmt: skip


def add_words(
    session: Session,
    account_id: int,
    contact_id: int,
    thread: Thread | None,
    text: str,
    *,
    key: str,
    zone: str,
) -> int:
    """Words beside an answer of ours to ask for: prompted, so that they never count as told us unasked."""
    return _add(
        session, account_id, contact_id, thread, clean_text(text, "words"), "prompted", key=key, zone=zone
    )


def _add(
    session: Session,
    account_id: int,
    contact_id: int | None,
    thread: Thread | None,
    text: str,
    source: str,
    *,
    key: str,
    zone: str,
) -> int:
    received = receive(
        session,
        Incoming(
            account_id=account_id,
            channel="form",
            text=text,
            # The words are part of the key: the same form twice is one comment, other words are another.
            sender_key=f"contact {contact_id}:{key}:{fingerprint(text)}",
            body=urlencode([("text", text)]).encode(),
            content_type=CONTENT_TYPE,
            contact_id=contact_id,
            kind="answer" if source == "prompted" else "comment",
            source=source,
            promise=True,
            time_zone=zone,
            thread_id=thread.id if thread else None,
        ),
    )
    if thread is not None and received.is_new:
        by = next_word(clock.now(), zone)
        thread.next_word_by = min(thread.next_word_by or by, by)
        session.flush()
    return received.comment_id
