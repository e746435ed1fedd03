"""What another site sends in a person's name is refused on every unsafe route (acceptance.md S2, B34)."""

from collections.abc import Callable

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.web.world import fill, make_world
from voc.core.config import Settings
from voc.core.principal import Role
from voc.web.permit import declared

FORGED = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site", "Origin": "http://sub.localhost"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"},
    {"Origin": "null"},
    {},  # neither header, and no token of ours
)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)  # refused before any database is asked
def test_forged_origins_are_refused_on_every_unsafe_route(
    app: APIFlask,
    session: Session,
    settings: Settings,
    client: Callable[..., FlaskClient],
    capsys: pytest.CaptureFixture[str],
) -> None:
    browser, world, number, wrong = client(Role.LEAD), make_world(session, settings), 0, []
    browser.environ_base.pop("HTTP_SEC_FETCH_SITE")
    asks = declared(app)
    unsafe = [
        rule
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or ()) and asks[rule.endpoint].door != "token"
    ]
    for rule in unsafe:
        for headers in FORGED:
            answer = browser.post(
                fill(app, rule, world, "own"), headers=headers, data={"csrf_token": "made up"}
            )
            number += 1
            if answer.status_code != 403:
                wrong.append(f"{rule} {headers}: {answer.status_code}")
    with capsys.disabled():
        print(f"\n{number} forged requests to {len(unsafe)} unsafe routes")  # noqa: T201 - the count is the proof
    assert wrong == []


def test_a_browser_without_these_headers_sends_the_forms_token(app: APIFlask) -> None:
    browser = app.test_client()
    page = browser.get("/sign-in").text
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    sent = {"csrf_token": token, "email": "nobody@example.org", "password": "wrong horse battery"}
    assert browser.post("/sign-in", data=sent).status_code == 422
    assert browser.post("/sign-in", data=sent | {"csrf_token": token[::-1]}).status_code == 403


def test_our_own_origin_is_fine(app: APIFlask) -> None:
    answer = app.test_client().post("/theme", data={"theme": "dark"}, headers={"Origin": "http://localhost"})
    assert answer.status_code == 303


@pytest.mark.parametrize(
    "wanted",
    ["//e", "////e", "/\\e", "\t//e", "https:e", "https://e", "javascript:alert(1)", "//good@e", "/%2f%2fe", "/..//e", "e", "/nowhere"],
)  # fmt: skip
def test_nobody_is_sent_elsewhere(visitor: FlaskClient, wanted: str) -> None:
    assert visitor.post("/theme", data={"theme": "dark", "next": wanted}).location == "/"


@pytest.mark.parametrize("wanted", ["/sign-in", "/sign-in?next=/tokens/", "/tokens/"])
def test_pages_of_ours_are_followed(visitor: FlaskClient, wanted: str) -> None:
    assert visitor.post("/theme", data={"theme": "dark", "next": wanted}).location == wanted
