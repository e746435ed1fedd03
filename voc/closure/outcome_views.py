"""What follows: what came of a question, thanks for who spoke first, a correction of what left."""

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from voc.closure import asked, forms, others, outcome, queries, readers, telling, thanking
from voc.closure.decided import standing_decision
from voc.closure.drafts import STATUSES, find_for, wanted, with_defaults
from voc.closure.models import Update
from voc.closure.rules import STATUS_WORDS
from voc.closure.telling import Wanted
from voc.core.errors import Forbidden, Invalid
from voc.core.principal import Principal
from voc.intake.forms import as_typed, sent
from voc.issues.curate import find_issue
from voc.issues.models import Issue
from voc.web.pages import page, redirect_after
from voc.web.permit import permit

blueprint = Blueprint("outcomes", __name__)


@blueprint.get("/updates/<public_id>/correct")
@permit("closure:change")
def correct(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """A correction: the words, for exactly the people who heard what it puts right."""
    return _correct_page(session, find_for(session, principal, public_id))


@blueprint.post("/updates/<public_id>/correct")
@permit("closure:change")
def take_correct(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """Keeps the correction as a draft and goes on to what leaves."""
    before = find_for(session, principal, public_id)
    try:
        words = forms.plain_words(sent(request))
        row = telling.correct(session, before, Wanted(status=before.status, words=words))
    except Invalid as error:
        return _correct_page(session, before, status=422, errors=error.fields)
    return redirect_after(url_for("closure.update", public_id=row.public_id))


@blueprint.get("/checks/<public_id>/outcome")
@permit("closure:change")
def tell_outcome(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """What came of a question: words for yes, for no, and for no answer."""
    del principal
    return _outcome_page(session, public_id)


@blueprint.post("/checks/<public_id>/outcome")
@permit("closure:change")
def take_outcome(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """Keeps the outcome as a draft and goes on to what leaves."""
    del principal
    check = outcome.find_check(session, public_id)
    try:
        form = sent(request)
        for_no, for_none = forms.outcome_words(form)
        row = outcome.draft_outcome(session, check, wanted(), for_no=for_no, for_none=for_none)
    except Invalid as error:
        return _outcome_page(session, public_id, status=422, errors=error.fields)
    return redirect_after(url_for("closure.update", public_id=row.public_id))


@blueprint.get("/issues/<public_id>/thank")
@permit("closure:change")
def thank(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """Thanks for the one who spoke first."""
    del principal
    return _thank_page(session, find_issue(session, public_id))


@blueprint.post("/issues/<public_id>/thank")
@permit("closure:change")
def take_thank(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """Keeps the thanks as a draft and goes on to what leaves."""
    del principal
    issue = find_issue(session, public_id)
    try:
        row = thanking.draft_thanks(session, issue, forms.plain_words(sent(request)))
    except Invalid as error:
        return _thank_page(session, issue, status=422, errors=error.fields)
    return redirect_after(url_for("closure.update", public_id=row.public_id))


@blueprint.post("/issues/<public_id>/others-said-so")
@permit("decision:change")
def others_said_so(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """An executive allows or forbids “other clients have told us the same” for one issue."""
    del principal
    issue, on = find_issue(session, public_id), request.form.get("on") == "1"
    others.switch(session, issue, on=on)
    words = (
        "Allowed. From tomorrow on messages say it where it is true, without numbers."
        if on
        else "Messages about this issue do not say it any more."
    )
    return redirect_after(url_for("issues.issue", public_id=public_id), words)


def _outcome_page(
    session: Session, public_id: str, *, status: int = 200, errors: dict[str, str] | None = None
) -> ResponseReturnValue:
    check = outcome.find_check(session, public_id)
    decision = standing_decision(session, check.issue_id)
    groups = [group for _, group in asked.asked(session, check)]
    return page(
        "closure/outcome.html",
        status=status,
        check=check,
        issue=session.get_one(Issue, check.issue_id),
        decision=decision,
        before=outcome.told_before(session, check),
        numbers={group: groups.count(group) for group in ("yes", "no", "none")},
        statuses=STATUSES if decision else [("not_now", STATUS_WORDS["not_now"])],
        typed=with_defaults(as_typed(request), decision.message if decision else None),
        errors=errors or {},
    )


def _thank_page(
    session: Session, issue: Issue, *, status: int = 200, errors: dict[str, str] | None = None
) -> ResponseReturnValue:
    return page(
        "closure/thank.html",
        status=status,
        issue=issue,
        first=readers.first_speaker(session, issue),
        before=thanking.thanked(session, issue),
        typed=request.form.get("words", thanking.WORDS),
        errors=errors or {},
    )


def _correct_page(
    session: Session, before: Update, *, status: int = 200, errors: dict[str, str] | None = None
) -> ResponseReturnValue:
    if before.left_at is None:
        raise Forbidden("This has not left: stop it and write it again. Only what left needs a correction.")
    return page(
        "closure/correct.html",
        status=status,
        row=queries.update_row(session, before),
        update=before,
        typed=request.form.get("words", ""),
        errors=errors or {},
    )
