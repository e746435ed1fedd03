"""The web core answers, guards and keeps its hands clean."""

from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import factories
from voc.access.models import User
from voc.core.principal import Role


def test_each_test_finds_the_database_as_the_first_one_did_a(session: Session) -> None:
    factories.user(session, email_key="same@example.org")
    assert session.scalar(select(func.count()).select_from(User)) == 1


def test_each_test_finds_the_database_as_the_first_one_did_b(session: Session) -> None:
    factories.user(session, email_key="same@example.org")
    assert session.scalar(select(func.count()).select_from(User)) == 1


def test_it_is_alive(visitor: FlaskClient) -> None:
    assert visitor.get("/healthz").json == {"status": "ok"}


def test_home_sends_strangers_to_sign_in(visitor: FlaskClient) -> None:
    assert visitor.get("/").location == "/sign-in"


def test_a_signed_in_person_is_named(client: Callable[..., FlaskClient]) -> None:
    page = client(Role.LEAD, name="Ana Field").get("/", follow_redirects=True)
    assert page.status_code == 200
    assert "Ana Field" in page.text
