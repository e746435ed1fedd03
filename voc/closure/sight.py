"""Lets an act look past its asker for a moment: grids and screens rest on all clients, whoever acts."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from voc.core.principal import SYSTEM
from voc.db.scope import open_for, principal_of


@contextmanager
def seeing_all(session: Session) -> Iterator[None]:
    """The session reads for the system until the block ends: a sum over all clients is not the asker's to see.

    What is read inside may decide and be counted; no row of it is ever shown to the asker.
    """
    asker = principal_of(session)
    session.flush()
    open_for(session, SYSTEM)
    try:
        yield
        session.flush()
    finally:
        open_for(session, asker)
