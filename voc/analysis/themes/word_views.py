"""The form of one theme: its words, met with what others wrote meanwhile; only a name alone holds at once."""

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from voc.analysis.themes import drafts, forms, queries, versions
from voc.analysis.themes.editing import Editing, Errors, edited_wish, keep_wish
from voc.analysis.themes.meeting import Meanwhile, met, word_changes
from voc.analysis.themes.showing import shown_words
from voc.analysis.themes.state import ThemeState, children
from voc.analysis.themes.wishes import Describe, Rename, to_stored
from voc.core.errors import Invalid
from voc.core.principal import Principal
from voc.web.pages import page, redirect_after
from voc.web.panels import panels_of
from voc.web.permit import permit

blueprint = Blueprint("themes", __name__)
_CONFLICT = 409


@blueprint.get("/themes/<public_id>")
@permit("theme:change")
def edit(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """All that can be wished of one theme."""
    theme = queries.find(session, public_id)
    facts = {"name": theme.name, "description": theme.description, "examples": theme.examples}
    editing = edited_wish(session, principal, facts)
    opened = int(editing.typed.get("opened") or 0)
    was = _as_opened(session, theme, opened)
    if was.words == theme.words:
        return edit_page(session, principal, theme, editing)
    mine = drafts.wish_of(drafts.find(session, editing.change))
    if not isinstance(mine, Describe):
        return edit_page(session, principal, theme, editing)
    together = Editing(editing.change, to_stored(met(was, theme, mine)))
    return edit_page(session, principal, theme, together, meanwhile=_meanwhile(session, was, theme, opened))


@blueprint.post("/themes/<public_id>")
@permit("theme:change")
def change(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """Renames at once when only the name differs, else wishes other words for the theme."""
    theme = queries.find(session, public_id)
    opened = forms.version_opened(request.form, versions.current_number(session))
    was = _as_opened(session, theme, opened)
    kept = set(request.form.getlist("keeps"))
    forgets = tuple(one.comment for one in was.taught_by if one.comment not in kept)
    try:
        typed = forms.theme_fields(request.form)
        mine = Describe(theme.key, typed.name, typed.description, typed.examples, forgets, opened)
        together = met(was, theme, mine)
        if _says_the_same(together, theme):
            return _nothing_to_change(theme, public_id)
        if was.words != theme.words:
            editing = Editing(request.form.get("change", ""), to_stored(together))
            others = _meanwhile(session, was, theme, opened)
            return edit_page(session, principal, theme, editing, meanwhile=others, status=_CONFLICT)
        if (typed.description, typed.examples, forgets) == (theme.description, theme.examples, ()):
            return _renamed(session, Rename(theme.key, typed.name, opened))
        return keep_wish(session, mine)
    except Invalid as error:
        editing = Editing(request.form.get("change", ""), request.form | {"forgets": forgets})
        return edit_page(session, principal, theme, editing, errors=error.fields)


def _as_opened(session: Session, theme: ThemeState, opened: int) -> ThemeState:
    return versions.themes_of(session, opened).get(theme.key, theme) if opened else theme


def _meanwhile(session: Session, was: ThemeState, theme: ThemeState, opened: int) -> Meanwhile:
    by = versions.who_wrote(session, theme.key, since=opened)
    return Meanwhile(tuple(versions.by_whom(session, one) for one in by), word_changes(was, theme))


def _says_the_same(wanted: Describe, theme: ThemeState) -> bool:
    said = (wanted.name, wanted.description, wanted.examples, wanted.forgets)
    return said == (theme.name, theme.description, theme.examples, ())


def _nothing_to_change(theme: ThemeState, public_id: str) -> ResponseReturnValue:
    words = f"Nothing to change: “{theme.name}” stands as you wrote it."
    return redirect_after(url_for("analysis.themes.edit", public_id=public_id), words)


def _renamed(session: Session, wanted: Rename) -> ResponseReturnValue:
    version = drafts.rename(session, wanted)
    words = f"It is called “{wanted.name}” everywhere now. Nothing is read differently by that."
    undo_url = url_for("analysis.theme_versions.undo", number=version.number)
    return redirect_after(url_for("analysis.themes.index"), words, undo_url=undo_url)


def edit_page(
    session: Session,
    principal: Principal,
    theme: ThemeState,
    editing: Editing,
    *,
    errors: Errors | None = None,
    meanwhile: Meanwhile | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    """The page of one theme with its forms; `meanwhile` is what others wrote since its form was opened."""
    now = versions.current(session)
    words = shown_words(session, principal, theme.taught_by)
    return page(
        "analysis/theme.html",
        status=422 if errors else status,
        theme=theme,
        opened=(editing.typed.get("opened") if errors else None) or now.number,
        meanwhile=meanwhile,
        sections=panels_of("theme", session, principal, theme=theme.key),
        public_id=queries.public_id_of(session, theme.key),
        above=now.themes[theme.parent].name if theme.parent else None,
        below=children(now.themes, theme.key),
        counts_as=now.themes[theme.merged_into].name if theme.merged_into else None,
        tops=queries.tops(now.themes, but=theme.key),
        others=queries.choices(now.themes, but=theme.key),
        taught=[words[one.comment] for one in theme.taught_by if one.comment in words],
        forgotten=set(editing.typed.get("forgets", ())),
        change=editing.change,
        typed=editing.typed,
        errors=errors or {},
    )
