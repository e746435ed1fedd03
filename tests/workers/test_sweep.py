"""The sweeper rings while rows wait, and only then."""

from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from tests import factories
from voc.core.config import Settings
from voc.db import work
from voc.db.session import Database
from voc.jobs import QuietDoorbell
from workers.schedule import turn
from workers.scope import Scope
from workers.sweep import sweep


@pytest.fixture
def here(settings: Settings, database: Database, doorbell: QuietDoorbell) -> Scope:
    nobody: Any = None  # a sweep only rings
    return Scope(settings, database, nobody, doorbell)  # type: ignore[arg-type]  # it keeps its rings


def test_nothing_waits_and_nothing_is_rung(here: Scope, doorbell: QuietDoorbell) -> None:
    assert sweep(here) == {}
    assert doorbell.rung == []


def test_each_stage_that_waits_is_rung(session: Session, here: Scope, doorbell: QuietDoorbell) -> None:
    comment = factories.comment(session)
    for stage in ("read", "match"):
        work.put(session, stage, [(comment.account_id, comment.id)])
    assert sweep(here) == {"read": 1, "match": 1}
    assert sorted(doorbell.rung) == ["group", "read"]


def test_what_was_set_aside_rings_no_more_until_a_person_tries_again(
    session: Session, here: Scope, doorbell: QuietDoorbell
) -> None:
    comment = factories.comment(session)
    work.put(session, "read", [(comment.account_id, comment.id)])
    session.execute(update(work.Work).values(set_aside=True, tries=3))
    assert sweep(here) == {}
    assert work.try_again(session, "read") == 1
    assert sweep(here) == {"read": 1}


def test_a_row_that_was_claimed_still_counts_so_that_a_dead_worker_is_noticed(
    session: Session, here: Scope
) -> None:
    comment = factories.comment(session)
    work.put(session, "read", [(comment.account_id, comment.id)])
    assert work.claim(session, "read", limit=5) is not None
    assert sweep(here) == {"read": 1}


def test_a_turn_twice_a_day_does_no_harm(here: Scope) -> None:
    turn(here)
    turn(here)
