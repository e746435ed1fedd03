"""What happened, said once on the next page, with its Undo; kept in a signed cookie."""

from dataclasses import dataclass

from flask import Response, g
from itsdangerous import BadSignature, URLSafeSerializer

from voc.web import cookies
from voc.web.context import settings

_SAID = "voc_notices_said"
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Notice:
    """One sentence; `kind` is done or problem; `undo_url` takes a POST."""

    kind: str
    words: str
    undo_url: str | None = None


def leave(response: Response, notice: Notice) -> None:
    """Lets `notice` be said on the next page."""
    value = _serializer().dumps([notice.kind, notice.words[:_LONGEST], notice.undo_url])
    cookies.put(response, cookies.NOTICE, str(value))


def take() -> tuple[Notice, ...]:
    """What is to be said on this page; saying it ends it."""
    sent = cookies.read(cookies.NOTICE)
    if sent is None:
        return ()
    setattr(g, _SAID, True)
    try:
        return (Notice(*_serializer().loads(sent)),)
    except (BadSignature, TypeError):
        return ()


def forget_said(response: Response) -> Response:
    """Drops the cookie once its words stood on a page."""
    if g.pop(_SAID, False):
        cookies.drop(response, cookies.NOTICE)
    return response


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(settings().secret_key, salt="notice")
