"""Reads a mail as it came: who it says it is from, what it answers, whether a machine wrote it, its words."""

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.policy import compat32
from email.utils import getaddresses

import structlog

from voc.mail.headers import decoded, one_line
from voc.mail.quoting import own_words, words_of_html

log = structlog.get_logger(__name__)

DEEPEST = 20
MOST_PARTS = 200
_MOST_BYTES = 1_000_000  # of one part: a comment holds a tenth of it
_NAMING = ("In-Reply-To", "References", "To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To")
_REPLIES = ("X-Autoreply", "X-Autorespond", "X-Auto-Response-From")
_SLOW = ("bulk", "list", "junk", "auto_reply")
_AWAY = (
    "automatic reply",
    "out of office",
    "automatisch antwoord",
    "afwezig",
    "abwesenheit",
    "réponse automatique",
)
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_NO_WORDS = "There are no words in it that we can read."
_TOO_DEEP = "Its parts are nested too deep for us to find words in it."


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What a mail says of itself. `kind` is words, bounce, delayed, automatic or unreadable; `why` says so in words.

    `naming` are header values that may name a delivery of ours; `status` is a bounce's enhanced status code.
    """

    kind: str
    why: str | None = None
    sender: str | None = None
    senders: int = 0
    subject: str | None = None
    naming: tuple[str, ...] = ()
    text: str = ""
    status: str | None = None
    is_forged: bool = False


def read_letter(body: bytes, our_address: str) -> Letter:
    """Reads one mail; whatever its bytes are, the answer is a letter."""
    try:
        return _read(email.message_from_bytes(body, policy=compat32), body, our_address)
    except RecursionError:
        return Letter(kind="unreadable", why=_TOO_DEEP)
    except (
        Exception
    ) as error:  # the edge: strangers write these bytes, and the standard library trips over some
        log.exception("mail_unreadable")
        return Letter(kind="unreadable", why=f"We could not take it apart ({type(error).__name__}).")


def _read(message: Message, body: bytes, our_address: str) -> Letter:
    parts = list(_parts(message))
    senders = addresses_in(message, "From")
    facts: dict[str, object] = {
        "sender": senders[0] if senders else None,
        "senders": max(len(senders), len(message.get_all("From") or [])),
        "subject": one_line(_first(message, "Subject"), 300) or None,
        "naming": tuple(value for name in _NAMING for value in _all(message, name)),
        "is_forged": _is_forged(message),
    }
    bounced = _bounce(message, parts, body)
    if bounced is not None:
        kind, status, named = bounced
        facts["naming"] = (*named, *facts["naming"])  # type: ignore[misc]  # a tuple, put in above
        return Letter(kind=kind, status=status, **facts)  # type: ignore[arg-type]  # names and types as in Letter
    automatic = why_automatic(message, our_address)
    if automatic:
        return Letter(kind="automatic", why=automatic, **facts)  # type: ignore[arg-type]  # as above
    text = own_words(_text(parts))
    if not text:
        return Letter(kind="unreadable", why=_NO_WORDS, **facts)  # type: ignore[arg-type]  # as above
    return Letter(kind="words", text=text, **facts)  # type: ignore[arg-type]  # as above


def why_automatic(message: Message, our_address: str) -> str | None:
    """Why a machine wrote this, in words; None when a person may have."""
    submitted = _first(message, "Auto-Submitted").partition(";")[0].strip().casefold()
    slow = _first(message, "Precedence").strip().casefold() in _SLOW
    away = _first(message, "Subject").strip().casefold().startswith(_AWAY)
    found = (
        (submitted not in {"", "no"}, "A machine wrote it: it says so itself."),
        (our_address.casefold() in addresses_in(message, "From"), "It comes from our own address."),
        (slow or "List-Id" in message, "It went to many people at once."),
        (any(name in message for name in _REPLIES), "It is an automatic reply."),
        (away, "It is an automatic reply: somebody is away."),
        (_has_no_return(message), "It has no return address, so a machine sent it."),
    )
    return next((words for is_so, words in found if is_so), None)


def addresses_in(message: Message, name: str) -> list[str]:
    """The case-folded addresses in all headers of this name."""
    found = getaddresses([decoded(value) for value in _all(message, name)])
    return list(dict.fromkeys(address.casefold() for _, address in found if "@" in address))


def _all(message: Message, name: str) -> list[str]:
    return [str(value) for value in message.get_all(name) or []]


def _first(message: Message, name: str) -> str:
    values = _all(message, name)
    return decoded(values[0]) if values else ""


def _has_no_return(message: Message) -> bool:
    return any(value.strip() == "<>" for value in _all(message, "Return-Path"))


def _is_forged(message: Message) -> bool:
    """Whether our own mail server found that the sender is not who it says (DMARC, or SPF without DMARC)."""
    results = " ".join(_all(message, "Authentication-Results")).casefold()
    return "dmarc=fail" in results or ("spf=fail" in results and "dmarc=pass" not in results)


def _parts(message: Message) -> Iterator[Message]:
    """The parts in their order, never deeper than twenty and never more than two hundred."""
    waiting, number = [(message, 0)], 0
    while waiting and number < MOST_PARTS:
        part, depth = waiting.pop()
        number += 1
        yield part
        inside = part.get_payload() if part.is_multipart() and depth < DEEPEST else []
        if isinstance(inside, list):
            waiting += [(one, depth + 1) for one in reversed(inside) if isinstance(one, Message)]


def _text(parts: list[Message]) -> str:
    plain = [part for part in parts if _is_words(part, "text/plain")]
    for part in plain:
        words = _decoded_part(part)
        if words.strip():
            return words
    html = [part for part in parts if _is_words(part, "text/html")]
    return words_of_html(_decoded_part(html[0])) if html else ""


def _is_words(part: Message, kind: str) -> bool:
    return part.get_content_type() == kind and part.get_content_disposition() != "attachment"


def _decoded_part(part: Message) -> str:
    raw = part.get_payload(decode=True)
    if not isinstance(raw, bytes):
        return ""
    for charset in (_charset(part), "utf-8"):
        try:
            return raw[:_MOST_BYTES].decode(charset)
        except (LookupError, ValueError):
            continue
    return raw[:_MOST_BYTES].decode("cp1252", "replace")


def _charset(part: Message) -> str:
    try:
        return part.get_content_charset() or "utf-8"
    except (LookupError, ValueError):
        return "utf-8"


def _bounce(
    message: Message, parts: list[Message], body: bytes
) -> tuple[str, str | None, tuple[str, ...]] | None:
    """(kind, status, what it is about) of a mail that tells what became of another one; None for other mail."""
    reports = [part for part in parts if part.get_content_type() == "message/delivery-status"]
    from_postmaster = any(
        address.startswith(("mailer-daemon@", "postmaster@")) for address in addresses_in(message, "From")
    )
    if not reports and not (from_postmaster and _has_no_return(message)):
        return None
    whole = body[:_MOST_BYTES].decode("latin-1")
    told = "\n".join(str(block) for part in reports for block in _blocks(part)) or whole
    found = _STATUS.search(told)
    status = found.group(1) if found else None
    is_final = "action: failed" in told.casefold() or (not reports and (status or "").startswith("5"))
    return ("bounce" if is_final else "delayed"), status, (whole,)


def _blocks(part: Message) -> list[object]:
    inside = part.get_payload()
    return list(inside) if isinstance(inside, list) else [inside]
