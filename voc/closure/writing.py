"""A word to one client about one thread, so that nobody waits unanswered."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from voc.accounts.models import Account, Contact
from voc.closure import telling
from voc.closure.audience import Hearer
from voc.closure.models import Told, Update
from voc.closure.readers import to_one
from voc.closure.telling import Wanted
from voc.core.errors import Conflict
from voc.intake.models import Comment, Thread

STATUSES = ("looking", "decided", "changing", "not_now")
_UNKNOWN = "We do not know yet who said this. Say who it is first; then you can write to them."
_NOBODY = "We do not know which of their people said this, so no mail can go to them. Please call the client."
_SPOKEN = "This is a note of ours: they said it and did not write it. Please call them, or write them a mail yourself."


def why_not_to(comment: Comment) -> str | None:
    """Why nobody can be written to about this comment, in words; None when somebody can."""
    if comment.source == "staff_note":
        return _SPOKEN
    if not comment.sender_confirmed:
        return _UNKNOWN
    return _NOBODY if comment.contact_id is None else None


def write_to(session: Session, comment: Comment, wanted: Wanted, *, zone: str) -> Update:
    """Sends a word to whoever said `comment`; it leaves in ten minutes and can be stopped until then.

    Conflict when we do not know who it was; Invalid for words that tell of another client.
    """
    why = why_not_to(comment)
    if why is not None or comment.contact_id is None:
        raise Conflict(why or _NOBODY)
    update = telling.write(session, Update(issue_id=None, kind="update"), wanted)
    one = _reader(session, comment, comment.contact_id)
    session.add(
        Told(
            account_id=one.account_id, update_id=update.id, contact_id=one.contact_id,
            thread_id=one.thread_id, title=one.title, why=one.why,
        )
    )  # fmt: skip
    session.flush()
    telling.send(session, update, zone=zone)
    return update


def _reader(session: Session, comment: Comment, contact_id: int) -> Hearer:
    thread = session.get_one(Thread, (comment.account_id, comment.thread_id))
    first = session.scalars(
        select(Comment.text)
        .where(Comment.account_id == thread.account_id, Comment.thread_id == thread.id)
        .order_by(Comment.id)
    ).first()
    return to_one(
        thread,
        session.get_one(Account, comment.account_id),
        session.get_one(Contact, (comment.account_id, contact_id)),
        why="wrote to us",
        texts=(first or comment.text,),
    )
