"""Programs for the tests of the API."""

from collections.abc import Callable
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests import factories
from voc.accounts.models import Account


@pytest.fixture
def account(session: Session) -> Account:
    return factories.account(session, name="Havel Logistics", import_id="C-17")


@pytest.fixture
def program(app: APIFlask, session: Session) -> Callable[..., FlaskClient]:
    """`program("ingest", account=…)`: a program with a token of that scope."""

    def make(scope: str = "ingest", **wanted: Any) -> FlaskClient:  # as the factory's
        found = app.test_client()
        _, secret = factories.api_token(session, scope, **wanted)
        found.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
        return found

    return make
