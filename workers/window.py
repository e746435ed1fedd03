"""The comments that the group worker looks at: the newest ones that the encoder of today has read."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from voc.issues import queries
from voc.issues.queries import Placed
from workers.scope import Scope

KEPT = 100_000  # comments the index holds and a look sees: the newest (model.md)


def newest(here: Scope, session: Session) -> Iterator[Placed]:
    """The window, oldest first."""
    return queries.newest_placed(session, limit=KEPT, encoder=here.settings.encoder)
