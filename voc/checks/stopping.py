"""“Do not ask me again”: kept by address, so that it outlives every contact and every import; and its undo."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from voc.accounts.models import Account, Contact
from voc.checks import answering
from voc.checks.models import Ask
from voc.core.errors import NotFound
from voc.intake.carers import OurPerson, named_person
from voc.mail.addresses import lift_rule, rules_of, set_rule

_RULE = "no_questions"
_OPEN = ("queued", "asked", "bounced")


@dataclass(frozen=True, slots=True)
class StopShown:
    """Who it is about, and whether we ask this person nothing any more."""

    contact: str
    account: str
    person: OurPerson | None
    has_stopped: bool


def stop_shown(session: Session, account_id: int, contact_id: int) -> StopShown:
    """The person and how things stand; raises NotFound when the contact is gone."""
    contact = _contact(session, account_id, contact_id)
    rules = rules_of(session, [contact.email] if contact.email else [])
    held = _RULE in frozenset().union(*rules.values())
    account = session.get_one(Account, account_id)
    return StopShown(
        contact.name, account.name, named_person(session, account_id), held or not contact.may_be_asked
    )


def stop(session: Session, account_id: int, contact_id: int) -> None:
    """Asks this person nothing more; questions that wait for them are closed for them. Twice is fine."""
    contact = _contact(session, account_id, contact_id)
    contact.may_be_asked = False
    if contact.email:
        set_rule(session, contact.email, _RULE)
    open_ones = select(Ask).where(
        Ask.account_id == account_id, Ask.contact_id == contact_id, Ask.state.in_(_OPEN)
    )
    for ask in session.scalars(open_ones).all():
        answering.stop_asking(session, ask)
    session.flush()


def undo(session: Session, account_id: int, contact_id: int) -> None:
    """May be asked again from now on; what was closed meanwhile stays closed."""
    contact = _contact(session, account_id, contact_id)
    contact.may_be_asked = True
    if contact.email:
        lift_rule(session, contact.email, _RULE)
    session.flush()


def _contact(session: Session, account_id: int, contact_id: int) -> Contact:
    contact = session.get(Contact, (account_id, contact_id))
    if contact is None:
        raise NotFound
    return contact
