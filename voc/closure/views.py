"""Tells clients: write once, see what leaves to whom, let it leave, stop it; corrections, outcomes and thanks."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from voc.closure import asked, audience, forms, others, outcome, queries, readers, telling, thanking
from voc.closure.decided import standing_decision
from voc.closure.letters import Letter, letters, mails_of
from voc.closure.models import Update
from voc.closure.rules import STATUS_WORDS, next_word
from voc.closure.telling import Refused, Wanted
from voc.core import clock
from voc.core.errors import Forbidden, Invalid, NotFound
from voc.core.principal import Principal
from voc.intake.forms import as_typed, sent
from voc.issues.curate import find_issue
from voc.issues.models import Issue
from voc.mail.models import Delivery
from voc.mail.rendering import preview
from voc.web.context import settings
from voc.web.pages import page, redirect_after
from voc.web.paging import page_number
from voc.web.permit import permit

blueprint = Blueprint("closure", __name__)
_SHOWN = 25  # people on one page of a preview
_STATUSES = list(STATUS_WORDS.items())


@blueprint.get("/issues/<public_id>/tell")
@permit("closure:change")
def tell(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """Step one: the words, and who would hear them."""
    del principal
    issue = find_issue(session, public_id)
    return _tell_page(session, issue, _typed_before(session))


@blueprint.post("/issues/<public_id>/tell")
@permit("closure:change")
def take_tell(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """Keeps a draft and goes on to what leaves; nothing leaves yet."""
    del principal
    issue = find_issue(session, public_id)
    try:
        update = telling.draft(session, issue, _wanted())
    except Invalid as error:
        return _tell_page(session, issue, as_typed(request), status=422, errors=error.fields)
    return redirect_after(url_for("closure.update", public_id=update.public_id))


@blueprint.get("/updates/<public_id>")
@permit("thread:change")
def update(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """Step two, and afterwards the record: who hears what and why, who does not, what they say."""
    found = _find(session, principal, public_id)
    return _update_page(session, principal, found)


@blueprint.post("/updates/<public_id>")
@permit("closure:change")
def take_words(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """Changes the words for all while it is a draft."""
    found = telling.find_update(session, public_id, for_change=True)
    try:
        telling.reword_all(session, found, _wanted())
    except Invalid as error:
        return _update_page(session, principal, found, status=422, errors=error.fields)
    return redirect_after(url_for("closure.update", public_id=public_id), "Kept the new words.")


@blueprint.get("/updates/<public_id>/to/<contact>")
@permit("thread:change")
def letter(session: Session, principal: Principal, public_id: str, contact: str) -> ResponseReturnValue:
    """One person's message, exactly as it leaves or left."""
    found = _find(session, principal, public_id)
    return _letter_page(session, found, _letter_to(session, found, contact))


@blueprint.post("/updates/<public_id>/to/<contact>")
@permit("closure:change")
def take_letter(session: Session, principal: Principal, public_id: str, contact: str) -> ResponseReturnValue:
    """Gives one person words of their own; empty gives them the words for all again."""
    found = _find(session, principal, public_id)
    try:
        telling.reword(session, found, contact, forms.one_persons_words(sent(request)))
    except Invalid as error:
        one = _letter_to(session, found, contact)
        return _letter_page(session, found, one, status=422, errors=error.fields)
    return redirect_after(
        url_for("closure.letter", public_id=public_id, contact=contact), "Kept for this person."
    )


@blueprint.post("/updates/<public_id>/send")
@permit("closure:change")
def send(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """Lets it leave in ten minutes; where the readers changed since they were shown, shows them again first."""
    found = telling.find_update(session, public_id, for_change=True)
    telling.refuse_unless_draft(found)
    here = url_for("closure.update", public_id=public_id)
    if telling.refresh(session, found):
        return redirect_after(
            here, "Who hears it, or what they read, changed meanwhile. Please look once more."
        )
    try:
        batch = telling.send(session, found, zone=settings().time_zone)
    except Invalid as error:
        return _update_page(session, principal, found, status=422, errors=error.fields)
    del batch
    return redirect_after(
        here, "It leaves in ten minutes. Until then you can stop it.", undo_url=_stop_url(found)
    )


@blueprint.post("/updates/<public_id>/stop")
@permit("thread:change")
def stop(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """Keeps it from leaving, or throws the draft away; 409 when it has left."""
    found = _find(session, principal, public_id)
    was_draft = found.batch_id is None
    telling.stop(session, found)
    words = "Thrown away. Nothing left." if was_draft else "Stopped. Nothing left the house."
    return redirect_after(url_for("closure.update", public_id=public_id), words)


@blueprint.get("/updates/<public_id>/correct")
@permit("closure:change")
def correct(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """A correction: the words, for exactly the people who heard what it puts right."""
    return _correct_page(session, _find(session, principal, public_id))


@blueprint.post("/updates/<public_id>/correct")
@permit("closure:change")
def take_correct(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """Keeps the correction as a draft and goes on to what leaves."""
    before = _find(session, principal, public_id)
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
        wanted = _wanted()
        row = outcome.draft_outcome(session, check, wanted, for_no=for_no, for_none=for_none)
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


@dataclass(frozen=True, slots=True)
class LetterRow:
    """One person in a preview: `refused` says why their message cannot leave as it is."""

    letter: Letter
    refused: Refused | None


def _find(session: Session, principal: Principal, public_id: str) -> Update:
    """The update, if it is this person's: agents see what goes to their clients about one thread only."""
    found = telling.find_update(session, public_id)
    if principal.may("closure:change"):
        return found
    if found.issue_id is not None or not telling.told_of(session, found):
        raise NotFound
    return found


def _update_page(
    session: Session,
    principal: Principal,
    found: Update,
    *,
    status: int = 200,
    errors: dict[str, str] | None = None,
) -> ResponseReturnValue:
    people = readers.audience_of(session, found)
    sent_to = letters(session, found, people)
    is_draft = queries.state_of(found) == "draft"
    refused = (
        {one.contact_public_id: one for one in telling.problems_of(session, found, sent_to)}
        if is_draft
        else {}
    )
    # Those whose message cannot leave come first: they are what is left to do.
    rows = [LetterRow(one, refused.get(one.hearer.contact_public_id)) for one in sent_to]
    rows.sort(key=lambda row: row.refused is None)
    number = page_number()
    return page(
        "closure/update.html",
        status=status,
        row=(row := queries.update_row(session, found)),
        leaves=_time(row.leaves_at),
        update=found,
        issue=session.get(Issue, found.issue_id) if found.issue_id else None,
        rows=rows[(number - 1) * _SHOWN : number * _SHOWN],
        total=len(rows),
        number=number,
        size=_SHOWN,
        refused=len(refused),
        left_out=people.left_out,
        signed=queries.signed_rows(session, found),
        statuses=_STATUSES,
        typed=as_typed(request) if errors else _typed_of(found),
        errors=errors or {},
        may_change=principal.may("closure:change"),
    )


def _time(moment: datetime | None) -> str:
    return moment.astimezone(ZoneInfo(settings().time_zone)).strftime("%H:%M") if moment else ""


def _letter_to(session: Session, found: Update, contact: str) -> Letter:
    people = readers.audience_of(session, found)
    for one in letters(session, found, people):
        if one.hearer.contact_public_id == contact:
            return one
    raise NotFound


def _letter_page(
    session: Session, found: Update, one: Letter, *, status: int = 200, errors: dict[str, str] | None = None
) -> ResponseReturnValue:
    delivery = (
        session.get(Delivery, (one.told.account_id, one.told.delivery_id)) if one.told.delivery_id else None
    )
    mail = delivery or mails_of(session, found, [one], {}, zone=settings().time_zone)[0]
    refused = telling.problems_of(session, found, [one])
    return page(
        "closure/letter.html",
        status=status,
        update=found,
        row=queries.update_row(session, found),
        letter=one,
        mail=preview(session, mail),
        delivery=delivery,
        problems=refused[0].problems if refused and delivery is None else (),
        errors=errors or {},
    )


def _tell_page(
    session: Session,
    issue: Issue,
    typed: dict[str, str],
    *,
    status: int = 200,
    errors: dict[str, str] | None = None,
) -> ResponseReturnValue:
    decision = standing_decision(session, issue.id)
    return page(
        "closure/tell.html",
        status=status,
        issue=issue,
        people=audience.who_hears(session, issue),
        statuses=_STATUSES,
        typed=_with_defaults(typed, decision.message if decision else None),
        errors=errors or {},
    )


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
        statuses=_STATUSES if decision else [("not_now", STATUS_WORDS["not_now"])],
        typed=_with_defaults(as_typed(request), decision.message if decision else None),
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


def _wanted() -> Wanted:
    zone = settings().time_zone
    return forms.wanted_update(sent(request), today=clock.today(zone), zone=zone)


def _typed_before(session: Session) -> dict[str, str]:
    """What stood in an update that was stopped, to write it again."""
    wanted = request.args.get("again")
    return _typed_of(telling.find_update(session, wanted)) if wanted else {}


def _typed_of(found: Update) -> dict[str, str]:
    day = found.next_word_by
    return {
        "status": found.status, "words": found.words, "cause": found.cause or "", "action": found.action or "",
        "next_word_by": day.date().isoformat() if day else "",
    }  # fmt: skip


def _with_defaults(typed: dict[str, str], message: str | None) -> dict[str, str]:
    day = next_word(clock.now(), settings().time_zone).date().isoformat()
    return {"status": "looking", "words": message or "", "next_word_by": day} | typed


def _stop_url(found: Update) -> str:
    return url_for("closure.stop", public_id=found.public_id)
