"""Opens a session for the system while a rule needs more than its asker may see."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from voc.core.principal import SYSTEM, Principal
from voc.db.scope import open_for, principal_of


@contextmanager
def for_everyone(session: Session) -> Iterator[Principal]:
    """The asker, while the session sees every client's rows; afterwards it is the asker's again.

    Cells and sums need the whole client list, a wording is held against every client's words, those kept
    from the asker too. Nothing that is found this way is shown: it decides, or becomes a count.
    """
    asker = principal_of(session)
    session.flush()
    open_for(session, SYSTEM)
    try:
        yield asker
        session.flush()
    finally:
        open_for(session, asker)
