"""Go and see: planning a visit or call, and its steps, the next one as the one thing to do."""

from collections.abc import Callable

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from voc.core.errors import Invalid
from voc.core.principal import Principal
from voc.decisions import forms, people, visits
from voc.decisions.models import Visit
from voc.decisions.rules import last_step
from voc.decisions.views import today
from voc.intake.saying import Here
from voc.jobs import READ, ring_after_commit
from voc.web.context import doorbell, settings
from voc.web.pages import page, redirect_after
from voc.web.permit import permit

blueprint = Blueprint("visits", __name__)


@blueprint.get("/visits")
@permit("decision:list")
def index(session: Session, principal: Principal) -> ResponseReturnValue:
    """Every visit, what is to be done first."""
    return page(
        "decisions/visits.html", rows=visits.visits(session), names=visits.STEP_NAMES,
        may_change=principal.may("visit:change"),
    )  # fmt: skip


@blueprint.get("/visits/plan")
@permit("visit:change")
def plan(session: Session, principal: Principal) -> ResponseReturnValue:
    """The form of a visit; the address may say which client, and whose words are the reason."""
    start = visits.start_of(session, request.args.get("client", ""), request.args.get("comment", ""))
    typed = {
        "client": start.client,
        "contact": start.contact,
        "issue": request.args.get("issue", ""),
        "visitor": people.public_id_of(session, principal),
        "planned_on": today().isoformat(),
    }
    return _plan_page(session, typed, start.people)


def _plan_page(
    session: Session,
    typed: dict[str, str],
    people_there: tuple[tuple[str, str], ...] = (),
    errors: dict[str, str] | None = None,
) -> ResponseReturnValue:
    return page(
        "decisions/visit_plan.html",
        status=422 if errors else 200,
        typed=typed,
        errors=errors or {},
        people=people_there,
        clients=people.client_names(session),
        colleagues=people.colleagues(session),
        issues=people.issue_choices(session),
    )


@blueprint.post("/visits")
@permit("visit:change")
def take_plan(session: Session, principal: Principal) -> ResponseReturnValue:
    """Keeps the plan."""
    del principal
    try:
        made = visits.plan_visit(session, forms.parse_visit(request.form, today()))
    except Invalid as error:
        return _plan_page(session, request.form.to_dict(), errors=error.fields)
    return redirect_after(
        url_for("visits.visit", public_id=made.public_id), "Planned.",
        undo_url=url_for("visits.drop", public_id=made.public_id),
    )  # fmt: skip


@blueprint.get("/visits/<public_id>")
@permit("decision:read")
def visit(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """One visit in its steps."""
    return _page(session, principal, visits.find_visit(session, public_id))


def _page(
    session: Session,
    principal: Principal,
    found: Visit,
    typed: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
) -> ResponseReturnValue:
    row = visits.visit_row(session, found)
    return page(
        "decisions/visit.html",
        status=422 if errors else 200,
        row=row,
        names=visits.STEP_NAMES,
        can_undo=last_step(row.facts) is not None,
        may_change=principal.may("visit:change"),
        typed=typed or {"went_on": min(today(), found.planned_on).isoformat(), "how": "visit"},
        errors=errors or {},
    )


@blueprint.post("/visits/<public_id>/went")
@permit("visit:change")
def went(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """One went and listened."""
    found = visits.find_visit(session, public_id)
    here = Here(settings().time_zone, request.get_data())
    try:
        visits.went(session, principal, found, forms.parse_went(request.form, today()), here)
    except Invalid as error:
        return _page(session, principal, found, request.form.to_dict(), error.fields)
    ring_after_commit(session, doorbell(), READ)
    url = url_for("visits.visit", public_id=public_id)
    return redirect_after(url, "Kept, and noted with what came in. Nobody is owed this talk any more.")


@blueprint.post("/visits/<public_id>/logic")
@permit("visit:change")
def logic(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """Why the client does it so."""
    return _take_words(session, principal, public_id, visits.hear_logic, "Kept why they do it so.")


@blueprint.post("/visits/<public_id>/no-commitment")
@permit("visit:change")
def no_commitment(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """Why nothing was promised."""
    return _take_words(
        session, principal, public_id, visits.promise_nothing, "Kept why nothing was promised."
    )


@blueprint.post("/visits/<public_id>/checked")
@permit("visit:change")
def checked(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """How all clients were checked, or why not."""
    done = "Kept how all clients were checked. Every step is done."
    return _take_words(session, principal, public_id, visits.check_all, done)


def _take_words(
    session: Session,
    principal: Principal,
    public_id: str,
    keep: Callable[[Session, Visit, str], None],
    done: str,
) -> ResponseReturnValue:
    found = visits.find_visit(session, public_id)
    try:
        keep(session, found, forms.parse_words(request.form, "words"))
    except Invalid as error:
        return _page(session, principal, found, request.form.to_dict(), error.fields)
    return _back(public_id, done)


@blueprint.post("/visits/<public_id>/team")
@permit("visit:change")
def team(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """It was taken back to the team, today."""
    del principal
    visits.tell_team(session, visits.find_visit(session, public_id), today())
    return _back(public_id, "Kept that the team knows.")


@blueprint.post("/visits/<public_id>/undo")
@permit("visit:change")
def undo(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """Takes the newest step back."""
    del principal
    visits.undo_step(session, visits.find_visit(session, public_id))
    return redirect_after(
        url_for("visits.visit", public_id=public_id), "Taken back; that step is next again."
    )


@blueprint.post("/visits/<public_id>/drop")
@permit("visit:change")
def drop(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """Takes the plan back."""
    del principal
    visits.drop_visit(session, visits.find_visit(session, public_id))
    return redirect_after(url_for("visits.index"), "The plan is taken back.")


def _back(public_id: str, words: str) -> ResponseReturnValue:
    undo_url = url_for("visits.undo", public_id=public_id)
    return redirect_after(url_for("visits.visit", public_id=public_id), words, undo_url=undo_url)
