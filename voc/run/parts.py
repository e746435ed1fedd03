"""The parts of an installation and the commands that run them, here or on hosts of their own."""

import signal
import sys
from dataclasses import dataclass
from pathlib import Path

from voc.core.config import Settings
from voc.run.valkey import find_server, valkey_arguments

WORKER_KINDS = ("read", "group", "mail", "estimate", "train")


@dataclass(frozen=True, slots=True)
class Part:
    """One process: how people know it, and its command."""

    name: str
    argv: tuple[str, ...]
    dies_by: int = signal.SIGTERM


def store(folder: Path, address: Path) -> Part:
    """The embedded queue store; Unavailable when this machine has none."""
    return Part("queue store", (str(find_server()), *valkey_arguments(folder, address)))


def migration() -> Part:
    """Brings the database to this release, then ends."""
    return Part("migration", _python("voc.cli", "migrate"))


def web(settings: Settings) -> Part:
    """The web server."""
    options = {
        "--interface": "wsgi",
        "--host": settings.host,
        "--port": str(settings.port),
        "--blocking-threads": str(settings.web_threads),
        "--log-level": settings.log_level,
    }
    flat = (part for option in options.items() for part in option)
    return Part("web", _python("granian", *flat, "--no-ws", "voc.wsgi:app"))


def worker(kind: str) -> Part:
    """The worker of one queue."""
    return Part(f"{kind} worker", _python("workers.run", kind))


def scheduler() -> Part:
    """What starts the regular work; two of them do no harm."""
    return Part("scheduler", _python("workers.schedule"))


def _python(module: str, *arguments: str) -> tuple[str, ...]:
    # -P: a file in the current folder that is called like a module of ours must not be taken for it.
    return (sys.executable, "-P", "-m", module, *arguments)
