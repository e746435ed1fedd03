"""Folders for unix sockets: their paths must be short and plain, and only their owner may enter."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LONGEST_SOCKET_PATH = 100
# redis-py reads the server's list of clients by splitting it at spaces, the socket's path among them.
_PLAIN = re.compile(r"[\w./+-]+", re.ASCII)


@contextmanager
def socket_folder(wanted: Path, *, longest_name: str) -> Iterator[Path]:
    """`wanted` where a socket called `longest_name` may be in it, else a temporary folder of ours."""
    path = str(wanted / longest_name)
    if len(path) < LONGEST_SOCKET_PATH and _PLAIN.fullmatch(path):
        wanted.mkdir(mode=0o700, parents=True, exist_ok=True)
        yield wanted
        return
    with tempfile.TemporaryDirectory(prefix="voc-", dir=_short_temporary()) as folder:
        yield Path(folder)


def _short_temporary() -> str:
    chosen = tempfile.gettempdir()
    return chosen if len(chosen) < LONGEST_SOCKET_PATH // 2 else "/tmp"  # noqa: S108 - mkdtemp makes it private
