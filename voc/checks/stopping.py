"""“Do not ask me again”: kept by address, so that it outlives every contact and every import; and its undo."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from voc.access.audit import record
from voc.accounts.models import Account, Contact
from voc.breadth.recording import NewEvidence, record_many
from voc.breadth.rules import Says, Source
from voc.checks import answering
from voc.checks.models import Ask, Check
from voc.core import clock
from voc.core.errors import NotFound
from voc.core.principal import SYSTEM
from voc.db.scope import open_for, principal_of
from voc.intake.carers import OurPerson, named_person
from voc.mail.addresses import lift_rule, rules_of

_RULE = "no_questions"
_OPEN = ("leaving", "asking")


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
    answering.stop_asking_contact(session, account_id, contact_id)


def undo(session: Session, account_id: int, contact_id: int) -> None:
    """May be asked again from now on, in every account; a question that is still open waits for them again."""
    contact = _contact(session, account_id, contact_id)
    asker = principal_of(session)
    # What was stopped by address holds in every account; so does taking it back.
    open_for(session, SYSTEM)
    try:
        same = _same_person(session, contact)
        for one in same:
            one.may_be_asked = True
        if contact.email_key:
            lift_rule(session, contact.email_key, _RULE)
        _wait_again(session, [one.id for one in same])
        session.flush()
        record(session, "contact.ask_again", f"contact {contact.public_id}")
    finally:
        open_for(session, asker)


def _same_person(session: Session, contact: Contact) -> Sequence[Contact]:
    if not contact.email_key:
        return [contact]
    return session.scalars(select(Contact).where(Contact.email_key == contact.email_key)).all()


def _wait_again(session: Session, contact_ids: Sequence[int]) -> None:
    rows = session.execute(
        select(Ask, Check.issue_id)
        .join(Check, Check.id == Ask.check_id)
        .where(Ask.contact_id.in_(contact_ids), Ask.state == "opted_out", Check.state.in_(_OPEN))
    ).all()
    for ask, _ in rows:
        ask.state = "asked" if ask.asked_at else "queued"
    record_many(session, [
        NewEvidence(
            account_id=ask.account_id, issue_id=issue_id, source=Source.ANSWER, says=Says.WITHDRAWN,
            observed_at=clock.now(), contact_id=ask.contact_id,
        )
        for ask, issue_id in rows
    ])  # fmt: skip


def _contact(session: Session, account_id: int, contact_id: int) -> Contact:
    contact = session.get(Contact, (account_id, contact_id))
    if contact is None:
        raise NotFound
    return contact
