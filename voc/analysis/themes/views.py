"""The pages of themes and what a lead wishes there; only a name alone holds at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from voc.analysis.models import ThemeDraft
from voc.analysis.themes import drafts, forms, queries, versions
from voc.analysis.themes.pages import open_wishes
from voc.analysis.themes.showing import shown_words, to_split
from voc.analysis.themes.state import ThemeState, children
from voc.analysis.themes.wishes import (
    Add,
    Describe,
    Merge,
    Move,
    Part,
    Rename,
    Restore,
    Retire,
    Split,
    Wish,
    to_stored,
)
from voc.core.errors import Invalid
from voc.core.principal import Principal, Role
from voc.web.nav import add_entry
from voc.web.pages import page, redirect_after
from voc.web.panels import panels_of
from voc.web.permit import permit

blueprint = Blueprint("themes", __name__)
add_entry("Themes", "analysis.themes.index", order=70, roles={Role.AGENT, Role.LEAD, Role.ADMIN})
_SHOWN_VERSIONS = 5
Errors = Mapping[str, str]
Typed = Mapping[str, Any]  # form fields as typed, or the facts of a wish that is edited


@dataclass(frozen=True, slots=True)
class _Editing:
    """The wish that a form edits, and what it shows as typed."""

    change: str
    typed: Typed


@blueprint.get("/themes")
@permit("theme:list")
def index(session: Session, principal: Principal) -> ResponseReturnValue:
    """The tree of themes, how often each was seen, what is wished and what was changed."""
    return _index(session, principal, _editing(session, principal, {}))


@blueprint.post("/themes")
@permit("theme:change")
def add(session: Session, principal: Principal) -> ResponseReturnValue:
    """Wishes a new theme."""
    try:
        typed = forms.theme_fields(request.form)
        return _wished(session, Add(typed.name, typed.description, typed.examples, typed.under))
    except Invalid as error:
        editing = _Editing(request.form.get("change", ""), request.form)
        return _index(session, principal, editing, errors=error.fields)


def _index(
    session: Session, principal: Principal, editing: _Editing, *, errors: Errors | None = None
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


@blueprint.get("/themes/<public_id>")
@permit("theme:change")
def edit(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """All that can be wished of one theme."""
    theme = queries.find(session, public_id)
    editing = _editing(
        session, principal, {"name": theme.name, "description": theme.description, "examples": theme.examples}
    )
    return _edit(session, principal, theme, editing)


@blueprint.post("/themes/<public_id>")
@permit("theme:change")
def change(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """Renames at once when only the name differs, else wishes other words for the theme."""
    theme = queries.find(session, public_id)
    try:
        typed = forms.theme_fields(request.form)
        kept = set(request.form.getlist("keeps"))
        forgets = tuple(one.comment for one in theme.taught_by if one.comment not in kept)
        if (typed.description, typed.examples, forgets) == (theme.description, theme.examples, ()):
            return _renamed(session, Rename(theme.key, typed.name))
        return _wished(session, Describe(theme.key, typed.name, typed.description, typed.examples, forgets))
    except Invalid as error:
        editing = _Editing(request.form.get("change", ""), request.form)
        return _edit(session, principal, theme, editing, errors=error.fields)


def _renamed(session: Session, wanted: Rename) -> ResponseReturnValue:
    version = drafts.rename(session, wanted)
    words = f"It is called “{wanted.name}” everywhere now. Nothing is read differently by that."
    undo_url = url_for("analysis.theme_versions.undo", number=version.number)
    return redirect_after(url_for("analysis.themes.index"), words, undo_url=undo_url)


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
        return _edit(session, principal, theme, _as_it_is(theme), errors=errors)
    return _wished_or_edit(session, principal, theme, Merge(theme.key, into))


def _wished_or_edit(
    session: Session, principal: Principal, theme: ThemeState, wanted: Wish
) -> ResponseReturnValue:
    try:
        return _wished(session, wanted)
    except Invalid as error:
        return _edit(session, principal, theme, _as_it_is(theme, to_stored(wanted)), errors=error.fields)


@blueprint.post("/themes/<public_id>/retire")
@permit("theme:change")
def retire(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """Wishes a theme out of use."""
    del principal
    return _wished(session, Retire(queries.find(session, public_id).key))


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
    return _split(session, principal, theme, _editing(session, principal, {}))


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
        return _wished(session, Split(theme.key, parts, stays=request.form.get("stays") == "yes"))
    except Invalid as error:
        editing = _Editing(request.form.get("change", ""), request.form)
        return _split(session, principal, theme, editing, errors=error.fields)


def _split(
    session: Session, principal: Principal, theme: ThemeState, editing: _Editing, *, errors: Errors | None = None
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


def _edit(
    session: Session, principal: Principal, theme: ThemeState, editing: _Editing, *, errors: Errors | None = None
) -> ResponseReturnValue:  # fmt: skip
    themes = versions.current(session).themes
    words = shown_words(session, principal, theme.taught_by)
    return page(
        "analysis/theme.html",
        status=422 if errors else 200,
        theme=theme,
        sections=panels_of("theme", session, principal, theme=theme.key),
        public_id=queries.public_id_of(session, theme.key),
        above=themes[theme.parent].name if theme.parent else None,
        below=children(themes, theme.key),
        counts_as=themes[theme.merged_into].name if theme.merged_into else None,
        tops=queries.tops(themes, but=theme.key),
        others=queries.choices(themes, but=theme.key),
        taught=[words[one.comment] for one in theme.taught_by if one.comment in words],
        forgotten=set(editing.typed.get("forgets", ())),
        change=editing.change,
        typed=editing.typed,
        errors=errors or {},
    )


def _as_it_is(theme: ThemeState, more: Typed | None = None) -> _Editing:
    facts = {"name": theme.name, "description": theme.description, "examples": theme.examples}
    return _Editing(request.form.get("change", ""), facts | dict(more or {}))


def _editing(session: Session, principal: Principal, typed: Typed) -> _Editing:
    """The open wish that `?change=` names, as the form shows it; else `typed`."""
    asked = request.args.get("change", "")
    if not asked or not principal.may("theme:change"):
        return _Editing("", typed)
    draft = drafts.find(session, asked)
    if draft.state not in drafts.OPEN:
        return _Editing("", typed)
    return _Editing(asked, {**typed, **draft.wish})


def _wished(session: Session, wanted: Wish) -> ResponseReturnValue:
    draft = drafts.wish(session, wanted, draft=_edited(session))
    return redirect_after(url_for("analysis.theme_changes.look", public_id=draft.public_id))


def _edited(session: Session) -> ThemeDraft | None:
    asked = request.form.get("change", "")
    return drafts.find(session, asked) if asked else None
