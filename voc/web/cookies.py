"""Names and rules of our cookies: host-only, out of reach of scripts, Secure where there is https."""

from datetime import timedelta

from flask import Response, request

from voc.web.context import settings

SESSION = "voc"
FORM = "voc-form"
NOTICE = "voc-notice"
THEME = "voc-theme"


def full_name(name: str) -> str:
    """The cookie's name as browsers know it: `__Host-` binds it to this host where there is https."""
    return f"__Host-{name}" if settings().is_https else name


def read(name: str) -> str | None:
    """The cookie's value, or None; what no cookie of ours can be is None too."""
    value = request.cookies.get(full_name(name))
    return value if value and len(value) <= 4_096 and value.isascii() else None  # noqa: PLR2004 - browsers' own limit


def put(response: Response, name: str, value: str, *, lasts: timedelta | None = None) -> None:
    """Sets a cookie; without `lasts` it ends with the browser."""
    response.set_cookie(
        full_name(name), value, max_age=lasts, secure=settings().is_https, httponly=True, samesite="Lax", path="/"
    )  # fmt: skip


def drop(response: Response, name: str) -> None:
    """Makes the browser forget a cookie."""
    response.delete_cookie(
        full_name(name), secure=settings().is_https, httponly=True, samesite="Lax", path="/"
    )
