"""The leadership page."""

from dataclasses import dataclass

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from voc.accounts.queries import counts
from voc.core.principal import Principal, Role
from voc.reports import queries
from voc.reports import running as facts_of
from voc.reports.queries import Line
from voc.web.nav import add_entry, set_home
from voc.web.pages import page
from voc.web.panels import panels_of
from voc.web.permit import permit
from voc.web.wall import Picture, Square, draw_picture, say_wall

blueprint = Blueprint("reports", __name__)
add_entry("This week", "reports.week", order=5, roles={Role.EXECUTIVE, Role.LEAD})
set_home(Role.EXECUTIVE, "reports.week")


add_entry("Running", "reports.running", order=5, roles={Role.ADMIN})
set_home(Role.ADMIN, "reports.running")


@blueprint.get("/running")
@permit("health:read")
def running(session: Session, principal: Principal) -> ResponseReturnValue:
    """Whether everything that came in was read, and what needs a person."""
    del principal
    return page("reports/running.html", facts=facts_of.running(session), book=counts(session))


@dataclass(frozen=True, slots=True)
class Brief:
    """One issue as leadership reads it."""

    line: Line
    picture: Picture
    sentence: str


@blueprint.get("/this-week")
@permit("report:read")
def week(session: Session, principal: Principal) -> ResponseReturnValue:
    """Owed a person first, then at most five issues, the widest first."""
    shown = queries.this_week(session)
    return page(
        "reports/week.html",
        week=shown,
        briefs=[_brief(line) for line in shown.lines],
        panels=panels_of("week", session, principal),
    )


def _brief(line: Line) -> Brief:
    squares = [Square("", state) for state in line.states]
    return Brief(line, draw_picture(squares), say_wall(squares))
