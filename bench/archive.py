"""A whole archive through everything that `voc up` starts: accepted, read, grouped; and the memory of each part.

python -m bench archive            100,000 comments of the demo's words on the embedded default
python -m bench archive-million    100,000 on PostgreSQL, then 1,000,000: what a part holds may not grow with them
Both write their rows into the table of docs/understanding.md.

python -m bench.archive NUMBER sqlite|postgresql [--most SECONDS]
"""

import argparse
import json
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Select, func, select

from bench.archive_parts import Parts, Waits, asking
from bench.figure import Figure
from bench.site import ROOT, account_and_token
from bench.understanding import keep_archive
from tests.stores.postgres import running_postgres
from voc.analysis.models import Reading
from voc.core.config import environment
from voc.core.errors import Unavailable
from voc.core.principal import SYSTEM
from voc.db import lease, work
from voc.db.base import Base
from voc.db.session import Database, make_engine
from voc.demo.files import comment_row, write_accounts_csv
from voc.demo.many import stream_comments
from voc.demo.story import tell
from voc.intake.models import Comment
from voc.issues.models import GroupRun, Match
from voc.issues.queries import is_settled
from voc.jobs import LEADS
from voc.run.child import tether
from voc.run.ports import answers

_PORT = 8791
_VOC = (sys.executable, "-m", "voc.cli")
_LOOK_SECONDS = 1.0
_SAY_SECONDS = 30.0
_START_SECONDS = 60
_END_SECONDS = 30
_QUIET_SECONDS = 5.0
"""The job that asks leads begins within a second of the look's end; while nobody is at it for so long it is over."""
_FLAT = 1.25
"""So much more than with a tenth of the comments may a part hold."""
_GROWING = (
    "read",
    "group",
    "web",
    "estimate",
    "train",
    "mail",
)  # what lives on; the import ends, PostgreSQL fills its buffers


@dataclass
class Run:
    """What one run took: seconds to stored, to read and to grouped (0: not reached), and what the parts held and used.

    `asked` is when leads were asked what the look gave reason to ask: a job after it, whose memory counts as well.
    """

    number: int
    stored: float = 0.0
    read: float = 0.0
    grouped: float = 0.0
    asked: float = 0.0
    parts: Parts = field(default_factory=Parts)
    waits: Waits = field(default_factory=Waits)
    counts: Mapping[str, int] = field(default_factory=dict)
    seconds: float = 0.0

    def figures(self) -> dict[str, float]:
        """All that is known, by name."""
        return {
            "stored_seconds": self.stored, "read_seconds": self.read, "grouped_seconds": self.grouped,
            "asked_seconds": self.asked,
            "ran_seconds": self.seconds, **self.counts,
            **{f"{kind}_mb": most for kind, most in self.parts.megabytes.items()},
            **{f"{kind}_cpu_seconds": used for kind, used in self.parts.cpu_seconds.items()},
            "web_write_p50_ms": self.waits.at(0.5), "web_write_p99_ms": self.waits.at(0.99),
            "web_write_most_ms": self.waits.at(1.0), "web_write_failed": self.waits.failed,
        }  # fmt: skip


def measure() -> Iterator[Figure]:
    """100,000 on SQLite."""
    found = run(100_000, "sqlite")
    _keep(found, "sqlite")
    yield from _figures(found, "sqlite", 120)


def measure_million() -> Iterator[Figure]:
    """1,000,000 on PostgreSQL beside 100,000 there; minutes, not seconds."""
    tenth = run(100_000, "postgresql")
    _keep(tenth, "postgresql")
    found = run(1_000_000, "postgresql")
    growth = growth_of(found.parts.megabytes, tenth.parts.megabytes)
    _keep(found, "postgresql", growth=growth)
    yield from _figures(found, "postgresql", 900)
    yield Figure("most held / most held with a tenth of the comments, worst part", growth, _FLAT, "×")


def growth_of(held: Mapping[str, float], before: Mapping[str, float]) -> float:
    """The most any part that lives on held, over what it held before."""
    return max(held[kind] / before[kind] for kind in _GROWING if kind in before)


def _keep(found: Run, where: str, **further: float) -> None:
    figures = found.figures() | further
    keep_archive(found.number, where, {name: round(value, 2) for name, value in figures.items()})


def _figures(found: Run, where: str, most_seconds: float) -> Iterator[Figure]:
    yield Figure(f"{found.number:,} comments, accepted to grouped, {where}", found.grouped, most_seconds, "s")
    for kind, limit in (("read", 250), ("group", 600)):
        yield Figure(f"{kind} worker, most it held", found.parts.megabytes[kind], limit, "MB")


def run(number: int, where: str, *, most_seconds: float | None = None) -> Run:
    """`number` comments through an installation on `where`, sqlite or postgresql (durable).

    After `most_seconds` it is stopped, and the figures say how far it came.
    """
    with tempfile.TemporaryDirectory(prefix="voc-archive-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if where == "sqlite":
            return _through(number, folder, {}, most_seconds)
        folder.chmod(0o755)  # its server runs as somebody else
        with running_postgres(durable=True, folder=folder) as url:
            return _through(number, folder, {"VOC_DATABASE_URL": url}, most_seconds)


def _through(number: int, folder: Path, env: Mapping[str, str], most_seconds: float | None) -> Run:
    """Brings `number` comments in beside a running `up` and follows them until no worker has anything to do."""
    _say(f"writing {number:,} comments")
    clients, comments = _files(number, folder)
    data = folder / "data"
    whole = environment({"PYTHONPATH": str(ROOT), "VOC_DATA_DIR": str(data), **env})
    with ExitStack() as stack:
        up = stack.enter_context(_up(whole, data))
        subprocess.run(
            [*_VOC, "import", "accounts", str(clients)], env=whole, cwd=ROOT, check=True, stdout=sys.stderr
        )
        database = Database(make_engine(env.get("VOC_DATABASE_URL", f"sqlite:///{data / 'voc.sqlite'}")))
        run = Run(number)
        run.waits = stack.enter_context(asking(f"http://127.0.0.1:{_PORT}", account_and_token(database)[2]))
        bringing = stack.enter_context(_started([*_VOC, "import", str(comments)], whole))
        # PostgreSQL's processes are below us, the rest below `up`
        _Following(database, bringing, run, (up, *_servers(up, bringing.pid))).until(most_seconds)
    _say(f"ended after {run.seconds:.0f} s")
    return run


def _servers(*known: int) -> tuple[int, ...]:
    """Our other children: the server of PostgreSQL, where we started one."""
    mine = Path("/proc/self/task").glob("*/children")
    found = (int(pid) for one in mine for pid in one.read_text(encoding="ascii").split())
    return tuple(pid for pid in found if pid not in known)


@dataclass
class _Following:
    """Notes how far the comments came, second by second."""

    database: Database
    bringing: subprocess.Popen[bytes]
    run: Run
    roots: tuple[int, ...]
    began: float = field(default_factory=time.monotonic)
    said_at: float = 0.0
    busy_at: float = 0.0

    def until(self, most_seconds: float | None) -> None:
        """Comes back when all is done, or the time is over."""
        while True:
            self.run.parts.look(*self.roots, self.bringing.pid)
            self.run.seconds = time.monotonic() - self.began
            is_over = most_seconds is not None and self.run.seconds > most_seconds
            with suppress(Unavailable):  # busy: the next look tells
                if self._note(is_over=is_over) or is_over:
                    return
            time.sleep(_LOOK_SECONDS)

    def _note(self, *, is_over: bool) -> bool:
        if self.bringing.poll():
            raise RuntimeError(f"the import ended with {self.bringing.returncode}")
        run = self.run
        if self.bringing.poll() is not None:
            run.stored = run.stored or run.seconds
        is_told = run.seconds - self.said_at < _SAY_SECONDS
        if not run.stored and is_told and not is_over:
            return False
        with self.database.reading(SYSTEM) as session:
            waiting = work.number_waiting(session, "read", most=run.number)
            if run.stored and not waiting:
                run.read = run.read or run.seconds
            is_done = bool(run.stored) and is_settled(session)
            if is_done or is_over or not is_told:
                tables = {"stored": Comment, "read": Reading, "placed": Match, "looks": GroupRun}
                run.counts = {name: session.scalar(_count(of)) or 0 for name, of in tables.items()}
        if is_done:
            run.grouped = run.grouped or run.seconds
        if not is_told:
            self.said_at = run.seconds
            _say(_line(run))
        return is_done and self._is_quiet()

    def _is_quiet(self) -> bool:
        """Whether leads were asked: nobody has been at it for a while."""
        with self.database.reading(SYSTEM) as session:
            is_asking = lease.is_held(session, LEADS)
        if is_asking:
            self.busy_at = self.run.asked = self.run.seconds
        return self.run.seconds - max(self.busy_at, self.run.grouped) >= _QUIET_SECONDS


def _count(of: type[Base]) -> Select[int]:
    return select(func.count()).select_from(of)


def _line(run: Run) -> str:
    counts = ", ".join(f"{name} {number:,}" for name, number in run.counts.items())
    held = ", ".join(
        f"{kind} {most:.0f} MB {run.parts.cpu_seconds[kind]:.0f} cpu-s"
        for kind, most in run.parts.megabytes.items()
    )
    return f"{run.seconds:.0f} s: {counts}; {held}; web writes p99 {run.waits.at(0.99):.0f} ms"


def _say(words: str) -> None:
    sys.stderr.write(f"        {words}\n")
    sys.stderr.flush()


def _files(number: int, folder: Path) -> tuple[Path, Path]:
    story = tell()
    clients, comments = folder / "clients.csv", folder / "comments.jsonl"
    write_accounts_csv(story, clients)
    with comments.open("w", encoding="utf-8") as out:
        for one in stream_comments(number, 1, story.accounts):
            out.write(json.dumps(comment_row(one), ensure_ascii=False) + "\n")
    return clients, comments


@contextmanager
def _started(words: list[str], env: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A process that ends with the block, and when we are killed."""
    process = subprocess.Popen(
        words, env=dict(env), cwd=ROOT, stdout=subprocess.DEVNULL, preexec_fn=tether(signal.SIGTERM)  # noqa: PLW1509 - no other thread holds a lock yet
    )  # fmt: skip
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def _up(env: Mapping[str, str], data: Path) -> Iterator[int]:
    words = [*_VOC, "up", "--no-demo", "--data", str(data), "--port", str(_PORT)]
    with _started(words, env) as process:
        give_up_at = time.monotonic() + _START_SECONDS
        while not answers("127.0.0.1", _PORT):
            if time.monotonic() > give_up_at or process.poll() is not None:
                raise RuntimeError("`voc up` does not answer")
            time.sleep(0.1)
        yield process.pid


def _end(*_: object) -> None:
    raise SystemExit(1)  # so that every block above ends what it started


def main() -> None:
    """`python -m bench.archive NUMBER sqlite|postgresql` prints one JSON object."""
    for name in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, _end)
    reads = argparse.ArgumentParser(prog="python -m bench.archive")
    reads.add_argument("number", type=int)
    reads.add_argument("where", choices=("sqlite", "postgresql"))
    reads.add_argument(
        "--most", type=float, metavar="SECONDS", help="stop after so long and say how far it came"
    )
    asked = reads.parse_args()
    found = run(asked.number, asked.where, most_seconds=asked.most)
    sys.stdout.write(json.dumps({name: round(value, 2) for name, value in found.figures().items()}) + "\n")


if __name__ == "__main__":
    main()
