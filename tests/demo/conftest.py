"""The story is told once for all tests that only read it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time

import pytest

from voc.core import clock
from voc.core.config import Settings
from voc.core.principal import SYSTEM
from voc.db.migrate import upgrade
from voc.db.session import Database, make_engine
from voc.demo.life.lived import live
from voc.demo.load import load
from voc.demo.story import Story, tell
from voc.jobs import QuietDoorbell
from voc.mail.house import practise


@pytest.fixture(scope="session")
def story() -> Story:
    return tell()


@dataclass(frozen=True, slots=True)
class Lived:
    """The whole demo in a database, its past lived through; nobody read the comments."""

    story: Story
    database: Database
    settings: Settings


@pytest.fixture(scope="session")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    folder = tmp_path_factory.mktemp("lived")
    settings = Settings(
        f"sqlite:///{folder / 'voc.sqlite'}", "redis://127.0.0.1:1/0", folder, "k" * 48, "http://localhost"
    )
    engine = make_engine(settings.database_url)
    upgrade(engine)
    database, told = Database(engine), tell()
    with clock.frozen(datetime.combine(told.told_on, time(9), tzinfo=UTC)):
        with database.writing(SYSTEM) as session:
            practise(session)
        load(told, database, settings, QuietDoorbell(), folder / "demo", say=lambda _: None)
        live(told, database, settings)
    yield Lived(told, database, settings)
    engine.dispose()
