"""Fixtures for the two real stores, each started once per test process and gone with it."""

import secrets
from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql

from tests.stores.postgres import running_postgres
from voc.run.valkey import valkey


@pytest.fixture(scope="session")
def postgres_server_url() -> Iterator[str]:
    """A PostgreSQL server: `VOC_TEST_PG_URL` when set, else the one from the wheel."""
    with running_postgres() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_url(postgres_server_url: str) -> Iterator[str]:
    """An SQLAlchemy URL of a database of this test process, empty at first."""
    yield from _database(postgres_server_url)


@pytest.fixture
def empty_postgres_url(postgres_server_url: str) -> Iterator[str]:
    """An SQLAlchemy URL of a database of this one test."""
    yield from _database(postgres_server_url)


@pytest.fixture(scope="session")
def valkey_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A redis-py URL of a Valkey of this test process."""
    folder = tmp_path_factory.mktemp("valkey")
    with valkey(folder / "store", log=folder / "valkey.log") as (_, url):
        yield url


def _database(server_url: str) -> Iterator[str]:
    """Makes a database with a name nobody else has, and drops it however the tests left it."""
    name = f"voc_test_{secrets.token_hex(6)}"
    plain = server_url.replace("postgresql+psycopg://", "postgresql://")
    base, _, query = server_url.partition("?")
    with psycopg.connect(plain, autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield f"{base.rpartition('/')[0]}/{name}" + (f"?{query}" if query else "")
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
