"""The pages of the themes' versions: looked at, brought back, taken back."""

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from voc.analysis.themes import drafts, rules, versions, writing
from voc.analysis.themes.sentences import differences
from voc.analysis.themes.state import Themes, children, in_use
from voc.analysis.themes.wishes import BringBack
from voc.core.errors import Conflict, NotFound
from voc.core.principal import Principal
from voc.web.pages import page, redirect_after
from voc.web.paging import page_number
from voc.web.permit import permit

blueprint = Blueprint("theme_versions", __name__)
_PAGE = 50
_MOST_DIGITS = 9


@blueprint.get("/theme-versions")
@permit("theme:list")
def index(session: Session, principal: Principal) -> ResponseReturnValue:
    """Every version of the themes, newest first."""
    del principal
    total = versions.current_number(session)
    number = min(page_number(), max(1, -(-total // _PAGE)))  # past the end stands the last page
    rows = versions.history(session, limit=_PAGE, offset=(number - 1) * _PAGE)
    return page("analysis/theme_versions.html", rows=rows, number=number, size=_PAGE, total=total)


@blueprint.get("/theme-versions/<number>")
@permit("theme:list")
def version(session: Session, principal: Principal, number: str) -> ResponseReturnValue:
    """The themes as they were in one version."""
    shown = versions.version(session, _whole(number))
    then, now = versions.themes_of(session, shown.number), versions.current(session).themes
    used = in_use(then)
    top = sorted(
        (one for one in used.values() if one.parent not in used), key=lambda one: one.name.casefold()
    )
    return page(
        "analysis/theme_version.html",
        version=shown,
        tree=[(one, children(then, one.key)) for one in top],
        differences=differences(now, _brought_back(now, shown.number, then)),
        may_change=principal.may("theme:change"),
    )


@blueprint.post("/theme-versions/<number>/bring-back")
@permit("theme:change")
def bring_back(session: Session, principal: Principal, number: str) -> ResponseReturnValue:
    """Wishes all themes as they were in one version."""
    del principal
    draft = drafts.wish(session, BringBack(_whole(number)))
    return redirect_after(url_for("analysis.theme_changes.look", public_id=draft.public_id))


@blueprint.post("/theme-versions/<number>/undo")
@permit("theme:change")
def undo(session: Session, principal: Principal, number: str) -> ResponseReturnValue:
    """Takes back what was changed just now, or only a name, at once; anything older is looked at first."""
    del principal
    if not writing.may_take_back_at_once(session, _whole(number)):
        return _look_first(session, _whole(number))
    before = versions.current(session).themes
    row = writing.undo(session, _whole(number))
    stands = "; ".join(differences(before, versions.current(session).themes)) or "the themes stand as before"
    return redirect_after(url_for("analysis.themes.index"), f"Taken back, as version {row.number}: {stands}.")


@blueprint.post("/theme-versions/<number>/take-back")
@permit("theme:change")
def take_back(session: Session, principal: Principal, number: str) -> ResponseReturnValue:
    """Wishes what one version changed back as it was before."""
    del principal
    return _look_first(session, _whole(number))


def _look_first(session: Session, number: int) -> ResponseReturnValue:
    draft = drafts.wish(session, writing.taking_back(session, number))
    return redirect_after(url_for("analysis.theme_changes.look", public_id=draft.public_id))


def _brought_back(now: Themes, number: int, then: Themes) -> Themes:
    try:
        return rules.changed(now, BringBack(number), {number: then})
    except Conflict:
        return now


def _whole(number: str) -> int:
    if not number.isascii() or not number.isdigit() or len(number) > _MOST_DIGITS:
        raise NotFound
    return int(number)
