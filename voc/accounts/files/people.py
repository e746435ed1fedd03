"""Writes the people of a client list: our owners, and the clients' contacts."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from voc.access.models import Membership, User
from voc.accounts.files.lines import ListedAccount, ListedContact
from voc.accounts.models import Contact
from voc.core import clock, ids
from voc.core.principal import Role
from voc.core.text import name_key
from voc.db.upsert import insert_ignoring, insert_rows


class Owners:
    """Our people whom the list names, and the accounts each looks after."""

    def __init__(self, by_email: dict[str, int], by_name: dict[str, int]) -> None:
        self._by_email = by_email
        self._by_name = by_name
        self._after: list[tuple[int, int]] = []
        self._no_longer: list[tuple[int, int]] = []

    def find(self, listed: ListedAccount) -> int | None:
        """The owner's user id: by e-mail, else by a name that only one colleague has."""
        if listed.owner_email:
            return self._by_email.get(listed.owner_email.casefold())
        return self._by_name.get(listed.owner) if listed.owner else None

    def looks_after(self, account_id: int, user_id: int, before_id: int | None) -> None:
        """Notes that the account is this person's now, and no more the one's before."""
        self._after.append((account_id, user_id))
        if before_id not in (None, user_id):
            self._no_longer.append((account_id, int(str(before_id))))

    def assign(self, session: Session) -> None:
        """Opens the accounts to their owners, and closes them to those who were."""
        for account_id, user_id in self._no_longer:
            session.execute(
                delete(Membership)
                .where(Membership.account_id == account_id, Membership.user_id == user_id)
                .where(Membership.role == Role.AGENT)
                .execution_options(synchronize_session=False)
            )
        if self._after:
            rows = [
                {"id": ids.new_id(), "user_id": user, "role": str(Role.AGENT), "account_id": account}
                for account, user in self._after
            ]
            insert_ignoring(session, Membership, rows)


def write_owners(session: Session, listed: Sequence[ListedAccount]) -> Owners:
    """Finds the owners and adds those we do not know; they cannot sign in until somebody invites them."""
    named = {one.owner_email.casefold(): one.owner or one.owner_email for one in listed if one.owner_email}
    by_email = _by_email(session, named)
    missing = [email for email in named if email not in by_email]
    if missing:
        insert_ignoring(session, User, [_user_row(email, named[email]) for email in missing])
        by_email |= _by_email(session, missing)
    names = {one.owner for one in listed if one.owner and not one.owner_email}
    found = session.execute(select(User.name, User.id).where(User.name.in_(names))).all()
    many = [name for name, _ in found]
    return Owners(by_email, {name: user for name, user in found if many.count(name) == 1})


def _by_email(session: Session, emails: Iterable[str]) -> dict[str, int]:
    query = select(User.email_key, User.id).where(User.email_key.in_(list(emails)))
    return dict(session.execute(query).all())


def _user_row(email: str, name: str) -> dict[str, object]:
    return {
        "id": ids.new_id(),
        "public_id": ids.new_public_id(),
        "name": name,
        "email_key": email,
        "created_at": clock.now(),
    }


def write_contacts(session: Session, listed: Mapping[int, Sequence[ListedContact]]) -> set[int]:
    """Adds and changes contacts by account id; gives the accounts where something changed.

    What a contact asked of us (`may_be_asked`) is never touched.
    """
    known = _known_contacts(session, [key for key, contacts in listed.items() if contacts])
    fresh: dict[tuple[int, str], dict[str, object]] = {}
    changed: set[int] = set()
    for account_id, contacts in listed.items():
        for one in contacts:
            found = _same(known.get(account_id, ()), one)
            if found is None:
                fresh.setdefault((account_id, _key(one)), _contact_row(account_id, one))
            elif differ := _differing(found, one):
                _change(session, found, differ)
                changed.add(account_id)
    insert_rows(session, Contact, list(fresh.values()))
    return changed | {account_id for account_id, _ in fresh}


def _known_contacts(session: Session, account_ids: Sequence[int]) -> dict[int, list[Contact]]:
    found: dict[int, list[Contact]] = {}
    for contact in session.scalars(select(Contact).where(Contact.account_id.in_(account_ids))):
        found.setdefault(contact.account_id, []).append(contact)
    return found


def _key(one: ListedContact) -> str:
    return one.email.casefold() if one.email else f" {name_key(one.name)}"


def _same(stored: Sequence[Contact], one: ListedContact) -> Contact | None:
    """The stored contact that is this person: by e-mail, else by name where one side has no e-mail."""
    email = one.email.casefold() if one.email else None
    for contact in stored:
        if email and contact.email_key == email:
            return contact
    for contact in stored:
        if name_key(contact.name) == name_key(one.name) and not (email and contact.email_key):
            return contact
    return None


def _differing(contact: Contact, one: ListedContact) -> dict[str, object]:
    says = {
        "name": one.name if one.name != one.email else None,
        "role": one.role,
        "phone": one.phone,
        "email": one.email,
        "email_key": one.email.casefold() if one.email else None,
    }
    return {name: value for name, value in says.items() if value and getattr(contact, name) != value}


def _change(session: Session, contact: Contact, values: Mapping[str, object]) -> None:
    session.execute(
        update(Contact)
        .where(Contact.account_id == contact.account_id, Contact.id == contact.id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def _contact_row(account_id: int, one: ListedContact) -> dict[str, object]:
    return {
        "account_id": account_id,
        "id": ids.new_id(),
        "public_id": ids.new_public_id(),
        "name": one.name,
        "role": one.role,
        "email": one.email,
        "email_key": one.email.casefold() if one.email else None,
        "phone": one.phone,
        "created_at": clock.now(),
    }
