"""The menu of each role and the page each role begins with; stages add their own lines."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import current_app, request, url_for
from sqlalchemy.orm import Session

from voc.core.principal import Principal, Role
from voc.web.permit import declared

Count = Callable[[Session, Principal], int | None]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the menu; `count` is what waits behind it."""

    label: str
    endpoint: str
    order: int
    roles: frozenset[Role]
    count: Count | None = None


_entries: dict[str, Entry] = {}
_homes: dict[Role, str] = {}


def add_entry(label: str, endpoint: str, *, order: int, roles: set[Role], count: Count | None = None) -> None:
    """Puts `endpoint` (a GET page without arguments) into the menu of `roles`; clients have no menu."""
    _entries[endpoint] = Entry(label, endpoint, order, frozenset(roles), count)


def set_home(role: Role, endpoint: str) -> None:
    """Makes `endpoint` the page that people of `role` begin with."""
    _homes[role] = endpoint


def home_url(principal: Principal) -> str | None:
    """The page this person begins with; None while no stage offers one."""
    for role in reversed(Role):
        endpoint = _homes.get(role)
        if role in principal.roles and endpoint in current_app.view_functions:
            return url_for(endpoint)
    return None


def menu(principal: Principal, session: Session | None) -> list[tuple[str, str, bool, int | None]]:
    """(label, url, is current, count) of each line open to `principal`; no counts without a session."""
    asks = declared(current_app)
    mine = [
        entry
        for entry in sorted(_entries.values(), key=lambda entry: entry.order)
        if entry.roles & principal.roles
        and entry.endpoint in asks
        and principal.may(asks[entry.endpoint].permission)
    ]
    return [
        (
            entry.label,
            url_for(entry.endpoint),
            request.endpoint == entry.endpoint,
            entry.count(session, principal) if entry.count and session is not None else None,
        )
        for entry in mine
    ]
