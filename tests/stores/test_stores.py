"""The stores that tests run against are real, private and gone afterwards."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
import redis

from tests.run.families import family
from tests.run.standins import is_gone
from tests.stores import postgres
from tests.stores.postgres import running_postgres


def test_postgres_answers_in_utf8(postgres_url: str) -> None:
    with psycopg.connect(postgres_url.replace("+psycopg", "")) as session:
        row = session.execute("SELECT lower('ÉÄ'), current_setting('server_encoding')").fetchone()
    assert row == ("éä", "UTF8")


def test_each_test_may_have_an_empty_database(postgres_url: str, empty_postgres_url: str) -> None:
    assert empty_postgres_url != postgres_url
    with psycopg.connect(empty_postgres_url.replace("+psycopg", "")) as session:
        row = session.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    assert row == (0,)


def test_valkey_answers_on_a_socket_and_keeps_a_log_of_writes(valkey_url: str) -> None:
    with redis.Redis.from_url(valkey_url) as store:
        assert store.ping()
        assert store.config_get("appendonly") == {"appendonly": "yes"}
        assert store.config_get("port") == {"port": "0"}


@pytest.mark.slow
def test_no_store_outlives_a_test_run_that_is_killed() -> None:
    program = """
import sys, tempfile
from pathlib import Path
from tests.stores.postgres import running_postgres
from voc.run.valkey import valkey
with tempfile.TemporaryDirectory() as folder, running_postgres() as url, valkey(Path(folder), log=Path(folder, "log")):
    print(url.partition("host=")[2], flush=True)
    sys.stdin.read()
"""
    run = subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with run:
        assert run.stdout is not None
        home = Path(run.stdout.readline().decode().strip())
        started = family(run.pid)
        run.kill()
    assert len(started) > 2
    assert all(is_gone(pid) for pid in started)
    shutil.rmtree(home)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root must start PostgreSQL as somebody else")
def test_postgres_starts_where_the_environment_lies_in_a_closed_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "_is_open", lambda _: False)
    with running_postgres() as url, psycopg.connect(url.replace("+psycopg", "")) as session:
        assert session.execute("SELECT 1").fetchone() == (1,)
