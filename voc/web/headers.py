"""Headers on every answer: nothing inline, nothing framed, nothing of a person's in a shared cache."""

from flask import Flask, Response, request

from voc.web import csrf, notices
from voc.web.context import settings

CONTENT_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_ALWAYS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_STATIC = "basics.static"
_TWO_YEARS = "max-age=63072000; includeSubDomains"


def prepare_headers(app: Flask) -> None:
    """Registers what is done to every answer, errors included."""
    app.after_request(_protect)
    app.after_request(csrf.keep_form_cookie)
    app.after_request(notices.forget_said)


def _protect(response: Response) -> Response:
    for name, value in _ALWAYS.items():
        response.headers.setdefault(name, value)
    if settings().is_https:
        response.headers["Strict-Transport-Security"] = _TWO_YEARS
    if request.endpoint != _STATIC:
        response.headers["Cache-Control"] = "no-store"
        response.headers["Vary"] = "Cookie, X-Fragment"
    return response
