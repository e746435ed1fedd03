"""A whole archive through everything that `voc up` starts: accepted, read, grouped; and the memory of each part.

python -m bench archive            100,000 comments of the demo's words on the embedded default
python -m bench archive-million    1,000,000 on PostgreSQL
python -m bench.archive NUMBER sqlite|postgresql
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.figure import Figure
from bench.site import ROOT
from tests.stores.postgres import running_postgres
from voc.core.config import environment
from voc.core.principal import SYSTEM
from voc.db import work
from voc.db.session import Database, make_engine
from voc.demo.files import comment_row, write_accounts_csv
from voc.demo.many import stream_comments
from voc.demo.story import tell
from voc.issues.queries import is_settled
from voc.run.ports import answers

_PORT = 8791
_VOC = (sys.executable, "-m", "voc.cli")
_LOOK_SECONDS = 1.0
_START_SECONDS = 60
_FLAT = 1.25
"""So much more than after the first half may a part hold at the end."""
_KINDS = {"read": "workers.run read", "group": "workers.run group", "estimate": "workers.run estimate",
          "train": "workers.run train", "mail": "workers.run mail", "web": "granian"}  # fmt: skip


@dataclass
class Run:
    """What one run took: seconds to stored, to read and to grouped, and the peak megabytes of each part."""

    stored: float = 0.0
    read: float = 0.0
    grouped: float = 0.0
    half: Mapping[str, float] = field(default_factory=dict)
    peak: Mapping[str, float] = field(default_factory=dict)

    @property
    def growth(self) -> float:
        """The most any part held at the end over the most it had held when half was read."""
        return max(self.peak[kind] / self.half[kind] for kind in self.half)


def measure() -> Iterator[Figure]:
    """100,000 on SQLite."""
    yield from _figures(100_000, "sqlite", 120)


def measure_million() -> Iterator[Figure]:
    """1,000,000 on PostgreSQL; minutes, not seconds."""
    yield from _figures(1_000_000, "postgresql", 900)


def _figures(number: int, where: str, most_seconds: float) -> Iterator[Figure]:
    found = run(number, where)
    yield Figure(f"{number:,} comments, accepted to grouped, {where}", found.grouped, most_seconds, "s")
    for kind, limit in (("read", 250), ("group", 600)):
        yield Figure(f"{kind} worker, most it held", found.peak[kind], limit, "MB")
    yield Figure("most at the end / most at half, worst part", found.growth, _FLAT, "×")


def run(number: int, where: str) -> Run:
    """`number` comments through an installation on `where`, sqlite or postgresql (durable)."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if where == "sqlite":
            return _through(number, folder, {})
        folder.chmod(0o755)  # its server runs as somebody else
        with running_postgres(durable=True, folder=folder) as url:
            return _through(number, folder, {"VOC_DATABASE_URL": url})


def _through(number: int, folder: Path, env: Mapping[str, str]) -> Run:
    """Brings `number` comments in beside a running `up` and follows them until no worker has anything to do."""
    clients, comments = _files(number, folder)
    data = folder / "data"
    whole = environment({"PYTHONPATH": str(ROOT), "VOC_DATA_DIR": str(data), **env})
    with _up(whole, data) as up:
        subprocess.run([*_VOC, "import", "accounts", str(clients)], env=whole, cwd=ROOT, check=True)
        database = Database(make_engine(env.get("VOC_DATABASE_URL", f"sqlite:///{data / 'voc.sqlite'}")))
        run, began = Run(), time.monotonic()
        bringing = subprocess.Popen([*_VOC, "import", str(comments)], env=whole, cwd=ROOT)
        while not _follow(database, bringing, run, lambda: _peaks(up), number, time.monotonic() - began):
            time.sleep(_LOOK_SECONDS)
        run.grouped, run.peak = time.monotonic() - began, _peaks(up)
    held = ", ".join(f"{kind} {most:.0f}" for kind, most in run.peak.items())
    print(
        f"        stored {run.stored:.0f} s, read {run.read:.0f} s, grouped {run.grouped:.0f} s; peak MB: {held}",
        flush=True,
    )
    return run


def _follow(
    database: Database, bringing: subprocess.Popen[bytes], run: Run, peaks: Callable[[], Mapping[str, float]],
    number: int, seconds: float,
) -> bool:  # fmt: skip
    """Notes how far it came; True when all is done."""
    if bringing.poll() is None:
        return False
    if bringing.returncode:
        raise RuntimeError(f"the import ended with {bringing.returncode}")
    run.stored = run.stored or seconds
    with database.reading(SYSTEM) as session:
        waiting = work.waiting(session).get("read", 0)
        if not run.half and waiting <= number / 2:
            run.half = peaks()
        if not waiting:
            run.read = run.read or seconds
        return is_settled(session)


def _peaks(up: int) -> dict[str, float]:
    """The most memory each part under the process `up` held so far, in megabytes."""
    found: dict[str, float] = {}
    for pid in _below(up):
        command = Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8").replace("\0", " ")
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
        most = next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM"))
        for kind, words in _KINDS.items():
            if words in command:
                found[kind] = max(found.get(kind, 0.0), most)
    return found


def _below(pid: int) -> Iterator[int]:
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split():
        yield int(child)
        yield from _below(int(child))


def _files(number: int, folder: Path) -> tuple[Path, Path]:
    story = tell()
    clients, comments = folder / "clients.csv", folder / "comments.jsonl"
    write_accounts_csv(story, clients)
    with comments.open("w", encoding="utf-8") as out:
        for one in stream_comments(number, 1, story.accounts):
            out.write(json.dumps(comment_row(one), ensure_ascii=False) + "\n")
    return clients, comments


@contextmanager
def _up(env: Mapping[str, str], data: Path) -> Iterator[int]:
    words = [*_VOC, "up", "--no-demo", "--data", str(data), "--port", str(_PORT)]
    process = subprocess.Popen(words, env=dict(env), cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        give_up_at = time.monotonic() + _START_SECONDS
        while not answers("127.0.0.1", _PORT):
            if time.monotonic() > give_up_at:
                raise RuntimeError("`voc up` does not answer")
            time.sleep(0.1)
        yield process.pid
    finally:
        process.terminate()
        process.wait()


def main() -> None:
    """`python -m bench.archive NUMBER sqlite|postgresql` prints one JSON object."""
    found = run(int(sys.argv[1]), sys.argv[2])
    figures = {"stored_seconds": found.stored, "read_seconds": found.read, "grouped_seconds": found.grouped,
               "growth": found.growth, **{f"{kind}_mb": most for kind, most in found.peak.items()}}  # fmt: skip
    sys.stdout.write(json.dumps({name: round(value, 2) for name, value in figures.items()}) + "\n")


if __name__ == "__main__":
    main()
