"""Staff pages of what came in: the list, a note in half a minute, who a sender is, an account's public link."""

from urllib.parse import urlencode

from apiflask import APIBlueprint
from flask import Response, request, url_for
from sqlalchemy.orm import Session

from voc.core import clock, ids
from voc.core.errors import Invalid
from voc.core.principal import Principal, Role
from voc.intake import forms, inbox, rules, senders
from voc.intake.inbox import Wanted
from voc.intake.saying import Here, account_called, note
from voc.jobs import READ, ring_after_commit
from voc.web import nav
from voc.web.context import doorbell, settings
from voc.web.pages import page, redirect_after
from voc.web.paging import cursor_after, wanted_page
from voc.web.permit import permit

blueprint = APIBlueprint("came_in", __name__, enable_openapi=False)
_READERS = {Role.AGENT, Role.LEAD, Role.EXECUTIVE}
nav.add_entry("What came in", "came_in.listing", order=38, roles=_READERS, often={Role.AGENT})
nav.add_entry(
    "They told me …", "came_in.write_note", order=37, roles={Role.AGENT, Role.LEAD}, often={Role.AGENT}
)
_FLAGS = {
    "unconfirmed": "sender not confirmed",
    "senior": "someone senior should see it",
    "unread": "not read yet",
    "language": "language not read",
}
_SEARCH_LIMIT = 200


@blueprint.get("/came-in")
@permit("comment:list")
def listing(session: Session, principal: Principal) -> Response:
    """What came in, newest first, narrowed by what the address says."""
    wanted = _wanted()
    kept = _kept(wanted)
    name = f"came-in {sorted(kept.items())}"
    asked = wanted_page(name)
    rows, last = inbox.came_in(session, principal, wanted, before=asked.before, size=asked.size)
    total = inbox.count(session, principal, wanted)
    return page(
        "intake/came_in.html",
        rows=rows,
        total=total,
        counted_all=total <= inbox.MOST_COUNTED,
        is_first_page=asked.before is None,
        further_url=_list_url(kept | {"cursor": cursor_after(name, last)}) if last else None,
        first_url=_list_url(kept),
        said=_filters(session, principal, kept),
        kept={key: value for key, value in kept.items() if key != "q"},
        search=wanted.words or "",
        choices=_choices(session, principal),
        picked=kept,
        kinds=rules.KIND_WORDS,
        channels=rules.CHANNEL_WORDS,
        may_recognise=principal.may("comment:label"),
        may_note=principal.may("comment:note"),
    )


@blueprint.get("/note")
@permit("comment:note")
def write_note(session: Session, principal: Principal) -> Response:
    """The form for what a client said on a call or visit."""
    return _note_page(session, principal, typed={"client": request.args.get("client", "")})


@blueprint.post("/note")
@permit("comment:note")
def take_note(session: Session, principal: Principal) -> Response:
    """Stores what one of us heard; nothing is sent and nothing is promised."""
    try:
        sent = forms.sent(request)
        noted = forms.noted(sent, clock.today(settings().time_zone))
        account_id = account_called(session, principal, noted.client)
        stored = note(session, principal, account_id, noted, Here(settings().time_zone, forms.raw_body(sent)))
    except Invalid as error:
        return _note_page(session, principal, typed=forms.as_typed(request), errors=error.fields)
    ring_after_commit(session, doorbell(), READ)
    return redirect_after(
        url_for("came_in.write_note"),
        f"Noted as {stored.receipt}. It is read like any other; nothing was sent.",
    )


@blueprint.get("/came-in/<public_id>/sender")
@permit("comment:label")
def sender(session: Session, principal: Principal, public_id: str) -> Response:  # noqa: ARG001 - every view has this shape
    """Who somebody says to be, and whom we know them as."""
    return _sender_page(session, public_id)


@blueprint.post("/came-in/<public_id>/sender")
@permit("comment:label")
def recognise(session: Session, principal: Principal, public_id: str) -> Response:  # noqa: ARG001 - as above
    """Says who sent it: from now on it counts as said by that person."""
    try:
        known = senders.recognise(session, public_id, forms.known_sender(forms.sent(request)))
    except Invalid as error:
        return _sender_page(session, public_id, errors=error.fields)
    return redirect_after(
        url_for("came_in.listing"), f"Said by {known.name} from now on.",
        undo_url=url_for("came_in.forget", public_id=public_id, made=known.made),
    )  # fmt: skip


@blueprint.post("/came-in/<public_id>/sender/undo")
@permit("comment:label")
def forget(session: Session, principal: Principal, public_id: str) -> Response:  # noqa: ARG001 - as above
    """Takes a recognition back."""
    senders.forget_sender(session, public_id, request.args.get("made"))
    return redirect_after(
        url_for("came_in.sender", public_id=public_id), "The sender is not confirmed again."
    )


@blueprint.post("/clients/<public_id>/form-link")
@permit("account:change")
def make_link(session: Session, principal: Principal, public_id: str) -> Response:  # noqa: ARG001 - as above
    """Makes the account's public link, closing the one before, and shows it this once."""
    token = senders.make_link(session, public_id)
    address = f"{settings().public_url}{url_for('intake_link.say', token=token)}"
    return page("intake/link_made.html", address=address, public_id=public_id)


@blueprint.post("/clients/<public_id>/form-link/close")
@permit("account:change")
def close_link(session: Session, principal: Principal, public_id: str) -> Response:  # noqa: ARG001 - as above
    """Closes the account's public link."""
    senders.close_link(session, public_id)
    return redirect_after(f"/clients/{public_id}", "The link is closed; whoever opens it reads that it is.")


def _wanted() -> Wanted:
    sent = request.args
    problems = {
        name: f"“{sent[name][:50]}” is none we know."
        for name, known in (("kind", rules.KIND_WORDS), ("channel", rules.CHANNEL_WORDS))
        if sent.get(name) and sent[name] not in known
    }
    words = sent.get("q", "").strip()
    if len(words) > _SEARCH_LIMIT or "\x00" in words:
        problems["q"] = f"Search for up to {_SEARCH_LIMIT} ordinary characters."
    if problems:
        raise Invalid(" ".join(problems.values()), fields=problems)
    return Wanted(
        client=sent.get("client") or None, kind=sent.get("kind") or None, channel=sent.get("channel") or None,
        words=words or None, **{name: sent.get(name) == "1" for name in _FLAGS},
    )  # fmt: skip


def _kept(wanted: Wanted) -> dict[str, str]:
    named = {"client": wanted.client, "kind": wanted.kind, "channel": wanted.channel, "q": wanted.words}
    flags = {name: "1" for name in _FLAGS if getattr(wanted, name)}
    return {name: value for name, value in named.items() if value} | flags


def _list_url(kept: dict[str, str]) -> str:
    query = urlencode(kept)
    return url_for("came_in.listing") + (f"?{query}" if query else "")


def _filters(session: Session, principal: Principal, kept: dict[str, str]) -> list[tuple[str, str]]:
    """Each filter in words, with the address of the list without it."""
    words = dict(_FLAGS)
    if "client" in kept:
        words["client"] = dict(inbox.clients(session, principal)).get(
            kept["client"], "a client that is not yours"
        )
    if "kind" in kept:
        words["kind"] = rules.KIND_WORDS[kept["kind"]].lower()
    if "channel" in kept:
        words["channel"] = rules.CHANNEL_WORDS[kept["channel"]]
    if "q" in kept:
        words["q"] = f"“{kept['q']}”"
    return [
        (words[name], _list_url({key: value for key, value in kept.items() if key != name})) for name in kept
    ]


def _choices(session: Session, principal: Principal) -> dict[str, list[tuple[str, str]]]:
    return {
        "client": [("", "All clients"), *inbox.clients(session, principal)],
        "kind": [("", "Everything"), *rules.KIND_WORDS.items()],
        "channel": [("", "Every way"), *rules.CHANNEL_WORDS.items()],
    }


def _note_page(
    session: Session, principal: Principal, *, typed: dict[str, str], errors: dict[str, str] | None = None
) -> Response:
    accounts = inbox.clients(session, principal)
    client = dict(accounts).get(typed.get("client", ""), typed.get("client", ""))
    public_id = next((key for key, name in accounts if client in {key, name}), "")
    return page(
        "intake/note.html",
        status=422 if errors else 200,
        accounts=accounts,
        people=inbox.people_of(session, principal, public_id),
        typed=typed | {"client": client},
        errors=errors or {},
        how=list(rules.HOW.items()),
        kinds=[(kind, rules.KIND_WORDS[kind]) for kind in rules.NOTED],
        day=clock.today(settings().time_zone).isoformat(),
        nonce=ids.new_token(),
    )


def _sender_page(session: Session, public_id: str, *, errors: dict[str, str] | None = None) -> Response:
    return page(
        "intake/sender.html", status=422 if errors else 200, held=inbox.held_sender(session, public_id),
        typed=forms.as_typed(request), errors=errors or {},
    )  # fmt: skip
