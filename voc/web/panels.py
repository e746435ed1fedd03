"""Lets a later stage add a section to an earlier stage's page, or a line to what is owed today."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from voc.core.principal import Principal

Ids = dict[str, int | str]


@dataclass(frozen=True, slots=True)
class Rendered:
    """A section: the page includes `template` with `panel` set to `shown` (a frozen row of the stage)."""

    template: str
    shown: object


Maker = Callable[..., Rendered | None]  # (session, principal, **ids): each page names its own ids
_panels: dict[str, dict[str, tuple[int, str | None, Maker]]] = {}


def panel(page: str, *, order: int, permission: str | None = None) -> Callable[[Maker], Maker]:
    """Adds a function `(session, principal, **ids) -> Rendered | None` to `page`, such as "issue".

    It is asked only for holders of `permission`; None means that it has nothing to show here.
    """

    def register(make: Maker) -> Maker:
        _panels.setdefault(page, {})[f"{make.__module__}.{make.__name__}"] = (order, permission, make)
        return make

    return register


def panels_of(page: str, session: Session, principal: Principal, **ids: int | str) -> tuple[Rendered, ...]:
    """The sections of `page` for this asker, in their order."""
    found = sorted(_panels.get(page, {}).values(), key=lambda one: one[0])
    shown = (
        make(session, principal, **ids)
        for _, permission, make in found
        if permission is None or principal.may(permission)
    )
    return tuple(one for one in shown if one is not None)
