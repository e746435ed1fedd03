"""Pages of a comment and of what is owed today, and a person's word on a reading."""

from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from voc.access.audit import record
from voc.analysis import forms, labels, say, today
from voc.analysis.alike.views import blueprint as alike
from voc.analysis.comments import CommentShown, comment_shown, label_words
from voc.analysis.forms import LabelWanted
from voc.analysis.rules import NO_THEME, TAKEN
from voc.analysis.said import BY
from voc.analysis.said import said as said_list
from voc.analysis.say import SEVERITY
from voc.analysis.themes.change_views import blueprint as theme_changes
from voc.analysis.themes.queries import choices
from voc.analysis.themes.version_views import blueprint as theme_versions
from voc.analysis.themes.versions import current
from voc.analysis.themes.views import blueprint as themes
from voc.core.principal import Principal, Role
from voc.db import work
from voc.jobs import READ, ring_after_commit
from voc.web import nav
from voc.web.context import doorbell
from voc.web.links import HOME, beside_today, safe_path, url_if_there
from voc.web.pages import page, redirect_after
from voc.web.paging import page_number
from voc.web.panels import Rendered, panels_of
from voc.web.permit import permit

_PAGE = 50
blueprint = Blueprint("analysis", __name__)
for _part in (themes, theme_changes, theme_versions, alike):
    blueprint.register_blueprint(_part)
nav.add_entry(
    "Today", "analysis.owed_today", order=10, roles={Role.AGENT, Role.LEAD}, often={Role.AGENT, Role.LEAD}
)
nav.set_home(Role.AGENT, "analysis.owed_today")
nav.set_home(Role.LEAD, "analysis.owed_today")
for _filter in (say.sure_words, say.tone_words, say.language_words, label_words):
    blueprint.add_app_template_filter(_filter)
blueprint.add_app_template_filter(SEVERITY.__getitem__, "severity_words")


@blueprint.get("/today")
@permit("owed:list")
def owed_today(session: Session, principal: Principal) -> ResponseReturnValue:
    """What is owed: the list left, the thing itself right."""
    asked = request.args
    shown = today.today_shown(
        session, principal, asked.get("queue"), asked.get("thing"), all_lines=asked.get("all") == "1"
    )
    strip = panels_of("today", session, principal)
    around = _around(session, principal, shown.thing.shown if shown.thing else None)
    status = 404 if shown.settled else 200
    return page("analysis/today.html", status=status, shown=shown, strip=strip, around=around)


@blueprint.get("/comments")
@permit("comment:list")
def said(session: Session, principal: Principal) -> ResponseReturnValue:
    """What clients said, newest first, or only what the machine gave one theme."""
    number, theme, by = page_number(), request.args.get("theme") or None, request.args.get("by", "machine")
    found = said_list(session, principal, theme, by=by, limit=_PAGE, offset=(number - 1) * _PAGE)
    return page(
        "analysis/said.html",
        found=found,
        theme=theme,
        by=by,
        by_words=BY[by],
        number=number,
        size=_PAGE,
        themes=choices(current(session).themes),
    )


@blueprint.get("/comments/<public_id>")
@permit("comment:read")
def comment(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """One comment: the client's words, how they were read, and what people say about that."""
    as_others = request.args.get("as") == "others"
    shown = comment_shown(session, principal, public_id, as_others=as_others)
    way_back = _way_back()
    here = (
        url_for("analysis.comment", public_id=public_id) + "?" + urlencode({"from": way_back.url}, safe="/")
    )
    around = _around(session, principal, None if as_others else shown)
    return page(
        "analysis/comment.html",
        panel=shown,
        as_others=as_others,
        here_url=here,
        after_url=here,
        around=around,
        way_back=way_back,
    )


@dataclass(frozen=True, slots=True)
class WayBack:
    """Where a comment was opened from, and what that page is called."""

    url: str
    words: str


_ORIGINS = {
    "/today": "Today", "/issues/not-grouped": "Not grouped yet", "/issues/": "The issue", "/proposals": "Same issue, or two?",
    "/themes": "Themes", "/came-in": "What came in", "/clients/": "The client", "/comments": "What clients said",
}  # fmt: skip


def _way_back() -> WayBack:
    """The list or thing that the page was opened from, kept through its acts; else all that clients said."""
    came = request.args.get("from") or _referring_path()
    path = safe_path(came)
    words = next((words for begins, words in _ORIGINS.items() if path.startswith(begins)), None)
    if words is None or path.startswith("/comments/"):
        return WayBack(url_for("analysis.said"), _ORIGINS["/comments"])
    return WayBack(path, words)


def _referring_path() -> str | None:
    before = urlsplit(request.referrer or "")
    if before.netloc != request.host:
        return None
    return f"{before.path}?{before.query}" if before.query else before.path


@dataclass(frozen=True, slots=True)
class Around:
    """What other stages put beside a comment; an address is None where this app has no such page."""

    sections: tuple[Rendered, ...] = ()
    client_url: str | None = None
    sender_url: str | None = None


def _around(session: Session, principal: Principal, shown: object) -> Around:
    if not isinstance(shown, CommentShown):
        return Around()
    return Around(
        panels_of("comment", session, principal, comment=shown.public_id),
        url_if_there("accounts.account", public_id=shown.account_public_id),
        url_if_there("came_in.sender", public_id=shown.public_id),
    )


@blueprint.post("/comments/<public_id>/labels")
@permit("comment:label")
def label(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """Keeps a person's word on the reading; it wins from now on, and can be taken back."""
    del principal
    wanted = forms.label_wanted(request.form)
    handle = _keep(session, public_id, wanted)
    back = _back(public_id, request.form.get("back"))
    if handle is None:
        return redirect_after(back, "That is already said.")
    undo = url_for(
        "analysis.take_back", public_id=public_id, handle=handle, back=beside_today(back, public_id)
    )
    words = _kept_words(session, wanted)
    if public_id not in back:  # the next one stands below: the words say whom they are about
        words = words.replace("Kept:", f"Kept for {labels.client_of(session, public_id)}:", 1)
    return redirect_after(back, words, undo_url=undo)


def _keep(session: Session, public_id: str, wanted: LabelWanted) -> str | None:
    if wanted.kind == "theme":
        return labels.correct_theme(session, public_id, theme_key=wanted.value, holds=wanted.holds)
    if wanted.kind == "severity":
        return labels.correct_severity(session, public_id, wanted.value)
    return labels.settle_risk(
        session, public_id, wanted.kind, holds=wanted.holds, taken=wanted.value == TAKEN
    )


def _kept_words(session: Session, wanted: LabelWanted) -> str:
    if wanted.kind == "theme":
        if wanted.value == NO_THEME:
            return "Kept: none of our themes fits. Your word stays. The machine learns from it for comments like this one."
        is_about = "is about" if wanted.holds else "is not about"
        return f"Kept: it {is_about} {labels.theme_name(session, wanted.value)}. Your word stays. The machine learns from it for comments like this one."
    if wanted.kind == "severity":
        return f"Kept: it {SEVERITY[int(wanted.value)]}."
    if wanted.value == TAKEN:
        return "Kept: you have taken it on. It stays with leadership until somebody has talked with them."
    words = {
        ("escalation", True): "Kept: someone senior should see this. It stands on leadership's page now.",
        ("escalation", False): "Kept: nobody senior needs to see this.",
        ("departure", True): "Kept: this client may leave. It stands on leadership's page now.",
        ("departure", False): "Kept: this client is not leaving over this.",
    }
    return words[wanted.kind, wanted.holds]


@blueprint.post("/comments/<public_id>/labels/<handle>/undo")
@permit("comment:label")
def take_back(session: Session, principal: Principal, public_id: str, handle: str) -> ResponseReturnValue:
    """Takes a person's word back, at any time; what stood before it stands again."""
    del principal
    also = labels.take_back(session, public_id, handle)
    words = f"{also} said the same, and that stands." if also else "What stood before stands again."
    back = request.form.get("back") or request.args.get("back")
    return redirect_after(_back(public_id, back), f"Taken back. {words}")


@blueprint.post("/comments/<public_id>/try-again")
@permit("comment:label")
def try_again(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """Puts a comment that was set aside back in line for the machine."""
    del principal
    found = labels.find_comment(session, public_id)
    if work.try_again(session, READ, [(found.account_id, found.id)]):
        record(session, "comment.try_again", f"comment {public_id}")
        ring_after_commit(session, doorbell(), READ)
    back = _back(public_id, request.form.get("back"))
    return redirect_after(back, "It waits to be read again. If that fails three times, it comes back here.")


def _back(public_id: str, wanted: str | None) -> str:
    path = safe_path(wanted)
    return path if path != HOME else url_for("analysis.comment", public_id=public_id)
