"""Tells clients: write once, see what leaves to whom, let it leave, stop it."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from voc.closure import audience, forms, queries, readers, telling
from voc.closure.decided import standing_decision
from voc.closure.drafts import STATUSES, find_for, wanted, with_defaults
from voc.closure.letters import Letter, letters, mails_of
from voc.closure.models import Update
from voc.closure.telling import Refused
from voc.core.errors import Invalid, NotFound
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
        update = telling.draft(session, issue, wanted())
    except Invalid as error:
        return _tell_page(session, issue, as_typed(request), status=422, errors=error.fields)
    return redirect_after(url_for("closure.update", public_id=update.public_id))


@blueprint.get("/updates/<public_id>")
@permit("thread:change")
def update(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """Step two, and afterwards the record: who hears what and why, who does not, what they say."""
    found = find_for(session, principal, public_id)
    return _update_page(session, principal, found)


@blueprint.post("/updates/<public_id>")
@permit("closure:change")
def take_words(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """Changes the words for all while it is a draft."""
    found = telling.find_update(session, public_id, for_change=True)
    try:
        telling.reword_all(session, found, wanted())
    except Invalid as error:
        return _update_page(session, principal, found, status=422, errors=error.fields)
    return redirect_after(url_for("closure.update", public_id=public_id), "Kept the new words.")


@blueprint.get("/updates/<public_id>/to/<contact>")
@permit("thread:change")
def letter(session: Session, principal: Principal, public_id: str, contact: str) -> ResponseReturnValue:
    """One person's message, exactly as it leaves or left."""
    found = find_for(session, principal, public_id)
    return _letter_page(session, found, _letter_to(session, found, contact))


@blueprint.post("/updates/<public_id>/to/<contact>")
@permit("closure:change")
def take_letter(session: Session, principal: Principal, public_id: str, contact: str) -> ResponseReturnValue:
    """Gives one person words of their own; empty gives them the words for all again."""
    found = find_for(session, principal, public_id)
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
    found = find_for(session, principal, public_id)
    was_draft = found.batch_id is None
    telling.stop(session, found)
    words = "Thrown away. Nothing left." if was_draft else "Stopped. Nothing left the house."
    return redirect_after(url_for("closure.update", public_id=public_id), words)


@dataclass(frozen=True, slots=True)
class LetterRow:
    """One person in a preview: `refused` says why their message cannot leave as it is."""

    letter: Letter
    refused: Refused | None


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
        statuses=STATUSES,
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
        statuses=STATUSES,
        typed=with_defaults(typed, decision.message if decision else None),
        errors=errors or {},
    )


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


def _stop_url(found: Update) -> str:
    return url_for("closure.stop", public_id=found.public_id)
