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
from voc.mail.models import Switch

_NOT_HERE = (
    "Time can only be moved on where nothing can leave: on one machine, for practice, without a mail server."
)


def move_on(database: Database, settings: Settings, by: timedelta) -> None:
    """Lets `by` pass for every process of this installation; Conflict wherever it is no practice one.

    Nobody is signed out by it: their sessions and unused sign-in links move along, first, so that no
    page is asked for in between and finds them too old.
    """
    if settings.practice_clock is None:
        raise Conflict(_NOT_HERE)
    with database.writing(SYSTEM) as session:
        switch = session.get(Switch, 1)
        if switch is None or not switch.is_practice:
            raise Conflict(_NOT_HERE)
        _take_along(session, by)
    clock.run_ahead(settings.practice_clock, clock.ahead_of(settings.practice_clock) + by)


def _take_along(session: Session, by: timedelta) -> None:
    for browser in session.scalars(select(UserSession)):
        browser.created_at, browser.last_seen_at = browser.created_at + by, browser.last_seen_at + by
    for link in session.scalars(select(SigninLink).where(SigninLink.used_at.is_(None))):
        link.expires_at += by
