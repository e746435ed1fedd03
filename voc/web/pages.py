"""Answers with a page, or with only its middle when our script asks for a fragment.

A page's template extends base.html and fills `{% block main %}`. A request with `X-Fragment: 1` gets
the same template rendered over a smaller base that holds only what was said (`#flash`), `crumb` and
`main`: the template does not know the difference. A form that cannot be taken comes back with
`page("stage/form.html", status=422, …)`; a form that was taken ends with `redirect_after`.
"""

from functools import partial
from zoneinfo import ZoneInfo

from flask import Flask, Response, current_app, g, make_response, redirect, request, url_for
from jinja2 import BaseLoader, ChoiceLoader, DictLoader, Environment

from voc.core import clock
from voc.core.principal import Principal
from voc.web import cookies, csrf, nav, notices
from voc.web.context import current_principal, settings
from voc.web.words import FILTERS, ago_words, date_words, moment_words

THEMES = ("auto", "light", "dark")
_FRAGMENTS = "voc_fragments"
_SMALL_BASE = """{% import "macros/forms.html" as forms -%}
<div id="flash" aria-live="polite">{{ forms.notices(flashes) }}</div>
{% block crumb %}{% endblock %}
{% block main %}{% endblock %}"""


def is_fragment() -> bool:
    """Whether our script asked for the middle of the page only."""
    return request.headers.get("X-Fragment") == "1"


# The context is whatever the template names: rows, strings, numbers.
def page(template: str, *, status: int = 200, **context: object) -> Response:
    """The page or fragment `template`, with the menu, theme and notices of whoever asks."""
    principal = current_principal()
    shared = _shared(principal) if is_fragment() else _shared(principal) | _around(principal)
    environment = _fragments() if is_fragment() else current_app.jinja_env
    current_app.update_template_context(shared)
    words = environment.get_template(template).render(shared | context)
    response = make_response(words, status)
    response.headers["Content-Type"] = "text/html; charset=utf-8"
    return response


def redirect_after(
    url: str, notice: str | None = None, *, undo_url: str | None = None, kind: str = "done"
) -> Response:
    """Sends the browser on (303); the next page says `notice` and offers Undo.

    `undo_url` takes a POST without fields; `kind` is problem where nothing was done.
    """
    response = make_response(redirect(url, 303))
    if notice:
        notices.leave(response, notices.Notice(kind, notice, undo_url))
    return response


def prepare_pages(app: Flask) -> None:
    """Gives templates our globals, and fragments their smaller base."""
    zone = ZoneInfo(app.extensions["voc"].settings.time_zone)
    app.jinja_env.filters |= FILTERS | {
        "date_words": partial(date_words, zone=zone),
        "ago_words": partial(ago_words, zone=zone),
        "moment_words": partial(moment_words, zone=zone),
    }
    app.jinja_env.globals |= {"csrf_token": csrf.token, "csrf_field": csrf.field}
    loader = app.jinja_env.loader or BaseLoader()
    small = ChoiceLoader([DictLoader({"base.html": _SMALL_BASE}), loader])
    app.extensions[_FRAGMENTS] = app.jinja_env.overlay(loader=small)


def _fragments() -> Environment:
    found: Environment = current_app.extensions[_FRAGMENTS]
    return found


def _shared(principal: Principal) -> dict[str, object]:
    said = notices.take()
    return {
        "principal": principal,
        "provider": settings().provider,
        "currency": settings().currency,
        "today": clock.today(settings().time_zone),
        "here": request.full_path.rstrip("?") if request.method == "GET" else "/",
        "flashes": [(one.kind, one.words, one.undo_url) for one in said],
    }


def _around(principal: Principal) -> dict[str, object]:
    signed_in = principal.kind == "user"
    return {
        "lang": "en",
        "theme": theme(),
        "theme_url": url_for("basics.choose_theme"),
        "home_url": nav.home_url(principal) or "/",
        "nav": nav.menu(principal, g.get("session")),
        "person": principal.name or None,
        "signout_url": url_for("access.sign_out") if signed_in else None,
    }


def theme() -> str:
    """The theme this browser chose: auto, light or dark."""
    chosen = cookies.read(cookies.THEME)
    return chosen if chosen in THEMES else THEMES[0]
