"""The client's own pages: home, say something, the receipt, one point."""

from apiflask import APIBlueprint
from flask import Response, redirect, request, url_for
from sqlalchemy.orm import Session

from voc.core import clock, ids
from voc.core.errors import Conflict, Invalid
from voc.core.principal import Principal, Role
from voc.intake import carers, forms, queries, rules
from voc.intake.box import Box
from voc.intake.queries import Writer
from voc.intake.saying import Here, say_as_client
from voc.jobs import READ, ring_after_commit
from voc.web import nav
from voc.web.context import doorbell, settings
from voc.web.pages import page
from voc.web.paging import cursor_after, wanted_page
from voc.web.panels import panels_of
from voc.web.permit import permit
from voc.web.standing import standing_of

blueprint = APIBlueprint("intake", __name__, enable_openapi=False)
nav.set_home(Role.CLIENT_VIEWER, "intake.home")
nav.set_home(Role.CLIENT_ADMIN, "intake.home")
_POINTS = 20
_LISTING = "points"
_NO_CLIENT = (
    "We do not know yet which client you are with. Ask the person of ours who invited you to put it right."
)


@blueprint.get("/points")
@permit("thread:list")
def home(session: Session, principal: Principal) -> Response:
    """What a client begins with: questions for them, the box, their points."""
    wanted = wanted_page(_LISTING, size=_POINTS)
    found, last = queries.points(session, principal, before=wanted.before, size=wanted.size)
    return page(
        "intake/home.html",
        points=found,
        stands=standing_of(session, principal, [one.thread_id for one in found]),
        earlier_url=url_for("intake.home", cursor=cursor_after(_LISTING, last)) if last else None,
        is_first_page=wanted.before is None,
        panels={
            part: panels_of(f"client_{part}", session, principal) for part in ("questions", "did", "promises")
        },
        now=clock.now(),
        box=_box(session, principal),
    )


@blueprint.get("/say")
@permit("comment:send")
def say(session: Session, principal: Principal) -> Response:
    """The box with all its optional lines."""
    return _say_page(session, principal)


@blueprint.post("/say")
@permit("comment:send")
def take_said(session: Session, principal: Principal) -> Response:
    """Stores what a client says and shows the receipt; the same form twice is one comment."""
    try:
        sent = forms.sent(request)
        said = forms.client_said(sent)
        writer = _writer(session, principal, said.account)
        received = say_as_client(session, writer, said, Here(settings().time_zone, forms.raw_body(sent)))
    except Invalid as error:
        return _say_page(session, principal, status=422, errors=error.fields)
    ring_after_commit(session, doorbell(), READ)
    return _go(url_for("intake.received", public_id=received.thread_public_id))


@blueprint.get("/points/<public_id>/receipt")
@permit("thread:read")
def received(session: Session, principal: Principal, public_id: str) -> Response:
    """The receipt: number, named person, day of the next word."""
    return page("intake/received.html", point=queries.point(session, principal, public_id))


@blueprint.get("/points/<public_id>")
@permit("thread:read")
def point(session: Session, principal: Principal, public_id: str) -> Response:
    """One point: the client's own words, where it stands, who is on it."""
    found = queries.point(session, principal, public_id)
    shown = panels_of("client_point", session, principal, thread_id=found.thread_id)
    return page(
        "intake/point.html",
        point=found,
        stands=standing_of(session, principal, [found.thread_id]),
        panels=shown,
        hurt=rules.HURT,
        now=clock.now(),
    )


def _say_page(
    session: Session, principal: Principal, *, status: int = 200, errors: dict[str, str] | None = None
) -> Response:
    typed = forms.as_typed(request) if errors else {}
    return page("intake/say.html", status=status, box=_box(session, principal, typed, errors or {}))


def _box(
    session: Session,
    principal: Principal,
    typed: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
) -> Box:
    writers = queries.writers(session, principal)
    people = {one.id: one for writer in writers for one in carers.who_look_after(session, writer.account_id)}
    named = carers.named_person(session, writers[0].account_id) if len(writers) == 1 else None
    return Box(
        nonce=ids.new_token(),
        hurt=rules.hurt_choices(),
        writers=writers,
        people=tuple(people.values()),
        named=named.name if named else None,
        next_word_by=rules.next_word_by(clock.now(), settings().time_zone, senior=False),
        typed=typed or {},
        errors=errors or {},
    )


def _writer(session: Session, principal: Principal, account: str | None) -> Writer:
    mine = queries.writers(session, principal)
    if not mine:
        raise Conflict(_NO_CLIENT)
    if account is None and len(mine) == 1:
        return mine[0]
    found = next((one for one in mine if one.account_public_id == account), None)
    if found is None:
        words = "Please choose which client this is about."
        raise Invalid(words, fields={"account": words})
    return found


def _go(url: str) -> Response:
    return redirect(url, 303)  # type: ignore[return-value]  # werkzeug's own Response
