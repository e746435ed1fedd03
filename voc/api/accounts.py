"""Finds the client that a program names: by our id, the provider's own number, or the name."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from voc.accounts.models import Account
from voc.core.principal import Principal
from voc.core.text import name_key

_NAMED = select(
    Account.id, Account.owner_id, Account.public_id, Account.import_id, Account.name_key
).where(
    or_(
        Account.public_id.in_(bindparam("names", expanding=True)),
        Account.import_id.in_(bindparam("names", expanding=True)),
        Account.name_key.in_(bindparam("keys", expanding=True)),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """A client and our person who is named to it."""

    account_id: int
    owner_id: int | None


def find_accounts(session: Session, principal: Principal, names: Iterable[str]) -> dict[str, Found]:
    """Each of `names` that is a client open to `principal`; what is not theirs is missing like what is not there.

    A name that fits two clients means the one with that id, then the one with that number.
    """
    wanted = sorted(set(names))
    if not wanted:
        return {}
    rows = session.execute(_NAMED, {"names": wanted, "keys": [name_key(name) for name in wanted]}).all()
    open_to = principal.account_ids
    mine = [row for row in rows if open_to is None or row.id in open_to]
    by_name = {row.name_key: row for row in mine}
    by_number = {row.import_id: row for row in mine if row.import_id is not None}
    by_id = {row.public_id: row for row in mine}
    found = {name: by_id.get(name) or by_number.get(name) or by_name.get(name_key(name)) for name in wanted}
    return {name: Found(row.id, row.owner_id) for name, row in found.items() if row is not None}


def only_account(session: Session, principal: Principal) -> Found | None:
    """The one client of a token that is for one client without sites; None for any other."""
    if principal.account_ids is None or len(principal.account_ids) != 1:
        return None
    row = session.execute(
        select(Account.id, Account.owner_id).where(Account.id.in_(principal.account_ids))
    ).one()
    return Found(row.id, row.owner_id)
