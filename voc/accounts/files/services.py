"""Writes which services accounts buy, and since when."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from voc.accounts.models import AccountService, Service
from voc.accounts.rules import Bought
from voc.core import ids
from voc.core.text import name_key
from voc.db.upsert import insert_ignoring, insert_rows

_Key = tuple[int, int, date]  # account, service, first day


def find_or_add_services(session: Session, names: Iterable[str]) -> dict[str, int]:
    """Service ids by `name_key`; a name we do not know becomes a service."""
    wanted = {name_key(name): name for name in names}
    found = _by_key(session, wanted)
    missing = [
        {"id": ids.new_id(), "public_id": ids.new_public_id(), "name": name, "name_key": key}
        for key, name in wanted.items()
        if key not in found
    ]
    if not missing:
        return found
    insert_ignoring(session, Service, missing)
    return _by_key(session, wanted)


def _by_key(session: Session, keys: Iterable[str]) -> dict[str, int]:
    query = select(Service.name_key, Service.id).where(Service.name_key.in_(list(keys)))
    return dict(session.execute(query).all())


def write_services(session: Session, listed: Mapping[int, Sequence[Bought]]) -> set[int]:
    """Makes each account's services what the list says; gives the accounts where something changed.

    An account for which the list names no service keeps those it has.
    """
    wanted = _wanted(session, {key: bought for key, bought in listed.items() if bought})
    accounts = {account for account, _, _ in wanted}
    stored = {
        (row.account_id, row.service_id, row.starts_on): row.ends_on
        for row in session.scalars(select(AccountService).where(AccountService.account_id.in_(accounts)))
    }
    gone = [key for key in stored if key not in wanted]
    moved = [key for key in wanted if key in stored and stored[key] != wanted[key]]
    fresh = [key for key in wanted if key not in stored]
    for key in gone:
        session.execute(delete(AccountService).where(*_is(key)).execution_options(synchronize_session=False))
    for key in moved:
        session.execute(
            update(AccountService)
            .where(*_is(key))
            .values(ends_on=wanted[key])
            .execution_options(synchronize_session=False)
        )
    names = ("account_id", "service_id", "starts_on")
    rows = [dict(zip(names, key, strict=True)) | {"ends_on": wanted[key]} for key in fresh]
    insert_rows(session, AccountService, rows)
    return {account for account, _, _ in (*gone, *moved, *fresh)}


def _wanted(session: Session, listed: Mapping[int, Sequence[Bought]]) -> dict[_Key, date | None]:
    services = find_or_add_services(session, (one.name for bought in listed.values() for one in bought))
    return {
        (account_id, services[name_key(one.name)], one.starts_on): one.ends_on
        for account_id, bought in listed.items()
        for one in bought
    }


def _is(key: _Key) -> tuple[ColumnElement[bool], ...]:
    account_id, service_id, starts_on = key
    return (
        AccountService.account_id == account_id,
        AccountService.service_id == service_id,
        AccountService.starts_on == starts_on,
    )
