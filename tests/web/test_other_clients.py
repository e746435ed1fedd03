"""No client's people, no agent and no program learns of another client, not even that it is there."""

from collections.abc import Callable
from itertools import product
from urllib.parse import quote

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests import factories
from tests.conftest import new_browser, signed_in
from tests.web.world import ABSENT, World, fill, make_world, names_a_clients_thing
from voc.access.principals import with_sites
from voc.core.principal import Role

WHO = ("client_viewer", "client_admin", "agent", "token")


@pytest.fixture
def world(session: Session) -> World:
    return make_world(session)


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
            person = factories.user(session, Role(who), account=world.mine.account)
        return signed_in(app, session, person.id)

    return make


@pytest.mark.parametrize("who", WHO)
def test_no_page_shows_a_mark_of_another_client(
    app: APIFlask, session: Session, world: World, insider: Callable[[str], FlaskClient], who: str
) -> None:
    browser, leaks, seen = insider(who), [], 0
    for rule, kind, fragment in product(app.url_map.iter_rules(), ("own", "other", "absent"), ("0", "1")):
        if "GET" not in (rule.methods or ()):
            continue
        with browser.get(fill(app, rule, world, kind), headers={"X-Fragment": fragment}) as response:
            seen += 1
            if world.other.mark in response.text or world.other.mark in str(response.headers):
                leaks.append(f"{rule} ({kind})")
    assert seen > 10
    assert leaks == []


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
            with browser.open(path, method=method) as response:
                words = f"{response.headers.get('Location')} {response.text}"
                answers.append((response.status_code, _plain(words, path, world)))
        if answers[0] != answers[1]:
            differ.append(f"{method} {rule}: {answers[0][0]} and {answers[1][0]}")
    assert differ == []


def _plain(words: str, path: str, world: World) -> str:
    """The words without the address that was asked for, which a page carries to come back to."""
    for shown in (path, quote(path), quote(path, safe="")):
        words = words.replace(shown, "PATH")
    for name in (world.other.account.public_id, world.other.thread.public_id, world.other.comment.public_id):
        words = words.replace(name, ABSENT)
    return words


def test_a_group_opens_its_sites_and_a_site_not_its_group(session: Session) -> None:
    group = factories.account(session)
    site = factories.account(session, group=group)
    assert with_sites(session, [group.id]) == {group.id, site.id}
    assert with_sites(session, [site.id]) == {site.id}
