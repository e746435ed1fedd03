"""Moves a practice installation's time on, and those who are signed in with it."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from voc.access.models import SigninLink, UserSession
from voc.core import clock
from voc.core.config import Settings
from voc.core.errors import Conflict
from voc.core.principal import SYSTEM
from voc.db.session import Database
from voc.mail.house import is_practice

_NOT_HERE = (
    "Time can only be moved on where nothing can leave: on one machine, for practice, without a mail server."
)


def run_ahead(database: Database, settings: Settings, ahead: timedelta) -> None:
    """Puts every process of this installation so far ahead of time; Conflict wherever it is no practice one.

    Where it is as far already, nothing happens. Nobody is signed out by it: their sessions and unused
    sign-in links move along, first, so that no page is asked for in between and finds them too old.
    """
    path = settings.practice_clock
    if path is None:
        raise Conflict(_NOT_HERE)
    by = ahead - clock.ahead_of(path)
    with database.writing(SYSTEM) as session:
        if not is_practice(session):
            raise Conflict(_NOT_HERE)
        if by > timedelta():
            _take_along(session, by)
    clock.run_ahead(path, ahead)


def _take_along(session: Session, by: timedelta) -> None:
    for browser in session.scalars(select(UserSession)):
        browser.created_at, browser.last_seen_at = browser.created_at + by, browser.last_seen_at + by
    for link in session.scalars(select(SigninLink).where(SigninLink.used_at.is_(None))):
        link.expires_at += by
