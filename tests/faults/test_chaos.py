"""Whatever is killed while comments come in: each accepted one is read, once, and nothing gets stuck."""

import socket
from itertools import cycle, islice
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests.faults.installation import Installation, installation, wait_until
from voc.analysis.models import FirstReading, Reading
from voc.core.principal import SYSTEM
from voc.db.session import Database
from voc.db.work import Work
from voc.intake.models import Comment

pytestmark = pytest.mark.slow
NEMESES = ("reader", "valkey", "read")
ROUNDS = {"sqlite": 5, "postgresql": 3}


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        found: int = listener.getsockname()[1]
    return found


def test_nothing_accepted_is_lost_or_read_twice(stored_database: Database, tmp_path: Path, port: int) -> None:
    with installation(stored_database, tmp_path, port) as here:
        rounds = ROUNDS[stored_database.engine.dialect.name]
        for nemesis in islice(cycle(NEMESES), rounds):
            strike(here, nemesis)
        here.kill("client")  # between two comments or in one: what was accepted is written down before
        wait_until(lambda: waiting(stored_database) == 0, within_seconds=120, what="the rest of the reading")
        accepted = here.said()
    assert len(accepted) == len(set(accepted)) >= rounds * 5
    assert_each_read_once(stored_database, accepted)


def strike(here: Installation, nemesis: str) -> None:
    """Kills a part when work was done since the last blow and comments have come in, then starts it again."""
    done, said = read(here.database), len(here.said())
    wait_until(
        lambda: read(here.database) > done and len(here.said()) >= said + 5,
        within_seconds=60,
        what=f"getting on before the {nemesis} is killed",
    )
    here.kill(nemesis)
    if nemesis != "reader":  # its parent puts a new one in its place
        before = len(here.said())
        wait_until(lambda: len(here.said()) > before, within_seconds=30, what="intake meanwhile")
        here.start(nemesis)


def read(database: Database) -> int:
    with database.reading(SYSTEM) as session:
        return session.scalar(select(func.count()).select_from(Reading)) or 0


def waiting(database: Database) -> int:
    with database.reading(SYSTEM) as session:
        rows = select(func.count()).select_from(Work).where(Work.stage == "read", ~Work.set_aside)
        return session.scalar(rows) or 0


def assert_each_read_once(database: Database, accepted: list[str]) -> None:
    with database.reading(SYSTEM) as session:
        stored = dict(session.execute(select(Comment.id, Comment.public_id)).all())
        now = dict(session.execute(select(Reading.comment_id, Reading.read_at)).all())
        first = dict(session.execute(select(FirstReading.comment_id, FirstReading.read_at)).all())
        aside = session.scalar(select(func.count()).select_from(Work).where(Work.set_aside))
    assert set(accepted) <= set(stored.values())
    assert len(stored) - len(accepted) <= 1  # the one whose answer the killed client never read
    assert stored.keys() == now.keys() == first.keys()
    twice = [key for key, read_at in now.items() if read_at > first[key]]  # a first reading is never replaced
    assert twice == []
    assert aside == 0
