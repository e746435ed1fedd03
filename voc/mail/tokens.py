"""The token of a delivery: in its Message-ID, and in a plus address, so that a reply finds its way back."""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable
from email.utils import parseaddr
from urllib.parse import urlsplit

from voc.core.config import Settings

_LETTERS = 20  # of base32: 100 bits
_TOKEN = re.compile(r"(?<![a-z0-9])([a-z2-7]{26})\.([a-z2-7]{20})@", re.IGNORECASE)


def token_of(public_id: str, settings: Settings) -> str:
    """The public id of a delivery, signed: `<26 letters>.<20 letters>`."""
    mac = hmac.new(
        settings.secret_key.encode(), b"delivery\x1f" + public_id.encode(), hashlib.sha256
    ).digest()
    return f"{public_id}.{base64.b32encode(mac).decode('ascii').lower()[:_LETTERS]}"


def message_id_of(public_id: str, settings: Settings) -> str:
    """The Message-ID of a delivery, in its angle brackets."""
    return f"<{token_of(public_id, settings)}@{domain_of(settings)}>"


def deliveries_in(headers: Iterable[str], settings: Settings) -> tuple[str, ...]:
    """The public ids of our deliveries that these header values name by token, the last named first."""
    found: list[str] = []
    for value in headers:
        for public_id, mac in _TOKEN.findall(value):
            named = public_id.lower()
            if hmac.compare_digest(token_of(named, settings), f"{named}.{mac.lower()}"):
                found.append(named)
    return tuple(dict.fromkeys(reversed(found)))


def our_address(settings: Settings) -> str:
    """The address our mail comes from, without the plus that says that it takes plus addresses."""
    local, _, domain = _typed(settings).rpartition("@")
    return f"{local.rstrip('+')}@{domain}"


def our_name(settings: Settings) -> str:
    """The name beside our address: that of the setting, or the provider's."""
    return parseaddr(settings.mail_from)[0] or settings.provider


def reply_address(public_id: str, settings: Settings) -> str | None:
    """Where replies to one delivery go, when our mailbox takes plus addresses; None: to our address."""
    local, _, domain = _typed(settings).rpartition("@")
    return f"{local}{token_of(public_id, settings)}@{domain}" if local.endswith("+") else None


def domain_of(settings: Settings) -> str:
    """The name after the @ of our address."""
    return _typed(settings).rpartition("@")[2]


def _typed(settings: Settings) -> str:
    typed = parseaddr(settings.mail_from)[1]
    return typed if "@" in typed else f"everyclient@{urlsplit(settings.public_url).hostname or 'localhost'}"
