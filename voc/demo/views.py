"""The demo's own page: lets a week pass. Registered only where the data folder holds the demo."""

from apiflask import APIBlueprint
from flask import Response, request, url_for
from sqlalchemy.orm import Session

from voc.core import clock
from voc.core.principal import Principal, Role
from voc.demo import wish
from voc.web.context import settings
from voc.web.nav import add_entry
from voc.web.pages import page, redirect_after
from voc.web.permit import permit

blueprint = APIBlueprint("demo", __name__, enable_openapi=False)
STAFF = {Role.AGENT, Role.LEAD, Role.EXECUTIVE, Role.ADMIN}
add_entry("Demo", "demo.week", order=99, roles=STAFF)


@blueprint.get("/demo")
@permit("account:list")
def week(session: Session, principal: Principal) -> Response:
    """Which day it is in the demo, and the button that lets a week pass."""
    del session, principal
    folder = wish.folder_of(settings())
    return page(
        "demo/week.html",
        weeks=wish.read_weeks(folder),
        is_told=wish.is_told(folder),
        is_passing=wish.is_wanted(folder),
        now=clock.now(),
        days=wish.DAYS,
    )


@blueprint.post("/demo")
@permit("account:list", writing=False)
def pass_week(session: Session, principal: Principal) -> Response:
    """Asks `voc up` to let the next week pass; a second press for the same week changes nothing."""
    del session, principal
    number = request.form.get("week", "")
    if number.isascii() and number.isdigit():
        wish.want_week(wish.folder_of(settings()), int(number[:6]))
    return redirect_after(url_for("demo.week"))
