"""The parent puts a fresh child in the place of one that died or hangs, and ends with it when told."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.run.families import children
from tests.run.standins import is_gone
from voc.core.config import environment

pytestmark = pytest.mark.slow
PROGRAM = """
import os, signal, sys, time
from workers import run
run.BEAT_SECONDS, run._LOOK_SECONDS, run._PAUSE_SECONDS = 0.3, 0.02, 0.02

def take_jobs(kind, beats):
    with open(sys.argv[1], "a") as book:
        book.write(f"{os.getpid()}\\n")
    print(os.getpid(), flush=True)
    if sys.argv[2] == "hangs":
        run._BUSY.pack_into(beats, 0, time.monotonic())
    if sys.argv[2] == "eats":
        len(bytearray(3 * 1024**3))
    if sys.argv[2] == "raises":
        raise RuntimeError("no more")
    signal.pause()

run._take_jobs = take_jobs
run.main("read")
"""


@contextmanager
def parent(how: str, pids: Path) -> Iterator[subprocess.Popen[str]]:
    argv = [sys.executable, "-c", PROGRAM, str(pids), how]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True, env=environment({})) as found:
        try:
            yield found
        finally:
            found.kill()


def next_child(found: subprocess.Popen[str]) -> int:
    """The process id of the next child, as it says it itself."""
    assert found.stdout is not None
    line = next(line for line in found.stdout if line.strip().isdigit())
    return int(line)


@pytest.mark.parametrize("how", ["hangs", "raises", "eats"])
def test_a_child_that_does_no_good_is_replaced(tmp_path: Path, how: str) -> None:
    with parent(how, tmp_path / "pids") as found:
        first, second = next_child(found), next_child(found)
        assert first != second
        assert is_gone(first)


def test_a_child_that_is_killed_is_replaced(tmp_path: Path) -> None:
    with parent("works", tmp_path / "pids") as found:
        first = next_child(found)
        os.kill(first, signal.SIGKILL)
        assert next_child(found) != first


def test_a_child_that_rests_is_left_alone(tmp_path: Path) -> None:
    with parent("works", tmp_path / "pids") as found:
        first = next_child(found)
        assert children(found.pid) == [first]


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_both_end(tmp_path: Path, how: int) -> None:
    with parent("works", tmp_path / "pids") as found:
        child = next_child(found)
        found.send_signal(how)
        assert found.wait(10) == 0
        assert is_gone(child)


def test_no_child_outlives_a_parent_that_is_killed(tmp_path: Path) -> None:
    with parent("works", tmp_path / "pids") as found:
        child = next_child(found)
        found.kill()
        assert is_gone(child)
