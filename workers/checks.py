"""Lets time pass over questions: opens, reminds, puts on phone lists, closes, and keeps what is owed a loud client."""

from collections.abc import Callable
from functools import partial

from sqlalchemy.orm import Session

from voc.checks import closing, who_else
from voc.core.principal import SYSTEM
from workers.scope import Scope

_ROUNDS = 500  # blocks of one kind in one turn; the next turn goes on


def turn(here: Scope) -> None:
    """One round, each block in a short transaction of its own.

    Called by the scheduler every ten seconds. Twice, halfway or by several at once does no harm: what is
    done carries its mark in the transaction that did it.
    """
    remind = partial(closing.remind_due, zone=here.settings.time_zone)
    steps: tuple[Callable[[Session], int], ...] = (
        closing.open_due, remind, closing.call_due, closing.close_due, who_else.open_plans, who_else.keep_plans,
        closing.resum_open,
    )  # fmt: skip
    for step in steps:
        for _ in range(_ROUNDS):
            with here.database.writing(SYSTEM) as session:
                moved = step(session)
            here.beat()
            if moved == 0:
                break
