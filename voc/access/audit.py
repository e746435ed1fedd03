"""The trail of acts that matter: a row in the act's own transaction."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from voc.access.models import Audit
from voc.core import clock, ids
from voc.db.scope import principal_of


def record(session: Session, act: str, thing: str, *, by_id: int | None = None, **detail: object) -> None:
    """Keeps who did `act` to `thing`, when and from where; when the act rolls back, the row goes with it.

    Args:
        session: the act's own; `permit` has put the request's address into its `info`.
        act: such as `issue.merge`.
        thing: a noun and a public id, such as `issue k7m…`.
        by_id: who, where the session is still open for nobody, as at sign-in.
        detail: plain values that tell the act; never secrets, never words of a client.
    """
    principal = principal_of(session)
    session.add(
        Audit(
            id=ids.new_id(),
            at=clock.now(),
            user_id=by_id if by_id is not None else principal.user_id,
            kind="user" if by_id is not None else principal.kind,
            act=act,
            thing=thing,
            detail=detail,
            came_from=session.info.get("came_from"),
        )
    )
    session.flush()


def follow_mail(session: Session, acts: Sequence[tuple[str, str]]) -> None:
    """Keeps what people did with mail: pairs of act and thing. Mail stands below access and tells by name."""
    for act, thing in acts:
        record(session, act, thing)
