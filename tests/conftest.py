"""What every test stands on: both databases, an app, browsers of each role, a frozen clock, and guards."""

import os
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis
from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session

from tests import factories
from voc.access.sessions import start_session
from voc.app import create_app
from voc.core import clock
from voc.core.config import Settings
from voc.core.principal import SYSTEM, Role
from voc.db.migrate import upgrade
from voc.db.session import Database, VocSession, make_engine
from voc.jobs import QuietDoorbell

with suppress(ModuleNotFoundError):
    import onnxruntime  # noqa: F401 - where the extra is installed it must be loaded before usearch

pytest_plugins = ["tests.stores"]
if (
    signal.getsignal(signal.SIGINT) == signal.SIG_IGN
):  # started in the background: what we start would ignore Ctrl-C too
    signal.signal(signal.SIGINT, signal.default_int_handler)
# A busy machine is slow; how long an example takes says nothing about what it shows.
hypothesis.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis.load_profile("untimed")

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)  # a Monday
DATABASES = ("sqlite", "postgresql")


class RolledBack(Database):
    """A database whose every transaction is a savepoint on one connection, rolled back at the test's end."""

    def __init__(self, engine: Engine, connection: Connection) -> None:
        super().__init__(engine)
        self.connection = connection

    def _open(self, *, reading: bool, deriving: bool = False) -> Session:  # noqa: ARG002 - the savepoint serves all
        return VocSession(
            bind=self.connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
        )


@pytest.fixture(scope="session")
def sqlite_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = make_engine(f"sqlite:///{tmp_path_factory.mktemp('database') / 'voc.sqlite'}")
    upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def postgresql_engine(postgres_url: str) -> Iterator[Engine]:
    engine = make_engine(postgres_url)
    upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture(params=DATABASES)
def engine(request: pytest.FixtureRequest) -> Engine:
    """The migrated database of this test process, first SQLite, then PostgreSQL."""
    found: Engine = request.getfixturevalue(f"{request.param}_engine")
    return found


@pytest.fixture
def database(engine: Engine) -> Iterator[RolledBack]:
    """A database for one test: what it stores is seen by its app and gone afterwards."""
    with engine.connect() as connection:
        outer = connection.begin()
        yield RolledBack(engine, connection)
        outer.rollback()


@pytest.fixture(params=DATABASES)
def stored_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database of this test alone with real commits: for threads, races and processes."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'voc.sqlite'}"
    else:
        url = request.getfixturevalue("empty_postgres_url")
    engine = make_engine(url)
    upgrade(engine)
    yield Database(engine)
    engine.dispose()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A session open for the system; flush, never commit. What it flushes, the app sees."""
    with ExitStack() as stack:
        yield stack.enter_context(database.writing(SYSTEM))


@pytest.fixture
def doorbell() -> QuietDoorbell:
    return QuietDoorbell()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        database_url="sqlite://",
        redis_url="redis://127.0.0.1:1/0",
        data_dir=tmp_path,
        secret_key="k" * 48,
        public_url="http://localhost",
        provider="Northwind Care",
        log_level="error",
    )


@pytest.fixture
def app(settings: Settings, database: Database, doorbell: QuietDoorbell) -> APIFlask:
    return create_app(settings, database=database, doorbell=doorbell)


@pytest.fixture
def visitor(app: APIFlask) -> FlaskClient:
    """A browser that nobody signed in with; it sends what browsers of today send."""
    return new_browser(app)


@pytest.fixture
def client(app: APIFlask, session: Session) -> Callable[..., FlaskClient]:
    """`client(Role.LEAD)` or `client(user)`: a browser signed in as a person of that role, or as that user."""

    def sign_in(who: Role | Any, **wanted: Any) -> FlaskClient:  # a role, or a User row; wanted as factories'
        user = factories.user(session, who, **wanted) if isinstance(who, Role) else who
        return signed_in(app, session, user.id)

    return sign_in


def new_browser(app: APIFlask) -> FlaskClient:
    found = app.test_client()
    found.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"
    return found


def signed_in(app: APIFlask, session: Session, user_id: int) -> FlaskClient:
    found = new_browser(app)
    found.set_cookie("voc", start_session(session, user_id), domain="localhost")
    return found


@pytest.fixture(autouse=True)
def at() -> Iterator[Callable[[datetime], None]]:
    """The clock stands at Monday 4 May 2026, 09:30 UTC; `at(moment)` moves it."""
    with ExitStack() as stack:
        stack.enter_context(clock.frozen(NOW))
        yield lambda moment: stack.enter_context(clock.frozen(moment))


@pytest.fixture(autouse=True)
def _no_leftovers(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("VOC_") and not name.startswith("VOC_TEST_")]:
        monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def _only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:  # each family has its own shape of address
        if self.family in {socket.AF_INET, socket.AF_INET6} and address[0] not in {
            "127.0.0.1",
            "::1",
            "localhost",
        }:
            raise AssertionError(f"a test reached for the network: {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture
def statements(engine: Engine) -> Iterator[list[str]]:
    """Every SQL statement of this test, in order."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:  # SQLAlchemy's own shapes
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)
