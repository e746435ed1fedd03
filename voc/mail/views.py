"""What would leave, what left, what came back, and whether anything leaves at all."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from voc.core.errors import NotFound
from voc.core.principal import Principal, Role
from voc.jobs import MAIL, ring_after_commit, tell
from voc.mail import acts, inbound, outbox, queries, rendering, starting, texts, tokens
from voc.mail.letter import read_letter
from voc.web.context import doorbell, settings
from voc.web.nav import add_entry
from voc.web.pages import page, redirect_after
from voc.web.paging import page_number
from voc.web.permit import permit

blueprint = Blueprint("mail", __name__)
add_entry("What leaves", "mail.outgoing", order=60, roles={Role.LEAD, Role.ADMIN}, often={Role.ADMIN})
add_entry(
    "Replies", "mail.replies", order=62, roles={Role.LEAD, Role.ADMIN}, often={Role.ADMIN},
    count=lambda session, _: queries.inbound_counts(session)["held"] or None,
)  # fmt: skip
add_entry("Sending", "mail.sending", order=61, roles={Role.ADMIN}, often={Role.ADMIN})

_SHOWN = 50
_TABS = (("waiting", "Waiting"), ("yours", "Needs you"), ("kept", "Did not leave"), ("left", "Left"))
_INBOUND_TABS = (
    ("held", "Sender not confirmed"),
    ("unreadable", "Unreadable"),
    ("automatic", "Automatic"),
    ("done", "Done"),
)


@blueprint.app_template_filter()
def clock_words(value: datetime) -> str:
    """The time of day in our zone: "14:05"."""
    return value.astimezone(ZoneInfo(settings().time_zone)).strftime("%H:%M")


@blueprint.get("/outgoing")
@permit("mail:list")
def outgoing(session: Session, principal: Principal) -> ResponseReturnValue:
    """Mail by mail: to whom, why, when; batches with their Stop."""
    which = request.args.get("show", "waiting")
    batch_id, number = request.args.get("batch", ""), page_number()
    if which not in queries.STATES:
        raise NotFound
    batch = queries.batch_named(session, batch_id) if batch_id else None
    rows, total = queries.outgoing(session, which, batch=batch_id, limit=_SHOWN, offset=(number - 1) * _SHOWN)
    kept = {"batch": batch_id} if batch_id else {"show": which}
    return page(
        "mail/outgoing.html",
        which=which,
        tabs=_tabs("mail.outgoing", _TABS, which, queries.counts(session)),
        batch=batch,
        batches=queries.batches(session) if which == "waiting" and not batch else (),
        rows=rows,
        standing=starting.standing(session, settings()),
        may_stop=principal.may("mail:stop"),
        may_start=principal.may("mail:change"),
        may_read_kept=principal.may("mailbox:read"),
        pager=_pager("mail.outgoing", kept, number, len(rows), total),
    )


@blueprint.get("/outgoing/<public_id>")
@permit("mail:list")
def outgoing_mail(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """One mail, word by word as it leaves; its own link is left out, for it is its person's alone."""
    row, line = queries.outgoing_mail(session, public_id)
    shown = rendering.preview(session, row)
    return page(
        "mail/outgoing_mail.html", line=line, mail=shown, may_stop=principal.may("mail:stop"),
        may_see_client=principal.may("account:read"),
    )  # fmt: skip


@blueprint.post("/outgoing/<public_id>/again")
@permit("mail:stop")
def send_again(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """Tries once more to send a mail that needed a person."""
    del principal
    acts.send_again(session, public_id)
    ring_after_commit(session, doorbell(), MAIL)
    return redirect_after(url_for("mail.outgoing", show="yours"), "It is in line again.")


@blueprint.post("/outgoing/<public_id>/give-up")
@permit("mail:stop")
def give_up(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """Says that a mail will not arrive."""
    del principal
    acts.give_up(session, public_id)
    return redirect_after(url_for("mail.outgoing", show="yours"), "It counts as not arrived.")


@blueprint.post("/batches/<public_id>/stop")
@permit("mail:stop")
def stop_batch(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """Keeps a batch from leaving."""
    del principal
    batch = outbox.stop_batch(session, public_id)
    return redirect_after(url_for("mail.outgoing"), f"Stopped: {batch.what}. None of it leaves.")


@blueprint.get("/sending")
@permit("mail:change")
def sending(session: Session, principal: Principal) -> ResponseReturnValue:
    """Whether mail leaves, and the standard mails to read before it may."""
    del principal
    return page("mail/sending.html", standing=starting.standing(session, settings()))


@blueprint.post("/sending/start")
@permit("mail:change")
def start(session: Session, principal: Principal) -> ResponseReturnValue:
    """Lets mail leave from now on."""
    del principal
    starting.start(session, settings())
    ring_after_commit(session, doorbell(), MAIL)
    return redirect_after(url_for("mail.sending"), "Sending has started.")


@blueprint.post("/sending/stop")
@permit("mail:change")
def stop(session: Session, principal: Principal) -> ResponseReturnValue:
    """Keeps all mail here from now on."""
    del principal
    starting.stop(session)
    return redirect_after(url_for("mail.sending"), "Sending has stopped. What waits goes on waiting.")


@blueprint.get("/sending/texts/<name>")
@permit("mail:change")
def standard_mail(session: Session, principal: Principal, name: str) -> ResponseReturnValue:
    """One standard mail with made-up names in it."""
    del principal
    found = texts.standard(name)
    return page(
        "mail/standard_mail.html",
        text=found,
        mail=rendering.sample(found, settings()),
        wording=texts.wording_hash(name),
        read=next(one for one in starting.standing(session, settings()).texts if one.name == name),
    )


@blueprint.post("/sending/texts/<name>/read")
@permit("mail:change")
def read_standard_mail(session: Session, principal: Principal, name: str) -> ResponseReturnValue:
    """Keeps that this administrator read it."""
    del principal
    found = starting.note_read(session, name, request.form.get("wording", ""))
    return redirect_after(url_for("mail.sending"), f"Kept: you have read “{found.title}”.")


@blueprint.get("/mailbox")
@permit("mailbox:read", writing=True)
def mailbox(session: Session, principal: Principal) -> ResponseReturnValue:
    """The mails that stay here instead of leaving; there is no such page where mail leaves. Looking is kept."""
    del principal
    _only_where_mail_stays(session)
    number = page_number()
    rows, total = queries.kept_mails(session, limit=_SHOWN, offset=(number - 1) * _SHOWN)
    tell(session, "mail_acted", [("mailbox.list", "mailbox")])
    return page("mail/mailbox.html", rows=rows, pager=_pager("mail.mailbox", {}, number, len(rows), total))


@blueprint.get("/mailbox/<public_id>")
@permit("mailbox:read", writing=True)
def kept_mail(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """One kept mail, its links as its person would have them. Looking is kept."""
    del principal
    _only_where_mail_stays(session)
    mail = queries.kept_mail(session, public_id)
    tell(session, "mail_acted", [("mailbox.open", f"delivery {public_id}")])
    return page("mail/kept_mail.html", mail=mail)


def _only_where_mail_stays(session: Session) -> None:
    if not starting.keeps_mail(session, settings()):
        raise NotFound


@blueprint.get("/replies")
@permit("reply:list")
def replies(session: Session, principal: Principal) -> ResponseReturnValue:
    """What came back by mail and did not join a client's thread by itself."""
    del principal
    which, number = request.args.get("show", "held"), page_number()
    if which not in queries.INBOUND:
        raise NotFound
    found = queries.inbound_counts(session)
    rows = queries.came_back(session, which, limit=_SHOWN, offset=(number - 1) * _SHOWN)
    return page(
        "mail/replies.html",
        which=which,
        tabs=_tabs("mail.replies", _INBOUND_TABS, which, found),
        rows=rows,
        pager=_pager("mail.replies", {"show": which}, number, len(rows), found[which]),
    )


@blueprint.get("/replies/<public_id>")
@permit("reply:list", writing=True)
def reply(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """One mail that came in, its words and its bytes as they came. Looking is kept."""
    mail = queries.came_back_mail(session, public_id)
    tell(session, "mail_acted", [("reply.open", f"reply {public_id}")])
    return page(
        "mail/reply.html",
        mail=mail,
        words=read_letter(mail.body, tokens.our_address(settings())).text,
        raw=mail.body[:200_000].decode("utf-8", "replace"),
        may_see_client=principal.may("account:read"),
    )


@blueprint.post("/replies/<public_id>/let-in")
@permit("reply:change")
def let_in(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """Takes a held mail in as words of the client it seems to be from."""
    del principal
    inbound.let_in(session, public_id)
    tell(session, "mail_acted", [("reply.let_in", f"reply {public_id}")])
    ring_after_commit(session, doorbell(), MAIL)
    return redirect_after(url_for("mail.replies"), "It stands among what came in, in a moment.")


@blueprint.post("/replies/<public_id>/leave")
@permit("reply:change")
def leave_alone(session: Session, principal: Principal, public_id: str) -> ResponseReturnValue:
    """Leaves a mail as it is; it stays kept."""
    del principal
    inbound.leave_alone(session, public_id)
    tell(session, "mail_acted", [("reply.leave", f"reply {public_id}")])
    return redirect_after(url_for("mail.replies"), "Left alone. It stays kept under “Done”.")


def _tabs(
    endpoint: str, tabs: tuple[tuple[str, str], ...], which: str, found: dict[str, int]
) -> list[tuple[str, str, bool, int]]:
    return [(words, url_for(endpoint, show=key), key == which, found[key]) for key, words in tabs]


@dataclass(frozen=True, slots=True)
class Pager:
    """Where a page of a list stands, and its neighbours."""

    first: int
    last: int
    total: int
    previous_url: str | None
    next_url: str | None


def _pager(endpoint: str, kept: dict[str, str], number: int, shown: int, total: int) -> Pager:
    first = (number - 1) * _SHOWN + 1
    earlier = url_for(endpoint, page=number - 1, **kept) if number > 1 else None  # type: ignore[arg-type]  # Flask's own loose keywords
    further = url_for(endpoint, page=number + 1, **kept) if first + shown <= total else None  # type: ignore[arg-type]  # as above
    return Pager(first, first + shown - 1, total, earlier, further)
