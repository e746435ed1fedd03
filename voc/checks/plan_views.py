"""The answer that a loud client is owed: who else has it, in three steps."""

from apiflask import APIBlueprint
from flask import Response, request, url_for
from sqlalchemy.orm import Session

from voc.checks import forms, pages, who_else
from voc.core.errors import Conflict, Invalid
from voc.core.principal import Principal
from voc.intake.forms import as_typed, sent
from voc.issues.curate import find_issue
from voc.issues.models import Issue
from voc.web.context import settings
from voc.web.pages import page, redirect_after
from voc.web.permit import permit

blueprint = APIBlueprint("who_else", __name__, enable_openapi=False)
_OWNERS = 25
_CHANGES = {"yes": True, "no": False}


@blueprint.get("/issues/<public_id>/who-else")
@permit("check:read")
def plan(session: Session, principal: Principal, public_id: str) -> Response:
    """The three steps of one issue, with what is known already."""
    return _page(session, principal, find_issue(session, public_id))


@blueprint.post("/issues/<public_id>/who-else/owner")
@permit("check:change")
def owner(session: Session, principal: Principal, public_id: str) -> Response:
    """What one of our people saw at one client; never the client's own word."""
    issue = find_issue(session, public_id)
    form = sent(request)
    try:
        says = form.values.get("says", "")
        who_else.owner_says(
            session, issue, form.values.get("client", ""), says=says, note=form.values.get("note", "")
        )
    except Invalid as error:
        return _page(session, principal, issue, errors=error.fields)
    return redirect_after(f"{_url(issue)}#owners", "Kept as seen by us. The client’s own word counts more.")


@blueprint.post("/issues/<public_id>/who-else/looked")
@permit("check:change")
def looked(session: Session, principal: Principal, public_id: str) -> Response:
    """Ends step one with what our people make of it."""
    issue = find_issue(session, public_id)
    try:
        who_else.looked(session, issue, forms.reason(sent(request), "words"))
    except (Conflict, Invalid) as error:
        return _refused(session, principal, issue, "words", error)
    return redirect_after(_url(issue), "Kept, with the figures as they stand now.")


@blueprint.post("/issues/<public_id>/who-else/changes")
@permit("check:change")
def changes(session: Session, principal: Principal, public_id: str) -> Response:
    """Says whether everyone's answers would change the decision."""
    issue = find_issue(session, public_id)
    would = _CHANGES.get(request.form.get("changes", ""))
    if would is None:
        return _page(session, principal, issue, errors={"changes": "Choose yes or no."})
    try:
        who_else.would_change(session, issue, changes=would)
    except (Conflict, Invalid) as error:
        return _refused(session, principal, issue, "changes", error)
    return redirect_after(
        _url(issue), "Kept. Everyone is asked next." if would else "Kept. The dozen decides."
    )


@blueprint.post("/issues/<public_id>/who-else/reason")
@permit("check:change")
def reason(session: Session, principal: Principal, public_id: str) -> Response:
    """Answers it with a written reason instead of evidence."""
    issue = find_issue(session, public_id)
    try:
        who_else.answer_by_reason(session, issue, forms.reason(sent(request)))
    except (Conflict, Invalid) as error:
        return _refused(session, principal, issue, "reason", error)
    return redirect_after(_url(issue), "Answered. The reason stays with the issue, and with your name.")


def _refused(
    session: Session, principal: Principal, issue: Issue, field: str, error: Conflict | Invalid
) -> Response:
    fields = error.fields if isinstance(error, Invalid) else {field: error.message}
    return _page(session, principal, issue, errors=fields)


def _page(
    session: Session, principal: Principal, issue: Issue, *, errors: dict[str, str] | None = None
) -> Response:
    found = who_else.plan_of(session, issue, zone=settings().time_zone)
    return page(
        "checks/who_else.html",
        status=422 if errors else 200,
        issue=issue,
        plan=found,
        next=pages.how_far(found) if found else "",
        known=who_else.step_one(session, issue),
        owners=_OWNERS,
        may_change=principal.may("check:change") and found is not None and found.answered_at is None,
        may_note=principal.may("check:change"),
        errors=errors or {},
        typed=as_typed(request) if errors else {},
    )


def _url(issue: Issue) -> str:
    return url_for("who_else.plan", public_id=issue.public_id)
