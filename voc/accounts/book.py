"""The client list as every count reads it: groups active on a day, and to which a set of services applies."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from voc.accounts.models import Account, AccountService
from voc.core.errors import NotFound


@dataclass(frozen=True, slots=True)
class Group:
    """One client as it is counted: a group with its sites. `services` are those bought that day."""

    id: int
    public_id: str
    name: str
    segment: str | None
    value_cents: int | None
    owner_id: int | None
    members: frozenset[int]  # the group itself and its sites
    services: frozenset[int]


@dataclass(frozen=True, slots=True)
class Book:
    """All groups active on one day."""

    groups: Mapping[int, Group]
    group_of: Mapping[int, int]  # every account's group, sites included

    def to_whom(self, services: frozenset[int]) -> dict[int, Group]:
        """The groups an issue applies to: all, or those who buy one of `services`."""
        if not services:
            return dict(self.groups)
        return {key: group for key, group in self.groups.items() if group.services & services}


def open_book(session: Session, on: date, *, only: Collection[int] | None = None) -> Book:
    """The client list as it stands on `on`, or of it only these groups; clients who left before are not in it."""
    active = or_(Account.left_on.is_(None), Account.left_on > on)
    if only is not None:
        active = and_(active, Account.group_id.in_(only))
    rows = session.execute(
        select(
            Account.id, Account.group_id, Account.public_id, Account.name, Account.segment,
            Account.yearly_value_cents, Account.owner_id,
        ).where(active)
    ).all()  # fmt: skip
    services = _services(session, on, [row.id for row in rows] if only is not None else None)
    members: dict[int, set[int]] = {}
    for row in rows:
        members.setdefault(row.group_id, set()).add(row.id)
    groups = {
        row.id: Group(
            row.id, row.public_id, row.name, row.segment, row.yearly_value_cents, row.owner_id,
            frozenset(members[row.id]),
            frozenset().union(*(services.get(member, frozenset()) for member in members[row.id])),
        )
        for row in rows
        if row.id == row.group_id
    }  # fmt: skip
    return Book(groups, {row.id: row.group_id for row in rows})


def _services(session: Session, on: date, only: Sequence[int] | None) -> dict[int, frozenset[int]]:
    bought = [
        AccountService.starts_on <= on,
        or_(AccountService.ends_on.is_(None), AccountService.ends_on > on),
    ]
    if only is not None:
        bought.append(AccountService.account_id.in_(only))
    found: dict[int, set[int]] = {}
    for account, service in session.execute(
        select(AccountService.account_id, AccountService.service_id).where(*bought)
    ):
        found.setdefault(account, set()).add(service)
    return {account: frozenset(services) for account, services in found.items()}


def find_account(session: Session, public_id: str) -> Account:
    """The account of this public id, if it is open to whoever asks; raises NotFound."""
    account = session.scalar(select(Account).where(Account.public_id == public_id))
    if account is None:
        raise NotFound
    return account
