"""One `up` per data folder, and what others may know about the one that runs."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TextIO

from voc.core.errors import Conflict

_NAME = "up.lock"


@dataclass(frozen=True, slots=True)
class Running:
    """Where the parts on a data folder are; `address` is empty while they start or when no web runs."""

    pid: int
    address: str
    redis_url: str


@dataclass(frozen=True, slots=True)
class Claim:
    """The data folder is ours for as long as the file stays open."""

    file: TextIO

    def tell(self, *, address: str, redis_url: str) -> None:
        """Lets other commands on the same data folder find our parts."""
        self.file.seek(0)
        self.file.truncate()
        json.dump(asdict(Running(os.getpid(), address, redis_url)), self.file)
        self.file.flush()


@contextmanager
def claimed(data_dir: Path) -> Iterator[Claim]:
    """Holds `data_dir`, made where absent, readable by its owner alone; Conflict while somebody else does.

    The kernel ends the claim with our process, so nothing is left to clean after a power cut.
    """
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (data_dir / _NAME).open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Conflict(_taken(data_dir, _read(file)), code="already_running") from None
        claim = Claim(file)
        claim.tell(address="", redis_url="")
        yield claim


def running_on(data_dir: Path) -> Running | None:
    """What runs on `data_dir` now; None when nothing does."""
    try:
        file = (data_dir / _NAME).open(encoding="utf-8")
    except FileNotFoundError:
        return None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return _read(file)
    return None


def _read(file: TextIO) -> Running | None:
    file.seek(0)
    try:
        return Running(**json.load(file))
    except (ValueError, TypeError):  # its owner is just writing it
        return None


def _taken(data_dir: Path, running: Running | None) -> str:
    where = f"at {running.address}" if running and running.address else "and is still starting"
    who = f" (process {running.pid})" if running else ""
    return (
        f"Everyclient already runs on {data_dir}, {where}{who}. Open that, or stop it with Ctrl-C where it "
        "was started, or choose another folder with --data."
    )
