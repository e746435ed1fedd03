"""Asking clients in two steps: the wording and what would follow, then who is asked and what leaves."""

from datetime import date

from apiflask import APIBlueprint
from flask import Response, redirect, request, url_for
from sqlalchemy.orm import Session

from voc.checks import asking, audience, drafting, ending, forms, pages, queries, who_else
from voc.checks.filling import filling, narrowed
from voc.checks.leaving import leaving
from voc.checks.models import Check
from voc.checks.preview import deciders, preview
from voc.core import clock
from voc.core.errors import Conflict, Forbidden, Invalid
from voc.core.principal import Principal, Role
from voc.intake.forms import Sent, as_typed, sent
from voc.issues.curate import find_issue
from voc.issues.models import Issue
from voc.jobs import MAIL, ring_after_commit
from voc.web.context import doorbell, settings
from voc.web.nav import add_entry
from voc.web.pages import page, redirect_after
from voc.web.paging import page_number
from voc.web.panels import panels_of
from voc.web.permit import permit

blueprint = APIBlueprint("checks", __name__, enable_openapi=False)
_ALONG = 4  # more are refused with words
_READERS = {Role.LEAD, Role.EXECUTIVE}
add_entry("Questions", "checks.index", order=25, roles=_READERS, often=_READERS)


@blueprint.get("/checks")
@permit("check:list")
def index(session: Session, principal: Principal) -> Response:
    """Every question, what moves first; above it how long “who else?” waits for its answer."""
    del principal
    return page(
        "checks/index.html",
        lines=queries.all_checks(session, zone=settings().time_zone),
        states=pages.CHECK_WORDS,
        headline=(owed := who_else.headline(session, zone=settings().time_zone)),
        plans=[one for one in owed.plans if one.answered_at is None],
        how_far=pages.how_far,
    )


@blueprint.get("/issues/<public_id>/ask")
@permit("check:change")
def write(session: Session, principal: Principal, public_id: str) -> Response:
    """Step one: the wording of a new question, or of a draft named by `?check=`."""
    del principal
    issue = find_issue(session, public_id)
    draft = _draft(session, issue, request.args.get("check"))
    typed = (
        pages.typed_of(session, draft)
        if draft
        else {"reach": "dozen" if request.args.get("reach") == "dozen" else "everyone"}
    )
    return _step_one(session, issue, typed, draft)


@blueprint.post("/issues/<public_id>/ask")
@permit("check:change")
def word(session: Session, principal: Principal, public_id: str) -> Response:
    """Shows how it reads; takes a better wording; or keeps the draft and goes on to who is asked."""
    del principal
    issue = find_issue(session, public_id)
    form = sent(request)
    typed = as_typed(request)
    draft = _draft(session, issue, request.args.get("check"))
    if better := form.values.get("use"):
        return _step_one(session, issue, typed | {"what": better[:300]}, draft)
    if form.values.get("act") != "next":
        return _step_one(session, issue, typed, draft)
    try:
        kept = _keep(session, issue, form, draft)
    except Invalid as error:
        return _step_one(session, issue, typed, draft, errors=error.fields)
    return redirect(url_for("checks.check", public_id=kept.public_id), 303)  # type: ignore[return-value]  # werkzeug's own Response


def _keep(session: Session, issue: Issue, form: Sent, draft: Check | None) -> Check:
    """The draft with its wording and plan; Invalid while a client would be led, shamed or recognised."""
    wanted = forms.wording(form, _today())
    if preview(session, wanted.what, wanted.since_on, _today()).problems:
        words = "This cannot be asked like that yet. What stands in its way is written below."
        raise Invalid(words, fields={"what": words})
    if draft is None:
        draft = drafting.draft(session, issue, what=wanted.what, since_on=wanted.since_on, reach=wanted.reach)
    else:
        drafting.reword(session, draft, what=wanted.what, since_on=wanted.since_on, reach=wanted.reach)
    drafting.plan(
        session,
        draft,
        if_many=wanted.if_many,
        decider_public_id=wanted.decider,
        decide_by=wanted.decide_by,
        zone=settings().time_zone,
    )
    return draft


def _draft(session: Session, issue: Issue, public_id: str | None) -> Check | None:
    if not public_id:
        return None
    found = drafting.find_check(session, public_id)
    if found.issue_id != issue.id or found.frozen_at is not None or found.state != "draft":
        raise Conflict("This question has left; its wording stays as it is.")
    return found


def _step_one(
    session: Session,
    issue: Issue,
    typed: dict[str, str],
    draft: Check | None,
    *,
    errors: dict[str, str] | None = None,
) -> Response:
    what, since_on = forms.asked_so_far(Sent(typed), _today())
    return page(
        "checks/ask.html",
        status=422 if errors else 200,
        issue=issue,
        typed=typed,
        errors=errors or {},
        reads=preview(session, what, since_on, _today()),
        deciders=deciders(session),
        draft=draft,
    )


@blueprint.get("/checks/<public_id>")
@permit("check:read")
def check(session: Session, principal: Principal, public_id: str) -> Response:
    """Step two while it is a draft: who is asked and what leaves. Afterwards the table that fills."""
    found = drafting.find_check(session, public_id)
    if client := request.args.get("c"):
        issue = queries.check_row(session, found).issue_public_id
        return redirect(url_for("breadth.cell", issue=issue, account=client))  # type: ignore[return-value]  # as above
    if found.state == "draft":
        return _step_two(session, principal, found)
    head = queries.check_row(session, found, zone=settings().time_zone)
    shown, rows = filling(session, found, head)
    return page(
        "checks/check.html",
        head=head,
        shown=shown,
        rows=narrowed(rows, request.args.get("says", ""), page_number()),
        may_change=principal.may("check:change"),
        panels=panels_of("check", session, principal, check=public_id),
    )


def _step_two(
    session: Session, principal: Principal, found: Check, *, errors: dict[str, str] | None = None
) -> Response:
    return page(
        "checks/who.html",
        status=422 if errors else 200,
        head=queries.check_row(session, found, zone=settings().time_zone),
        shown=leaving(session, found, request.args.getlist("with")[:_ALONG]),
        change=request.args.get("change", ""),
        number=page_number(),
        errors=errors or {},
        typed=as_typed(request) if errors else {},
        may_change=principal.may("check:change"),
        may_approve=principal.may("check:approve"),
    )


@blueprint.post("/checks/<public_id>/person")
@permit("check:change")
def person(session: Session, principal: Principal, public_id: str) -> Response:
    """Asks another person of one client."""
    del principal
    found = drafting.find_check(session, public_id)
    form = sent(request)
    audience.choose_person(session, found, form.text("client"), form.text("person"))
    return redirect_after(_url(found), "Kept: this person is asked instead.")


@blueprint.post("/checks/<public_id>/leave-out")
@permit("check:change")
def leave_out(session: Session, principal: Principal, public_id: str) -> Response:
    """Leaves one client out, with the reason beside it."""
    found = drafting.find_check(session, public_id)
    form = sent(request)
    try:
        why = forms.reason(form)
        audience.leave_out(session, found, form.text("client"), why)
    except Invalid as error:
        return _step_two(session, principal, found, errors=error.fields)
    undo_url = url_for("checks.put_back", public_id=public_id, client=form.text("client"))
    return redirect_after(_url(found), "Left out, and it says why.", undo_url=undo_url)


@blueprint.post("/checks/<public_id>/put-back")
@permit("check:change")
def put_back(session: Session, principal: Principal, public_id: str) -> Response:
    """Asks a client after all that was left out."""
    del principal
    found = drafting.find_check(session, public_id)
    audience.take_back_in(session, found, request.args.get("client", ""))
    return redirect_after(_url(found), "This client is asked after all.")


@blueprint.post("/checks/<public_id>/alone")
@permit("check:approve")
def approve(session: Session, principal: Principal, public_id: str) -> Response:
    """An executive writes down why we ask about something that one client alone told us."""
    found = drafting.find_check(session, public_id)
    try:
        drafting.allow_alone(session, found, forms.reason(sent(request)))
    except Invalid as error:
        return _step_two(session, principal, found, errors=error.fields)
    return redirect_after(_url(found), "Kept. The reason stays with the question.")


@blueprint.post("/checks/<public_id>/send")
@permit("check:change")
def send(session: Session, principal: Principal, public_id: str) -> Response:
    """Puts every mail in line; they leave in ten minutes unless somebody presses Stop."""
    found = drafting.find_check(session, public_id)
    try:
        along = [drafting.find_check(session, one) for one in request.args.getlist("with")[:_ALONG]]
        batch = asking.send(session, found, zone=settings().time_zone, along=along)
    except (Conflict, Forbidden, Invalid) as error:
        return _step_two(session, principal, found, errors={"send": error.message})
    ring_after_commit(session, doorbell(), MAIL)
    words = f"It leaves at {pages.clock_words(batch.leaves_at, settings().time_zone)}. Until then you can stop it."
    return redirect_after(_url(found), words)


@blueprint.post("/checks/<public_id>/send-more")
@permit("check:change")
def send_more(session: Session, principal: Principal, public_id: str) -> Response:
    """Asks those who were put into an open question later."""
    del principal
    found = drafting.find_check(session, public_id)
    batch = asking.send_planned(session, found, zone=settings().time_zone)
    ring_after_commit(session, doorbell(), MAIL)
    return redirect_after(
        _url(found), f"It leaves at {pages.clock_words(batch.leaves_at, settings().time_zone)}."
    )


@blueprint.post("/checks/<public_id>/stop")
@permit("check:change")
def stop(session: Session, principal: Principal, public_id: str) -> Response:
    """Before it left it is a draft again; afterwards nobody is reminded, called or asked any more."""
    del principal
    found = drafting.find_check(session, public_id)
    asking.stop(session, found)
    words = "Stopped. No mail of it leaves; it is a draft again."
    return redirect_after(
        _url(found), words if found.state == "draft" else "Stopped. Nobody is asked any more."
    )


@blueprint.post("/checks/<public_id>/close")
@permit("check:change")
def close(session: Session, principal: Principal, public_id: str) -> Response:
    """Closes the question before its day: nobody can answer any more."""
    del principal
    found = drafting.find_check(session, public_id)
    ending.close_now(session, found)
    return redirect_after(_url(found), "Closed. Whoever has not answered stands as “no answer”.")


def _url(found: Check) -> str:
    return url_for("checks.check", public_id=found.public_id)


def _today() -> date:
    return clock.today(settings().time_zone)
