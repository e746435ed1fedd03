"""The same question for a client's person who is signed in."""

from collections.abc import Callable

from apiflask import APIBlueprint
from flask import Response, redirect, request, url_for
from sqlalchemy.orm import Session

from voc.checks import answer_page, answering, asked, forms, stopping
from voc.checks.answer_page import Ways
from voc.checks.asked import AskedShown
from voc.checks.models import Ask
from voc.core.errors import Conflict, Invalid
from voc.core.principal import Principal
from voc.intake.forms import sent
from voc.jobs import READ, ring_after_commit
from voc.web.context import doorbell, settings
from voc.web.pages import redirect_after
from voc.web.permit import permit

blueprint = APIBlueprint("questions", __name__, enable_openapi=False)


@blueprint.get("/questions/<public_id>")
@permit("answer:send")
def question(session: Session, principal: Principal, public_id: str) -> Response:
    """The question with its five answers."""
    return answer_page.question_page(_shown(session, principal, public_id), _ways(public_id))


@blueprint.get("/questions/<public_id>/thanks")
@permit("answer:send")
def thanks(session: Session, principal: Principal, public_id: str) -> Response:
    """What happens with the answer that was given."""
    return answer_page.thanks_page(_shown(session, principal, public_id), _ways(public_id))


@blueprint.post("/questions/<public_id>")
@permit("answer:send")
def answer(session: Session, principal: Principal, public_id: str) -> Response:
    """Keeps the answer; the last one counts until the question closes."""

    def keep(ask: Ask) -> Response:
        given = forms.answered(sent(request))
        answering.answer(
            session,
            ask,
            says=given.says,
            words=given.words,
            colleague=given.colleague,
            zone=settings().time_zone,
        )
        ring_after_commit(session, doorbell(), READ)
        return redirect(url_for("questions.thanks", public_id=public_id), 303)  # type: ignore[return-value]  # werkzeug's own Response

    return _try(session, principal, public_id, keep)


@blueprint.post("/questions/<public_id>/pass-on")
@permit("answer:send")
def pass_on(session: Session, principal: Principal, public_id: str) -> Response:
    """Asks a colleague instead."""

    def keep(ask: Ask) -> Response:
        other = forms.colleague(sent(request))
        answering.pass_on(session, ask, name=other.name, email=other.email, zone=settings().time_zone)
        return redirect_after(url_for("intake.home"), f"Thank you. We ask {other.name} instead.")

    return _try(session, principal, public_id, keep)


@blueprint.post("/questions/<public_id>/not-me")
@permit("answer:send")
def not_me(session: Session, principal: Principal, public_id: str) -> Response:
    """Takes back that this person was the one to ask."""

    def keep(ask: Ask) -> Response:
        answering.not_me(session, ask, zone=settings().time_zone)
        return redirect_after(url_for("intake.home"), "Thank you. This question is not yours any more.")

    return _try(session, principal, public_id, keep)


@blueprint.get("/questions/<public_id>/stop-asking")
@permit("answer:send")
def stop_asking(session: Session, principal: Principal, public_id: str) -> Response:
    """Asks once more before nobody asks this person again."""
    ask = asked.find_own_ask(session, principal, public_id)
    return answer_page.stop_page(
        stopping.stop_shown(session, ask.account_id, ask.contact_id),
        url_for("questions.stop", public_id=public_id),
        url_for("questions.undo_stop", public_id=public_id),
        ways=_ways(public_id),
    )


@blueprint.post("/questions/<public_id>/stop-asking")
@permit("answer:send")
def stop(session: Session, principal: Principal, public_id: str) -> Response:
    """Nobody asks this person again, whatever is imported later."""
    ask = asked.find_own_ask(session, principal, public_id)
    stopping.stop(session, ask.account_id, ask.contact_id)
    return redirect_after(url_for("questions.stop_asking", public_id=public_id))


@blueprint.post("/questions/<public_id>/stop-asking/undo")
@permit("answer:send")
def undo_stop(session: Session, principal: Principal, public_id: str) -> Response:
    """Takes that back."""
    ask = asked.find_own_ask(session, principal, public_id)
    stopping.undo(session, ask.account_id, ask.contact_id)
    return redirect_after(url_for("questions.stop_asking", public_id=public_id))


def _try(session: Session, principal: Principal, public_id: str, keep: Callable[[Ask], Response]) -> Response:
    ask = asked.find_own_ask(session, principal, public_id)
    try:
        return keep(ask)
    except (Conflict, Invalid) as error:
        fields = error.fields if isinstance(error, Invalid) else {"says": error.message}
        shown = _shown(session, principal, public_id)
        return answer_page.question_page(shown, _ways(public_id), status=422, errors=fields)


def _shown(session: Session, principal: Principal, public_id: str) -> AskedShown:
    ask = asked.find_own_ask(session, principal, public_id)
    return asked.asked_shown(session, ask, settings().time_zone)


def _ways(public_id: str) -> Ways:
    return Ways(
        answer=url_for("questions.answer", public_id=public_id),
        thanks=url_for("questions.thanks", public_id=public_id),
        pass_on=url_for("questions.pass_on", public_id=public_id),
        not_me=url_for("questions.not_me", public_id=public_id),
        stop=url_for("questions.stop_asking", public_id=public_id),
        home=url_for("intake.home"),
    )
