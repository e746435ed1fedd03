"""The page of what stands in no issue yet, one act on several of them, and its undo."""

from dataclasses import dataclass

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from voc.analysis.alike.queries import LISTED
from voc.analysis.alike.views import left_words
from voc.core.errors import Invalid
from voc.core.principal import Principal
from voc.issues import curate, forms
from voc.issues.loose import pages, service
from voc.issues.loose.pages import Asked
from voc.issues.loose.service import Chosen
from voc.issues.models import Issue
from voc.issues.ungrouped import SAID_WORDS
from voc.web.links import HOME, safe_path
from voc.web.pages import page, redirect_after
from voc.web.paging import page_number
from voc.web.permit import permit
from voc.web.words import count_words

blueprint = Blueprint("loose", __name__)
_ORDERS = {"newest", "oldest"}


@blueprint.get("/issues/not-grouped")
@permit("issue:list")
def index(session: Session, principal: Principal) -> ResponseReturnValue:
    """Comments that stand in no issue yet: alike ones together, why, and the issues each is nearest to."""
    return _page(session, principal)


def _page(
    session: Session, principal: Principal, wrong: forms.Wrong = forms.NOTHING_WRONG, *, status: int = 200
) -> ResponseReturnValue:
    why, order = request.args.get("why"), request.args.get("order")
    asked = Asked(why if why in SAID_WORDS else None, order if order in _ORDERS else None)
    shown = pages.page_of(session, asked, page_number())
    return page(
        "issues/not_grouped.html",
        status=status,
        wrong=wrong,
        back=request.full_path.rstrip("?"),
        shown=shown,
        asked=asked,
        tabs=[(words, url_for("issues.loose.index", why=key, order=asked.order), key == asked.why, number)
              for key, words, number in pages.tabs(shown.counts)],
        may_match=principal.may("match:change"),
        may_found=principal.may("issue:change"),
    )  # fmt: skip


@blueprint.post("/issues/not-grouped")
@permit("match:change")
def settle(session: Session, principal: Principal) -> ResponseReturnValue:
    """Puts the ticked comments with an issue, makes one of them, or keeps that they are no problem."""
    ids, act = forms.chosen(request.form, "comments"), request.form.get("act", "")
    try:
        _check(ids)
        if act == "wait":
            return _said_waiting(service.let_wait(session, ids))
        done = _settle(session, principal, service.choose(session, ids), act)
    except Invalid as error:
        fields = error.fields or {"act": error.message}
        wrong = forms.Wrong(request.form.get("card", ""), fields, request.form.to_dict(), frozenset(ids))
        return _page(session, principal, wrong, status=422)
    return redirect_after(_back(), done.words, undo_url=done.undo_url)


def _check(ids: list[str]) -> None:
    if not ids:
        raise _invalid("act", "Tick at least one comment first.")
    if len(ids) > LISTED:
        raise _invalid("act", f"Tick no more than {LISTED} at once.")


def _invalid(field: str, way: str) -> Invalid:
    return Invalid(way, fields={field: way})


@dataclass(frozen=True, slots=True)
class _Done:
    words: str
    undo_url: str | None


def _settle(session: Session, principal: Principal, chosen: Chosen, act: str) -> _Done:
    number = count_words(len(chosen.comments), "comment")
    verb, _, wanted = act.partition(":")
    if verb == "no":
        together = service.say_no_problem(session, chosen)
        undo = url_for("issues.loose.take_back", together=together, back=_back()) if together else None
        return _done(chosen, f"Kept: {number} said to be no problem. They stay in their own list.", undo)
    if verb == "found" and principal.may("issue:change"):
        made = service.found(session, chosen, request.form.get("name", ""))
        words = f"{number} now stand in the new issue “{made[0].name}”." if made else ""
        return _done(chosen, words, _undo_url(made[1].public_id) if made else None)
    if verb == "put":
        target = _issue(session, wanted)
        placed = service.put(session, chosen, target)
        words = f"{number} put with “{target.name}”. What people say teaches the machine."
        return _done(chosen, words, _undo_url(placed.public_id) if placed else None)
    raise _invalid("act", "Choose one of the buttons.")


def _issue(session: Session, wanted: str) -> Issue:
    """The issue of the button that was pressed, or the one whose name was chosen or typed."""
    if wanted:
        return curate.find_issue(session, wanted)
    name = request.form.get("issue", "").strip()
    found = curate.issue_called(session, name) if name else None
    if found is None:
        raise _invalid(
            "issue",
            f"No issue is called “{name[:60]}”. Choose one of the list."
            if name
            else "Choose an issue first.",
        )
    return found


def _done(chosen: Chosen, words: str, undo_url: str | None) -> _Done:
    left = left_words(chosen.settled, chosen.gone)
    return _Done(" ".join(filter(None, (words if undo_url else "Nothing was changed.", left))), undo_url)


def _undo_url(act: str) -> str:
    return url_for("issues.undo", public_id=act, back=_back())


@blueprint.post("/issues/not-grouped/<together>/undo")
@permit("match:change")
def take_back(session: Session, principal: Principal, together: str) -> ResponseReturnValue:
    """Takes back that these are no problem; they wait for an issue again."""
    del principal
    return _said_waiting(service.take_back(session, together))


def _said_waiting(number: int) -> ResponseReturnValue:
    words = f"Taken back: {count_words(number, 'comment waits', 'comments wait')} for an issue again."
    return redirect_after(_back(), words if number else "That was taken back before.")


def _back() -> str:
    path = safe_path(request.form.get("back") or request.args.get("back"))
    return path if path != HOME else url_for("issues.loose.index")
