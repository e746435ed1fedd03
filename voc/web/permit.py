"""The guard of every view: one declared permission, one asker, one transaction."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec

from flask import Flask, Response, current_app, g, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from voc.core.errors import Forbidden, Invalid, NotFound, SignInFirst, Unavailable
from voc.core.principal import SYSTEM, Principal
from voc.db.scope import open_for
from voc.web import csrf
from voc.web.context import database, site

Args = ParamSpec("Args")
View = Callable[Concatenate[Session, Principal, Args], ResponseReturnValue]
Guarded = Callable[Args, Response]
_DECLARED = "__voc_permission__"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_MULTIPART = "multipart/form-data"
_ODD = re.compile("[\x00\ud800-\udfff]")
_LATER = "voc_later"


@dataclass(frozen=True, slots=True)
class Declared:
    """What an endpoint asks for. `door` is where the asker's proof is looked for: cookie or token."""

    permission: str
    door: str
    alone: bool


class _Refused(Exception):
    def __init__(self, response: Response) -> None:
        self.response = response


def permit(
    permission: str, *, writing: bool | None = None, door: str = "cookie", max_bytes: int | None = None
) -> Callable[[View[Args]], Guarded[Args]]:
    """Makes a function `(session, principal, **path)` a view that only holders of `permission` reach.

    The view runs in one transaction: reading for GET and HEAD, writing for others, unless `writing`
    says so. The answer leaves after the commit; an answer of 400 and above, like any error, stores
    nothing. `max_bytes` replaces the app's limit for the request's body.
    """

    def guard(view: View[Args]) -> Guarded[Args]:
        @wraps(view)
        def guarded(*args: Args.args, **kwargs: Args.kwargs) -> Response:
            _take_body(max_bytes)
            _check_origin(door)
            is_writing = request.method not in _SAFE if writing is None else writing
            try:
                response = _in_transaction(view, args, kwargs, permission, door, is_writing=is_writing)
            except _Refused as refused:
                response = refused.response
            _do_later()
            return response

        setattr(guarded, _DECLARED, Declared(permission, door, alone=False))
        return guarded

    return guard


def permit_alone(
    permission: str, *, max_bytes: int | None = None
) -> Callable[[Guarded[Args]], Guarded[Args]]:
    """As `permit`, for public views that need no asker and open their own transactions, or none."""

    def guard(view: Callable[Args, ResponseReturnValue]) -> Guarded[Args]:
        @wraps(view)
        def guarded(*args: Args.args, **kwargs: Args.kwargs) -> Response:
            _take_body(max_bytes)
            _check_origin("none")
            return current_app.make_response(view(*args, **kwargs))

        setattr(guarded, _DECLARED, Declared(permission, "none", alone=True))
        return guarded

    return guard


def permit_inside(
    permission: str, *, door: str, max_bytes: int | None = None
) -> Callable[[Guarded[Args]], Guarded[Args]]:
    """As `permit`, for views that let the asker in themselves, in a transaction that several requests share.

    Such a view must refuse whoever lacks `permission`, before it reads the body; the tests that ask every
    rule as every asker hold it to that.
    """

    def guard(view: Callable[Args, ResponseReturnValue]) -> Guarded[Args]:
        @wraps(view)
        def guarded(*args: Args.args, **kwargs: Args.kwargs) -> Response:
            _take_body(max_bytes)
            _check_origin(door)
            return current_app.make_response(view(*args, **kwargs))

        setattr(guarded, _DECLARED, Declared(permission, door, alone=False))
        return guarded

    return guard


def later(act: Callable[[], None]) -> None:
    """Does `act` when this request's transaction is over; a busy database makes it be left out."""
    g.setdefault(_LATER, []).append(act)


def declared(app: Flask) -> dict[str, Declared]:
    """Endpoint to what it asks for; endpoints that declare nothing are missing."""
    views = app.view_functions
    return {name: getattr(view, _DECLARED) for name, view in views.items() if hasattr(view, _DECLARED)}


def verify_permissions(app: Flask) -> None:
    """Raises RuntimeError naming each rule without a known permission: such an app does not start."""
    known, public = app.extensions["voc"].permissions, app.extensions["voc"].public
    found = declared(app)
    wrong = []
    for rule in app.url_map.iter_rules():
        one = found.get(rule.endpoint)
        if one is None:
            wrong.append(f"{rule} ({rule.endpoint}) declares no permission; put @permit(…) on its view")
        elif one.permission not in known:
            wrong.append(f"{rule} asks for “{one.permission}”, which voc/access/permissions.py does not know")
        elif one.alone and one.permission not in public:
            wrong.append(f"{rule} looks at nobody, so it cannot ask for “{one.permission}”")
    if wrong:
        raise RuntimeError("\n".join(wrong))


def _take_body(max_bytes: int | None) -> None:
    # Read whole before any transaction begins: a slow sender must not hold a lock of the database.
    if max_bytes is not None:
        request.max_content_length = max_bytes
    # A form's bytes stay readable: whoever takes words looks there for what is no text.
    if request.method not in _SAFE:
        request.get_data() if request.mimetype != _MULTIPART else request.form
    _refuse_odd_addresses()


def _refuse_odd_addresses() -> None:
    """Refuses what PostgreSQL cannot look up; a form's fields are for its own reader to judge."""
    if any(_ODD.search(value) for value in (request.view_args or {}).values() if isinstance(value, str)):
        raise NotFound
    for name, value in request.args.items(multi=True):
        if _ODD.search(name) or _ODD.search(value):
            words = "This address has a character that is not allowed."
            raise Invalid(words, fields={_ODD.sub("", name)[:50]: words}, code="character_not_allowed")


def _check_origin(door: str) -> None:
    if door != "token" and request.method not in _SAFE:
        csrf.check()


def _in_transaction(
    view: View[Args],
    args: tuple[object, ...],
    kwargs: dict[str, object],
    permission: str,
    door: str,
    *,
    is_writing: bool,
) -> Response:
    with _opened(is_writing=is_writing) as session:
        principal = _enter(session, permission, door)
        answer = view(session, principal, *args, **kwargs)  # type: ignore[arg-type]  # Args, split above
        response = current_app.make_response(answer)
        if is_writing and response.status_code >= 400:  # noqa: PLR2004 - where refusals begin
            raise _Refused(response)
        return response


def _opened(*, is_writing: bool) -> AbstractContextManager[Session]:
    # Opened for the system until the asker is known; `_enter` narrows it before the view runs.
    return database().writing(SYSTEM) if is_writing else database().reading(SYSTEM)


def _enter(session: Session, permission: str, door: str) -> Principal:
    load = site().load_caller if door == "token" else site().load_principal
    principal = load(session, request)
    g.principal, g.session = principal, session
    session.info["came_from"] = request.remote_addr
    if not principal.may(permission):
        if principal.kind == "anonymous":
            raise SignInFirst
        raise Forbidden("If you need it for your work, ask an administrator to open it to you.")
    open_for(session, principal)
    return principal


def _do_later() -> None:
    for act in g.pop(_LATER, []):
        try:
            act()
        except Unavailable:
            continue
