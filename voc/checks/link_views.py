"""The question behind a link in a mail: looking records nothing, a button answers, no password is needed."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

from apiflask import APIBlueprint
from flask import Response, redirect, request, url_for
from sqlalchemy.orm import Session

from voc.access import limits
from voc.access.limits import Limit
from voc.checks import answer_page, answering, asked, forms, stopping
from voc.checks.answer_page import Ways
from voc.checks.asked import AskedShown
from voc.checks.models import Ask
from voc.core.errors import Conflict, Invalid, NotFound
from voc.core.principal import SYSTEM
from voc.intake.forms import sent
from voc.jobs import READ, ring_after_commit
from voc.mail import links
from voc.mail.models import Link
from voc.web.context import database, doorbell, settings
from voc.web.permit import permit_alone

blueprint = APIBlueprint("answer", __name__, enable_openapi=False)
ANSWERS = Limit("answer", 20, timedelta(minutes=15))  # posts by one link: more is no person (policy)
_TOKEN_LENGTH = 200
Act = Callable[[Session, Ask], str]


@blueprint.get("/answer/<token>")
@permit_alone("public:read")
def question(token: str) -> Response:
    """The question; looking changes nothing, however often a scanner looks."""
    return _look(token, answer_page.question_page)


@blueprint.get("/answer/<token>/thanks")
@permit_alone("public:read")
def thanks(token: str) -> Response:
    """What happens with the answer that was given."""
    return _look(token, answer_page.thanks_page)


@blueprint.post("/answer/<token>")
@permit_alone("public:write")
def answer(token: str) -> Response:
    """Keeps the answer; the last one counts until the question closes."""

    def keep(session: Session, ask: Ask) -> str:
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
        shown = asked.asked_shown(session, ask, settings().time_zone)
        if shown.next is not None:  # another question of the same mail waits
            return url_for("answer.question", token=token, of=shown.next.public_id, kept=1)
        return url_for("answer.thanks", token=token, of=ask.public_id)

    return _act(token, keep)


@blueprint.post("/answer/<token>/pass-on")
@permit_alone("public:write")
def pass_on(token: str) -> Response:
    """Asks a colleague instead."""

    def keep(session: Session, ask: Ask) -> str:
        other = forms.colleague(sent(request))
        answering.pass_on(session, ask, name=other.name, email=other.email, zone=settings().time_zone)
        return url_for("answer.passed", token=token, of=ask.public_id)

    return _act(token, keep)


@blueprint.post("/answer/<token>/not-me")
@permit_alone("public:write")
def not_me(token: str) -> Response:
    """Takes back that this person was the one to ask."""

    def keep(session: Session, ask: Ask) -> str:
        answering.not_me(session, ask, zone=settings().time_zone)
        return url_for("answer.passed", token=token, of=ask.public_id)

    return _act(token, keep)


@blueprint.get("/answer/<token>/passed")
@permit_alone("public:read")
def passed(token: str) -> Response:
    """What became of a question that is not this person's any more."""
    return _look(token, answer_page.passed_page)


@blueprint.get("/stop-asking/<token>")
@permit_alone("public:read")
def stop_asking(token: str) -> Response:
    """Asks once more; reached from the last line of a mail, or from the question's own page."""
    link = _open(token, links.STOP_ASKING)
    if link is None:
        return answer_page.gone_page()
    with database().reading(links.by_link(link)) as session:
        shown = stopping.stop_shown(session, link.account_id, link.contact_id)
    return answer_page.stop_page(
        shown, url_for("answer.stop", token=token), url_for("answer.undo_stop", token=token)
    )


@blueprint.post("/stop-asking/<token>")
@permit_alone("public:write")
def stop(token: str) -> Response:
    """Nobody asks this person again, whatever is imported later."""
    return _stop_or_not(token, stopping.stop)


@blueprint.post("/stop-asking/<token>/undo")
@permit_alone("public:write")
def undo_stop(token: str) -> Response:
    """Takes that back."""
    return _stop_or_not(token, stopping.undo)


def _stop_or_not(token: str, act: Callable[[Session, int, int], None]) -> Response:
    link = _open(token, links.STOP_ASKING)
    if link is None:
        return answer_page.gone_page()
    with database().writing(SYSTEM) as session:
        limits.attempt(session, ANSWERS, link.public_id)
    with database().writing(links.by_link(link)) as session:
        act(session, link.account_id, link.contact_id)
    return redirect(url_for("answer.stop_asking", token=token), 303)  # type: ignore[return-value]  # as below


def _look(token: str, show: Callable[[AskedShown, Ways], Response]) -> Response:
    link = _open(token, "answer")
    if link is None:
        return answer_page.gone_page()
    try:
        with database().reading(links.by_link(link)) as session:
            shown = asked.asked_shown(session, _ask(session, link), settings().time_zone)
    except NotFound:
        return answer_page.gone_page()
    return show(shown, _ways(token, link, shown))


def _act(token: str, keep: Act) -> Response:
    """Does one act and sends the browser on; what is refused stores nothing and comes back with its words."""
    link = _open(token, "answer")
    if link is None:
        return answer_page.gone_page()
    with database().writing(SYSTEM) as session:
        limits.attempt(session, ANSWERS, link.public_id)
    try:
        with database().writing(links.by_link(link)) as session:
            url = keep(session, _ask(session, link))
    except NotFound:
        return answer_page.gone_page()
    except (Conflict, Invalid) as error:
        return _refused(token, error)
    return redirect(url, 303)  # type: ignore[return-value]  # werkzeug's own Response


def _refused(token: str, error: Conflict | Invalid) -> Response:
    fields = error.fields if isinstance(error, Invalid) else {"says": error.message}
    return _look(token, lambda shown, ways: answer_page.question_page(shown, ways, status=422, errors=fields))


def _open(token: str, purpose: str) -> Link | None:
    """The link; a wrong one is counted, so that nobody can try many (TooMany after ten)."""
    with database().reading(SYSTEM) as session:
        found = links.open_link(session, token[:_TOKEN_LENGTH], purpose, settings())
        if found is not None:
            session.expunge(found)  # the rollback would make it forget itself
    if found is None:
        with database().writing(SYSTEM) as session:
            limits.attempt(session, limits.LINK, request.remote_addr or "unknown")
    return found


def _ask(session: Session, link: Link) -> Ask:
    """The ask a link opens: the one named by `?of=` when it came in the same mail, else the first still open."""
    mine = asked.find_ask(session, link.thing)
    wanted = request.args.get("of")
    return asked.find_beside(session, mine, wanted) if wanted else asked.first_open(session, mine)


def _ways(token: str, link: Link, shown: AskedShown) -> Ways:
    of = shown.public_id if shown.beside else None
    return Ways(
        answer=url_for("answer.answer", token=token, of=of),
        thanks=url_for("answer.thanks", token=token, of=of),
        pass_on=url_for("answer.pass_on", token=token, of=of),
        not_me=url_for("answer.not_me", token=token, of=of),
        stop=urlsplit(links.stop_url(link, settings())).path,
        beside={
            one.public_id: url_for("answer.answer", token=token, of=one.public_id) for one in shown.beside
        },
    )
