"""Rings again while work waits: losing all of Redis costs only seconds."""

from voc.core.principal import SYSTEM
from voc.db import work
from voc.jobs import GROUP, READ
from workers.scope import Scope

_JOB_OF = {"read": READ, "match": GROUP}


def sweep(here: Scope) -> dict[str, int]:
    """Rings the job of each stage that has waiting rows; gives their numbers. Safe to run at any time."""
    with here.database.reading(SYSTEM) as session:
        waiting = work.waiting(session)
    for stage in waiting:
        here.doorbell.ring(_JOB_OF[stage])
    return waiting
