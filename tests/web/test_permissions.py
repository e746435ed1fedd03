"""Every rule of the app declares what it asks for, and every asker gets just that (acceptance.md A1)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from apiflask import APIFlask
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from tests import factories
from tests.conftest import new_browser, signed_in
from tests.web.values import STANDING_IN, fill
from voc.access import permissions
from voc.access.models import User, UserSession
from voc.access.service import make_signin_link
from voc.core.config import Settings
from voc.core.principal import Role
from voc.db.session import Database
from voc.jobs import QuietDoorbell
from voc.web.permit import Declared, declared, permit, verify_permissions

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")
OBJECTS = ("own", "other", "absent", "erased")
FINE = {200, 201, 303, 304, 400, 404, 405, 409, 410, 413, 415, 422}


@dataclass(frozen=True)
class Asker:
    name: str
    browser: FlaskClient
    door: str
    may: frozenset[str]


def askers(app: APIFlask, session: Session) -> Iterator[Asker]:
    """The thirteen of acceptance.md A; roles, tokens, links and those whom nobody knows."""
    public = permissions.EVERYBODY
    yield Asker("anonymous", new_browser(app), "cookie", public)
    form = new_browser(app)
    form.set_cookie("voc-form", "x" * 43, domain="localhost")
    yield Asker("form token", form, "cookie", public)
    make_signin_link(session, factories.user(session, Role.LEAD), public_url="http://localhost")
    yield Asker("unspent link", new_browser(app), "cookie", public)
    for scope in ("ingest", "read", "write"):
        program = app.test_client()
        program.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {factories.api_token(session, scope)[1]}"
        yield Asker(f"token {scope}", program, "token", permissions.OF_SCOPE[scope])
    for role in Role:
        person = factories.user(session, role)
        yield Asker(role, signed_in(app, session, person.id), "cookie", permissions.OF_ROLE[role])
    gone = factories.user(session, Role.LEAD)
    browser = signed_in(app, session, gone.id)
    gone.is_active = False
    session.flush()
    yield Asker("deactivated", browser, "cookie", public)


def expected(rule: Rule, method: str, one: Declared, asker: Asker) -> set[int]:
    """The statuses that this asker may get for this rule and method."""
    if method not in (rule.methods or set()):
        return {405}
    if one.alone or one.permission in permissions.EVERYBODY:
        return FINE
    if asker.door != one.door:
        return {401, 303, 403}
    if one.permission in asker.may:
        return FINE
    return {303, 401} if asker.may == permissions.EVERYBODY else {403}


def test_every_rule_gives_every_asker_just_what_it_declares(
    app: APIFlask, session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    asks, number, wrong = declared(app), 0, []
    everyone = list(askers(app, session))
    assert len(everyone) == 13
    for rule in app.url_map.iter_rules():
        for asker in everyone:
            for kind in OBJECTS:
                path = fill(app, rule, session, kind)
                for method in METHODS:
                    session.execute(update(UserSession).values(last_seen_at=UserSession.created_at))
                    status = _ask(asker, path, method)
                    number += 1
                    if status not in expected(rule, method, asks[rule.endpoint], asker):
                        wrong.append(f"{asker.name} {method} {path} ({kind}): {status}")
    with capsys.disabled():
        print(
            f"\n{len(list(app.url_map.iter_rules()))} rules x methods x 13 askers x 4 objects: {number} asked, 0 skipped"
        )  # noqa: T201 - acceptance.md A1 wants the count shown
    assert wrong == []


def _ask(asker: Asker, path: str, method: str) -> int:
    kept = {
        cookie.key: cookie.value
        for cookie in (asker.browser.get_cookie(name) for name in ("voc", "voc-form"))
        if cookie
    }
    status = asker.browser.open(path, method=method).status_code
    for name, value in kept.items():
        asker.browser.set_cookie(name, value, domain="localhost")
    return status


def test_a_deactivated_person_is_a_stranger_at_the_next_request(
    app: APIFlask, session: Session, client: Callable[..., FlaskClient]
) -> None:
    person = factories.user(session, Role.ADMIN)
    browser = client(person)
    assert browser.get("/tokens/").status_code == 200
    session.execute(update(User).where(User.id == person.id).values(is_active=False))
    assert browser.get("/tokens/").status_code == 303


def broken_app(settings: Settings, database: Database, spoil: Callable[[Flask], Any]) -> Callable[[], None]:
    from voc.app import create_app  # noqa: PLC0415 - the app that is spoilt here alone

    app = create_app(settings, database=database, doorbell=QuietDoorbell())
    spoil(app)
    return lambda: verify_permissions(app)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda app: app.add_url_rule("/bare", "bare", lambda: "x"), "declares no permission"),
        (
            lambda app: app.add_url_rule(
                "/odd", "odd", permit("comment:devour")(lambda _session, _principal: "x")
            ),
            "does not know",
        ),
        (
            lambda app: app.add_url_rule("/files/<path:filename>", "files", app.send_static_file),
            "declares no",
        ),
    ],
)
def test_an_app_with_an_unguarded_rule_does_not_start(
    settings: Settings, database: Database, spoil: Callable[[Flask], Any], words: str
) -> None:
    with pytest.raises(RuntimeError, match=words):
        broken_app(settings, database, spoil)()


def test_each_view_module_that_exists_is_joined(app: APIFlask) -> None:
    found = {path.parent.name for path in Path("voc").glob("*/views.py")}
    assert found <= {
        name.partition(".")[2].partition(".")[0]
        for name in (f.__module__ for f in app.view_functions.values())
    }


def test_every_placeholder_of_a_rule_has_a_stand_in(app: APIFlask) -> None:
    names = {name for rule in app.url_map.iter_rules() for name in rule.arguments}
    assert names <= set(STANDING_IN)
