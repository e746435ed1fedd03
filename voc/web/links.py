"""Where we may send a browser: only to pages of our own."""

import re
from urllib.parse import parse_qsl, urlencode

from flask import current_app, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

HOME = "/"
_PLAIN_PATH = re.compile(r"/(?!/)[\w\-./~,:;=&?+%@!$'()*]*", re.ASCII)
_HIDDEN = re.compile(r"%(?:2f|5c|0|1|7f|25)|\.\.|//", re.IGNORECASE)


def safe_path(wanted: str | None) -> str:
    """`wanted` when it is the path of a page of ours, else the home page.

    Paths with hidden slashes, dots or control characters are not ours (acceptance.md B31).
    """
    path = (wanted or "").partition("?")[0]
    if not wanted or not _PLAIN_PATH.fullmatch(wanted) or _HIDDEN.search(path):
        return HOME
    try:
        current_app.url_map.bind(request.host).match(path, method="GET")
    except (HTTPException, RequestRedirect):
        return HOME
    return wanted


def url_if_there(endpoint: str, **values: str) -> str | None:
    """The address of another stage's page; None when this app has no such page."""
    if endpoint not in current_app.view_functions:
        return None
    return url_for(endpoint, **values)  # type: ignore[arg-type]  # Flask's own loose keywords


def beside_today(back: str, thing: str) -> str:
    """Of Today the same list with this thing beside it, any other page as it is: an undo shows what was undone."""
    path, _, query = back.partition("?")
    if path != url_if_there("analysis.owed_today"):
        return back
    return f"{path}?{urlencode(dict(parse_qsl(query)) | {'thing': thing})}"
