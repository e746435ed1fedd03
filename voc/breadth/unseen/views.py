"""The line of issues that nobody has looked at, one after the other, and what a lead answers."""

from dataclasses import dataclass

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from voc.breadth.seen import is_issue_seen
from voc.breadth.unseen import queries
from voc.breadth.unseen.panels import line_words
from voc.breadth.unseen.showing import to_look_at
from voc.core.errors import Conflict, Invalid
from voc.core.principal import Principal
from voc.issues import curate, forms
from voc.issues.looking import service
from voc.issues.models import Act, Issue
from voc.issues.proposals import service as proposals
from voc.issues.proposals.queries import merge_beside
from voc.web.links import HOME, safe_path
from voc.web.pages import page, redirect_after
from voc.web.permit import permit
from voc.web.words import count_words

blueprint = Blueprint("unseen", __name__)
_LISTED = 20


@blueprint.get("/issues/not-looked-at")
@permit("issue:change")
def index(session: Session, principal: Principal) -> ResponseReturnValue:
    """The first issue that nobody has looked at, or the one that is asked for; at the end, that all are done."""
    del principal
    return _page(session, request.args.get("i"))


def _page(
    session: Session, wanted: str | None, wrong: forms.Wrong = forms.NOTHING_WRONG, *, status: int = 200
) -> ResponseReturnValue:
    lines = queries.unseen(session)
    chosen = wanted or (lines[0].public_id if lines else None)
    places = {one.public_id: at for at, one in enumerate(lines)}
    after = lines[places[chosen] + 1 :] if chosen in places else lines
    return page(
        "breadth/not_looked_at.html",
        status=status,
        panel=to_look_at(session, curate.find_issue(session, chosen), wrong) if chosen else None,
        left=len(lines),
        place=places.get(chosen or "", -1) + 1,
        after=[(one, line_words(one)) for one in after[:_LISTED]],
        more=max(0, len(after) - _LISTED),
        here_url=url_for("unseen.index", i=chosen),
        after_url=url_for("unseen.index", i=after[0].public_id if after else None),
    )


@dataclass(frozen=True, slots=True)
class _Done:
    words: str
    undo_url: str


@blueprint.post("/issues/not-looked-at/<public_id>")
@permit("issue:change")
def answer(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """Keeps what a lead says of one issue, and goes on to the next."""
    del principal
    found = curate.find_issue(session, public_id)
    if found.public_id != public_id or is_issue_seen(session, found):
        return _said("Somebody answered this before you pressed, so nothing was changed.")
    try:
        done = _answer(session, found, request.form.get("act", ""))
    except Invalid as error:
        typed = request.form.get("name", "")
        same = curate.issue_called(session, typed, other_than=found) if typed.strip() else None
        ticked = frozenset(forms.chosen(request.form, "out"))
        fields = error.fields or {"name": error.message}
        wrong = forms.Wrong("look", fields, request.form.to_dict(), ticked, same)
        return _page(session, public_id, wrong, status=422)
    except Conflict as error:
        return _said(error.message)
    return redirect_after(_back(), done.words, undo_url=done.undo_url)


def _answer(session: Session, issue: Issue, pressed: str) -> _Done:
    verb, _, other = pressed.partition(":")
    called = issue.name
    if verb == "one":
        read, out = forms.chosen(request.form, "read"), forms.chosen(request.form, "out")
        act = service.say_one_matter(session, issue, request.form.get("name", ""), read=read, out=out)
        return _Done(f"Kept: “{issue.name}” is one matter{_counted(act)}.", _undo_url(act))
    if verb == "dissolve":
        act = service.dissolve(session, issue)
        stands = count_words(_number(act, "refused"), "comment stands", "comments stand")
        return _Done(
            f"Done: “{called}” is no issue any more; its {stands} in “not grouped yet” again.", _undo_url(act)
        )
    if verb == "no":
        act = service.say_no_problem(session, issue)
        said = f"Kept: “{called}” is no problem; {count_words(_number(act, 'refused'), 'comment')} said to be none."
        return _Done(said, _undo_url(act))
    if verb == "same" and other:
        return _same(session, issue, curate.find_issue(session, other))
    raise Invalid("Press one of the buttons.", fields={"act": "Press one of the buttons."})


def _same(session: Session, issue: Issue, other: Issue) -> _Done:
    """Lets the other count for both: by the proposal that asks it, where there is one."""
    asked = merge_beside(session, issue)
    said = f"Done: “{issue.name}” counts with “{other.name}” now."
    if asked is None or asked[0].public_id != other.public_id:
        return _Done(said, _undo_url(curate.merge_issues(session, issue, other)))
    proposal = proposals.find_proposal(session, asked[2])
    proposals.accept(session, proposal, swap=proposal.other_id == issue.id)
    return _Done(said, url_for("proposals.undo", public_id=proposal.public_id, back=_here()))


def _counted(act: Act) -> str:
    """How many comments were confirmed and taken out, where some were."""
    words = {"confirmed": "confirmed", "refused": "taken out"}
    said = [
        f"{count_words(number, 'comment')} {word}"
        for state, word in words.items()
        if (number := _number(act, state))
    ]
    return f": {', '.join(said)}" if said else ""


def _number(act: Act, state: str) -> int:
    matches = act.after.get("matches")
    return (
        len({one["comment"] for one in matches if one["state"] == state}) if isinstance(matches, list) else 0
    )


def _said(words: str) -> ResponseReturnValue:
    return redirect_after(_back(), words, kind="problem")


def _undo_url(act: Act) -> str:
    return url_for("issues.undo", public_id=act.public_id, back=_here())


def _back() -> str:
    return _path("back")


def _here() -> str:
    return _path("here")


def _path(field: str) -> str:
    path = safe_path(request.form.get(field))
    return path if path != HOME else url_for("unseen.index")
