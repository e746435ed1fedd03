"""A whole installation of real parts that a test may kill and start again."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import factories
from tests.run.families import children
from voc.analysis.service import ensure_starter_themes
from voc.core.config import environment, load_settings
from voc.core.principal import SYSTEM
from voc.db.session import Database
from voc.run import parts
from voc.run.child import Child, start
from voc.run.ports import answers
from voc.run.sockets import socket_folder
from voc.run.valkey import SOCKET_NAME, redis_url, start_valkey

ROOT = Path(__file__).resolve().parent.parent.parent
_POLL_SECONDS = 0.1


def wait_until(happened: Callable[[], bool], *, within_seconds: float, what: str) -> None:
    """Returns once `happened`; fails with `what` when it takes too long."""
    give_up_at = time.monotonic() + within_seconds
    while not happened():
        assert time.monotonic() < give_up_at, f"{what} took longer than {within_seconds:.0f} s"
        time.sleep(_POLL_SECONDS)


class Installation:
    """Web, read worker, scheduler and Valkey on one database; all end with it."""

    def __init__(self, database: Database, home: Path, sockets: Path, port: int) -> None:
        self.database, self.home, self.address, self.port = database, home, sockets / SOCKET_NAME, port
        self.accepted = home / "accepted"
        url = database.engine.url.render_as_string(hide_password=False)
        self.env = environment(
            {
                "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path]),
                "VOC_API_PER_MINUTE": "1000000",
                "VOC_DATABASE_URL": url.replace("postgresql+psycopg", "postgresql"),
                "VOC_DATA_DIR": str(home),
                "VOC_LOG_LEVEL": "warning",
                "VOC_PORT": str(port),
                "VOC_REDIS_URL": redis_url(self.address),
                "VOC_SECRET_KEY": "k" * 48,
            }
        )
        self.running: dict[str, Child] = {}

    def begin(self) -> None:
        """Starts everything, the steady client last."""
        secret = self._prepare()
        self.start("valkey")
        for name in ("web", "read", "scheduler"):
            self.start(name)
        wait_until(lambda: answers("127.0.0.1", self.port), within_seconds=60, what="the web's start")
        client = [sys.executable, str(Path(__file__).parent / "steady_client.py")]
        self._run("client", [*client, str(self.port), secret, str(self.accepted)])

    def start(self, name: str) -> None:
        """Starts a part that does not run."""
        if name == "valkey":
            folder = self.home / "queue"
            folder.mkdir(exist_ok=True)
            self.running[name] = start_valkey(folder, self.address, log=self.home / "valkey.log")
            return
        part = {
            "web": parts.web(load_settings(self.env)),
            "read": parts.worker("read"),
            "scheduler": parts.scheduler(),
        }[name]
        self._run(name, list(part.argv))

    def kill(self, name: str) -> None:
        """Kills a part the hard way; "reader" is the worker's child."""
        if name == "reader":
            for pid in children(self.running["read"].process.pid):
                os.kill(pid, signal.SIGKILL)
            return
        child = self.running.pop(name)
        child.ask_to_stop(signal.SIGKILL)
        child.end()

    def end(self) -> None:
        """Ends what still runs, the last started first."""
        for name in reversed(list(self.running)):
            self.kill(name)

    def said(self) -> list[str]:
        """The ids of all comments that were accepted so far."""
        lines = self.accepted.read_text(encoding="utf-8").splitlines() if self.accepted.exists() else []
        return [line for line in lines if line]

    def _run(self, name: str, argv: list[str]) -> None:
        self.running[name] = start(name, argv, log=self.home / f"{name}.log", env=self.env)

    def _prepare(self) -> str:
        with self.database.writing(SYSTEM) as session:
            ensure_starter_themes(session)
            account = factories.account(session)
            _, secret = factories.api_token(session, "ingest", account=account)
        return secret


@contextmanager
def installation(database: Database, home: Path, port: int) -> Iterator[Installation]:
    """An installation for one test."""
    with socket_folder(home, longest_name=SOCKET_NAME) as sockets:
        found = Installation(database, home, sockets, port)
        try:
            found.begin()
            yield found
        finally:
            found.end()
