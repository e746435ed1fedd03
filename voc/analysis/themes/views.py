"""The pages of themes and what a lead wishes there."""

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from voc.analysis.themes import forms, queries, versions
from voc.analysis.themes.editing import Editing, Errors, Typed, as_it_is, edited_wish, keep_wish
from voc.analysis.themes.pages import open_wishes
from voc.analysis.themes.showing import shown_words, to_split
from voc.analysis.themes.state import ThemeState
from voc.analysis.themes.wishes import (
    Add,
    Merge,
    Move,
    Part,
    Restore,
    Retire,
    Split,
    Wish,
    to_stored,
)
from voc.analysis.themes.word_views import blueprint, edit_page
from voc.core.errors import Invalid
from voc.core.principal import Principal, Role
from voc.web.nav import add_entry
from voc.web.pages import page
from voc.web.panels import panels_of
from voc.web.permit import permit

add_entry("Themes", "analysis.themes.index", order=70, roles={Role.AGENT, Role.LEAD, Role.ADMIN})
__all__ = ["blueprint"]  # of the words of one theme; the routes here join it
_SHOWN_VERSIONS = 5


@blueprint.get("/themes")
@permit("theme:list")
def index(session: Session, principal: Principal) -> ResponseReturnValue:
    """The tree of themes, how often each was seen, what is wished and what was changed."""
    return _index(session, principal, edited_wish(session, principal, {}))


@blueprint.post("/themes")
@permit("theme:change")
def add(session: Session, principal: Principal) -> ResponseReturnValue:
    """Wishes a new theme."""
    try:
        typed = forms.theme_fields(request.form)
        return keep_wish(session, Add(typed.name, typed.description, typed.examples, typed.under))
    except Invalid as error:
        editing = Editing(request.form.get("change", ""), request.form)
        return _index(session, principal, editing, errors=error.fields)


def _index(
    session: Session, principal: Principal, editing: Editing, *, errors: Errors | None = None
) -> ResponseReturnValue:
    may_change = principal.may("theme:change")
    return page(
        "analysis/themes.html",
        status=422 if errors else 200,
        tree=queries.tree(session),
        tops=queries.tops(versions.current(session).themes),
        wishes=open_wishes(session) if may_change else (),
        history=versions.history(session, limit=_SHOWN_VERSIONS),
        sections=panels_of("themes", session, principal),
        may_change=may_change,
        change=editing.change,
        typed=editing.typed,
        errors=errors or {},
    )


@blueprint.post("/themes/<public_id>/move")
@permit("theme:change")
def move(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """Wishes a theme under another, or out again."""
    theme = queries.find(session, public_id)
    return _wished_or_edit(session, principal, theme, Move(theme.key, request.form.get("under") or None))


@blueprint.post("/themes/<public_id>/merge")
@permit("theme:change")
def merge(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """Wishes that another theme counts for this one."""
    theme = queries.find(session, public_id)
    into = request.form.get("into", "")
    if into not in versions.current(session).themes:
        errors = {"into": "Choose a theme of the list."}
        return edit_page(session, principal, theme, as_it_is(theme), errors=errors)
    return _wished_or_edit(session, principal, theme, Merge(theme.key, into))


def _wished_or_edit(
    session: Session, principal: Principal, theme: ThemeState, wanted: Wish
) -> ResponseReturnValue:
    try:
        return keep_wish(session, wanted)
    except Invalid as error:
        return edit_page(session, principal, theme, as_it_is(theme, to_stored(wanted)), errors=error.fields)


@blueprint.post("/themes/<public_id>/retire")
@permit("theme:change")
def retire(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """Wishes a theme out of use."""
    del principal
    return keep_wish(session, Retire(queries.find(session, public_id).key))


@blueprint.post("/themes/<public_id>/restore")
@permit("theme:change")
def restore(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """Wishes a theme back in use."""
    theme = queries.find(session, public_id)
    return _wished_or_edit(session, principal, theme, Restore(theme.key))


@blueprint.get("/themes/<public_id>/split")
@permit("theme:change")
def split_page(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """The names of the new themes, and the comments to tick for each."""
    theme = queries.find(session, public_id)
    return _split(session, principal, theme, edited_wish(session, principal, {}))


@blueprint.post("/themes/<public_id>/split")
@permit("theme:change")
def split(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """Wishes two or more themes for what one holds."""
    theme = queries.find(session, public_id)
    try:
        fields = forms.split_fields(request.form)
        known = {one.comment: one for one in to_split(session, versions.current(session).themes, theme.key)}
        parts = tuple(
            Part(one.name, one.description, tuple(known[comment] for comment in one.comments if comment in known))
            for one in fields
        )  # fmt: skip
        return keep_wish(session, Split(theme.key, parts, stays=request.form.get("stays") == "yes"))
    except Invalid as error:
        editing = Editing(request.form.get("change", ""), request.form)
        return _split(session, principal, theme, editing, errors=error.fields)


def _split(
    session: Session, principal: Principal, theme: ThemeState, editing: Editing, *, errors: Errors | None = None
) -> ResponseReturnValue:  # fmt: skip
    taught = to_split(session, versions.current(session).themes, theme.key)
    words = shown_words(session, principal, taught)
    return page(
        "analysis/theme_split.html",
        status=422 if errors else 200,
        theme=theme,
        public_id=queries.public_id_of(session, theme.key),
        comments=[words[one.comment] for one in taught if one.comment in words],
        places=range(1, forms.MOST_PARTS + 1),
        change=editing.change,
        typed=_split_typed(editing.typed),
        errors=errors or {},
    )


def _split_typed(typed: Typed) -> Typed:
    """What the form shows: as typed, or the parts of a wish as the form names them."""
    if "parts" not in typed:
        return typed
    found: dict[str, str] = {"stays": "yes" if typed["stays"] else "no"}
    for place, part in enumerate(typed["parts"], 1):
        found |= {f"name_{place}": part["name"], f"description_{place}": part["description"]}
        found |= {f"part-{one['comment']}": str(place) for one in part["taught_by"]}
    return found
