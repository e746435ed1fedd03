"""A word to one client about one thread, and points that clients took out."""

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from voc.closure import forms, taking_out, writing
from voc.closure.panels import write_shown
from voc.closure.rules import STATUS_WORDS, next_word
from voc.core import clock
from voc.core.errors import Invalid
from voc.core.principal import Principal
from voc.intake.forms import as_typed, sent
from voc.issues.curate import find_comment
from voc.web.context import settings
from voc.web.links import HOME, safe_path
from voc.web.pages import page, redirect_after
from voc.web.permit import permit

blueprint = Blueprint("words", __name__)


@blueprint.get("/comments/<public_id>/write")
@permit("thread:change")
def write(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """The page to write a word to whoever said this."""
    return _page(session, principal, public_id)


@blueprint.post("/comments/<public_id>/write")
@permit("thread:change")
def take_write(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """Sends the word; it leaves in ten minutes and can be stopped until then."""
    comment, zone = find_comment(session, public_id), settings().time_zone
    try:
        wanted = forms.wanted_word(sent(request), today=clock.today(zone), zone=zone)
        update = writing.write_to(session, comment, wanted, zone=zone)
    except Invalid as error:
        return _page(session, principal, public_id, status=422, errors=error.fields)
    return redirect_after(
        url_for("closure.update", public_id=update.public_id),
        "Your word leaves in ten minutes. Until then you can stop it.",
        undo_url=url_for("closure.stop", public_id=update.public_id),
    )


@blueprint.post("/taken-out/<public_id>/looked")
@permit("closure:change")
def looked(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """A lead has seen that a client took its point out."""
    del principal
    taking_out.look_at(session, taking_out.find_taken_out(session, public_id))
    undo = url_for("words.put_back", public_id=public_id)
    return redirect_after(_back(), "It stays out, as the client wishes.", undo_url=undo)


@blueprint.post("/taken-out/<public_id>/undo")
@permit("closure:change")
def put_back(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """Puts the point back where it stood."""
    del principal
    taking_out.put_back(session, taking_out.find_taken_out(session, public_id))
    return redirect_after(_back(), "Put back. It stands where it stood before.")


def _back() -> str:
    path = safe_path(request.form.get("back"))
    return path if path != HOME else url_for("analysis.owed_today")


def _page(
    session: Session,
    principal: Principal,
    public_id: str,
    *,
    status: int = 200,
    errors: dict[str, str] | None = None,
) -> ResponseReturnValue:
    day = next_word(clock.now(), settings().time_zone).date().isoformat()
    return page(
        "closure/write.html",
        status=status,
        shown=write_shown(session, principal, find_comment(session, public_id)),
        statuses=[(key, STATUS_WORDS[key]) for key in writing.STATUSES],
        typed={"status": "looking", "next_word_by": day} | as_typed(request),
        errors=errors or {},
    )
