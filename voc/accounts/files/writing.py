"""Writes a block of listed accounts: adds what is new, changes what differs, leaves the rest."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from voc.accounts.files.gathering import Listed
from voc.accounts.files.people import Owners, write_contacts, write_owners
from voc.accounts.files.services import write_services
from voc.accounts.models import Account
from voc.accounts.service import note_said
from voc.core import clock, ids
from voc.core.tables.reading import Problem
from voc.core.text import name_key
from voc.db.upsert import insert_rows

_KEPT = ("name", "import_id", "segment", "yearly_value_cents", "joined_on", "left_on")


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a block: counts, and the accounts that cannot be taken with the reason."""

    new: int
    updated: int
    known: int
    account_ids: tuple[int, ...]
    refused: tuple[tuple[Listed, Problem], ...]


def write_block(session: Session, block: Sequence[Listed]) -> Written:
    """Writes the block in this transaction; groups that no row lists are added by their name.

    The later stages are told by the caller, once for the whole file.
    """
    book = _Book(session, block)
    owners = write_owners(session, [one.account for one in block])
    taken: list[tuple[Listed, int]] = []
    refused: list[tuple[Listed, Problem]] = []
    for one in block:
        try:
            taken.append((one, book.place(one, owners)))
        except _Refused as error:
            refused.append((one, error.problem))
    changed = book.store()
    listed = {account_id: one for one, account_id in taken}
    changed |= write_services(session, {key: one.account.services for key, one in listed.items()})
    changed |= write_contacts(session, {key: one.contacts for key, one in listed.items()})
    owners.assign(session)
    new = sum(account_id in book.added for account_id in listed)
    updated = sum(account_id in changed - book.added for account_id in listed)
    return Written(new, updated, len(listed) - new - updated, tuple(listed), tuple(refused))


class _Refused(Exception):
    def __init__(self, column: str, value: str, what: str, way_out: str) -> None:
        super().__init__(what)
        self.problem = Problem(column, value, what, way_out)


class _Book:
    """The accounts that a block can touch, as stored and as they will be."""

    def __init__(self, session: Session, block: Sequence[Listed]) -> None:
        self._session = session
        self.added: set[int] = set()
        self._rows: dict[int, dict[str, object]] = {}
        self._changes: dict[int, dict[str, object]] = {}
        keys = {one.key for one in block} | {
            name_key(one.account.group) for one in block if one.account.group
        }
        numbers = [one.account.import_id for one in block if one.account.import_id]
        query = select(Account).where(or_(Account.name_key.in_(keys), Account.import_id.in_(numbers)))
        known = session.scalars(query).all()
        self._known = {account.id: account for account in known}
        self._by_name = {account.name_key: account.id for account in known}
        self._by_number = {account.import_id: account.id for account in known if account.import_id}
        self._groups = {account.id: account.group_id for account in known}
        self._with_sites = set(
            session.scalars(
                select(Account.group_id).where(
                    Account.group_id.in_(self._known), Account.id != Account.group_id
                )
            )
        )

    def place(self, one: Listed, owners: Owners) -> int:
        """Adds or changes the account; gives its id, or raises _Refused."""
        says = one.account
        owner_id = owners.find(says)
        if says.owner and owner_id is None:
            raise _Refused("owner", says.owner, "We know no colleague of this name.", "Add the e-mail address in the column owner_email.")  # fmt: skip
        account_id = self._find(one)
        values = {name: getattr(says, name) for name in _KEPT if getattr(says, name) is not None}
        values |= {"name_key": one.key, "is_listed": True}
        if owner_id is not None:
            values["owner_id"] = owner_id
        group_id = self._group_of(one, account_id)
        if account_id is None:
            account_id = self._add(values, group_id)
        else:
            self._change(account_id, values if group_id is None else values | {"group_id": group_id})
        if owner_id is not None:
            owners.looks_after(account_id, owner_id, self._owner_before(account_id))
        return account_id

    def _find(self, one: Listed) -> int | None:
        number = one.account.import_id
        by_number = self._by_number.get(number) if number else None
        by_name = self._by_name.get(one.key)
        if by_number is not None and by_name not in (None, by_number):
            raise _Refused("name", one.account.name, "Another client has this name already.", "Correct the name or the import id.")  # fmt: skip
        if by_number is None and by_name in self._known and number:
            other = self._known[by_name].import_id
            if other and other != number:
                raise _Refused("import_id", number, f"A client of this name has the import id {other}.", "Correct the name or the import id.")  # fmt: skip
        return by_number if by_number is not None else by_name

    def _group_of(self, one: Listed, account_id: int | None) -> int | None:
        """The group's id; None where the row says nothing about it."""
        name = one.account.group
        if not name:
            return None
        key = name_key(name)
        if key == one.key:
            return account_id
        group_id = self._by_name.get(key)
        if group_id is None:
            group_id = self._add({"name": name, "name_key": key, "is_listed": True}, None)
        if self._groups[group_id] != group_id:
            raise _Refused("group", name, "This group is itself a site of another group.", "Name the group at the top.")  # fmt: skip
        if account_id in self._with_sites:
            raise _Refused("group", name, "This client is a group with sites of its own.", "Leave its group blank, or move its sites first.")  # fmt: skip
        self._with_sites.add(group_id)
        return group_id

    def _add(self, values: dict[str, object], group_id: int | None) -> int:
        account_id = ids.new_id()
        blank = dict.fromkeys((*_KEPT, "owner_id"))
        made = {"id": account_id, "public_id": ids.new_public_id(), "created_at": clock.now()}
        self._rows[account_id] = blank | values | made | {"group_id": group_id or account_id}
        self._by_name[str(values["name_key"])] = account_id
        if values.get("import_id"):
            self._by_number[str(values["import_id"])] = account_id
        self._groups[account_id] = group_id or account_id
        self.added.add(account_id)
        return account_id

    def _change(self, account_id: int, values: dict[str, object]) -> None:
        if account_id in self._rows:
            self._rows[account_id] |= values
            return
        stored = self._known[account_id]
        differ = {name: value for name, value in values.items() if getattr(stored, name) != value}
        if differ:
            self._changes.setdefault(account_id, {}).update(differ)
        self._groups[account_id] = int(str(values.get("group_id", self._groups[account_id])))

    def _owner_before(self, account_id: int) -> int | None:
        stored = self._known.get(account_id)
        return stored.owner_id if stored else None

    def store(self) -> set[int]:
        """Writes all of it; gives the ids of stored accounts that changed."""
        rows = sorted(self._rows.values(), key=lambda row: row["id"] != row["group_id"])
        insert_rows(self._session, Account, rows)
        for account_id, values in self._changes.items():
            self._session.execute(
                update(Account)
                .where(Account.id == account_id)
                .values(**values)
                .execution_options(synchronize_session=False)
            )
        self._take_in_what_sites_said()
        return set(self._changes)

    def _take_in_what_sites_said(self) -> None:
        moved = [self._known[key] for key, values in self._changes.items() if "group_id" in values]
        said = {
            account.id: (account.first_said_at, account.last_said_at)
            for account in moved
            if account.first_said_at and account.last_said_at
        }
        if said:
            note_said(self._session, said)
