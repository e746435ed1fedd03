"""No client's people, no agent and no program learns of another client, not even that it is there."""

from collections.abc import Callable
from io import BytesIO
from itertools import product
from urllib.parse import quote
from zipfile import ZipFile

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests import factories
from tests.conftest import new_browser, signed_in
from tests.web.world import ABSENT, HOUSE, WITH_TOKENS, World, fill, make_world, names_a_clients_thing
from voc.access.principals import with_sites
from voc.core.config import Settings
from voc.core.principal import Role

SEEN = {"client_viewer": 30, "client_admin": 30, "agent": 60, "token": 10}  # pages that opened, at least
WHO = ("client_viewer", "client_admin", "agent", "token")


@pytest.fixture
def world(session: Session, settings: Settings) -> World:
    return make_world(session, settings)


@pytest.fixture
def insider(app: APIFlask, session: Session, world: World) -> Callable[[str], FlaskClient]:
    """`insider("agent")`: somebody to whom `world.mine` is open and nothing else."""

    def make(who: str) -> FlaskClient:
        if who == "token":
            program = new_browser(app)
            _, secret = factories.api_token(session, "write", account=world.mine.account)
            program.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
            return program
        if who == "agent":
            person = factories.user(session)
            factories.membership(session, person, Role.AGENT)
            factories.deputy(session, world.mine.account, person)
        else:
            person = factories.user(session)  # the very person whose things the world holds
            factories.membership(session, person, Role(who), account=world.mine.account)
            world.mine.contact.user_id = person.id
            session.flush()
        return signed_in(app, session, person.id)

    return make


@pytest.mark.parametrize("who", WHO)
def test_no_page_shows_a_mark_of_another_client(
    app: APIFlask, session: Session, world: World, insider: Callable[[str], FlaskClient], who: str
) -> None:
    browser, leaks, seen = insider(who), [], 0
    hidden = {world.other.mark} | (set() if who == "agent" else {HOUSE, world.issue})
    for rule, kind, fragment in product(app.url_map.iter_rules(), ("own", "other", "absent"), ("0", "1")):
        if "GET" not in (rule.methods or ()):
            continue
        path = fill(app, rule, world, kind)
        status, text = look(session, browser, path, fragment)
        seen += status == 200
        found = {mark for mark in hidden if mark in text.replace(path, "")}
        leaks += [f"{rule} ({kind}): {mark}" for mark in found]
    assert seen > SEEN[who]
    assert leaks == []


def look(session: Session, browser: FlaskClient, path: str, fragment: str) -> tuple[int, str]:
    """The page with its headers; what looking wrote (a wrong link is counted) is taken back, so that each is the first."""
    point = session.begin_nested()
    session.connection()
    with browser.get(path, headers={"X-Fragment": fragment}) as response:
        found = response.status_code, f"{response.headers} {unpacked(response)}"
    point.rollback()
    return found


def unpacked(response: TestResponse) -> str:
    """The words of an answer; of a spreadsheet those inside it."""
    if not response.data.startswith(b"PK"):
        return response.text
    with ZipFile(BytesIO(response.data)) as packed:
        return " ".join(packed.read(name).decode("utf-8", "replace") for name in packed.namelist())


@pytest.mark.parametrize("who", WHO)
def test_another_clients_things_look_like_things_that_are_not_there(
    app: APIFlask, session: Session, world: World, insider: Callable[[str], FlaskClient], who: str
) -> None:
    browser, differ = insider(who), []
    for rule in app.url_map.iter_rules():
        if not names_a_clients_thing(rule):
            continue
        method = "GET" if "GET" in (rule.methods or ()) else "POST"
        answers = []
        for kind in ("other", "absent"):
            path = fill(app, rule, world, kind)
            point = session.begin_nested()
            session.connection()
            with browser.open(path, method=method) as response:
                words = f"{response.headers.get('Location')} {response.text}"
                answers.append((response.status_code, _plain(words, path, world)))
            point.rollback()
        if answers[0] != answers[1]:
            differ.append(f"{method} {rule}: {answers[0][0]} and {answers[1][0]}")
    assert differ == []


def _plain(words: str, path: str, world: World) -> str:
    """The words without the address that was asked for, which a page carries to come back to."""
    for shown in (path, quote(path), quote(path, safe="")):
        words = words.replace(shown, "PATH")
    side = world.other
    for name in (side.account.public_id, side.thread.public_id, side.comment.public_id):
        words = words.replace(name, ABSENT)
    for kind, name in side.things.items():
        words = words.replace(name, "t" * 43 if kind in WITH_TOKENS else ABSENT)
    return words


def test_a_group_opens_its_sites_and_a_site_not_its_group(session: Session) -> None:
    group = factories.account(session)
    site = factories.account(session, group=group)
    assert with_sites(session, [group.id]) == {group.id, site.id}
    assert with_sites(session, [site.id]) == {site.id}
