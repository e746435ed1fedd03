"""The scheduler: sweeps every 10 s, and once a day lets the grids age.

Any number may run: sweeping twice does no harm, and each daily slot is a unique row that one of them gets.
"""

import signal
import threading

import structlog
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from voc.breadth import service as breadth
from voc.core import clock
from voc.core.errors import Unavailable
from voc.core.principal import SYSTEM
from voc.db.slots import Slot
from voc.issues.models import Issue
from workers import checks, closure
from workers.scope import Scope, scope
from workers.sweep import sweep

log = structlog.get_logger(__name__)

SWEEP_SECONDS = 10.0


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
        if _first_today(here):
            age_cells(here)
    except Unavailable as error:
        log.warning("scheduler_waits", error=error.message)


def _first_today(here: Scope) -> bool:
    day = clock.today(here.settings.time_zone)
    with here.database.reading(SYSTEM) as session:
        if session.scalar(select(Slot.name).where(Slot.name == "age_cells", Slot.slot_on == day)):
            return False
    try:
        with here.database.writing(SYSTEM) as session:
            session.add(Slot(name="age_cells", slot_on=day, taken_at=clock.now()))
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


if __name__ == "__main__":
    main()
