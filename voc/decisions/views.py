"""Decisions: the page that decides one, the list, and one with what it was and what it is now."""

from datetime import date, timedelta

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from voc.breadth.limits import current_limits
from voc.breadth.queries import issue_rows
from voc.breadth.said import say_limits
from voc.core import clock
from voc.core.errors import Invalid
from voc.core.policy import DEFAULT
from voc.core.principal import Principal, Role
from voc.decisions import commitments, deciding, forms, people, planned, queries
from voc.decisions.models import CHOICES, Commitment
from voc.issues.curate import find_issue
from voc.issues.models import Issue
from voc.reports.briefs import brief_of
from voc.reports.queries import line_of
from voc.web.context import settings
from voc.web.nav import add_entry
from voc.web.pages import page, redirect_after
from voc.web.permit import permit

blueprint = Blueprint("decisions", __name__)
add_entry("Decisions", "decisions.index", order=27, roles={Role.EXECUTIVE, Role.LEAD}, often={Role.EXECUTIVE})
_LOOK_AGAIN = timedelta(weeks=13)  # a quarter: when figures can have moved
_DUE = timedelta(weeks=4)


def today() -> date:
    """The day it is for the provider."""
    return clock.today(settings().time_zone)


@blueprint.get("/decisions")
@permit("decision:list")
def index(session: Session, principal: Principal) -> ResponseReturnValue:
    """Every decision, the newest first."""
    del principal
    return page("decisions/index.html", decisions=queries.decisions(session))


@blueprint.get("/issues/<public_id>/decide")
@permit("decision:change")
def decide(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """Why we believe it, then the decision."""
    found = find_issue(session, public_id)
    choice = request.args.get("choice", "")
    typed = {
        "choice": choice if choice in CHOICES else "",
        "due_on": (today() + _DUE).isoformat(),
        "look_again_on": (today() + _LOOK_AGAIN).isoformat(),
    }
    return _decide_page(session, principal, found, typed)


def _decide_page(
    session: Session,
    principal: Principal,
    found: Issue,
    typed: dict[str, str],
    errors: dict[str, str] | None = None,
) -> ResponseReturnValue:
    row = next((row for row in issue_rows(session) if row.id == found.id), None)
    line = line_of(session, row) if row else None
    acts_from = current_limits(session)
    brief = brief_of(line, acts_from, today=today(), currency=settings().currency) if line else None
    return page(
        "decisions/decide.html",
        status=422 if errors else 200,
        issue=found,
        brief=brief,
        quotes={quote.reference: quote for quote in line.quotes} if line else {},
        acts_from=say_limits(acts_from, settings().currency),
        plans=planned.plans_about(session, found.id),
        earlier=queries.decisions_about(session, found),
        colleagues=people.colleagues(session),
        choices=list(queries.CHOICE_LABELS.items()),
        me=people.public_id_of(session, principal),
        typed=typed,
        errors=errors or {},
        least=today().isoformat(),
        days=DEFAULT.next_update_working_days,
    )


@blueprint.post("/issues/<public_id>/decide")
@permit("decision:change")
def take_decision(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """Keeps the decision."""
    found = find_issue(session, public_id)
    try:
        made = deciding.decide(session, found, forms.parse_decision(request.form, today()))
    except Invalid as error:
        return _decide_page(session, principal, found, request.form.to_dict(), error.fields)
    return redirect_after(
        url_for("decisions.decision", public_id=made.public_id),
        "Decided. Nothing has left the house yet.",
        undo_url=url_for("decisions.undo", public_id=made.public_id),
    )


@blueprint.get("/decisions/<public_id>")
@permit("decision:read")
def decision(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """One decision: what and who, the figures then and now, the promises and proofs, its history."""
    found = deciding.find_decision(session, public_id)
    promises = commitments.commitments(session, Commitment.issue_id == found.issue_id)
    return page(
        "decisions/decision.html",
        shown=queries.decision_shown(session, found),
        promises=promises,
        may_change=principal.may("decision:change"),
        may_promise=principal.may("commitment:change"),
    )


@blueprint.post("/decisions/<public_id>/undo")
@permit("decision:change")
def undo(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """Takes it back, as long as no client has heard of it."""
    del principal
    deciding.undo(session, deciding.find_decision(session, public_id))
    return _back(public_id, "Undone. The issue stands as it stood before.")


@blueprint.post("/decisions/<public_id>/done")
@permit("commitment:change")
def done(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """It is changed."""
    del principal
    deciding.mark_done(session, deciding.find_decision(session, public_id))
    undo_url = url_for("decisions.not_done", public_id=public_id)
    return _back(public_id, "Kept that it is done. Tell the clients who have it.", undo_url)


@blueprint.post("/decisions/<public_id>/done/undo")
@permit("commitment:change")
def not_done(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """It is not done after all."""
    del principal
    deciding.take_done_back(session, deciding.find_decision(session, public_id))
    return _back(public_id, "It is not done after all.")


@blueprint.post("/decisions/<public_id>/looked")
@permit("commitment:change")
def looked(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """Somebody looked again."""
    del principal
    deciding.look_again(session, deciding.find_decision(session, public_id))
    undo_url = url_for("decisions.not_looked", public_id=public_id)
    return _back(public_id, "Kept that we looked again.", undo_url)


@blueprint.post("/decisions/<public_id>/looked/undo")
@permit("commitment:change")
def not_looked(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """Nobody has looked again after all."""
    del principal
    deciding.take_look_back(session, deciding.find_decision(session, public_id))
    return _back(public_id, "It is to be looked at again.")


def _back(public_id: str, words: str, undo_url: str | None = None) -> ResponseReturnValue:
    return redirect_after(url_for("decisions.decision", public_id=public_id), words, undo_url=undo_url)
