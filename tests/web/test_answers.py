"""Headers, errors and odd requests: every answer is careful, none is a 500 (acceptance.md B10, B15, B26, B32, B49, S3)."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from structlog.testing import capture_logs

from voc.core.config import Settings
from voc.core.principal import Role
from voc.db.session import Database
from voc.jobs import QuietDoorbell
from voc.web.logs import configure_logs, log
from voc.web.permit import permit_alone


def test_nothing_inline_nothing_framed(visitor: FlaskClient) -> None:
    for path in ("/sign-in", "/nowhere", "/healthz", "/api/v1/comments"):
        headers = visitor.get(path).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"


def test_pages_are_in_no_shared_cache(client: Callable[..., FlaskClient]) -> None:
    headers = client(Role.LEAD).get("/password").headers
    assert headers["Cache-Control"] == "no-store"
    assert "Cookie" in headers["Vary"]


def test_static_files_with_their_hash_are_kept_for_ever(visitor: FlaskClient) -> None:
    address = visitor.get("/sign-in").text.partition('rel="stylesheet" href="')[2].partition('"')[0]
    with (
        visitor.get(address.replace("&amp;", "&")) as kept,
        visitor.get("/static/app.css?v=old") as asked_again,
    ):
        assert "immutable" in kept.headers["Cache-Control"]
        assert "immutable" not in asked_again.headers["Cache-Control"]


def test_https_binds_cookies_to_the_host(settings: Settings, database: Database) -> None:
    from dataclasses import replace  # noqa: PLC0415 - this test alone changes settings

    from voc.app import create_app  # noqa: PLC0415 - as above

    safe = replace(settings, public_url="https://voc.example")
    app = create_app(safe, database=database, doorbell=QuietDoorbell())
    answer = app.test_client().get("/sign-in", base_url="https://voc.example")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-voc-form=")
    assert all(word in cookie for word in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))
    assert "max-age" in answer.headers["Strict-Transport-Security"]


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "evil.example:80"])
def test_a_foreign_host_is_refused(visitor: FlaskClient, host: str) -> None:
    assert visitor.get("/sign-in", headers={"Host": host}).status_code == 400


def test_forwarded_headers_mean_nothing_without_a_proxy(visitor: FlaskClient) -> None:
    headers = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "X-Forwarded-For": "1.2.3.4"}
    answer = visitor.get("/sign-in", headers=headers)
    assert answer.status_code == 200
    assert "evil.example" not in answer.text


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("PROPFIND", "/sign-in", 405),
        ("TRACE", "/sign-in", 405),
        ("OPTIONS", "/sign-in", 405),
        ("GET", "/..%2fetc", 404),
        ("GET", "/static/..%2f..%2fapp.py", 404),
        ("GET", "/%00", 404),
        ("GET", "/static/%00", 404),
        ("GET", "/sign-in/%00", 404),
        ("POST", "/sign-in/%00", 404),
        ("GET", "/sign-in?next=/tokens&next=//e", 200),
    ],
)
def test_odd_requests_get_a_plain_refusal(visitor: FlaskClient, method: str, path: str, status: int) -> None:
    with visitor.open(path, method=method) as answer:
        assert answer.status_code == status


def test_method_override_is_ignored(visitor: FlaskClient) -> None:
    answer = visitor.get("/sign-in", headers={"X-HTTP-Method-Override": "POST"})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "body", [b"\xff\xfe\x00", b"email=%FF%FE&password=%00", b"email=a%00b&password=x" * 3]
)
def test_forms_that_are_not_utf8_are_never_a_500(visitor: FlaskClient, body: bytes) -> None:
    answer = visitor.post("/sign-in", data=body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code in {400, 422}


def test_too_large_and_too_many_parts_are_413(visitor: FlaskClient) -> None:
    assert visitor.post("/sign-in", data={"email": "x" * 2_000_000}).status_code == 413
    parts = {f"field{number}": (None, "x") for number in range(600)}
    sent = b"".join(
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\nx\r\n'.encode() for name in parts
    )
    answer = visitor.post(
        "/sign-in", data=sent + b"--b--\r\n", content_type="multipart/form-data; boundary=b"
    )
    assert answer.status_code == 413


def test_programs_and_fragments_get_problem_json(visitor: FlaskClient) -> None:
    for path, headers in (("/api/v1/nowhere", {}), ("/nowhere", {"X-Fragment": "1"})):
        answer = visitor.get(path, headers=headers)
        assert answer.status_code == 404
        assert answer.content_type == "application/problem+json"
        assert answer.json is not None
        assert answer.json["code"] == "not_found"


def test_a_fragment_is_the_middle_of_the_page(visitor: FlaskClient) -> None:
    whole, middle = visitor.get("/sign-in").text, visitor.get("/sign-in", headers={"X-Fragment": "1"}).text
    assert "<html" in whole
    assert "<html" not in middle
    assert "<h1>Sign in</h1>" in middle


def test_a_notice_is_said_once_with_its_undo(client: Callable[..., FlaskClient]) -> None:
    browser = client(Role.LEAD)
    browser.post("/sign-out")
    assert "You are signed out." in browser.get("/sign-in").text
    assert "You are signed out." not in browser.get("/sign-in").text


def test_the_theme_is_kept_without_scripts(visitor: FlaskClient) -> None:
    visitor.post("/theme", data={"theme": "dark", "next": "/sign-in"})
    assert 'data-theme="dark"' in visitor.get("/sign-in").text


def test_a_failure_shows_no_trace(app: APIFlask, visitor: FlaskClient) -> None:
    def fail() -> str:
        raise RuntimeError("the secret inside")

    app.view_functions["basics.health"] = permit_alone("public:read")(fail)
    with capture_logs() as logged:
        answer = visitor.get("/healthz")
    assert answer.status_code == 500
    assert "the secret inside" not in answer.text
    assert "Traceback" not in answer.text
    assert [one["event"] for one in logged if one["log_level"] == "error"] == ["unexpected_error"]


def test_one_event_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("info")
    log.info("seen", value="a\r\nb\x1b[31m\u2028c")
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert json.loads(lines[0])["value"] == "a\r\nb\x1b[31m\u2028c"
    assert "\x1b" not in lines[0]


def test_no_view_asks_flask_for_json() -> None:
    """There is one reader of JSON, and it is strict."""
    assert [path for path in Path("voc").rglob("*.py") if "get_json(" in path.read_text("utf-8")] == []
