"""The scheduler: sweeps every 10 s, once a day lets the grids age, on Mondays keeps the leadership page.

Any number may run: sweeping twice does no harm, and each daily slot is a unique row that one of them gets.
"""

import signal
import threading
from datetime import date
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from voc.breadth import service as breadth
from voc.core import clock
from voc.core.errors import Unavailable
from voc.core.principal import SYSTEM
from voc.db.slots import Slot
from voc.issues.models import Issue
from voc.reports import editions
from workers import checks, closure
from workers.scope import Scope, scope
from workers.sweep import sweep

log = structlog.get_logger(__name__)

SWEEP_SECONDS = 10.0
EDITION_HOUR = 6  # before anybody reads it


def main() -> None:
    """Sweeps until SIGTERM or SIGINT."""
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    here = scope()
    while not stop.is_set():
        turn(here)
        stop.wait(SWEEP_SECONDS)


def turn(here: Scope) -> None:
    """One round; a database or Redis that is away is waited for, not fallen over."""
    try:
        sweep(here)
        checks.turn(here)
        closure.turn(here)
        if _is_first(here, "age_cells", clock.today(here.settings.time_zone)):
            age_cells(here)
        keep_edition(here)
    except Unavailable as error:
        log.warning("scheduler_waits", error=error.message)


def _is_first(here: Scope, name: str, day: date) -> bool:
    """Whether nobody took this thing's turn for `day` before: one of all schedulers gets it."""
    with here.database.reading(SYSTEM) as session:
        if session.scalar(select(Slot.name).where(Slot.name == name, Slot.slot_on == day)):
            return False
    try:
        with here.database.writing(SYSTEM) as session:
            session.add(Slot(name=name, slot_on=day, taken_at=clock.now()))
    except IntegrityError:
        return False
    return True


def age_cells(here: Scope) -> None:
    """Derives every cell anew: evidence that is too old by today counts as unknown again."""
    with here.database.reading(SYSTEM) as session:
        issues = list(session.scalars(select(Issue.id)))
    for issue in issues:
        with here.database.writing(SYSTEM) as session:
            breadth.follow_issues(session, [issue])


def keep_edition(here: Scope) -> None:
    """On Mondays from six o'clock on freezes the leadership page, once; the slot and the page are one transaction.

    A scheduler that was down all Monday leaves the week to the button on the page.
    """
    moment = clock.now().astimezone(ZoneInfo(here.settings.time_zone))
    if moment.weekday() != 0 or moment.hour < EDITION_HOUR:
        return
    day = moment.date()
    with here.database.reading(SYSTEM) as session:
        if session.scalar(select(Slot.name).where(Slot.name == "edition", Slot.slot_on == day)):
            return
    try:
        with here.database.writing(SYSTEM) as session:
            session.add(Slot(name="edition", slot_on=day, taken_at=clock.now()))
            session.flush()
            editions.freeze(session, today=day, currency=here.settings.currency)
    except IntegrityError:
        return


if __name__ == "__main__":
    main()
