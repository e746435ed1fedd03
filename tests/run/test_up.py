"""The whole thing on one machine, with its real parts."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import pytest
import redis

from tests.run.families import children, command, family
from tests.run.standins import PATIENCE_SECONDS, is_gone
from voc.core.errors import Conflict
from voc.run.here import settings_here
from voc.run.lock import claimed, running_on
from voc.run.ports import answers

pytestmark = pytest.mark.slow


@contextmanager
def running_up(data_dir: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """A `voc up` that has said it is ready."""
    up = subprocess.Popen(
        [sys.executable, "-m", "voc.cli", "up", "--data", data_dir, "--port", str(port), "--no-demo"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={"PATH": os.defpath, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUNBUFFERED": "1"},
    )
    assert up.stdout is not None
    heard: list[str] = []
    try:
        for line in up.stdout:
            heard.append(line)
            if "Ctrl-C" in line:
                break
        assert "Ctrl-C" in heard[-1], "".join(heard)
        yield up
    finally:
        up.send_signal(signal.SIGINT)
        up.stdout.read()
        up.stdout.close()
        up.wait()


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        found: int = listener.getsockname()[1]
    return found


def test_it_answers_restarts_its_dead_and_stops_with_all_it_started(tmp_path: Path, port: int) -> None:
    data_dir = tmp_path / "the data"
    with running_up(data_dir, port) as up:
        assert up.stdout is not None
        assert answers("127.0.0.1", port)
        web = next(pid for pid in children(up.pid) if "granian" in command(pid))
        os.kill(web, signal.SIGKILL)
        assert up.stdout.readline().startswith("The web was ended by SIGKILL; we start it again.")
        with (
            pytest.raises(Conflict, match=f"already runs on .* at http://127.0.0.1:{port}"),
            claimed(data_dir),
        ):
            pass
        _wait_until_it_answers_again(port)
        started = family(up.pid)
        up.send_signal(signal.SIGINT)
        assert up.stdout.read().endswith("Stopping\n")
        assert up.wait() == 0
    assert len(started) >= 5
    assert all(is_gone(pid) for pid in started)
    assert (data_dir / "voc.sqlite").stat().st_size > 0


def test_nothing_outlives_an_up_that_is_killed(tmp_path: Path, port: int) -> None:
    with running_up(tmp_path, port) as up:
        started = family(up.pid)
        up.kill()
        assert all(is_gone(pid) for pid in started)
    assert running_on(tmp_path) is None


def test_other_commands_find_its_stores(tmp_path: Path, port: int) -> None:
    with running_up(tmp_path, port), settings_here(tmp_path) as settings:
        running = running_on(tmp_path)
        assert running is not None
        assert settings.redis_url == running.redis_url
        with redis.Redis.from_url(settings.redis_url) as store:
            assert store.ping()


def test_without_an_up_a_command_gets_stores_of_its_own(tmp_path: Path) -> None:
    with settings_here(tmp_path) as settings:
        with redis.Redis.from_url(settings.redis_url) as store:
            assert store.ping()
        assert (tmp_path / "voc.sqlite").exists()
        with pytest.raises(Conflict), settings_here(tmp_path):
            pass
    assert running_on(tmp_path) is None


def _wait_until_it_answers_again(port: int) -> None:
    give_up_at = time.monotonic() + 6 * PATIENCE_SECONDS
    while not answers("127.0.0.1", port):
        assert time.monotonic() < give_up_at
        Event().wait(0.02)
