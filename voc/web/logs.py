"""One JSON line per event; line breaks and terminal codes in values are escaped by JSON itself."""

import logging
import secrets
import sys
import time

import structlog
from flask import Flask, Response, g, request

from voc.web.context import current_principal

log = structlog.get_logger("voc.web")


def configure_logs(level: str) -> None:
    """Makes every process of ours log JSON lines with UTC times to standard error."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
        ),
        # Asked anew each time: what is standard error now may not have been at the start.
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )


def prepare_logs(app: Flask) -> None:
    """Gives each request an id and a line. The line names the rule, never the path: paths hold tokens."""
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    g.request_id = secrets.token_hex(8)
    g.began = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def _end(response: Response) -> Response:
    request_id = g.get("request_id") or secrets.token_hex(8)
    response.headers["X-Request-Id"] = request_id
    log.info(
        "request",
        method=request.method,
        rule=request.url_rule.rule if request.url_rule else None,
        status=response.status_code,
        milliseconds=round((time.perf_counter() - g.get("began", time.perf_counter())) * 1000, 1),
        user_id=current_principal().user_id,
        fragment=request.headers.get("X-Fragment") == "1",
    )
    return response
