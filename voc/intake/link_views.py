"""The public form of one account: nothing to be learned from it but the account's name."""

from datetime import datetime

from apiflask import APIBlueprint
from flask import Response, redirect, request, url_for
from itsdangerous import BadSignature, URLSafeTimedSerializer

from voc.access import limits
from voc.core import ids
from voc.core.errors import Invalid
from voc.core.principal import SYSTEM
from voc.intake import forms, rules, senders
from voc.intake.box import Box
from voc.intake.saying import Here, say_by_link
from voc.intake.senders import Linked
from voc.intake.service import Received
from voc.jobs import READ, ring_after_commit
from voc.web.context import database, doorbell, settings
from voc.web.pages import page
from voc.web.permit import permit_alone

blueprint = APIBlueprint("intake_link", __name__, enable_openapi=False)
_RECEIPT_SECONDS = 24 * 60 * 60
_TOKEN_LENGTH = 100


@blueprint.get("/say/<token>")
@permit_alone("public:read")
def say(token: str) -> Response:
    """The account's form; looking changes nothing."""
    account = _account(token)
    return _gone() if account is None else _form(account, token)


@blueprint.post("/say/<token>")
@permit_alone("public:write")
def take_said(token: str) -> Response:
    """Stores what somebody says, held as "sender not confirmed", and shows a receipt."""
    account = _account(token)
    if account is None:
        return _gone()
    with database().writing(SYSTEM) as session:
        limits.attempt(session, limits.FORM, _address())
        limits.attempt(session, limits.FORM_TOTAL, account.public_id)
    try:
        received = _store(account)
    except Invalid as error:
        return _form(account, token, status=422, errors=error.fields)
    shown = _serializer().dumps([received.receipt, _day(received)])
    return redirect(url_for("intake_link.received", token=token, shown=shown), 303)  # type: ignore[return-value]  # werkzeug's own Response


@blueprint.get("/say/<token>/<shown>")
@permit_alone("public:read")
def received(token: str, shown: str) -> Response:
    """The receipt, for the browser that sent the form; it is gone after a day."""
    account = _account(token)
    try:
        receipt, by = _serializer().loads(shown, max_age=_RECEIPT_SECONDS)
    except (BadSignature, ValueError, TypeError):
        return _gone()
    if account is None:
        return _gone()
    day = datetime.fromisoformat(by) if by else None
    return page("intake/link_received.html", account=account.name, receipt=receipt, by=day, token=token)


def _store(account: Linked) -> Received:
    sent = forms.sent(request)
    said = forms.stranger_said(sent)
    with database().writing(senders.by_link(account)) as session:
        stored = say_by_link(session, account.id, said, Here(settings().time_zone, forms.raw_body(sent)))
        ring_after_commit(session, doorbell(), READ)
    return stored


def _account(token: str) -> Linked | None:
    """The link's account; a wrong link is counted, so that nobody can try many (TooMany after ten)."""
    with database().reading(SYSTEM) as session:
        found = senders.account_of_link(session, token[:_TOKEN_LENGTH])
    if found is None:
        with database().writing(SYSTEM) as session:
            limits.attempt(session, limits.LINK, _address())
    return found


def _form(
    account: Linked, token: str, *, status: int = 200, errors: dict[str, str] | None = None
) -> Response:
    box = Box(
        nonce=ids.new_token(), hurt=rules.hurt_choices(), typed=forms.as_typed(request), errors=errors or {}
    )
    return page("intake/link.html", status=status, account=account.name, token=token, box=box)


def _gone() -> Response:
    return page("intake/link_gone.html", status=410)


def _day(received: Received) -> str | None:
    return received.next_word_by.isoformat() if received.next_word_by else None


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(settings().secret_key, salt="receipt")


def _address() -> str:
    return request.remote_addr or "unknown"
