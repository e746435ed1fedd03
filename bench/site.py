"""Starts what a measurement needs: stores, a web server, an account and a token."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import factories
from tests.stores.postgres import running_postgres
from voc.core.principal import SYSTEM
from voc.db.migrate import upgrade
from voc.db.session import Database, make_engine
from voc.run.ports import answers

ROOT = Path(__file__).resolve().parent.parent
PORT = 8790
SECRET = "k7" * 24


@contextmanager
def database_on(kind: str, folder: Path) -> Iterator[tuple[str, Database]]:
    """A migrated database of `kind`, sqlite or postgresql (durable), with its URL."""
    if kind == "sqlite":
        url = f"sqlite:///{folder / 'bench.sqlite'}"
        yield url, _prepared(url)
        return
    folder.chmod(0o755)
    with running_postgres(durable=True, folder=folder) as url:
        yield url, _prepared(url)


def _prepared(url: str) -> Database:
    from voc.analysis.service import ensure_starter_themes  # noqa: PLC0415 - after the engine settings

    engine = make_engine(url)
    upgrade(engine)
    database = Database(engine)
    with database.writing(SYSTEM) as session:
        ensure_starter_themes(session)
    return database


def account_and_token(database: Database) -> tuple[int, str, str]:
    """One client's id and public id, and a token that may write for it."""
    with database.writing(SYSTEM) as session:
        account = factories.account(session, name="Bench")
        _, secret = factories.api_token(session, "write", account=account)
        return account.id, account.public_id, secret


@contextmanager
def served(app: str, env: dict[str, str]) -> Iterator[str]:
    """`app` on the same server and threads for everybody; gives its address."""
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(PORT),
        "--blocking-threads", "8", "--no-ws", "--log-level", "error", app,
    ]  # fmt: skip
    whole = {**os.environ, **env, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, env=whole, cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        give_up_at = time.monotonic() + 30
        while not answers("127.0.0.1", PORT):
            if time.monotonic() > give_up_at:
                raise RuntimeError(f"{app} does not answer")
            time.sleep(0.05)
        yield f"http://127.0.0.1:{PORT}"
    finally:
        process.terminate()
        process.wait()


def resident_megabytes(pid: int) -> float:
    """Memory of a process that lies in RAM."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024
