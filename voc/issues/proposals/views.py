"""The page that asks a lead one thing after the other: are these the same, is this two, does this fit elsewhere."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from voc.core import clock
from voc.core.errors import Conflict
from voc.core.principal import Principal
from voc.issues.models import Issue, Proposal
from voc.issues.proposals import queries, service
from voc.web.context import settings
from voc.web.links import HOME, beside_today, safe_path
from voc.web.pages import page, redirect_after
from voc.web.panels import Rendered, panels_of
from voc.web.permit import permit

blueprint = Blueprint("proposals", __name__)
_LISTED = 20


@blueprint.get("/proposals")
@permit("issue:change")
def index(session: Session, principal: Principal) -> ResponseReturnValue:
    """The surest open proposal, or the one that is asked for, with both sides; at the end, what was done."""
    lines = queries.open_lines(session, _LISTED)
    wanted = request.args.get("p") or (lines[0].public_id if lines else None)
    proposal = service.find_proposal(session, wanted) if wanted else None
    is_open = proposal is not None and any(line.public_id == proposal.public_id for line in lines)
    return page(
        "issues/proposals.html",
        lines=lines,
        panel=queries.shown(session, proposal) if proposal is not None and is_open else None,
        holds=holds(session, principal, proposal) if proposal is not None and is_open else (),
        last=queries.last_answered(session, principal.user_id, _midnight()),
        here_url=url_for("proposals.index"),
        after_url=url_for("proposals.index"),
    )


def holds(session: Session, principal: Principal, proposal: Proposal) -> tuple[tuple[str, Rendered], ...]:
    """What later stages have standing on each side: a question that runs, a decision; with the issue's name."""
    found = []
    for issue_id in (proposal.issue_id, proposal.other_id):
        if issue_id is not None:
            issue = session.get_one(Issue, issue_id)
            sections = panels_of("proposal", session, principal, issue=issue.public_id)
            found += [(issue.name, section) for section in sections]
    return tuple(found)


def _midnight() -> datetime:
    zone = settings().time_zone
    return datetime.combine(clock.today(zone), time(), tzinfo=ZoneInfo(zone))


@blueprint.post("/proposals/<public_id>/accept")
@permit("issue:change")
def accept(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """Does what is proposed; `swap` keeps the other name, `name` is what a split's new issue is called."""
    del principal
    proposal = service.find_proposal(session, public_id)
    try:
        service.accept(
            session, proposal, swap=request.form.get("swap") == "1", name=request.form.get("name") or None
        )
    except Conflict as error:
        return _refused(error)
    return _next(session, proposal, "Done: ")


@blueprint.post("/proposals/<public_id>/refuse")
@permit("issue:change")
def refuse(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """Leaves all as it is, and does not ask this again."""
    del principal
    proposal = service.find_proposal(session, public_id)
    try:
        service.refuse(session, proposal)
    except Conflict as error:
        return _refused(error)
    return _next(session, proposal, "Kept: ")


@blueprint.post("/proposals/<public_id>/undo")
@permit("issue:change")
def undo(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """Takes an answer back; the proposal is open again."""
    del principal
    proposal = service.find_proposal(session, public_id)
    path = safe_path(request.args.get("back"))
    here = path if path != HOME else url_for("proposals.index", p=public_id)
    try:
        service.undo(session, proposal)
    except Conflict as error:
        return _refused(error, here)
    return redirect_after(here, "Undone. All is as it was before, and the question is open again.")


def _refused(error: Conflict, url: str = "") -> ResponseReturnValue:
    """Says what stands in the way on the page of what is open: a second press is no error of anybody's."""
    return redirect_after(url or _back(), error.message, kind="problem")


def _back() -> str:
    path = safe_path(request.form.get("back"))
    return path if path != HOME else url_for("proposals.index")


def _next(session: Session, proposal: Proposal, begins: str) -> ResponseReturnValue:
    name = session.get_one(Issue, proposal.issue_id).name
    other = session.get_one(Issue, proposal.other_id).name if proposal.other_id is not None else None
    said = f"{begins}{queries.said_words(proposal, name, other)}."
    back = _back()
    here = beside_today(back, proposal.public_id) if back != url_for("proposals.index") else None
    undo_url = url_for("proposals.undo", public_id=proposal.public_id, back=here)
    return redirect_after(back, said, undo_url=undo_url)
