"""One act on several comments that nobody was sure of the theme of, and its undo."""

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from voc.analysis import labels
from voc.analysis.alike.queries import LISTED
from voc.analysis.forms import label_wanted
from voc.analysis.labels import Given
from voc.analysis.rules import NO_THEME
from voc.core.errors import Invalid
from voc.core.principal import Principal
from voc.web.links import HOME, safe_path
from voc.web.pages import redirect_after
from voc.web.permit import permit
from voc.web.words import count_words

blueprint = Blueprint("alike", __name__)


@blueprint.post("/today/alike")
@permit("comment:label")
def give(session: Session, principal: Principal) -> ResponseReturnValue:
    """Keeps a person's word on the theme of all ticked comments; only those the page showed are sent."""
    del principal
    ids, back = request.form.getlist("comments"), _back()
    chosen = request.form.get("label") or request.form.get("chosen")
    if not ids or not chosen:
        return _nothing_done(back, "choose a theme from the list" if ids else "tick at least one comment")
    wanted = label_wanted({"label": chosen})
    if wanted.kind != "theme" or not wanted.holds or len(ids) > LISTED:
        raise Invalid("Press one of the buttons.", fields={"label": "Press one of the buttons."})
    given = labels.give_theme(session, ids, wanted.value)
    undo = url_for("analysis.alike.take_back", together=given.together, back=back) if given.together else None
    return redirect_after(back, _given_words(session, given, wanted.value), undo_url=undo)


def _given_words(session: Session, given: Given, theme: str) -> str:
    number = count_words(given.given, "comment")
    said = "none of our themes fits" if theme == NO_THEME else f"{labels.theme_name(session, theme)}"
    kept = (
        f"Kept for {number}: {said}. The machine learns from it." if given.given else "Nothing was changed."
    )
    return " ".join(filter(None, (kept, left_words(given.settled, given.gone))))


def left_words(settled: int, gone: int) -> str:
    """Which of several comments were left as they are, and why; empty where none was."""
    words = []
    if settled:
        words.append(
            f"{count_words(settled, 'was', 'were')} settled before you pressed and {'stays' if settled == 1 else 'stay'} so."
        )
    if gone:
        words.append(f"{count_words(gone, 'is', 'are')} no longer here.")
    return " ".join(words)


@blueprint.post("/today/alike/<together>/undo")
@permit("comment:label")
def take_back(session: Session, principal: Principal, together: str) -> ResponseReturnValue:
    """Takes the word on all of them back; what stood before stands again."""
    del principal
    number = labels.take_back_all(session, together)
    words = f"Taken back for {count_words(number, 'comment')}. What stood before stands again."
    return redirect_after(_back(), words if number else "That was taken back before.")


def _nothing_done(back: str, way: str) -> ResponseReturnValue:
    """Back to the page the form stands on: nothing was typed that could be lost."""
    return redirect_after(back, f"Nothing was changed: {way} first.", kind="problem")


def _back() -> str:
    path = safe_path(request.form.get("back") or request.args.get("back"))
    return path if path != HOME else url_for("analysis.owed_today", queue="unsure")
