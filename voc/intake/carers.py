"""Who of our people looks after a client, and who is named on a receipt."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import column, select, table
from sqlalchemy.orm import Session

from voc.access.models import Membership, User
from voc.accounts.models import Account, Deputy
from voc.core.principal import Role
from voc.intake.rules import could_be, who_is_meant

# A site's people may not read the group's row; who of ours looks after the group is theirs to know.
_account = table("account", column("id"), column("owner_id"))
_STAFF = (Role.AGENT, Role.LEAD, Role.EXECUTIVE, Role.ADMIN)


@dataclass(frozen=True, slots=True)
class OurPerson:
    """One of our people as clients see them; `about` says what they do for this client."""

    id: int
    public_id: str
    name: str
    phone: str | None
    email: str
    about: str


@dataclass(frozen=True, slots=True)
class Hidden:
    """From whom a comment is kept: one of our people, or a name that we cannot place; or nobody."""

    id: int | None = None
    name: str | None = None

    def spares(self, person: OurPerson) -> bool:
        """Whether this person may see it and be named."""
        return person.id != self.id and not (self.name and could_be(person.name, self.name))


NOBODY_HIDDEN = Hidden()


def who_look_after(session: Session, account_id: int) -> tuple[OurPerson, ...]:
    """The account's owner, its group's, their deputies and assigned colleagues: in this order, each once."""
    group_id = session.scalar(select(Account.group_id).where(Account.id == account_id))
    accounts = [account_id, group_id]
    owners = session.execute(
        select(_account.c.id, User.id)
        .join(User, User.id == _account.c.owner_id)
        .where(_account.c.id.in_(accounts))
    ).all()
    deputies = session.scalars(select(Deputy.user_id).where(Deputy.account_id.in_(accounts)))
    assigned = session.scalars(
        select(Membership.user_id).where(
            Membership.account_id.in_(accounts), Membership.role == Role.AGENT
        )
    )  # fmt: skip
    first = sorted(owners, key=lambda one: one[0] != account_id)
    parts = [(user_id, "looks after you") for _, user_id in first]
    parts += [(user_id, "stands in") for user_id in sorted(deputies)]
    parts += [(user_id, "works for you") for user_id in sorted(assigned)]
    return _people(session, parts)


def leads(session: Session) -> tuple[OurPerson, ...]:
    """Our service leads, those longest here first."""
    found = session.scalars(select(Membership.user_id).where(Membership.role == Role.LEAD))
    return _people(session, [(user_id, "leads our service") for user_id in sorted(found)])


def named_person(session: Session, account_id: int, hidden: Hidden = NOBODY_HIDDEN) -> OurPerson | None:
    """Whom the receipt names: the first who looks after the account and may see it, else a lead."""
    people = who_look_after(session, account_id)
    found = next((one for one in people if hidden.spares(one)), None)
    return found or next((one for one in leads(session) if hidden.spares(one)), None)


def find_hidden(
    session: Session, account_id: int, *, chosen: str | None = None, typed: str | None = None
) -> Hidden | None:
    """From whom to keep a comment; None when `chosen` is nobody who looks after this account."""
    near = {one.id: one for one in who_look_after(session, account_id)}
    if chosen:
        found = next((one.id for one in near.values() if one.public_id == chosen), None)
        return None if found is None else Hidden(found)
    if not typed:
        return NOBODY_HIDDEN
    meant = who_is_meant(typed, {key: one.name for key, one in near.items()}, _everyone(session))
    return Hidden(name=typed.strip()) if meant is None else Hidden(meant)


def our_people(session: Session, user_ids: Sequence[int]) -> dict[int, OurPerson]:
    """These of our people by id."""
    return {one.id: one for one in _people(session, [(user_id, "") for user_id in user_ids], all_of=True)}


def _everyone(session: Session) -> dict[int, str]:
    rows = session.execute(
        select(User.id, User.name)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.role.in_(_STAFF))
    )
    return dict(rows.all())


def _people(
    session: Session, parts: Sequence[tuple[int, str]], *, all_of: bool = False
) -> tuple[OurPerson, ...]:
    wanted = select(User).where(User.id.in_([user_id for user_id, _ in parts]))
    rows = {row.id: row for row in session.scalars(wanted if all_of else wanted.where(User.is_active))}
    about: dict[int, str] = {}
    for user_id, part in parts:
        about.setdefault(user_id, part)
    return tuple(
        OurPerson(row.id, row.public_id, row.name, row.phone, row.email_key, part)
        for user_id, part in about.items()
        if (row := rows.get(user_id)) is not None
    )
