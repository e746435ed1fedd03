"""Joins the parts of the web: settings, database, doorbell, stages, guards."""

from importlib import import_module
from importlib.util import find_spec
from urllib.parse import urlsplit

from apiflask import APIFlask
from werkzeug.middleware.proxy_fix import ProxyFix

from voc.access import permissions
from voc.access.principals import load_caller, load_principal
from voc.core import clock
from voc.core.config import Settings
from voc.core.paths import templates_folder
from voc.db.session import Database, make_engine
from voc.jobs import Doorbell, RedisDoorbell, connect_redis
from voc.web import basics, headers, logs, pages, problems
from voc.web.context import Site
from voc.web.permit import verify_permissions

VIEWS = (
    "voc.access.views",
    "voc.access.token_views",
    "voc.accounts.views",
    "voc.intake.views",
    "voc.intake.link_views",
    "voc.intake.staff_views",
    "voc.intake.files.views",
    "voc.analysis.views",
    "voc.analysis.teaching.views",
    "voc.issues.views",
    "voc.issues.proposals.views",
    "voc.breadth.views",
    "voc.breadth.explain_views",
    "voc.breadth.unseen.views",
    "voc.checks.views",
    "voc.checks.call_views",
    "voc.checks.plan_views",
    "voc.checks.client_views",
    "voc.checks.link_views",
    "voc.checks.calibration_views",
    "voc.reports.views",
    "voc.decisions.views",
    "voc.decisions.visit_views",
    "voc.decisions.commitment_views",
    "voc.decisions.plan_views",
    "voc.closure.views",
    "voc.closure.outcome_views",
    "voc.closure.word_views",
    "voc.closure.client_views",
    "voc.closure.link_views",
    "voc.care.views",
    "voc.mail.views",
    "voc.api.views",
)
PANELS = tuple(name.replace(".views", ".panels") for name in VIEWS)
_DEMO = "voc.demo.views"  # only where the data folder holds the demo: no other installation knows it
_FORM_BYTES = 1_000_000
_FORM_PARTS = 500


def create_app(
    settings: Settings, *, database: Database | None = None, doorbell: Doorbell | None = None
) -> APIFlask:
    """The app of one installation; RuntimeError when a route declares no known permission."""
    app = APIFlask(
        __name__, "everyclient", "1", spec_path=None, docs_path=None, json_errors=False,
        static_folder=None,  # type: ignore[arg-type]  # None: basics serves our files
        template_folder=str(templates_folder()),
    )  # fmt: skip
    clock.follow(settings.practice_clock)
    app.config |= _limits(settings)
    app.extensions["voc"] = Site(
        settings,
        database or Database(make_engine(settings.database_url, pool_size=settings.web_threads)),
        doorbell or RedisDoorbell(connect_redis(settings.redis_url)),
        permissions.ALL,
        permissions.EVERYBODY,
        load_principal,
        load_caller,
    )
    site = app.extensions["voc"]
    site.database.ring = site.doorbell.ring
    _prepare(app, settings)
    _register(app, settings)
    verify_permissions(app)
    return app


def _limits(settings: Settings) -> dict[str, object]:
    return {
        "SECRET_KEY": settings.secret_key,
        "MAX_CONTENT_LENGTH": _FORM_BYTES,
        "MAX_FORM_MEMORY_SIZE": _FORM_BYTES,
        "MAX_FORM_PARTS": _FORM_PARTS,
        "PROVIDE_AUTOMATIC_OPTIONS": False,
        "TRUSTED_HOSTS": [urlsplit(settings.public_url).hostname, "localhost", "127.0.0.1", "[::1]"],
        "TRAP_BAD_REQUEST_ERRORS": False,
        "PROPAGATE_EXCEPTIONS": False,
    }


def _prepare(app: APIFlask, settings: Settings) -> None:
    logs.configure_logs(settings.log_level)
    if settings.behind_proxies:
        hops = settings.behind_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]
    logs.prepare_logs(app)
    headers.prepare_headers(app)
    problems.prepare_problems(app)
    basics.prepare_static(app)
    pages.prepare_pages(app)


def _register(app: APIFlask, settings: Settings) -> None:
    app.register_blueprint(basics.blueprint)
    has_demo = settings.practice_clock is not None and (settings.data_dir / "demo").is_dir()
    for name in (*VIEWS, _DEMO) if has_demo else VIEWS:
        if _exists(name):
            app.register_blueprint(import_module(name).blueprint)
    for name in PANELS:
        if _exists(name):
            import_module(name)


def _exists(name: str) -> bool:
    return find_spec(name.rpartition(".")[0]) is not None and find_spec(name) is not None
