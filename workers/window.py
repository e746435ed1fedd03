"""The comments that the group worker looks at: the newest ones that the encoder of today has read."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from voc.issues import queries
from voc.issues.queries import Placed
from voc.issues.rules import WINDOW
from workers.scope import Scope


def newest(here: Scope, session: Session, *, apart: bytearray | None = None) -> Iterator[Placed]:
    """The window, by id; with `apart` the numbers of each comment go there, once and in order."""
    return queries.newest_placed(session, limit=WINDOW, encoder=here.settings.encoder, apart=apart)
