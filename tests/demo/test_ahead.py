"""Time moves on where it may, and takes along those who are signed in."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests import factories
from tests.conftest import NOW
from voc.access.service import make_signin_link
from voc.core import clock
from voc.core.config import Settings
from voc.core.errors import Conflict
from voc.core.principal import Role
from voc.db.session import Database
from voc.demo.ahead import run_ahead
from voc.mail.models import Switch

WEEK = timedelta(weeks=1)


@pytest.fixture(autouse=True)
def at() -> None:
    """Instead of the frozen clock, which would come back after the one of these tests."""


@pytest.fixture(autouse=True)
def _clock_that_may_run_ahead(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Iterator[None]:
    monkeypatch.setattr(clock, "_source", lambda: NOW + clock._ahead())
    clock.follow(settings.practice_clock)
    yield
    clock.follow(None)


def practice(session: Session) -> None:
    session.add(Switch(id=1, is_on=False, is_practice=True, by_id=None, at=NOW))
    session.flush()


def test_two_weeks_pass_one_after_the_other(session: Session, database: Database, settings: Settings) -> None:
    practice(session)
    run_ahead(database, settings, WEEK)
    run_ahead(database, settings, 2 * WEEK)
    assert clock.now() == NOW + 2 * WEEK


def test_the_same_moment_twice_is_once(session: Session, database: Database, settings: Settings) -> None:
    practice(session)
    run_ahead(database, settings, WEEK)
    run_ahead(database, settings, WEEK)
    assert clock.now() == NOW + WEEK


def test_who_is_signed_in_stays_signed_in(
    client: Callable[..., FlaskClient], session: Session, database: Database, settings: Settings
) -> None:
    practice(session)
    lead = client(Role.LEAD, name="Ana Field")
    run_ahead(database, settings, WEEK)
    assert "Ana Field" in lead.get("/", follow_redirects=True).text


def test_a_sign_in_link_not_used_yet_still_opens(
    visitor: FlaskClient, session: Session, database: Database, settings: Settings
) -> None:
    practice(session)
    link = make_signin_link(session, factories.user(session, Role.LEAD), public_url="")
    run_ahead(database, settings, WEEK)
    assert visitor.post(link).status_code == 303


def test_without_practice_time_stays_true(session: Session, database: Database, settings: Settings) -> None:
    session.add(Switch(id=1, is_on=True, is_practice=False, by_id=None, at=NOW))
    session.flush()
    with pytest.raises(Conflict):
        run_ahead(database, settings, WEEK)
    assert clock.now() == NOW


def test_with_a_mail_server_time_stays_true(session: Session, database: Database, settings: Settings) -> None:
    practice(session)
    with pytest.raises(Conflict):
        run_ahead(database, replace(settings, smtp_url="smtp://mail.example"), WEEK)
    assert clock.now() == NOW
