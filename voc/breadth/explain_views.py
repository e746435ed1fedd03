"""For whoever distrusts a number: how it is counted, how right it was, who is loud."""

from dataclasses import dataclass

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from voc.breadth import forecasts, loudness, queries, spread
from voc.breadth.said import doubt, in_top_words, reach_doubt, reach_words
from voc.core.errors import NotFound
from voc.core.principal import Principal, Role
from voc.web.nav import add_entry
from voc.web.pages import page, redirect_after
from voc.web.paging import page_number
from voc.web.panels import panels_of
from voc.web.permit import permit

blueprint = Blueprint("explain", __name__)
add_entry("How sure", "explain.trust", order=60, roles={Role.LEAD, Role.EXECUTIVE})
_SHOWN = 50
_PLACES = 10


@blueprint.get("/how-sure")
@permit("breadth:read")
def trust(session: Session, principal: Principal) -> ResponseReturnValue:
    """What was foreseen against what came, with and without asking."""
    return page(
        "breadth/trust.html",
        record=forecasts.record(session),
        weeks=forecasts.FORECAST_WEEKS,
        panels=panels_of("trust", session, principal),
        order=_order(session),
    )


@blueprint.get("/how-sure/foreseen")
@permit("breadth:read")
def foreseen(session: Session, principal: Principal) -> ResponseReturnValue:
    """Every forecast of one band (`?band=0` is the lowest) that is over, and what came of it."""
    del principal
    band = request.args.get("band", "")
    if band not in {str(place) for place in range(len(forecasts.BANDS) - 1)}:
        raise NotFound
    rows, number = forecasts.behind(session, int(band)), page_number()
    first = (number - 1) * _SHOWN
    return page(
        "breadth/foreseen.html",
        band=int(band),
        low=forecasts.BANDS[int(band)],
        high=forecasts.BANDS[int(band) + 1],
        weeks=forecasts.FORECAST_WEEKS,
        rows=rows[first : first + _SHOWN],
        total=len(rows),
        number=number,
        more=len(rows) > first + _SHOWN,
    )


@blueprint.get("/how-we-count")
@permit("breadth:read")
def how_we_count(session: Session, principal: Principal) -> ResponseReturnValue:
    """How a figure is made, in plain words, with one loud client as the example."""
    del principal
    loud = _loud_example(session)
    return page("breadth/how_we_count.html", loud=loud, doubt=doubt(is_seen=loud is None or loud.is_seen))


@blueprint.get("/who-speaks")
@permit("breadth:read")
def who_speaks(session: Session, principal: Principal) -> ResponseReturnValue:
    """Every client by how much it says, against its own rhythm, its size and its kind."""
    del principal
    rows, number = loudness.loudness(session), page_number()
    first = (number - 1) * _SHOWN
    return page(
        "breadth/who_speaks.html",
        rows=rows[first : first + _SHOWN],
        total=len(rows),
        number=number,
        more=len(rows) > first + _SHOWN,
    )


@blueprint.post("/news/<public_id>/seen")
@permit("issue:change")
def seen(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """A lead has seen the news of an issue."""
    issue = spread.look_at(session, public_id, principal.user_id)
    return redirect_after(url_for("issues.issue", public_id=issue), "Seen.")


@dataclass(frozen=True, slots=True)
class Placed:
    """One of the first issues: how far it reaches, and how sure it is that it belongs among the five first."""

    row: queries.IssueRow
    reach: str
    doubt: str
    in_top: str


def _order(session: Session) -> tuple[Placed, ...]:
    """The first issues as they are ordered; empty while nobody reckoned how sure their places are."""
    rows = [row for row in queries.issue_rows(session) if row.likely and row.likely.top_share is not None]
    return tuple(Placed(row, reach_words(row), reach_doubt(row), in_top_words(row)) for row in rows[:_PLACES])


def _loud_example(session: Session) -> queries.IssueRow | None:
    """The issue that one client speaks of most, to show what its noise does to a count of comments."""
    rows = [
        row for row in queries.issue_rows(session) if row.loudest and row.sums.comments > row.sums.clients
    ]
    return max(rows, key=lambda row: (row.sums.loudest_share or 0) * row.sums.comments, default=None)
