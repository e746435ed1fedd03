"""The group worker asks leads what a look or people gave reason to ask: after the look, so that no comment waits for it."""

from dataclasses import dataclass

from voc.core.principal import SYSTEM
from voc.issues import queries
from voc.jobs import LEADS
from workers.alike import compare_if_due
from workers.alone import alone
from workers.proposals import propose
from workers.scope import Scope, scope

LEASE = LEADS


@dataclass
class Asked:
    """The newest act of a person and the newest look when leads were last asked, and when what waits was compared."""

    change: tuple[int, int] = (-1, -1)
    look: int = -1


_asked = Asked()


def drain() -> int:
    """Renews what leads are asked and which waiting comments are alike, where either is due; gives how many it renewed.

    Rung by the group worker when its line is empty. Holds a lease of its own: two never write the same proposal.
    Safe to run twice: what is found again changes nothing. A worker that starts anew looks once at both.
    """
    here = scope()
    here.redis.delete(f"voc:rung:{LEADS}")
    with alone(here, LEASE) as token:
        return 0 if token is None else drain_with(here, _asked)


def drain_with(here: Scope, asked: Asked) -> int:
    """As `drain`, holding the lease already."""
    with here.database.reading(SYSTEM) as session:
        change = queries.last_change(session)
    has_asked = change != asked.change
    if has_asked:
        propose(here, here.beat)
        asked.change = change
    has_compared = compare_if_due(here, has_looked=change[1] > asked.look)
    asked.look = change[1]
    return has_asked + has_compared
