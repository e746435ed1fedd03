"""Work that one worker at a time does."""

from typing import Any, cast

import pytest
from redis import Redis
from sqlalchemy.orm import Session

from voc.core.config import Settings
from voc.db import lease
from voc.db.session import Database
from voc.jobs import QuietDoorbell
from workers.alone import alone, keep_lease
from workers.scope import Scope


@pytest.fixture
def here(settings: Settings, database: Database) -> Scope:
    nobody: Any = cast(Redis, None)  # a lease needs the database alone
    return Scope(settings, database, nobody, QuietDoorbell())  # type: ignore[arg-type]  # it rings nobody


def test_a_second_worker_gets_nothing_while_the_first_works(session: Session, here: Scope) -> None:
    with alone(here, "sorting") as first:
        assert first is not None
        assert keep_lease(here, "sorting", first)
        with alone(here, "sorting") as second:
            assert second is None
    assert lease.take(session, "sorting") is not None


def test_a_worker_that_fails_gives_the_lease_back(session: Session, here: Scope) -> None:
    with pytest.raises(ZeroDivisionError), alone(here, "sorting"):
        raise ZeroDivisionError
    assert lease.take(session, "sorting") is not None
