"""Takes in what a form says: by a signed-in client, by a public link, or noted by one of our people."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from voc.accounts.models import Account, Contact
from voc.core import clock, ids
from voc.core.errors import Invalid
from voc.core.principal import Principal
from voc.core.text import name_key
from voc.intake import carers, rules
from voc.intake.forms import CONTENT_TYPE, Noted, Said
from voc.intake.queries import Writer
from voc.intake.service import Incoming, Received, receive

_SENIOR, _PLAIN = "escalation", "comment"


@dataclass(frozen=True, slots=True)
class Here:
    """What every channel needs to know of this installation and request."""

    zone: str
    body: bytes


def say_as_client(session: Session, writer: Writer, said: Said, here: Here) -> Received:
    """Stores what a client's person says, with a receipt that names one of us and a day.

    The same form sent twice gives the same receipt; Invalid when the hidden colleague is nobody of theirs.
    """
    return receive(
        session,
        _from_form(
            session, writer.account_id, said, here, channel="form",
            sender=f"contact {writer.contact_id}", contact_id=writer.contact_id,
        ),
    )  # fmt: skip


def say_by_link(session: Session, account_id: int, said: Said, here: Here) -> Received:
    """Stores what somebody says by an account's public link, held until one of us recognises the sender."""
    return receive(
        session,
        _from_form(
            session, account_id, said, here, channel="link", sender="link", sender_confirmed=False,
            sender_name=said.name, sender_email=said.email,
        ),
    )  # fmt: skip


def note(session: Session, principal: Principal, account_id: int, noted: Noted, here: Here) -> Received:
    """Stores what one of our people heard; nothing is promised and nobody is written to."""
    contact_id = _contact_called(session, account_id, noted.person)
    return receive(
        session,
        Incoming(
            account_id=account_id,
            channel="staff_note",
            source="staff_note",
            kind=noted.kind,
            wants_senior=noted.kind == _SENIOR,
            text=noted.text,
            sender_key=f"user {principal.user_id}:{noted.nonce or ids.new_token()}",
            body=here.body,
            content_type=CONTENT_TYPE,
            contact_id=contact_id,
            sender_name=noted.person if contact_id is None else None,
            noted_by_id=principal.user_id,
            heard_how=noted.how,
            said_at=rules.noon_of(noted.said_on, here.zone, clock.now()),
            time_zone=here.zone,
        ),
    )


def _from_form(
    session: Session,
    account_id: int,
    said: Said,
    here: Here,
    *,
    channel: str,
    sender: str,
    contact_id: int | None = None,
    sender_confirmed: bool = True,
    sender_name: str | None = None,
    sender_email: str | None = None,
) -> Incoming:
    hidden = carers.find_hidden(session, account_id, chosen=said.hide_from, typed=said.hide_name)
    if hidden is None:
        words = "This is nobody who looks after you. Choose again, or type the name."
        raise Invalid(words, fields={"hide_from": words})
    named = carers.named_person(session, account_id, hidden)
    return Incoming(
        account_id=account_id,
        channel=channel,
        kind=_SENIOR if said.wants_senior else _PLAIN,
        text=said.text,
        sender_key=f"{sender}:{said.key() or ids.new_token()}",
        body=here.body,
        content_type=CONTENT_TYPE,
        contact_id=contact_id,
        hurt=said.hurt,
        touches=said.touches,
        would_solve=said.would_solve,
        wants_senior=said.wants_senior,
        may_ask_others=said.may_ask_others,
        hidden_from_id=hidden.id,
        hidden_name=hidden.name,
        sender_confirmed=sender_confirmed,
        sender_name=sender_name,
        sender_email=sender_email,
        named_user_id=named.id if named else None,
        promise=True,
        time_zone=here.zone,
    )


def _contact_called(session: Session, account_id: int, name: str | None) -> int | None:
    if name is None:
        return None
    rows = session.execute(select(Contact.id, Contact.name).where(Contact.account_id == account_id))
    found = [key for key, called in rows if name_key(called) == name_key(name)]
    return found[0] if len(found) == 1 else None


def account_called(session: Session, principal: Principal, name: str) -> int:
    """The account that one of our people means by its name or public id; Invalid when it is none of theirs."""
    found = session.scalar(
        select(Account.id).where((Account.name_key == name_key(name)) | (Account.public_id == name))
    )
    if found is None or (principal.account_ids is not None and found not in principal.account_ids):
        words = f"There is no client called “{name[:100]}” among yours. Choose one from the list."
        raise Invalid(words, fields={"client": words})
    return found
