"""What the web process was joined from: settings, database, doorbell, and who loads the asker."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Request, current_app, g
from sqlalchemy.orm import Session

from voc.core.config import Settings
from voc.core.principal import ANONYMOUS, Principal
from voc.db.session import Database
from voc.jobs import Doorbell

_KEY = "voc"
type_of_loader = Callable[[Session, Request], Principal]


@dataclass(frozen=True, slots=True)
class Site:
    """The joined parts; `load_principal` reads cookies, `load_caller` bearer tokens."""

    settings: Settings
    database: Database
    doorbell: Doorbell
    permissions: frozenset[str]
    public: frozenset[str]
    load_principal: type_of_loader
    load_caller: type_of_loader


def site() -> Site:
    """The parts of the running app."""
    found: Site = current_app.extensions[_KEY]
    return found


def settings() -> Settings:
    """The settings of the running app."""
    return site().settings


def database() -> Database:
    """The database of the running app; views get their session from `permit` instead."""
    return site().database


def doorbell() -> Doorbell:
    """What wakes the workers; ring with `jobs.ring_after_commit`."""
    return site().doorbell


def current_principal() -> Principal:
    """Who asks, as far as it is known: anonymous before `permit` has looked and on error pages."""
    found: Principal = g.get("principal", ANONYMOUS)
    return found
