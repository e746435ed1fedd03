"""What a signed-in client does on a point: say more, take it out, say whether it is solved and how we went about it."""

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from voc.closure import adding, forms, signing, story, taking_out
from voc.closure.models import SignOff
from voc.closure.pointing import PointShown, signed_in_urls
from voc.core.errors import Invalid, NotFound
from voc.core.principal import Principal
from voc.intake.forms import as_typed, sent
from voc.jobs import READ, ring_after_commit
from voc.web.context import doorbell, settings
from voc.web.pages import page, redirect_after
from voc.web.permit import permit

blueprint = Blueprint("my_point", __name__)


@blueprint.post("/points/<public_id>/more")
@permit("comment:send")
def more(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """Adds words to a point."""
    thread = story.thread_of(session, public_id)
    try:
        form = sent(request)
        contact_id = story.speaks_as(session, principal, thread)
        adding.say_more(
            session,
            thread,
            contact_id,
            forms.more_said(form),
            nonce=form.values.get("nonce"),
            zone=settings().time_zone,
        )
    except Invalid as error:
        return _again(session, principal, thread.id, error)
    ring_after_commit(session, doorbell(), READ)
    return redirect_after(_point(public_id), "We have it. It stands with this point.")


@blueprint.post("/points/<public_id>/not-meant")
@permit("comment:send")
def not_meant(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """“This is not what I meant”: takes the point out."""
    del principal
    taking_out.take_out(session, story.thread_of(session, public_id), zone=settings().time_zone)
    return redirect_after(_point(public_id), "Thank you. We had misunderstood, and a person reads it again.")


@blueprint.post("/points/<public_id>/solved")
@permit("comment:send")
def solved(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """Keeps whether it is solved."""
    thread = story.thread_of(session, public_id)
    try:
        sign = _own_sign(session, principal)
        says, words = forms.signed(sent(request))
        signing.answer(session, sign, says=says, words=words, zone=settings().time_zone)
    except Invalid as error:
        return _again(session, principal, thread.id, error)
    ring_after_commit(session, doorbell(), READ)
    return redirect_after(_point(public_id), signing.THANKS[says])


@blueprint.post("/points/<public_id>/how")
@permit("comment:send")
def how(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """Keeps how we went about it."""
    thread = story.thread_of(session, public_id)
    try:
        sign = _own_sign(session, principal)
        satisfaction, words = forms.rated(sent(request))
        signing.rate(session, sign, satisfaction=satisfaction, words=words, zone=settings().time_zone)
    except Invalid as error:
        return _again(session, principal, thread.id, error)
    ring_after_commit(session, doorbell(), READ)
    return redirect_after(_point(public_id), signing.RATED)


def _own_sign(session: Session, principal: Principal) -> SignOff:
    sign = signing.find_sign_off(session, request.form.get("sign", ""))
    if sign.contact_id not in principal.contact_ids:
        raise NotFound
    return sign


def _point(public_id: str) -> str:
    return url_for("intake.point", public_id=public_id)


def _again(session: Session, principal: Principal, thread_id: int, error: Invalid) -> ResponseReturnValue:
    """The same forms with what was typed and what is wrong."""
    found = story.story_of(session, principal, thread_id)
    shown = PointShown(found, signed_in_urls(found.thread_public_id), as_typed(request), error.fields)
    return page("closure/again.html", status=422, panel=shown, back_url=_point(found.thread_public_id))
