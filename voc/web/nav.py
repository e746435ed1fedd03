"""The menu of each role and the page each role begins with; stages add their own lines.

The menu is one line: what a role uses most stands in it, the rest under “More”.
"""

from collections.abc import Callable
from dataclasses import dataclass

from flask import current_app, request, url_for
from sqlalchemy.orm import Session

from voc.core.principal import Principal, Role
from voc.web.permit import declared

Count = Callable[[Session, Principal], int | None]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the menu; `count` is what waits behind it, `often` are the roles that always see it."""

    label: str
    endpoint: str
    order: int
    roles: frozenset[Role]
    often: frozenset[Role]
    count: Count | None = None


Line = tuple[str, str, bool, int | None]  # label, url, is current, count


@dataclass(frozen=True, slots=True)
class Menu:
    """What stands in the line, and what stands under “More”."""

    line: tuple[Line, ...]
    more: tuple[Line, ...]

    @property
    def is_in_more(self) -> bool:
        """Whether the current page stands under “More”."""
        return any(current for _, _, current, _ in self.more)

    @property
    def waiting(self) -> int | None:
        """What waits behind all of “More”."""
        return sum(count or 0 for *_, count in self.more) or None


_MOST = 7  # lines beside each other that fit 1,280 pixels, “More” among them


_entries: dict[str, Entry] = {}
_homes: dict[Role, str] = {}


def add_entry(
    label: str,
    endpoint: str,
    *,
    order: int,
    roles: set[Role],
    often: set[Role] | frozenset[Role] = frozenset(),
    count: Count | None = None,
) -> None:
    """Puts `endpoint` (a GET page without arguments) into the menu of `roles`; clients have no menu.

    The roles of `often` see it at all times, the others under “More” where not all of their lines fit.
    """
    _entries[endpoint] = Entry(label, endpoint, order, frozenset(roles), frozenset(often), count)


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


def menu(principal: Principal, session: Session | None) -> Menu:
    """The lines open to `principal`; no counts without a session."""
    asks = declared(current_app)
    mine = [
        entry
        for entry in sorted(_entries.values(), key=lambda entry: entry.order)
        if entry.roles & principal.roles
        and entry.endpoint in asks
        and principal.may(asks[entry.endpoint].permission)
    ]
    shown = mine
    if len(mine) > _MOST:
        shown = [entry for entry in mine if entry.often & principal.roles][: _MOST - 1]
    return Menu(
        tuple(_line(entry, principal, session) for entry in shown),
        tuple(_line(entry, principal, session) for entry in mine if entry not in shown),
    )


def _line(entry: Entry, principal: Principal, session: Session | None) -> Line:
    return (
        entry.label,
        url_for(entry.endpoint),
        request.endpoint == entry.endpoint,
        entry.count(session, principal) if entry.count and session is not None else None,
    )
