"""Addresses that belong to no stage: is it alive, our files, the theme, whom to tell about a hole."""

import hashlib
from datetime import timedelta
from functools import cache
from pathlib import Path

from apiflask import APIBlueprint
from flask import Flask, Response, jsonify, request, send_from_directory, url_for

from voc.core import clock
from voc.core.errors import Invalid
from voc.core.paths import static_folder
from voc.web import cookies
from voc.web.context import settings
from voc.web.links import safe_path
from voc.web.pages import THEMES
from voc.web.permit import permit_alone

blueprint = APIBlueprint("basics", __name__, enable_openapi=False)
_YEAR = timedelta(days=365)


@blueprint.get("/healthz")
@permit_alone("public:read")
def health() -> Response:
    """That the web process answers; it asks neither database nor Redis."""
    return jsonify(status="ok")


@blueprint.get("/.well-known/security.txt")
@permit_alone("public:read")
def security_text() -> Response:
    """Whom to tell about a hole (RFC 9116)."""
    here = settings().public_url
    expires = (clock.now() + timedelta(days=180)).strftime("%Y-%m-%dT00:00:00Z")
    lines = f"Contact: {here}/\nExpires: {expires}\nCanonical: {here}/.well-known/security.txt\n"
    return Response(lines, content_type="text/plain; charset=utf-8")


@blueprint.get("/static/<path:filename>")
@permit_alone("public:read")
def static(filename: str) -> Response:
    """One of our files; with its content's hash in the query it may be kept for ever."""
    response = send_from_directory(static_folder(), filename, max_age=0, conditional=True)
    if request.args.get("v") == fingerprint_of(filename):
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


@blueprint.post("/theme")
@permit_alone("public:write")
def choose_theme() -> Response:
    """Keeps light, dark or the device's own for this browser, and goes back."""
    chosen = request.form.get("theme", "")
    if chosen not in THEMES:
        raise Invalid("Choose light, dark, or as your device.", fields={"theme": "one of the three"})
    response = Response(status=303, headers={"Location": safe_path(request.form.get("next"))})
    cookies.put(response, cookies.THEME, chosen, lasts=_YEAR)
    return response


def static_url(filename: str) -> str:
    """The address of one of our files that changes when its content does."""
    return url_for("basics.static", filename=filename, v=fingerprint_of(filename))


def fingerprint_of(filename: str) -> str | None:
    """The first characters of the content's hash; None when there is no such file."""
    place = (static_folder() / filename).resolve()
    return _hash(place) if place.is_relative_to(static_folder()) and place.is_file() else None


@cache
def _hash(place: Path) -> str:
    return hashlib.sha256(place.read_bytes()).hexdigest()[:12]


def prepare_static(app: Flask) -> None:
    """Lets templates say `url_for('static', filename=…)` and get an address that browsers may keep."""

    def url(endpoint: str, **values: object) -> str:
        if endpoint == "static":
            return static_url(str(values["filename"]))
        return url_for(endpoint, **values)  # type: ignore[arg-type]  # Flask's own loose keywords

    app.jinja_env.globals["url_for"] = url
