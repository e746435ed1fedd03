"""Every rule of the app declares what it asks for, and every asker gets just that (acceptance.md A1)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
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
from tests.web.world import World, fill, has_token, make_world
from voc.access import permissions
from voc.access.models import User
from voc.access.service import make_signin_link
from voc.core.config import Settings
from voc.core.principal import Role
from voc.db.session import Database
from voc.jobs import QuietDoorbell
from voc.web.permit import Declared, declared, permit, verify_permissions

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")
OBJECTS = ("own", "other", "absent", "erased")
FINE = {200, 201, 303, 304, 400, 404, 405, 409, 413, 415, 422}
GONE = {410}  # what a link answers that opens nothing: a page with a way on


# Opened by what only another request makes: a receipt's own token, a file of refused rows.
NEVER_OPEN = {"/say/<token>/<shown>", "/import/<public_id>/refused"}


@dataclass(frozen=True)
class Asker:
    name: str
    browser: FlaskClient
    door: str
    may: frozenset[str]


def askers(app: APIFlask, session: Session, world: World) -> Iterator[Asker]:
    """The thirteen of acceptance.md A; roles, tokens, links and those whom nobody knows.

    The client's viewer is the person of `world.mine`, so that what is its own is there.
    """
    public = permissions.EVERYBODY
    yield Asker("anonymous", new_browser(app), "cookie", public)
    form = new_browser(app)
    form.set_cookie("voc-form", "x" * 43, domain="localhost")
    yield Asker("form token", form, "cookie", public)
    make_signin_link(session, factories.user(session, Role.LEAD), public_url="http://localhost")
    yield Asker("unspent link", new_browser(app), "cookie", public)
    for scope in ("ingest", "read", "write"):
        program = new_browser(app)
        program.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {factories.api_token(session, scope)[1]}"
        yield Asker(f"token {scope}", program, "token", permissions.OF_SCOPE[scope])
    for role in Role:
        person = factories.user(session, None if role is Role.CLIENT_VIEWER else role)
        if role is Role.CLIENT_VIEWER:
            factories.membership(session, person, role, account=world.mine.account)
            world.mine.contact.user_id = person.id
            session.flush()
        yield Asker(role, signed_in(app, session, person.id), "cookie", permissions.OF_ROLE[role])
    gone = factories.user(session, Role.LEAD)
    browser = signed_in(app, session, gone.id)
    gone.is_active = False
    session.flush()
    yield Asker("deactivated", browser, "cookie", public)


def expected(one: Declared | None, asker: Asker, *, opens_nothing: bool = False) -> set[int]:
    """The statuses that this asker may get where `one` is asked for; `opens_nothing`: by a link that is not right."""
    if one is None:
        return {405}
    if opens_nothing:
        return GONE
    if one.alone or one.permission in permissions.EVERYBODY:
        return FINE
    if one.permission in asker.may and asker.door == one.door:
        return FINE
    known = asker.may != permissions.EVERYBODY and asker.door == one.door
    return {403} if known else {401, 303}


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)  # who may what is the same on both
def test_every_rule_gives_every_asker_just_what_it_declares(
    app: APIFlask, session: Session, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    world = make_world(session, settings)
    everyone, paths = list(askers(app, session, world)), asked_by_path(app)
    assert len(everyone) == 13
    wrong, asked, shown, opened = [], dict[tuple[str, str, str], int](), set(), set()
    for (path, method), (rule, one) in paths.items():
        # No view runs for a method that no rule takes, so it is enough that one asks.
        for asker, kind in product(everyone if one else everyone[:1], kinds_of(rule)):
            key = (asker.name, method, fill(app, rule, world, kind))
            if key not in asked:  # what is erased has the address of what never was
                asked[key] = ask(asker, key[2], method, session)
            if asked[key] not in expected(one, asker, opens_nothing=opens_nothing(rule, method, kind)):
                wrong.append(f"{asker.name} {method} {path} ({kind}): {asked[key]}")
            if one and method == "GET" and kind == "own" and rule.arguments:
                (opened if asked[key] == 200 else shown).add(path)
    with capsys.disabled():
        # acceptance.md A1 wants the count shown
        print(f"\n{len(paths)} rules x methods x 13 askers x objects: {len(asked)} asked, 0 skipped")  # noqa: T201
    assert wrong == []
    assert shown - opened == NEVER_OPEN, "what is its own opens for nobody here"


def opens_nothing(rule: Rule, method: str, kind: str) -> bool:
    """Whether the rule is opened by a token alone, and this one opens nothing: 410 with a way on, nothing stored.

    A way in is one page for right and wrong tokens alike until its button is pressed.
    """
    looks = method in {"GET", "HEAD"}
    if not has_token(rule) or not (looks or method == "POST"):
        return False
    return "shown" in rule.arguments or (kind != "own" and not (looks and rule.rule.startswith("/sign-in/")))


def asked_by_path(app: Flask) -> dict[tuple[str, str], tuple[Rule, Declared | None]]:
    """(path, method) to its rule and what it asks for; None where no rule takes the method."""
    asks, rules = declared(app), list(app.url_map.iter_rules())
    taken = {(rule.rule, method): rule for rule in rules for method in rule.methods or ()}
    every = {(rule.rule, method): rule for rule in rules for method in METHODS}
    return {
        key: (taken.get(key, rule), asks[taken[key].endpoint] if key in taken else None)
        for key, rule in every.items()
    }


def kinds_of(rule: Rule) -> tuple[str, ...]:
    """A rule without a placeholder has no object that could be somebody else's."""
    return OBJECTS if rule.arguments else OBJECTS[:1]


def ask(asker: Asker, path: str, method: str, session: Session) -> int:
    """The status; what the request changed is taken back, so that sign-out does not change who asks next."""
    kept = [cookie for name in ("voc", "voc-form") if (cookie := asker.browser.get_cookie(name))]
    point = session.begin_nested()
    session.connection()  # only now the savepoint is set
    with asker.browser.open(path, method=method) as response:
        status = response.status_code
    point.rollback()
    for cookie in kept:
        asker.browser.set_cookie(cookie.key, cookie.value, domain="localhost")
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
    assert found - {"demo"} <= {  # joined only where the data folder holds the demo (tests/demo)
        name.partition(".")[2].partition(".")[0]
        for name in (f.__module__ for f in app.view_functions.values())
    }
