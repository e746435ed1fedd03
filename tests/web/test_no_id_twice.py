"""No page has two parts of one id: a label would point at the wrong field, and a script would find the wrong part."""

import re
from collections import Counter
from itertools import product

import pytest
from apiflask import APIFlask
from sqlalchemy.orm import Session

from tests import factories
from tests.conftest import signed_in
from tests.web.test_other_clients import look
from tests.web.world import World, fill, make_world
from voc.core.config import Settings
from voc.core.principal import Role

_ID = re.compile(r"<[^<>]*? id=\"([^\"]+)\"")
_LABEL = re.compile(r"<label for=\"([^\"]+)\"")


@pytest.fixture
def world(session: Session, settings: Settings) -> World:
    """Something of every kind."""
    return make_world(session, settings)


@pytest.mark.parametrize("role", [Role.LEAD, Role.EXECUTIVE, Role.ADMIN])
def test_no_page_has_an_id_twice(app: APIFlask, session: Session, world: World, role: Role) -> None:
    browser, found, seen = signed_in(app, session, factories.user(session, role).id), [], 0
    for rule, kind in product(app.url_map.iter_rules(), ("own", "other")):
        if "GET" not in (rule.methods or ()) or "token" in rule.arguments:
            continue
        path = fill(app, rule, world, kind)
        status, text = look(session, browser, path, "0")
        ids = Counter(_ID.findall(text))
        twice = [name for name, number in ids.items() if number > 1]
        lost = [name for name in _LABEL.findall(text) if name not in ids]
        found += [(path, twice, lost)] if twice or lost else []
        seen += status == 200
    assert found == []
    assert seen > 20
