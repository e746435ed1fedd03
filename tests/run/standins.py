"""Small processes that stand in for the parts, and ways to wait for their end without sleeping."""

import os
import select
from collections.abc import Callable
from pathlib import Path

from voc.run.parts import Part

PATIENCE_SECONDS = 10


def sleeper(name: str, pids: Path) -> Part:
    """A part that adds its process id to `pids` and then does nothing."""
    return Part(name, ("sh", "-c", 'echo $$ >>"$1"; exec sleep 600', "sleeper", str(pids)))


def stubborn(name: str, pids: Path) -> Part:
    """A part whose helper process ignores the polite signal; both write their ids to `pids`."""
    script = (
        """sh -c 'trap "" TERM; echo $$ >>"$1"; while :; do sleep 600; done' helper "$1" & exec sleep 600"""
    )
    return Part(name, ("sh", "-c", script, "stubborn", str(pids)))


def recorder(name: str, story: Path) -> Part:
    """A part that writes to `story` when it starts and when it is asked to stop."""
    script = (
        'trap "echo stop $2 >>\\"$1\\"; exit" TERM; echo start $2 >>"$1"; while :; do sleep 600 & wait; done'
    )
    return Part(name, ("sh", "-c", script, "recorder", str(story), name))


def read_pids(pids: Path) -> list[int]:
    """The process ids that stand-ins wrote so far."""
    return [int(line) for line in pids.read_text().split()] if pids.exists() else []


def is_gone(pid: int) -> bool:
    """Waits for the end of a process that need not be our child; False when it outlives our patience."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([descriptor], [], [], PATIENCE_SECONDS)[0])
    finally:
        os.close(descriptor)


def wrote(pids: Path, count: int) -> Callable[[], bool]:
    """A condition: `count` lines stand in `pids`."""
    return lambda: pids.exists() and len(pids.read_text().splitlines()) >= count
