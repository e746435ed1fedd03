"""Pages for coming in, going out, and one's own password."""

from apiflask import APIBlueprint
from flask import Response, request, url_for
from sqlalchemy.orm import Session

from voc.access import limits, passwords, queries, sessions, signin
from voc.access.service import set_password
from voc.core.errors import Invalid
from voc.core.principal import SYSTEM, Principal
from voc.web import cookies, nav
from voc.web.context import database
from voc.web.links import safe_path
from voc.web.pages import page, redirect_after
from voc.web.permit import later, permit, permit_alone

blueprint = APIBlueprint("access", __name__, enable_openapi=False)
_WRONG = "The address and the password do not belong together. Check both, or ask for a sign-in link."


@blueprint.get("/")
@permit("public:read")
def home(session: Session, principal: Principal) -> Response:  # noqa: ARG001 - every view has this shape
    """Sends each person to the page they begin with."""
    if principal.kind == "anonymous":
        return _go(url_for("access.sign_in"))
    first = nav.home_url(principal)
    return _go(first) if first else page("access/welcome.html")


@blueprint.get("/sign-in")
@permit_alone("public:read")
def sign_in() -> Response:
    """The sign-in page."""
    return page("access/sign_in.html", email="", next=request.args.get("next", ""), errors={})


@blueprint.post("/sign-in")
@permit_alone("public:write")
def take_sign_in() -> Response:
    """Signs a person in by e-mail and password, and sends them where they wanted to go."""
    email, password = request.form.get("email", ""), request.form.get("password", "")
    wanted = request.form.get("next", "")
    cookie = None
    if email.strip() and 0 < len(password) <= passwords.LONGEST:
        cookie = signin.by_password(
            database(), email, password, came_from=_address(), before=cookies.read(cookies.SESSION)
        )
    if cookie is None:
        errors = {"password": _WRONG}
        return page("access/sign_in.html", status=422, email=email, next=wanted, errors=errors)
    return _let_in(cookie, safe_path(wanted))


@blueprint.get("/sign-in/<token>")
@permit_alone("public:read")
def show_link(token: str) -> Response:
    """A page with one button: looking at a link never spends it, so that mail scanners do no harm."""
    return page("access/link.html", token=token)


@blueprint.post("/sign-in/<token>")
@permit_alone("public:write")
def take_link(token: str) -> Response:
    """Signs in by a link and spends it."""
    cookie = signin.by_link(database(), token, came_from=_address(), before=cookies.read(cookies.SESSION))
    return page("access/link_gone.html", status=410) if cookie is None else _let_in(cookie, "/")


@blueprint.post("/sign-out")
@permit("public:write")
def sign_out(session: Session, principal: Principal) -> Response:  # noqa: ARG001 - every view has this shape
    """Ends this browser's session."""
    token = cookies.read(cookies.SESSION)
    if token:
        sessions.end_session(session, token)
    response = redirect_after(url_for("access.sign_in"), "You are signed out.")
    cookies.drop(response, cookies.SESSION)
    return response


@blueprint.get("/password")
@permit("self:read")
def password(session: Session, principal: Principal) -> Response:
    """The page for a new password."""
    return _password_page(session, principal, {})


@blueprint.post("/password")
@permit("self:change")
def take_password(session: Session, principal: Principal) -> Response:
    """Sets a new password; every other browser of this person is signed out."""
    user = queries.user(session, principal.user_id or 0)
    whom = f"{user.email_key}|{_address()}"
    limits.attempt(session, limits.SIGN_IN, whom)
    if user.password_hash is not None and not _is_right(user.password_hash, whom):
        return _password_page(session, principal, {"current": "This is not your password now."}, 422)
    try:
        set_password(session, user, request.form.get("password", ""))
    except Invalid as error:
        return _password_page(session, principal, error.fields, 422)
    response = redirect_after("/", "Your new password is set. Other browsers were signed out.")
    cookies.put(response, cookies.SESSION, sessions.start_session(session, user.id))
    return response


def _is_right(password_hash: str, whom: str) -> bool:
    opens = passwords.verify(password_hash, request.form.get("current", "")[: passwords.LONGEST]).opens
    if not opens:
        later(lambda: _count_wrong(whom))  # the refusal rolls back; its count must stay
    return opens


def _count_wrong(whom: str) -> None:
    with database().writing(SYSTEM) as session:
        limits.attempt(session, limits.SIGN_IN, whom)


def _password_page(
    session: Session, principal: Principal, errors: dict[str, str], status: int = 200
) -> Response:
    user = queries.user(session, principal.user_id or 0)
    return page(
        "access/password.html", status=status, has_one=user.password_hash is not None, errors=errors,
        shortest=passwords.SHORTEST,
    )  # fmt: skip


def _let_in(cookie: str, url: str) -> Response:
    response = _go(url)
    cookies.put(response, cookies.SESSION, cookie)
    return response


def _address() -> str:
    return request.remote_addr or "unknown"


def _go(url: str) -> Response:
    return Response(status=303, headers={"Location": url})
