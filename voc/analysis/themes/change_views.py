"""The page of one wished change: what it would do, and apply, keep editing or leave it."""

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from voc.analysis.models import ThemeDraft, ThemeVersion
from voc.analysis.themes import drafts, queries
from voc.analysis.themes.pages import wish_shown
from voc.analysis.themes.wishes import Add, Describe, Merge, Move, Split, theme_of
from voc.core.principal import Principal
from voc.web.pages import page, redirect_after
from voc.web.permit import permit

blueprint = Blueprint("theme_changes", __name__)
_MOST_DIGITS = 9


@blueprint.get("/theme-changes/<public_id>")
@permit("theme:change")
def look(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """What a wished change would do to the newest comments."""
    return _page(session, principal, drafts.find(session, public_id))


@blueprint.post("/theme-changes/<public_id>/apply")
@permit("theme:change")
def apply(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """Makes a wished change hold; without having looked only where that is said expressly."""
    draft = drafts.find(session, public_id)
    pressed_twice = drafts.applied_by(session, draft, principal.user_id)
    if pressed_twice is not None:
        return _applied(pressed_twice)
    unseen = request.form.get("unseen") == "1"
    if "seen" not in request.form and not unseen:
        words = "Say that you apply it without knowing what it changes, or wait until it is worked out."
        return _page(session, principal, draft, errors={"unseen": words})
    return _applied(drafts.apply(session, draft, seen=_number(request.form.get("seen")), unseen=unseen))


def _applied(version: ThemeVersion) -> ResponseReturnValue:
    undo_url = url_for("analysis.theme_versions.undo", number=version.number)
    words = (
        f"Done: you {version.words}. What clients said in the last 26 weeks is being read again with that."
    )
    return redirect_after(url_for("analysis.themes.index"), words, undo_url=undo_url)


@blueprint.post("/theme-changes/<public_id>/leave")
@permit("theme:change")
def leave(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """Ends a wish; the themes stay as they are."""
    del principal
    drafts.leave(session, drafts.find(session, public_id))
    undo_url = url_for("analysis.theme_changes.take_up", public_id=public_id)
    words = "Left. The themes stay as they are."
    return redirect_after(url_for("analysis.themes.index"), words, undo_url=undo_url)


@blueprint.post("/theme-changes/<public_id>/take-up")
@permit("theme:change")
def take_up(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """Opens a wish again that was left."""
    del principal
    drafts.take_up(session, drafts.find(session, public_id))
    return redirect_after(_url(public_id), "It is there again.")


@blueprint.post("/theme-changes/<public_id>/look-again")
@permit("theme:change")
def look_again(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """Has it worked out anew what it would change."""
    del principal
    drafts.look_again(session, drafts.find(session, public_id))
    return redirect_after(_url(public_id))


def _url(public_id: str) -> str:
    return url_for("analysis.theme_changes.look", public_id=public_id)


def _number(typed: str | None) -> int | None:
    return int(typed[:_MOST_DIGITS]) if typed and typed.isascii() and typed.isdigit() else None


def _page(
    session: Session, principal: Principal, draft: ThemeDraft, *, errors: dict[str, str] | None = None
) -> ResponseReturnValue:
    return page(
        "analysis/theme_change.html",
        status=422 if errors else 200,
        wish=wish_shown(session, principal, draft),
        edit_url=_edit_url(session, draft),
        version=draft.version,
        errors=errors or {},
    )


def _edit_url(session: Session, draft: ThemeDraft) -> str | None:
    """The form that a wish came from, filled in; None for a wish that is one button."""
    wish, change = drafts.wish_of(draft), draft.public_id
    if isinstance(wish, Add):
        return url_for("analysis.themes.index", change=change, _anchor="new")
    public_id = queries.public_id_of(session, theme_of(wish) or "")
    if public_id is None:
        return None
    if isinstance(wish, Split):
        return url_for("analysis.themes.split_page", public_id=public_id, change=change)
    if isinstance(wish, Describe | Move | Merge):
        anchor = {Describe: "words", Move: "place", Merge: "together"}[type(wish)]
        return url_for("analysis.themes.edit", public_id=public_id, change=change, _anchor=anchor)
    return None
