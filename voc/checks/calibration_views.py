"""The clients behind each band of predicted against answered."""

from apiflask import APIBlueprint
from flask import Response, request
from sqlalchemy.orm import Session

from voc.checks.calibration import behind
from voc.core.errors import NotFound
from voc.core.principal import Principal
from voc.web.context import settings
from voc.web.pages import page
from voc.web.paging import page_number
from voc.web.permit import permit

blueprint = APIBlueprint("calibration", __name__, enable_openapi=False)
_BANDS = 10
_SHOWN = 50


@blueprint.get("/how-sure/asked")
@permit("check:list")
def asked(session: Session, principal: Principal) -> Response:
    """Every client of one band (`?band=7` is 70 to 80 %), with the chance we gave and what it said."""
    del principal
    band = request.args.get("band", "")
    if band not in {str(place) for place in range(_BANDS)}:
        raise NotFound
    rows, number = behind(session, int(band), zone=settings().time_zone), page_number()
    first = (number - 1) * _SHOWN
    return page(
        "checks/band.html",
        band=int(band),
        rows=rows[first : first + _SHOWN],
        total=len(rows),
        number=number,
        more=len(rows) > first + _SHOWN,
    )
