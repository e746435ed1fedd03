"""Pages and acts of issues: the list, one issue, and everything a lead decides about it."""

from dataclasses import dataclass

from flask import Blueprint, g, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from voc.core.errors import Conflict, Invalid
from voc.core.principal import Principal, Role
from voc.issues import curate, forms, pages
from voc.issues.acts import ALREADY_SO
from voc.issues.loose.views import blueprint as loose
from voc.issues.merged_away import MergedAway, find_to_change, name_before
from voc.issues.models import Act, Issue
from voc.issues.proposals.queries import open_count
from voc.issues.queries import not_grouped
from voc.issues.ties.showing import about
from voc.web import notices
from voc.web.links import HOME, safe_path
from voc.web.nav import add_entry
from voc.web.pages import page, redirect_after
from voc.web.paging import page_number
from voc.web.panels import panels_of
from voc.web.permit import permit

blueprint = Blueprint("issues", __name__)
blueprint.register_blueprint(loose)
_READERS = {Role.AGENT, Role.LEAD, Role.EXECUTIVE}
add_entry("Issues", "issues.index", order=20, roles=_READERS, often=_READERS)

_SHOWN = 12


@blueprint.get("/issues")
@permit("issue:list")
def index(session: Session, principal: Principal) -> ResponseReturnValue:
    """Every issue, the widest first; the table is breadth's panel."""
    return page(
        "issues/index.html",
        panels=panels_of("issues", session, principal),
        head=panels_of("issues-head", session, principal),
        not_grouped=not_grouped(session),
        proposed=open_count(session) if principal.may("issue:change") else 0,
    )


@blueprint.get("/issues/<public_id>")
@permit("issue:read")
def issue(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """One issue: the wall and its table first, then the comments to look at, then its history."""
    found = curate.find_issue(session, public_id)
    if client := request.args.get("c"):
        return redirect(url_for("breadth.cell", issue=found.public_id, account=client))
    was = name_before(session, public_id, found)
    return page("issues/issue.html", shown=_shown(session, principal, found), was=was)


def _shown(
    session: Session, principal: Principal, found: Issue, wrong: forms.Wrong = forms.NOTHING_WRONG
) -> dict[str, object]:
    state = request.args.get("match", "machine")
    state = state if state in {"machine", "confirmed", "refused"} else "machine"
    counts = pages.count_in(session, found)
    number = min(page_number(), max(1, -(-counts[state] // _SHOWN)))
    return {
        "issue": found,
        "wrong": wrong,
        "head": panels_of("issue-head", session, principal, issue=found.public_id),
        "first": panels_of("issue-first", session, principal, issue=found.public_id),
        "panels": panels_of("issue", session, principal, issue=found.public_id),
        "behind": pages.BEHIND_WORDS,
        "states": pages.STATE_WORDS,
        "counts": counts,
        "match": state,
        "comments": pages.comments_in(
            session, found, state=state, limit=_SHOWN, offset=(number - 1) * _SHOWN
        ),
        "about": about(found.public_id),
        "number": number,
        "shown": _SHOWN,
        "history": pages.history(session, found),
        "similar": pages.similar_issues(session, found),
        "others": (others := pages.other_issues(session, found)),
        "choices": [(one.public_id, one.name) for one in others],
        "services": pages.service_choices(session, found),
        "may_change": principal.may("issue:change"),
        "may_match": principal.may("match:change"),
    }


def _again(
    session: Session, principal: Principal, found: Issue, form: str, error: Invalid
) -> ResponseReturnValue:
    """The issue's page with the form as it was sent and what is wrong beside its fields."""
    same = curate.issue_called(session, request.form.get("name", ""), other_than=found)
    ticked = frozenset(forms.chosen(request.form, "comments") + forms.chosen(request.form, "services"))
    fields = error.fields or {form: error.message}
    wrong = forms.Wrong(
        form, dict(fields), request.form.to_dict(), ticked, same if "name" in fields else None
    )
    return page("issues/issue.html", status=422, shown=_shown(session, principal, found, wrong))


@blueprint.errorhandler(MergedAway)
def merged_away(error: MergedAway) -> ResponseReturnValue:
    """Says that another issue counts by now, with the way there; nothing was changed."""
    g.session = None  # the transaction is over: the page around the words must not read
    typed = request.form.get("name", "")
    return page(
        "issues/merged_away.html",
        status=error.status,
        because=error.message,
        typed=typed,
        way_label=f"To “{error.called}”",
        way_url=url_for("issues.issue", public_id=error.into),
    )


@blueprint.post("/issues/<public_id>/name")
@permit("issue:change")
def name(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """Gives the issue a person's name."""
    found = find_to_change(session, public_id)
    try:
        act = curate.name_issue(session, found, request.form.get("name", ""))
    except Invalid as error:
        return _again(session, principal, found, "name", error)
    return _done(found, f"It is now called “{found.name}”.", act)


@blueprint.post("/issues/<public_id>/behind")
@permit("issue:change")
def behind(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """Says why the issue exists."""
    found = find_to_change(session, public_id)
    try:
        act = curate.set_behind(session, found, request.form.get("behind") or None)
    except Invalid as error:
        return _again(session, principal, found, "behind", error)
    return _done(found, "Kept what is behind it.", act)


@blueprint.post("/issues/<public_id>/state")
@permit("issue:change")
def state(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """Sets it aside, watches it, or calls it done."""
    found = find_to_change(session, public_id)
    try:
        wanted = forms.parse_state(request.form)
        act = curate.set_state(session, found, wanted.state, watch_until=wanted.watch_until)
    except Invalid as error:
        return _again(session, principal, found, "state", error)
    words = pages.STATE_WORDS.get(wanted.state or "", "open again")
    return _done(found, f"This issue is {words}.", act)


@blueprint.post("/issues/<public_id>/services")
@permit("issue:change")
def services(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """Says which services the issue can touch."""
    found = find_to_change(session, public_id)
    try:
        act = curate.set_services(session, found, forms.chosen(request.form, "services"))
    except Invalid as error:
        return _again(session, principal, found, "services", error)
    return _done(found, "Kept which services it touches. The counts below follow.", act)


@blueprint.post("/issues/<public_id>/merge")
@permit("issue:change")
def merge(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """Lets another issue count for both."""
    found = find_to_change(session, public_id)
    try:
        into = curate.find_issue(session, _chosen_issue())
        act = curate.merge_issues(session, found, into)
    except Invalid as error:
        return _again(session, principal, found, "merge", error)
    return _done(into, f"“{found.name}” now counts with this issue.", act)


@blueprint.post("/issues/<public_id>/comments")
@permit("match:change")
def comments(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """Confirms, refuses, moves or splits off the ticked comments."""
    found = curate.find_issue(session, public_id)
    picked = _Picked(found, forms.chosen(request.form, "comments"), request.form.get("act", ""))
    try:
        done = _decide(session, principal, picked)
    except Invalid as error:
        return _again(session, principal, found, "comments", error)
    except Conflict as error:
        return _refused(error, _place_of(found, safe_path(request.form.get("back"))))
    return _done(done.issue, done.words, done.act, back=safe_path(request.form.get("back")))


@dataclass(frozen=True, slots=True)
class _Picked:
    issue: Issue
    comments: list[str]
    act: str


@dataclass(frozen=True, slots=True)
class _Decided:
    issue: Issue
    words: str
    act: Act


def _decide(session: Session, principal: Principal, picked: _Picked) -> _Decided:
    if not picked.comments:
        raise Invalid(
            "Tick the comments first.", fields={"comments": "Tick the comments first, at least one."}
        )
    found, chosen = picked.issue, curate.comments_of(session, picked.comments)
    number = "One comment" if len(chosen) == 1 else f"{len(chosen)} comments"
    if picked.act == "confirm":
        return _Decided(found, f"{number} confirmed.", curate.confirm_all(session, found, chosen))
    if picked.act == "refuse":
        return _Decided(found, f"{number} taken out.", curate.refuse_all(session, found, chosen))
    if picked.act == "move":
        target = curate.find_issue(session, _chosen_issue())
        return _Decided(
            found, f"{number} moved to “{target.name}”.", curate.move_comments(session, found, target, chosen)
        )
    if picked.act == "split" and principal.may("issue:change"):
        new, act = curate.split_issue(session, found, chosen, request.form.get("name", ""))
        return _Decided(new, f"{number} now stand in an issue of their own.", act)
    raise Invalid("Choose what to do with the ticked comments.", fields={"act": "Choose one of the buttons."})


@blueprint.post("/comments/<public_id>/issue")
@permit("match:change")
def place(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """Puts one comment with an issue that a person chose, out of any other."""
    del principal
    comment = curate.find_comment(session, public_id)
    path = safe_path(request.form.get("back"))
    url = path if path != HOME else url_for("analysis.comment", public_id=public_id)
    if not request.form.get("issue"):
        return _said_back(url, "Nothing was changed: choose an issue from the list first.")
    target = curate.find_issue(session, _chosen_issue())
    try:
        act = curate.put_with(session, [comment], target)
    except Conflict as error:
        return _refused(error, url)
    return redirect_after(url, f"It stands with “{target.name}” now.", undo_url=_undo_url(act, path))


def _refused(error: Conflict, url: str) -> ResponseReturnValue:
    """A second press says that it is so already; what came too late says why, on the page that shows it."""
    return _said_back(url, error.message, kind="done" if error.code == ALREADY_SO else "problem")


def _said_back(url: str, words: str, *, kind: str = "problem") -> ResponseReturnValue:
    """Back to the page the form stands on: nothing was typed that could be lost."""
    response = make_response(redirect(url, 303))
    notices.leave(response, notices.Notice(kind, words))
    return response


def _place_of(found: Issue, back: str) -> str:
    return back if back != HOME else url_for("issues.issue", public_id=found.public_id)


@blueprint.post("/acts/<public_id>/undo")
@permit("match:change")
def undo(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """Puts back what one act changed, and leaves the person where the act was done."""
    act = curate.find_act(session, public_id, may_change_issues=principal.may("issue:change"))
    found = curate.find_issue(session, curate.issue_of(session, act).public_id)
    url = _place_of(found, safe_path(request.args.get("back")))
    try:
        curate.undo(session, act)
    except Conflict as error:
        return _refused(error, url_for("issues.issue", public_id=found.public_id, _anchor="history"))
    return redirect_after(url, "Undone. All is as it was before.")


def _chosen_issue() -> str:
    chosen = request.form.get("issue", "")
    if not chosen:
        raise Invalid("Choose an issue from the list.", fields={"issue": "Choose an issue from the list."})
    return chosen


def _done(found: Issue, words: str, act: Act, *, back: str = HOME) -> ResponseReturnValue:
    url = _place_of(found, back)
    return redirect_after(url, words, undo_url=_undo_url(act, back))


def _undo_url(act: Act, back: str = HOME) -> str:
    return url_for("issues.undo", public_id=act.public_id, back=back if back != HOME else None)
