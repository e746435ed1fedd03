"""The page of themes and what a lead changes there."""

from collections.abc import Mapping

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from voc.analysis import forms
from voc.analysis.models import Theme
from voc.analysis.themes import queries, service
from voc.core.errors import Invalid
from voc.core.principal import Principal, Role
from voc.web.nav import add_entry
from voc.web.pages import page, redirect_after
from voc.web.permit import permit

blueprint = Blueprint("themes", __name__)
add_entry("Themes", "analysis.themes.index", order=70, roles={Role.AGENT, Role.LEAD, Role.ADMIN})


@blueprint.get("/themes")
@permit("theme:list")
def index(session: Session, principal: Principal) -> ResponseReturnValue:
    """The themes in use, how often each was seen, and their history."""
    return _page(session, principal)


@blueprint.post("/themes")
@permit("theme:change")
def add(session: Session, principal: Principal) -> ResponseReturnValue:
    """Adds a theme."""
    try:
        theme = service.add_theme(session, forms.theme_wanted(request.form))
    except Invalid as error:
        return _page(session, principal, errors=error.fields, wrong="new")
    return _done(session, theme, f"“{theme.name}” is in use for comments that come in from now on.")


@blueprint.get("/themes/<public_id>")
@permit("theme:change")
def edit(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """The form to rename, describe anew or retire one theme."""
    del principal
    theme = service.find_theme(session, public_id)
    typed = {"name": theme.name, "description": theme.description}
    return page("analysis/theme.html", theme=theme, typed=typed, errors={})


@blueprint.post("/themes/<public_id>")
@permit("theme:change")
def change(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """Renames a theme or describes it anew."""
    del principal
    theme = service.find_theme(session, public_id)
    try:
        service.change_theme(session, theme, forms.theme_wanted(request.form))
    except Invalid as error:
        return page("analysis/theme.html", status=422, theme=theme, typed=request.form, errors=error.fields)
    return _done(session, theme, f"“{theme.name}” is kept. It holds for comments that come in from now on.")


@blueprint.post("/themes/<public_id>/retire")
@permit("theme:change")
def retire(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """Takes a theme out of use."""
    del principal
    theme = service.find_theme(session, public_id)
    service.retire_theme(session, theme)
    return _done(session, theme, f"“{theme.name}” is out of use. What was read with it stays.")


@blueprint.post("/themes/<public_id>/restore")
@permit("theme:change")
def restore(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """Puts a retired theme back in use."""
    del principal
    theme = service.find_theme(session, public_id)
    service.restore_theme(session, theme)
    return _done(session, theme, f"“{theme.name}” is in use again.")


@blueprint.post("/themes/<public_id>/undo/<handle>")
@permit("theme:change")
def undo(session: Session, principal: Principal, public_id: str, handle: str) -> ResponseReturnValue:
    """Puts back what the newest change replaced."""
    del principal
    service.undo(session, service.find_theme(session, public_id), handle)
    return redirect_after(url_for("analysis.themes.index"), "Undone. All is as it was before.")


def _done(session: Session, theme: Theme, words: str) -> ResponseReturnValue:
    handle = service.undo_handle(session, theme)
    undo_url = url_for("analysis.themes.undo", public_id=theme.public_id, handle=handle)
    return redirect_after(url_for("analysis.themes.index"), words, undo_url=undo_url)


def _page(
    session: Session, principal: Principal, *, errors: Mapping[str, str] | None = None, wrong: str = ""
) -> ResponseReturnValue:
    rows, since = queries.themes(session)
    return page(
        "analysis/themes.html",
        status=422 if errors else 200,
        in_use=[row for row in rows if row.retired_at is None],
        retired=[row for row in rows if row.retired_at is not None],
        since=since,
        history=queries.history(session),
        may_change=principal.may("theme:change"),
        typed=request.form if wrong else {},
        errors=errors or {},
    )
