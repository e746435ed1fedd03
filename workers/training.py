"""The training worker: learns each theme anew from what people said of it."""

from voc.jobs import TRAIN
from workers.scope import Scope, scope


def drain() -> int:
    """Learns what people taught since the last time; gives the number of themes.

    Rung by each correction and by the sweeper. Safe to run twice.
    """
    here = scope()
    here.redis.delete(f"voc:rung:{TRAIN}")
    return drain_with(here)


def drain_with(here: Scope) -> int:
    """As `drain`, with the scope given."""
    here.beat()
    return 0
