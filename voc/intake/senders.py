"""Public links and the people who use them: makes a link, and recognises a sender."""

from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from voc.access.audit import record
from voc.access.sessions import hashed
from voc.accounts.models import Account, Contact
from voc.core import clock, ids
from voc.core.errors import Conflict, Invalid, NotFound
from voc.core.principal import Principal
from voc.intake.forms import Sender
from voc.intake.models import Comment, Thread
from voc.jobs import tell


@dataclass(frozen=True, slots=True)
class Linked:
    """The account whose public form a link opens."""

    id: int
    public_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Recognised:
    """Who the sender turned out to be; `made` is the contact that was made for it, if one was."""

    name: str
    made: str | None


def make_link(session: Session, account_public_id: str) -> str:
    """Gives the account a fresh public link and closes the one before; the token is shown this once."""
    account = session.scalar(select(Account).where(Account.public_id == account_public_id))
    if account is None:
        raise NotFound
    token = ids.new_token()
    account.form_token_hash = hashed(token)
    record(session, "form_link_made", f"account:{account.public_id}")
    return token


def close_link(session: Session, account_public_id: str) -> None:
    """Closes the account's public link; closing it twice is fine."""
    account = session.scalar(select(Account).where(Account.public_id == account_public_id))
    if account is None:
        raise NotFound
    if account.form_token_hash is not None:
        account.form_token_hash = None
        record(session, "form_link_closed", f"account:{account.public_id}")


def account_of_link(session: Session, token: str) -> Linked | None:
    """The account of a public link; None when the link opens nothing (any more)."""
    row = session.execute(
        select(Account.id, Account.public_id, Account.name).where(
            Account.form_token_hash == hashed(token), Account.left_on.is_(None)
        )
    ).first()
    return Linked(*row) if row else None


def by_link(account: Linked) -> Principal:
    """Who asks when somebody has only the link: nothing but this account's own form stands open."""
    return Principal(
        kind="link", name=account.name, account_ids=frozenset({account.id}), own_threads_only=False,
        permissions=frozenset({"public:read", "public:write"}),
    )  # fmt: skip


def recognise(session: Session, public_id: str, sender: Sender) -> Recognised:
    """Says who sent a comment by the public link; from now on it counts as said by that person.

    It is read again, so that it can join an issue. Conflict when somebody was first.
    """
    comment = _held(session, public_id)
    if comment.sender_confirmed:
        raise Conflict("Somebody has said who this is already. Reload the page to see who.")
    contact = _contact(session, comment.account_id, sender)
    _give(session, comment, contact.id, confirmed=True)
    record(session, "sender_recognised", f"comment:{public_id}", contact=contact.public_id)
    return Recognised(contact.name, contact.public_id if sender.contact is None else None)


def forget_sender(session: Session, public_id: str, made: str | None) -> None:
    """Takes a recognition back: the sender is not confirmed again, and a contact made for it goes."""
    comment = _held(session, public_id)
    contact_id = comment.contact_id
    if not comment.sender_confirmed or contact_id is None:
        return
    _give(session, comment, None, confirmed=False)
    record(session, "sender_forgotten", f"comment:{public_id}")
    if made:
        _drop_unused(session, comment, contact_id, made)


def _held(session: Session, public_id: str) -> Comment:
    found = session.scalar(
        select(Comment).where(Comment.public_id == public_id, Comment.channel == "link")
    )  # fmt: skip
    if found is None:
        raise NotFound
    return found


def _contact(session: Session, account_id: int, sender: Sender) -> Contact:
    mine = select(Contact).where(Contact.account_id == account_id)
    if sender.contact is not None:
        found = session.scalar(mine.where(Contact.public_id == sender.contact))
        if found is None:
            words = "Choose one of this client’s people, or “Somebody new”."
            raise Invalid(words, fields={"who": words})
        return found
    key = sender.email.casefold() if sender.email else None
    if key and session.scalar(mine.where(Contact.email_key == key)) is not None:
        words = "Somebody of this client has this address. Choose that person above."
        raise Invalid(words, fields={"email": words})
    made = Contact(
        account_id=account_id, id=ids.new_id(), public_id=ids.new_public_id(), name=sender.name or "",
        role=sender.role, email=sender.email, email_key=key, created_at=clock.now(),
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def _give(session: Session, comment: Comment, contact_id: int | None, *, confirmed: bool) -> None:
    comment.contact_id, comment.sender_confirmed = contact_id, confirmed
    session.execute(
        update(Thread)
        .where(Thread.account_id == comment.account_id, Thread.id == comment.thread_id)
        .values(contact_id=contact_id)
        .execution_options(synchronize_session=False)
    )
    session.flush()
    tell(session, "comments_changed", [(comment.account_id, comment.id)])


def _drop_unused(session: Session, comment: Comment, contact_id: int, public_id: str) -> None:
    contact = session.scalar(
        select(Contact).where(Contact.account_id == comment.account_id, Contact.id == contact_id)
    )
    if contact is None or contact.public_id != public_id or contact.user_id is not None:
        return
    said = select(func.count()).select_from(Comment).where(Comment.contact_id == contact_id)
    if contact.created_at >= comment.received_at and not session.scalar(said):
        session.delete(contact)
