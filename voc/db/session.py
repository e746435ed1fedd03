"""Engines for both databases, and the only commit."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from voc.core.errors import Unavailable
from voc.core.principal import Principal
from voc.db.scope import narrow, open_for
from voc.db.tables import load_tables

log = structlog.get_logger(__name__)

_BUSY_SECONDS = 10
_AFTER = "after_commit"
_RING = "ring"
_RUNG = "rung"
_SAFETY = "synchronous"


def make_engine(url: str, *, pool_size: int = 8) -> Engine:
    """An engine with the durability engineering.md measured: SQLite WAL and FULL, PostgreSQL as it is."""
    parsed = make_url(url)
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() == "sqlite":
        return _sqlite_engine(parsed.render_as_string(hide_password=False), pool_size)
    return create_engine(parsed, pool_size=pool_size, max_overflow=0, pool_timeout=5, pool_pre_ping=True)


def _sqlite_engine(url: str, pool_size: int) -> Engine:
    # isolation_level None: the driver never begins by itself, so that our own BEGIN is the only one.
    options = {"timeout": _BUSY_SECONDS, "isolation_level": None, "check_same_thread": False}
    engine = create_engine(url, connect_args=options, pool_size=pool_size, max_overflow=0)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-32000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A writer that begins as a reader loses more than half of contended transactions (engineering.md).
    options = connection.get_execution_options()
    reading, safety = options.get("reading", False), "NORMAL" if options.get("deriving") else "FULL"
    if not reading and connection.info.get(_SAFETY, "FULL") != safety:
        connection.exec_driver_sql(f"PRAGMA synchronous={safety}")
        connection.info[_SAFETY] = safety
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


class VocSession(Session):
    """A session whose every statement passes the door."""


event.listen(VocSession, "do_orm_execute", narrow)


def after_commit(session: Session, act: Callable[[], None]) -> None:
    """Does `act` once this session's transaction is safely stored, and never when it is not."""
    session.info.setdefault(_AFTER, []).append(act)


def ring_later(session: Session, job: str) -> None:
    """Rings `job` once this session's transaction is stored, where its process has a doorbell."""
    ring = session.info.get(_RING)
    if ring is not None and job not in session.info.setdefault(_RUNG, set()):
        session.info[_RUNG].add(job)
        after_commit(session, lambda: ring(job))


class Database:
    """Opens sessions for a principal; a session ends in exactly one commit or one rollback.

    `ring` wakes a worker by the name of its job; a process without a doorbell leaves it to the sweeper.
    """

    def __init__(self, engine: Engine, *, ring: Callable[[str], None] | None = None) -> None:
        load_tables()
        self.engine = engine
        self.ring = ring

    @contextmanager
    def reading(self, principal: Principal) -> Iterator[Session]:
        """A consistent picture for `principal`; nothing written here is kept."""
        with self._session(principal, reading=True) as session:
            yield session
            session.rollback()

    @contextmanager
    def writing(self, principal: Principal) -> Iterator[Session]:
        """One transaction for `principal`, committed when the block ends well.

        Raises Unavailable when the database is away or too busy; nothing was stored then.
        """
        with self._stored(principal, deriving=False) as session:
            yield session

    @contextmanager
    def deriving(self, principal: Principal) -> Iterator[Session]:
        """As `writing`, for what machines make of stored rows and would make again: a power cut may undo it whole.

        On SQLite its commit does not wait for the disk; the next one of `writing` does, and takes it along, for
        the log is kept in order: whatever was undone by a cut, so was everything after it. Never for what somebody
        was told is stored. PostgreSQL knows no difference.
        """
        with self._stored(principal, deriving=True) as session:
            yield session

    @contextmanager
    def _stored(self, principal: Principal, *, deriving: bool) -> Iterator[Session]:
        with self._session(principal, reading=False, deriving=deriving) as session:
            yield session
            session.commit()
        for act in session.info.pop(_AFTER, []):
            act()

    @contextmanager
    def _session(self, principal: Principal, *, reading: bool, deriving: bool = False) -> Iterator[Session]:
        session = self._open(reading=reading, deriving=deriving)
        open_for(session, principal)
        session.info[_RING] = self.ring
        try:
            yield session
        except OperationalError as error:
            session.rollback()
            log.warning("database_unavailable", error=str(error.orig))
            raise Unavailable("We cannot store anything just now. Please try again in a moment.") from error
        except DBAPIError as error:
            session.rollback()
            if error.connection_invalidated:
                raise Unavailable("We lost touch with our database. Please try again in a moment.") from error
            raise
        except BaseException:
            session.rollback()
            raise
        finally:
            session.close()

    def _open(self, *, reading: bool, deriving: bool = False) -> Session:
        kind = {"reading": True} if reading else {"deriving": True} if deriving else {}
        engine = self.engine.execution_options(**kind) if kind else self.engine
        return VocSession(bind=engine, expire_on_commit=False)
