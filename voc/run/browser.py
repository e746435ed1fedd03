"""A Chromium for the browser tests: the one that is here, else one that we can get."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from voc.core.config import environment

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_CACHES = ("~/.cache/ms-playwright", "~/Library/Caches/ms-playwright")
_IN_CACHE = (
    "chromium-*/chrome-linux*/chrome",
    "chromium_headless_shell-*/chrome-*/*headless*shell",
    "chromium-*/chrome-mac*/*.app/Contents/MacOS/*",
)
_VERSION_SECONDS = 30
_GET_SECONDS = 600


def find_chromium() -> Path | None:
    """The first Chromium or Chrome of this machine that starts; None when there is none."""
    return next((place for place in _places() if _starts(place)), None)


def get_chromium(say: Callable[[str], None]) -> Path | None:
    """Installs a Chromium, as root from Debian, else by Playwright, and gives it; None when it cannot be had."""
    for command in _ways_to_get():
        say(f"There is no Chromium here yet; getting one: {' '.join(command[-3:])}")
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=_GET_SECONDS)  # noqa: S603 - our own
        except (OSError, subprocess.SubprocessError):
            continue
        found = find_chromium()
        if found is not None:
            return found
    return None


def _places() -> Iterator[Path]:
    for name in _NAMES:
        found = shutil.which(name)
        if found is not None:
            yield Path(found)
    chosen = environment({}).get("PLAYWRIGHT_BROWSERS_PATH")
    for cache in (chosen, *_CACHES) if chosen else _CACHES:
        for pattern in _IN_CACHE:
            yield from sorted(Path(cache).expanduser().glob(pattern), reverse=True)


def _starts(place: Path) -> bool:
    """Some systems put a stub in its place that only says how to install it."""
    try:
        done = subprocess.run(  # noqa: S603 - a browser found by name
            [place, "--version"], capture_output=True, check=False, timeout=_VERSION_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and b"Chrom" in done.stdout


def _ways_to_get() -> Iterator[list[str]]:
    apt = shutil.which("apt-get")
    if apt is not None and os.geteuid() == 0:
        yield ["sh", "-c", f"{apt} update -qq; DEBIAN_FRONTEND=noninteractive {apt} install -y -qq chromium"]
    yield [sys.executable, "-m", "playwright", "install", "chromium"]
