"""Lets time pass over what clients were told: sign-offs closed by silence, and the daily look at who else said so."""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from voc.closure import others, signing
from voc.core import clock
from voc.core.principal import SYSTEM
from voc.db.slots import Slot
from workers.scope import Scope

_LOOK = "others_said_so"


def turn(here: Scope) -> None:
    """One round, rung by the schedule every 10 s. Safe to run twice: what is closed stays closed, a day is looked at once."""
    while _close(here):
        here.beat()
    _look_once_a_day(here)


def _close(here: Scope) -> int:
    """Closes one block; only a round with something to close opens a writing transaction."""
    with here.database.reading(SYSTEM) as session:
        if not signing.is_silence_due(session):
            return 0
    with here.database.writing(SYSTEM) as session:
        return signing.close_silent(session)


def _look_once_a_day(here: Scope) -> None:
    """The day's slot and the look are one transaction: killed halfway, the next round looks."""
    day = clock.today(here.settings.time_zone)
    with here.database.reading(SYSTEM) as session:
        if session.scalar(select(Slot.name).where(Slot.name == _LOOK, Slot.slot_on == day)):
            return
    try:
        with here.database.writing(SYSTEM) as session:
            session.add(Slot(name=_LOOK, slot_on=day, taken_at=clock.now()))
            session.flush()
            others.look(session)
    except IntegrityError:
        return  # another scheduler was first
