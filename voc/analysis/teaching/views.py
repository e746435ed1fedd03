"""Reading everything again: asked for and stopped on the page of themes."""

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from voc.access.audit import record
from voc.analysis.teaching import rereading
from voc.core.principal import Principal
from voc.web.pages import redirect_after
from voc.web.permit import permit

blueprint = Blueprint("teaching", __name__)


@blueprint.post("/read-again")
@permit("theme:change")
def read_again(session: Session, principal: Principal) -> ResponseReturnValue:
    """Has every comment read again in the background."""
    rereading.want(session, everything=True, by_id=principal.user_id)
    record(session, "theme.read_again", "themes")
    words = "Everything is read again, the newest first. Comments that come in meanwhile go before."
    return redirect_after(_themes(), words, undo_url=url_for("teaching.stop"))


@blueprint.post("/read-again/stop")
@permit("theme:change")
def stop(session: Session, principal: Principal) -> ResponseReturnValue:
    """Stops reading everything again; what was read again stays."""
    del principal
    if rereading.stop(session):
        record(session, "theme.read_again_stop", "themes")
    return redirect_after(_themes(), "Stopped. What was read again until now stays as it is.")


def _themes() -> str:
    return url_for("analysis.themes.index")
