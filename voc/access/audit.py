"""Writes the audit row of an act, in the act's own transaction."""

from sqlalchemy.orm import Session

from voc.access.models import Audit
from voc.core import clock, ids
from voc.db.scope import principal_of


def record(session: Session, act: str, thing: str, *, came_from: str | None = None, **detail: object) -> None:
    """Keeps who did `act` to `thing` (a noun and a public id), and when.

    Args:
        session: the act's own; when it rolls back, the row goes with it.
        act: such as `issue.merge`.
        thing: such as `issue k7m…`.
        came_from: the address the request came from, where there is one.
        detail: plain values that tell the act; never words of a client.
    """
    principal = principal_of(session)
    session.add(
        Audit(
            id=ids.new_id(),
            at=clock.now(),
            user_id=principal.user_id,
            kind=principal.kind,
            act=act,
            thing=thing,
            detail=detail,
            came_from=came_from,
        )
    )
