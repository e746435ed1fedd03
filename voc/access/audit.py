"""The trail of acts that matter: a row in the act's own transaction."""

from flask import has_request_context, request
from sqlalchemy.orm import Session

from voc.access.models import Audit
from voc.core import clock, ids
from voc.db.scope import principal_of


def record(
    session: Session, act: str, thing: str, *, by_id: int | None = None, **detail: str | int | bool | None
) -> None:
    """Writes down who does `act` (such as `token.create`) to `thing` (noun and public id, with a blank between).

    `by_id` names the person where the session is still open for nobody, as at sign-in. Never put
    secrets or what clients wrote into `detail`.
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
            detail=dict(detail),
            came_from=request.remote_addr if has_request_context() else None,
        )
    )
    session.flush()
