"""A form about themes and the open wish that it edits."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from voc.analysis.models import ThemeDraft
from voc.analysis.themes import drafts
from voc.analysis.themes.state import ThemeState
from voc.analysis.themes.wishes import Wish
from voc.core.principal import Principal
from voc.web.pages import redirect_after

Errors = Mapping[str, str]
Typed = Mapping[str, Any]  # form fields as typed, or the facts of a wish that is edited


@dataclass(frozen=True, slots=True)
class Editing:
    """The wish that a form edits, and what it shows as typed."""

    change: str
    typed: Typed


def edited_wish(session: Session, principal: Principal, typed: Typed) -> Editing:
    """The open wish that `?change=` names, as the form shows it; else `typed`."""
    asked = request.args.get("change", "")
    if not asked or not principal.may("theme:change"):
        return Editing("", typed)
    draft = drafts.find(session, asked)
    if draft.state not in drafts.OPEN:
        return Editing("", typed)
    return Editing(asked, {**typed, **draft.wish})


def as_it_is(theme: ThemeState, more: Typed | None = None) -> Editing:
    """The form of a theme as it stands, with what was typed of another of its forms."""
    facts = {"name": theme.name, "description": theme.description, "examples": theme.examples}
    return Editing(request.form.get("change", ""), facts | dict(more or {}))


def keep_wish(session: Session, wanted: Wish) -> ResponseReturnValue:
    """Keeps what is wished, in place of the wish that the form edited, and shows what it would change."""
    draft = drafts.wish(session, wanted, draft=_edited(session))
    return redirect_after(url_for("analysis.theme_changes.look", public_id=draft.public_id))


def _edited(session: Session) -> ThemeDraft | None:
    asked = request.form.get("change", "")
    return drafts.find(session, asked) if asked else None
