"""The phone list: who is called, why, what to say, and what came of it; and answers that were read."""

from apiflask import APIBlueprint
from flask import Response, request, url_for
from sqlalchemy.orm import Session

from voc.checks import calls, forms, phone, reading, written
from voc.core.errors import Invalid
from voc.core.principal import Principal, Role
from voc.intake.forms import sent
from voc.jobs import READ, ring_after_commit
from voc.web.context import doorbell
from voc.web.links import HOME, safe_path
from voc.web.nav import add_entry
from voc.web.pages import page, redirect_after
from voc.web.permit import permit

blueprint = APIBlueprint("calls", __name__, enable_openapi=False)
_CALLERS = {Role.AGENT, Role.LEAD, Role.EXECUTIVE}
add_entry(
    "Phone list", "calls.phone_list", order=35, roles=_CALLERS, often=_CALLERS,
    count=phone.number_open,
)  # fmt: skip
_SHOWN = 40


@blueprint.get("/calls")
@permit("call:list")
def phone_list(session: Session, principal: Principal) -> Response:
    """The calls of whoever looks, the one due first opened; leads and executives may see everybody's."""
    return _page(session, principal, request.args.get("call"))


def _page(
    session: Session, principal: Principal, wanted: str | None, *, errors: dict[str, str] | None = None
) -> Response:
    may_see_all = bool(principal.roles & {Role.LEAD, Role.EXECUTIVE})
    everybody = may_see_all and request.args.get("all") == "1"
    lines = phone.call_lines(session, principal, everybody=everybody)
    chosen = wanted or (lines[0].public_id if lines else None)
    shown = phone.call_shown(session, principal, chosen) if chosen else None
    after = _after([line.public_id for line in lines], chosen)
    return page(
        "checks/calls.html",
        status=422 if errors else 200,
        lines=lines[:_SHOWN],
        more=max(len(lines) - _SHOWN, 0),
        shown=shown,
        chosen=chosen,
        everybody=everybody,
        may_see_all=may_see_all,
        here_url=_url(chosen, everybody=everybody),
        after_url=_url(after, everybody=everybody),
        errors=errors or {},
        typed=sent(request).values if errors else {},
    )


@blueprint.post("/calls/<public_id>")
@permit("call:change")
def done(session: Session, principal: Principal, public_id: str) -> Response:
    """Keeps what came of a call; an answer counts as the client's own."""
    found = calls.find_call(session, public_id)
    try:
        called = forms.called(sent(request))
        calls.done(session, found, result=called.result, says=called.says, words=called.words)
    except Invalid as error:
        return _page(session, principal, public_id, errors={"pressed": error.message} | error.fields)
    ring_after_commit(session, doorbell(), READ)
    said = {
        "spoke": "Kept. What they said counts as their own answer." if called.says else "Kept: you spoke.",
        "not_reached": "Kept: not reached. It stays on the list for the next working day.",
        "not_needed": "Kept: no call is needed.",
    }
    return redirect_after(_back(), said[called.result])


@blueprint.post("/answers/<public_id>/read")
@permit("comment:label")
def read_answer(session: Session, principal: Principal, public_id: str) -> Response:
    """Says that one of us read the words beside an answer."""
    del principal
    reading.keep_read(session, public_id, is_read=True)
    return redirect_after(
        _back(),
        "Read. It stays with the question.",
        undo_url=url_for("calls.unread_answer", public_id=public_id),
    )


@blueprint.post("/answers/<public_id>/unread")
@permit("comment:label")
def unread_answer(session: Session, principal: Principal, public_id: str) -> Response:
    """Puts an answer back into the queue."""
    del principal
    reading.keep_read(session, public_id, is_read=False)
    return redirect_after(url_for("analysis.owed_today", queue="answers"), "It waits to be read again.")


@blueprint.post("/replies/<public_id>/answer")
@permit("call:change")
def read_reply(session: Session, principal: Principal, public_id: str) -> Response:
    """Says which answer a reply by mail is, or that it is none."""
    del principal
    says = forms.read_reply(sent(request))
    comment = written.wrote_shown(session, public_id).comment_public_id
    if says is None:
        written.no_answer(session, public_id)
    else:
        written.decide(session, public_id, says)
    return redirect_after(
        _back(),
        "Kept as their own answer." if says else "Kept: it answers something else. The question waits on.",
        undo_url=url_for("calls.reread_reply", public_id=public_id, comment=comment),
    )


@blueprint.post("/replies/<public_id>/again")
@permit("call:change")
def reread_reply(session: Session, principal: Principal, public_id: str) -> Response:
    """Lets a reply wait to be read again."""
    del principal
    written.wait_again(session, public_id, request.args.get("comment", ""))
    return redirect_after(url_for("analysis.owed_today", queue="replies"), "It waits to be read again.")


def _after(keys: list[str], chosen: str | None) -> str | None:
    below = keys[keys.index(chosen) + 1 :] if chosen in keys else keys
    return below[0] if below else None


def _url(call: str | None, *, everybody: bool) -> str:
    return url_for("calls.phone_list", call=call, all="1" if everybody else None)


def _back() -> str:
    path = safe_path(request.form.get("back"))
    return path if path != HOME else url_for("calls.phone_list")
