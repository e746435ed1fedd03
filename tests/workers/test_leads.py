"""Leads are asked after a look, in a job of its own that a second one leaves alone."""

from typing import Any, cast

import pytest
from redis import Redis
from sqlalchemy.orm import Session

from tests.workers.test_issues import read_comment
from voc.core.config import Settings
from voc.core.principal import SYSTEM
from voc.db import lease, work
from voc.db.session import Database
from voc.issues import service
from voc.jobs import GROUP, IN_QUEUE_OF, LEADS, QuietDoorbell
from workers import issues, leads
from workers.scope import Scope


@pytest.fixture
def here(settings: Settings, database: Database, doorbell: QuietDoorbell) -> Scope:
    nobody: Any = cast(Redis, None)  # drains only ring
    return Scope(settings, database, nobody, doorbell)  # type: ignore[arg-type]  # it keeps its rings


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What was asked and compared, and whether after a look."""
    found: list[object] = []
    monkeypatch.setattr(leads, "propose", lambda *_: found.append("asked"))

    def compare(_: Scope, *, has_looked: bool) -> bool:
        found.append(has_looked)
        return True

    monkeypatch.setattr(leads, "compare_if_due", compare)
    return found


def test_the_line_of_grouping_rings_for_it_when_it_is_empty(
    session: Session, here: Scope, doorbell: QuietDoorbell
) -> None:
    one = read_comment(session, "The invoice came late", 1)
    work.put(session, issues.STAGE, [(one.account_id, one.id)])
    with here.database.writing(SYSTEM) as other:
        token = lease.take(other, issues.LEASE)
    assert token is not None
    issues.drain_with(here, issues.Memory(), token)
    assert doorbell.rung[-1] == LEADS
    assert IN_QUEUE_OF[LEADS] == GROUP


def test_a_look_is_followed_once(session: Session, here: Scope, done: list[object]) -> None:
    asked = leads.Asked()
    leads.drain_with(here, asked)
    leads.drain_with(here, asked)
    service.keep_run(session, comments=3, stored=3, founded=1, not_grouped=0)
    session.flush()
    leads.drain_with(here, asked)
    leads.drain_with(here, asked)
    assert done == ["asked", True, False, "asked", True, False]


def test_while_it_is_at_work_its_lease_is_held(here: Scope, done: list[object]) -> None:
    with here.database.writing(SYSTEM) as session:
        assert not lease.is_held(session, leads.LEASE)
        token = lease.take(session, leads.LEASE)
        assert token is not None
        assert lease.is_held(session, leads.LEASE)
        lease.give_back(session, leads.LEASE, token)
        assert not lease.is_held(session, leads.LEASE)
    assert done == []
