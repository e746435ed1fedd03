"""What the parts under a running `voc up` hold and use, and how long a writer in the web waits beside them."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from os import sysconf
from pathlib import Path
from urllib.parse import urlsplit

_KINDS = {"read": "workers.run read", "group": "workers.run group", "estimate": "workers.run estimate",
          "train": "workers.run train", "mail": "workers.run mail", "web": "granian", "import": "voc.cli import",
          "database": "postgres"}  # fmt: skip
_TICKS = sysconf("SC_CLK_TCK")
_ASK_SECONDS = 0.25  # 240 a minute: a key may 300
_TIMEOUT_SECONDS = 30.0


@dataclass
class Parts:
    """The most megabytes each kind of part held so far, and the CPU seconds it used."""

    megabytes: dict[str, float] = field(default_factory=dict)
    _ticks: dict[tuple[str, int], int] = field(default_factory=dict)

    def look(self, *roots: int) -> None:
        """Looks at all processes below (and at) these; one that ends meanwhile counts as it was last seen."""
        for pid in {one for root in roots for one in (root, *_below(root))}:
            try:
                self._look_at(pid)
            except (OSError, StopIteration, IndexError):
                continue  # it ended while we looked

    def _look_at(self, pid: int) -> None:
        here = Path(f"/proc/{pid}")
        command = (here / "cmdline").read_text(encoding="utf-8", errors="replace").replace("\0", " ")
        status = (here / "status").read_text(encoding="utf-8", errors="replace").splitlines()
        most = next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM"))
        words = (here / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        kind = next(kind for kind, said in _KINDS.items() if said in command)
        self.megabytes[kind] = max(self.megabytes.get(kind, 0.0), most)
        self._ticks[kind, pid] = int(words[11]) + int(words[12])

    @property
    def cpu_seconds(self) -> dict[str, float]:
        """By kind, user and system."""
        found: dict[str, float] = {}
        for (kind, _), ticks in self._ticks.items():
            found[kind] = found.get(kind, 0.0) + ticks / _TICKS
        return found


def _below(pid: int) -> Iterator[int]:
    try:
        children = [
            int(child)
            for task in Path(f"/proc/{pid}/task").iterdir()
            for child in (task / "children").read_text(encoding="ascii").split()
        ]
    except OSError:
        return
    for child in children:
        yield child
        yield from _below(child)


@dataclass
class Waits:
    """Milliseconds that a writing request took, one after the other."""

    taken: list[float] = field(default_factory=list)
    failed: int = 0

    def at(self, share: float) -> float:
        """The quantile; 0 where nothing was asked."""
        return (
            sorted(self.taken)[min(int(share * len(self.taken)), len(self.taken) - 1)] if self.taken else 0.0
        )


@contextmanager
def asking(address: str, secret: str) -> Iterator[Waits]:
    """Sends the web one and the same comment again and again, four times a second, from a thread.

    With one Idempotency-Key it is stored once; each of the others still waits for its turn to write.
    """
    waits, stop = Waits(), threading.Event()
    thread = threading.Thread(target=_ask, args=(urlsplit(address).netloc, secret, waits, stop), daemon=True)
    thread.start()
    try:
        yield waits
    finally:
        stop.set()
        thread.join(_TIMEOUT_SECONDS)


def _ask(host: str, secret: str, waits: Waits, stop: threading.Event) -> None:
    headers = {
        "Authorization": f"Bearer {secret}",
        "Content-Type": "application/json",
        "Idempotency-Key": "probe",
    }
    while not stop.wait(_ASK_SECONDS):
        line = HTTPConnection(host, timeout=_TIMEOUT_SECONDS)
        began = time.monotonic()
        try:
            line.request("POST", "/api/v1/comments", '{"text": "The invoice was late."}', headers)
            answer = line.getresponse()
            answer.read()
            waits.failed += answer.status >= 400
            waits.taken.append(1000 * (time.monotonic() - began))
        except OSError:
            waits.failed += 1
        finally:
            line.close()
