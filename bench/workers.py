"""The read worker from stored to read, and the memory of each process."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from bench.figure import Figure
from bench.site import PORT, ROOT, account_and_token, database_on, resident_megabytes, served
from voc.core.principal import SYSTEM
from voc.db.session import Database
from voc.demo.many import stream_comments
from voc.demo.story import tell
from voc.intake.service import Incoming, receive_many

_COMMENTS = 10_000


def measure() -> Iterator[Figure]:
    """Comments a second end to end in one worker process, and megabytes."""
    for kind in ("sqlite", "postgresql"):
        with tempfile.TemporaryDirectory() as folder, database_on(kind, Path(folder)) as (url, database):
            account_id, _, _ = account_and_token(database)
            _store(database, account_id)
            rate, megabytes = _read_all(url)
            yield Figure(f"read worker end to end, {kind}", rate, 1000, "comments/s", at_least=True)
            yield Figure(f"read worker memory, {kind}", megabytes, 250, "MB")
    yield from _web_memory()


def _store(database: Database, account_id: int) -> None:
    story = tell()
    comments = list(stream_comments(_COMMENTS, 1, story.accounts))
    for start in range(0, len(comments), 500):
        rows = [
            Incoming(
                account_id=account_id, channel="import", text=one.text, sender_key=f"{start}-{place}",
                body=one.text.encode(), said_at=datetime.now(UTC),
            )
            for place, one in enumerate(comments[start : start + 500])
        ]  # fmt: skip
        with database.writing(SYSTEM) as session:
            receive_many(session, rows)


def _read_all(url: str) -> tuple[float, float]:
    """Runs the drain in a process of its own; gives (comments a second, its memory)."""
    code = "import bench.drain; bench.drain.main()"
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", code, url], cwd=ROOT, capture_output=True, text=True, check=True
    )
    number, seconds, megabytes = done.stdout.split()[-3:]
    print(
        f"        {int(number):,} comments in {float(seconds):.1f} s, {time.monotonic() - started:.1f} s with the start"
    )
    return int(number) / float(seconds), float(megabytes)


def _web_memory() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder, database_on("sqlite", Path(folder)) as (url, database):
        account_id, _, _ = account_and_token(database)
        env = {
            "BENCH_URL": url,
            "BENCH_ACCOUNT": str(account_id),
            "BENCH_PUBLIC_URL": f"http://127.0.0.1:{PORT}",
            "BENCH_APP": "ours",
        }
        with served("bench.apps:app", env):
            listed = subprocess.run(
                ["pgrep", "-f", f"granian.*{PORT}"], capture_output=True, text=True, check=True
            )
            largest = max(resident_megabytes(int(pid)) for pid in listed.stdout.split())
        yield Figure("web process memory", largest, 120, "MB")
