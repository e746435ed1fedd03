"""From checked JSON to what intake takes in, and back to the program's answer."""

import json
from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError
from sqlalchemy.orm import Session

from voc.api.accounts import Found, find_accounts, only_account
from voc.api.schemas import CommentIn, ItemIn, refusal
from voc.core import clock, ids
from voc.core.errors import Conflict, Invalid, NotFound, Unreadable, VocError
from voc.core.principal import Principal
from voc.core.text import clean_optional, clean_text
from voc.intake.service import Incoming, Received, receive_many

LONGEST_KEY = 255
_LONGEST_NAME = 300


@dataclass(frozen=True, slots=True)
class Sent:
    """One item as it came: its value, its own bytes, and the sender's id for it."""

    value: object
    body: bytes
    key: str | None


def store(
    session: Session, principal: Principal, sent: list[Sent], *, zone: str
) -> list[Received | VocError]:
    """Takes in every item that can be taken; the others are answered with their error. Order is kept."""
    checked = [_checked(one) for one in sent]
    named = {one.account for one in checked if isinstance(one, CommentIn) and one.account is not None}
    accounts = find_accounts(session, principal, named)
    only = only_account(session, principal) if any(_names_nobody(one) for one in checked) else None
    made = [
        _incoming(item, one, accounts.get(one.account) if one.account is not None else only, zone)
        if isinstance(one, CommentIn)
        else one
        for item, one in zip(sent, checked, strict=True)
    ]
    stored = iter(receive_many(session, [one for one in made if isinstance(one, Incoming)]))
    return [_refused_key(next(stored)) if isinstance(one, Incoming) else one for one in made]


def check_key(key: str | None) -> str | None:
    """The sender's own id as it came; Unreadable when it is empty, odd or longer than 255 characters."""
    if key is not None and not (0 < len(key) <= LONGEST_KEY and key.isprintable()):
        raise Unreadable(
            f"Idempotency-Key takes 1 to {LONGEST_KEY} printable characters.", code="key_unusable"
        )
    return key


def item_of(value: object) -> Sent:
    """One item of a batch; its bytes are the item alone."""
    key = value.get("idempotency_key") if isinstance(value, dict) else None
    body = json.dumps(value, ensure_ascii=True).encode()
    return Sent(value, body, key if isinstance(key, str) else None)


def _checked(item: Sent) -> CommentIn | VocError:
    model = ItemIn if isinstance(item.value, dict) and "idempotency_key" in item.value else CommentIn
    try:
        check_key(item.key)
        found = model.model_validate(item.value)
        if found.account is not None:
            clean_text(found.account, "account", limit=_LONGEST_NAME)
    except ValidationError as error:
        return refusal(error)
    except VocError as error:
        return error
    return found


def _names_nobody(one: CommentIn | VocError) -> bool:
    return isinstance(one, CommentIn) and one.account is None


def _incoming(item: Sent, one: CommentIn, account: Found | None, zone: str) -> Incoming | VocError:
    if account is None:
        missing = "This is missing; the token is for more than one client."
        return NotFound() if one.account is not None else Invalid(missing, fields={"account": missing})
    try:
        said_at = _moment(one.said_at)
        return Incoming(
            account_id=account.account_id, channel="api", text=clean_text(one.text),
            sender_key=item.key if item.key is not None else ids.new_token(), body=item.body,
            content_type="application/json", kind=one.kind, hurt=one.hurt,
            touches=clean_optional(one.touches, "touches"),
            would_solve=clean_optional(one.would_solve, "would_solve"),
            wants_senior=one.wants_senior, may_ask_others=one.may_ask_others, said_at=said_at,
            named_user_id=account.owner_id, promise=said_at is None, time_zone=zone,
        )  # fmt: skip
    except VocError as error:
        return error


def _moment(written: str | None) -> datetime | None:
    if written is None:
        return None
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise _no_moment(written) from None
    if moment.tzinfo is None or not clock.now().year - 100 < moment.year or moment > clock.now():
        raise _no_moment(written)
    return moment


def _no_moment(written: str) -> Invalid:
    words = f"“{written[:40]}” is no past moment with its time zone, such as 2026-05-04T09:30:00+02:00."
    return Invalid(words, fields={"said_at": words})


def _refused_key(answer: Received | Conflict) -> Received | VocError:
    return Invalid(answer.message, code=answer.code) if isinstance(answer, Conflict) else answer
