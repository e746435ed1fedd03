"""Work that one worker at a time does: under a lease, kept as long as it lasts."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from voc.core.principal import SYSTEM
from voc.db import lease
from workers.alive import alive
from workers.scope import Scope


@contextmanager
def alone(here: Scope, name: str) -> Iterator[int | None]:
    """The token of this lease, which is kept until the block ends and then given back; None while another has it."""
    with here.database.writing(SYSTEM) as session:
        token = lease.take(session, name)
    if token is None:
        yield None
        return
    try:
        with alive(partial(keep_lease, here, name, token)):
            yield token
    finally:
        with here.database.writing(SYSTEM) as session:
            lease.give_back(session, name, token)


def keep_lease(here: Scope, name: str, token: int) -> bool:
    """Tells that we are alive; gives whether we still hold the lease."""
    here.beat()
    with here.database.writing(SYSTEM) as session:
        return lease.keep(session, name, token)
