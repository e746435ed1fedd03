"""Every refusal as a page, or as problem+json for programs and fragments; never a stack trace."""

from http import HTTPStatus
from urllib.parse import urlsplit

import structlog
from flask import Flask, Response, g, jsonify, redirect, request, url_for
from jinja2 import TemplateNotFound
from sqlalchemy.exc import DataError, SQLAlchemyError
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.routing import RequestRedirect

from voc.core.errors import Invalid, SignInFirst, TooMany, Unavailable, VocError
from voc.core.principal import SYSTEM
from voc.web import notices
from voc.web.context import database, site
from voc.web.links import HOME, safe_path
from voc.web.pages import is_fragment, page

log = structlog.get_logger(__name__)
API_PREFIX = "/api/"
_SIGNED_OUT = "You are not signed in any more. "
_SIGN_IN_BESIDE = "Sign in again in another tab, then press here once more: nothing you wrote is lost."
_NOT_REACHED = "What you sent just now was not taken. Sign in, and you are back where you were."
_ODD = "Something went wrong on our side. It is written down; please try again, or tell us what you did."


def prepare_problems(app: Flask) -> None:
    """Registers the error handlers."""
    app.register_error_handler(VocError, _refuse)
    app.register_error_handler(HTTPException, _answer_http)
    app.register_error_handler(DataError, _answer_unstorable)
    app.register_error_handler(UnicodeEncodeError, _answer_unstorable)
    app.register_error_handler(Exception, _answer_unexpected)


def problem_body(error: VocError) -> dict[str, object]:
    """The error's stable `code`, its words and fields, as RFC 9457 wants them."""
    body: dict[str, object] = {
        "type": "about:blank",
        "title": HTTPStatus(error.status).phrase,
        "status": error.status,
        "code": error.code,
        "detail": error.message,
    }
    if isinstance(error, Invalid) and error.fields:
        body["fields"] = error.fields
    return body


def problem(error: VocError) -> Response:
    """The error as application/problem+json."""
    response = jsonify(problem_body(error))
    response.status_code = error.status
    response.headers["Content-Type"] = "application/problem+json"
    if error.status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = "Bearer"
    return _with_retry(response, error)


def _refuse(error: VocError) -> Response:
    if is_fragment() and isinstance(error, SignInFirst):
        return problem(SignInFirst(_SIGNED_OUT + _SIGN_IN_BESIDE))
    if request.path.startswith(API_PREFIX) or is_fragment():
        return problem(error)
    if isinstance(error, SignInFirst):
        return _to_sign_in()
    return _with_retry(_error_page(error), error)


def _to_sign_in() -> Response:
    """The sign-in page, with the way back; what was sent by somebody signed out is said not to have arrived."""
    if request.method == "GET":
        here = request.full_path.rstrip("?")
        return Response(status=303, headers={"Location": url_for("access.sign_in", next=here)})
    response = Response(status=303, headers={"Location": url_for("access.sign_in", next=_page_before())})
    if "Authorization" not in request.headers:  # a program sees no next page
        notices.leave(response, notices.Notice("problem", _SIGNED_OUT + _NOT_REACHED))
    return response


def _with_retry(response: Response, error: VocError) -> Response:
    if isinstance(error, TooMany | Unavailable):
        response.headers["Retry-After"] = str(error.retry_after_seconds)
    return response


def _error_page(error: VocError) -> Response:
    if error.status < HTTPStatus.INTERNAL_SERVER_ERROR:
        _learn_who_asks()
    g.session = None  # the transaction is over: the page around the words must not read
    ours = type(error) is not VocError  # werkzeug's refusals are said in the page's own words
    context: dict[str, object] = {
        "way_words": error.message if ours else None,
        "fields": getattr(error, "fields", {}),
        "is_stale": error.code == "foreign_origin",
        "page_before": _page_before(),
        "number": g.get("request_id") if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR else None,
        "minutes": -(-error.retry_after_seconds // 60) if isinstance(error, TooMany) else None,
    }
    try:
        return page(f"errors/{error.status}.html", status=error.status, **context)
    except TemplateNotFound:
        return page("errors/400.html", status=error.status, **context)


def _learn_who_asks() -> None:
    """Looks who asks where no view did, at an address that is nowhere: their menu must not go because of that."""
    if "principal" in g:
        return
    try:
        with database().reading(SYSTEM) as session:
            g.principal = site().load_principal(session, request)
    except (VocError, SQLAlchemyError):
        log.warning("unknown_asker")  # the page says what it can without


def _page_before() -> str | None:
    """The page of ours that the browser came from; None where it does not say."""
    before = urlsplit(request.referrer or "")
    path = f"{before.path}?{before.query}" if before.query else before.path
    found = safe_path(path) if before.netloc == request.host else HOME
    return found if found != HOME else None


def _answer_http(error: HTTPException) -> Response:
    if isinstance(error, RequestRedirect):
        return redirect(error.new_url, error.code)  # type: ignore[return-value]  # werkzeug's own Response
    if isinstance(error, SecurityError):  # a foreign host: no address of ours can be built for it
        return Response("This host is not ours.", 400, content_type="text/plain; charset=utf-8")
    status = error.code or 500
    ours = VocError(_words_for(error))
    ours.status, ours.code = status, HTTPStatus(status).phrase.lower().replace(" ", "_")
    response = _refuse(ours)
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            response.headers[name] = value
    return response


def _words_for(error: HTTPException) -> str:
    words = {
        400: "We could not read this request. Go back, reload the page and try again.",
        404: "There is nothing here, or it is not yours to see.",
        405: "This address does not take that. Go back and use the buttons of the page.",
        408: "It took too long to arrive. Please try again.",
        413: "This is more than we take in one go. Please send less at a time.",
        415: "We cannot read this kind of content here.",
    }
    return words.get(error.code or 500, _ODD)


def _answer_unstorable(error: Exception) -> Response:
    """A NUL or half a character that slipped past a form: PostgreSQL cannot store it, so nobody may."""
    log.warning("unstorable_value", error=type(error).__name__)
    words = "Something here has a character that is not allowed. Type it again instead of pasting it."
    return _refuse(Invalid(words, code="character_not_allowed"))


def _answer_unexpected(error: Exception) -> Response:
    log.error("unexpected_error", exc_info=error, rule=request.url_rule.rule if request.url_rule else None)
    return _refuse(_unexpected())


def _unexpected() -> VocError:
    error = VocError(_ODD)
    error.code = "unexpected"
    return error
