"""Refuses what another site sends in a person's name.

Every browser of today says with each POST where it comes from (Sec-Fetch-Site, or at least Origin).
Where neither is sent, the form must carry a token that only our own page could know.
"""

import hashlib
import hmac
import secrets

from flask import Response, g, request
from markupsafe import Markup

from voc.core.errors import Forbidden
from voc.web import cookies
from voc.web.context import settings

FIELD = "csrf_token"
_OURS = frozenset({"same-origin", "none"})
_FRESH = "voc_form_cookie"


def check() -> None:
    """Raises Forbidden unless this request comes from a page of ours."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None and site not in _OURS:
        raise _foreign()
    if origin is not None and origin not in _our_origins():
        raise _foreign()
    if site is None and origin is None and not _has_token():
        raise _foreign()


def token() -> str:
    """The token for forms of this browser; it changes with the session."""
    return _sign(_secret_of_browser() or _new_form_cookie())


def field() -> Markup:
    """The hidden field that forms carry."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, token())


def keep_form_cookie(response: Response) -> Response:
    """Gives browsers without a session the cookie that their form's token belongs to."""
    fresh: str | None = g.pop(_FRESH, None)
    if fresh:
        cookies.put(response, cookies.FORM, fresh)
    return response


def _foreign() -> Forbidden:
    return Forbidden(
        "This came from another site, or the page was open for very long. Go back, reload the page and send it again.",
        code="foreign_origin",
    )


def _our_origins() -> tuple[str, str]:
    # The host was checked against the trusted ones before any view runs.
    return settings().public_url, f"{request.scheme}://{request.host}"


def _has_token() -> bool:
    secret = _secret_of_browser()
    sent = request.form.get(FIELD, "")
    return secret is not None and hmac.compare_digest(sent.encode(), _sign(secret).encode())


def _secret_of_browser() -> str | None:
    return cookies.read(cookies.SESSION) or cookies.read(cookies.FORM)


def _new_form_cookie() -> str:
    if _FRESH not in g:
        g.voc_form_cookie = secrets.token_urlsafe(32)
    fresh: str = g.voc_form_cookie
    return fresh


def _sign(secret: str) -> str:
    key = settings().secret_key.encode()
    return hmac.new(key, b"form\x1f" + secret.encode(), hashlib.sha256).hexdigest()
