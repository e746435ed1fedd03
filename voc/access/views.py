"""Pages for coming in and going out."""

from apiflask import APIBlueprint
from flask import Response, request, url_for
from sqlalchemy.orm import Session

from voc.access import sessions
from voc.core.principal import Principal
from voc.web import cookies, nav
from voc.web.pages import page, redirect_after
from voc.web.permit import permit

blueprint = APIBlueprint("access", __name__, enable_openapi=False)


@blueprint.get("/")
@permit("public:read")
def home(session: Session, principal: Principal) -> Response:  # noqa: ARG001 - every view has this shape
    """Sends each person to the page they begin with."""
    if principal.kind == "anonymous":
        return _go(url_for("access.sign_in"))
    first = nav.home_url(principal)
    return _go(first) if first else page("access/welcome.html")


@blueprint.get("/sign-in")
@permit("public:read")
def sign_in(session: Session, principal: Principal) -> Response:  # noqa: ARG001 - every view has this shape
    """The sign-in page."""
    return page("access/sign_in.html", email="", next=request.args.get("next", ""), errors={})


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


def _go(url: str) -> Response:
    return Response(status=303, headers={"Location": url})
