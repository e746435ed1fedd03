"""A point and “is it solved?” behind a link in a mail: looking changes nothing, a button acts, no password is needed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from apiflask import APIBlueprint
from flask import Response, request, url_for
from sqlalchemy.orm import Session

from voc.access import limits
from voc.access.limits import Limit
from voc.closure import adding, forms, signing, story, taking_out
from voc.closure.models import SignOff
from voc.closure.pointing import PointShown, Urls, scale
from voc.core.errors import Conflict, Invalid, NotFound
from voc.core.principal import SYSTEM, Principal
from voc.intake import queries as intake
from voc.intake import rules as intake_rules
from voc.intake.forms import as_typed, sent
from voc.jobs import READ, ring_after_commit
from voc.mail import links
from voc.mail.models import Link
from voc.web.context import database, doorbell, settings
from voc.web.pages import page, redirect_after
from voc.web.permit import permit_alone

blueprint = APIBlueprint("closure_link", __name__, enable_openapi=False)
ACTS = Limit("point_link", 20, timedelta(minutes=15))  # posts by one link: more is no person (policy)
_TOKEN_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Refusal:
    """A form that came back: what was typed and what is wrong with it."""

    status: int = 200
    typed: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


_FIRST = Refusal()
Act = Callable[[Session, Principal, str], str]  # (session, who holds the link, what it opens) -> what to say


@blueprint.get("/point/<token>")
@permit_alone("public:read")
def point(token: str) -> Response:
    """The point, without signing in; looking changes nothing, however often a scanner looks."""
    return _look(token, "point", _FIRST)


@blueprint.post("/point/<token>/more")
@permit_alone("public:write")
def more(token: str) -> Response:
    """Adds words to the point."""

    def keep(session: Session, principal: Principal, thing: str) -> str:
        thread, form = story.thread_of(session, thing), sent(request)
        adding.say_more(
            session, thread, story.speaks_as(session, principal, thread), forms.more_said(form),
            nonce=form.values.get("nonce"), zone=settings().time_zone,
        )  # fmt: skip
        return "We have it. It stands with this point."

    return _act(token, "point", keep)


@blueprint.post("/point/<token>/not-meant")
@permit_alone("public:write")
def not_meant(token: str) -> Response:
    """“This is not what I meant”: takes the point out."""

    def keep(session: Session, principal: Principal, thing: str) -> str:
        del principal
        taking_out.take_out(session, story.thread_of(session, thing), zone=settings().time_zone)
        return "Thank you. We had misunderstood, and a person reads it again."

    return _act(token, "point", keep)


@blueprint.get("/solved/<token>")
@permit_alone("public:read")
def solved(token: str) -> Response:
    """“Is it solved?”; looking changes nothing."""
    return _look(token, "solved", _FIRST)


@blueprint.post("/solved/<token>")
@permit_alone("public:write")
def take_solved(token: str) -> Response:
    """Keeps whether it is solved; the last word counts."""

    def keep(session: Session, principal: Principal, thing: str) -> str:
        says, words = forms.signed(sent(request))
        signing.answer(
            session, _own(session, principal, thing), says=says, words=words, zone=settings().time_zone
        )
        return signing.THANKS[says]

    return _act(token, "solved", keep)


@blueprint.post("/solved/<token>/how")
@permit_alone("public:write")
def how(token: str) -> Response:
    """Keeps how we went about it."""

    def keep(session: Session, principal: Principal, thing: str) -> str:
        satisfaction, words = forms.rated(sent(request))
        sign = _own(session, principal, thing)
        signing.rate(session, sign, satisfaction=satisfaction, words=words, zone=settings().time_zone)
        return signing.RATED

    return _act(token, "solved", keep)


def _own(session: Session, principal: Principal, thing: str) -> SignOff:
    sign = signing.find_sign_off(session, thing)
    if sign.contact_id not in principal.contact_ids:
        raise NotFound
    return sign


def _act(token: str, purpose: str, keep: Act) -> Response:
    """Does one act and sends the browser back; what is refused stores nothing and comes back with its words."""
    link = _open(token, purpose)
    if link is None:
        return _gone()
    with database().writing(SYSTEM) as session:
        limits.attempt(session, ACTS, link.public_id)
    try:
        with database().writing(links.by_link(link)) as session:
            said = keep(session, links.by_link(link), link.thing)
            ring_after_commit(session, doorbell(), READ)
    except NotFound:
        return _gone()
    except (Conflict, Invalid) as error:
        fields = error.fields if isinstance(error, Invalid) else {"words": error.message}
        return _look(token, purpose, Refusal(422, as_typed(request), fields))
    return redirect_after(url_for(f"closure_link.{purpose}", token=token), said)


def _look(token: str, purpose: str, refusal: Refusal) -> Response:
    link = _open(token, purpose)
    if link is None:
        return _gone()
    principal = links.by_link(link)
    try:
        with database().reading(principal) as session:
            show = _show_solved if purpose == "solved" else _show_point
            return show(session, principal, token, link.thing, refusal)
    except NotFound:
        return _gone()


def _show_point(session: Session, principal: Principal, token: str, thing: str, refusal: Refusal) -> Response:
    try:
        found = intake.point(session, principal, thing)
    except NotFound:
        message = story.message_of(session, principal, thing)
        return page("closure/message.html", one=message)
    told = story.story_of(session, principal, found.thread_id)
    return page(
        "closure/point.html",
        status=refusal.status,
        point=found,
        hurt=intake_rules.HURT,
        panel=PointShown(told, _urls(token), refusal.typed, refusal.errors),
    )


def _show_solved(
    session: Session, principal: Principal, token: str, thing: str, refusal: Refusal
) -> Response:
    sign = _own(session, principal, thing)
    return page(
        "closure/solved.html",
        status=refusal.status,
        one=story.done_of(session, principal, sign),
        scale=scale(),
        solved_url=url_for("closure_link.take_solved", token=token),
        how_url=url_for("closure_link.how", token=token),
        typed=refusal.typed,
        errors=refusal.errors,
    )


def _urls(token: str) -> Urls:
    """Behind a link to the point, “is it solved?” is said by its own link, or signed in."""
    return Urls(
        more=url_for("closure_link.more", token=token),
        not_meant=url_for("closure_link.not_meant", token=token),
    )


def _open(token: str, purpose: str) -> Link | None:
    """The link; a wrong one is counted, so that nobody can try many (TooMany after ten)."""
    with database().reading(SYSTEM) as session:
        found = links.open_link(session, token[:_TOKEN_LENGTH], purpose, settings())
        if found is not None:
            session.expunge(found)  # read on after this session has ended
    if found is None:
        with database().writing(SYSTEM) as session:
            limits.attempt(session, limits.LINK, request.remote_addr or "unknown")
    return found


def _gone() -> Response:
    return page("closure/gone.html", status=410)
