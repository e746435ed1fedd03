"""Planned changes: what would end, who depends on it, and whether it ends."""

from datetime import timedelta

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from voc.core.errors import Invalid
from voc.core.principal import Principal
from voc.decisions import forms, people, planned, said
from voc.decisions.models import PlannedChange
from voc.decisions.views import today
from voc.web.pages import page, redirect_after
from voc.web.permit import permit

blueprint = Blueprint("plans", __name__)
_AHEAD = timedelta(weeks=8)


@blueprint.get("/planned-changes")
@permit("decision:list")
def index(session: Session, principal: Principal) -> ResponseReturnValue:
    """What somebody wants to end, the nearest first."""
    return page(
        "decisions/plans.html", rows=planned.plans(session), states=planned.STATE_WORDS,
        may_change=principal.may("commitment:change"),
    )  # fmt: skip


@blueprint.get("/planned-changes/new")
@permit("commitment:change")
def new(session: Session, principal: Principal) -> ResponseReturnValue:
    """The form: what would end, when, and what tells who depends on it."""
    del principal
    typed = {
        "issue": request.args.get("issue", ""),
        "service": request.args.get("service", ""),
        "planned_on": (today() + _AHEAD).isoformat(),
    }
    return _form_page(session, typed)


def _form_page(
    session: Session, typed: dict[str, str], errors: dict[str, str] | None = None
) -> ResponseReturnValue:
    return page(
        "decisions/plan_new.html",
        status=422 if errors else 200,
        typed=typed,
        errors=errors or {},
        issues=people.issue_choices(session),
        services=people.service_choices(session),
    )


@blueprint.post("/planned-changes")
@permit("commitment:change")
def make(session: Session, principal: Principal) -> ResponseReturnValue:
    """Writes it down and shows who depends on it."""
    del principal
    try:
        made = planned.plan_change(session, forms.parse_plan(request.form, today()))
    except Invalid as error:
        return _form_page(session, request.form.to_dict(), error.fields)
    url = url_for("plans.plan", public_id=made.public_id)
    return redirect_after(url, "Written down. Nothing has ended; see first who depends on it.")


@blueprint.get("/planned-changes/<public_id>")
@permit("decision:read")
def plan(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """Who depends on what would end, each number with its list."""
    return _page(session, principal, planned.find_plan(session, public_id))


def _page(
    session: Session,
    principal: Principal,
    found: PlannedChange,
    *,
    reason: str = "",
    error: str | None = None,
) -> ResponseReturnValue:
    shown = planned.plan_shown(session, found)
    who = request.args.get("who", "depend")
    who = who if who in planned.WHO else "depend"
    return page(
        "decisions/plan.html",
        status=422 if error else 200,
        shown=shown,
        who=who,
        clients=shown.clients(who),
        headline=said.say_loud_and_wide(shown),
        sentence=said.say_dependants(shown),
        states=planned.STATE_WORDS,
        may_decide=principal.may("decision:change"),
        reason=reason,
        error=error,
    )


@blueprint.post("/planned-changes/<public_id>/drop")
@permit("decision:change")
def drop(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """It ends, for a written reason."""
    found = planned.find_plan(session, public_id)
    try:
        planned.drop(session, found, forms.parse_words(request.form, "reason"))
    except Invalid as problem:
        words = "Write why it ends although clients depend on it. Keeping it needs no reason."
        typed = request.form.get("reason", "")
        return _page(
            session, principal, found, reason=typed, error=problem.message if typed.strip() else words
        )
    return _back(public_id, "Kept that it ends. Those who depend on it are to hear it from us first.")


@blueprint.post("/planned-changes/<public_id>/keep")
@permit("decision:change")
def keep(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """It stays."""
    del principal
    planned.keep(session, planned.find_plan(session, public_id))
    return _back(public_id, "It stays.")


@blueprint.post("/planned-changes/<public_id>/undo")
@permit("decision:change")
def undo(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """Takes the decision back."""
    del principal
    planned.undo(session, planned.find_plan(session, public_id))
    return redirect_after(url_for("plans.plan", public_id=public_id), "It is only planned again.")


def _back(public_id: str, words: str) -> ResponseReturnValue:
    undo_url = url_for("plans.undo", public_id=public_id)
    return redirect_after(url_for("plans.plan", public_id=public_id), words, undo_url=undo_url)
