"""`voc test`: the checks of the house, then all tests, and the code of the first that failed."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from voc.core.config import environment
from voc.core.errors import Unavailable
from voc.run.browser import find_chromium, get_chromium

_ROOT = Path(__file__).resolve().parent.parent.parent
_MOST_PROCESSES = 4
_IMPORTS = "from importlinter.cli import lint_imports_command as check; check()"
_CHECKS = {
    "code rules": ("-m", "ruff", "check", "--quiet", "."),
    "code form": ("-m", "ruff", "format", "--check", "."),
    "types": ("-m", "mypy", "--no-error-summary"),
    "directions of imports": ("-c", _IMPORTS),
}


@dataclass(frozen=True, slots=True)
class Browsers:
    """What the browser tests get: a Chromium, or to be left out."""

    chromium: Path | None
    is_failure: bool = False


def run_suite(arguments: Sequence[str], *, say: Callable[[str], None]) -> int:
    """Runs every check and every test, or only what `arguments` tell pytest, and gives the exit code."""
    if not (_ROOT / "tests").is_dir():
        raise Unavailable(
            f"The tests come with the checkout, and {_ROOT} is none; clone it and run bin/voc test."
        )
    codes = [] if arguments else [_check(name, command, say) for name, command in _CHECKS.items()]
    browsers = find_browsers(say, must_have=bool(environment({}).get("CI")))
    codes.append(int(browsers.is_failure))
    codes.append(_pytest(pytest_arguments(arguments, browsers), browsers))
    return next((code for code in codes if code), 0)


def pytest_arguments(arguments: Sequence[str], browsers: Browsers) -> list[str]:
    """What pytest is told; the whole suite is split over the processors."""
    left_out = [] if browsers.chromium else ["-m", "not browser"]
    split = [] if arguments else ["-n", str(min(os.cpu_count() or 1, _MOST_PROCESSES))]
    return [*split, *left_out, *arguments]


def find_browsers(say: Callable[[str], None], *, must_have: bool) -> Browsers:
    """The Chromium of this machine, or a new one; none at all is a failure where it must be."""
    chromium = find_chromium() or get_chromium(say)
    if chromium is None:
        say(
            "No Chromium is to be had here: the browser tests fail, as CI is set."
            if must_have
            else "No Chromium is to be had here: the browser tests are left out, all others run."
        )
    return Browsers(chromium, is_failure=chromium is None and must_have)


def _check(name: str, command: Sequence[str], say: Callable[[str], None]) -> int:
    began = time.monotonic()
    done = subprocess.run(  # noqa: S603 - our own tools
        [sys.executable, *command], cwd=_ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    if done.returncode != 0 and done.stdout:
        say(done.stdout.decode(errors="replace").rstrip())
    say(f"{'FAILED' if done.returncode else 'passed'}  {name} ({time.monotonic() - began:.0f} s)")
    return done.returncode


def _pytest(arguments: Sequence[str], browsers: Browsers) -> int:
    command = [sys.executable, "-m", "pytest", *arguments]
    return subprocess.run(command, cwd=_ROOT, env=_test_environment(browsers), check=False).returncode  # noqa: S603


def _test_environment(browsers: Browsers) -> dict[str, str]:
    """Ours without the settings of an installation, which tests must not meet."""
    env = {
        name: value
        for name, value in environment({}).items()
        if not name.startswith("VOC_") or name.startswith("VOC_TEST_")
    }
    return env if browsers.chromium is None else {**env, "VOC_TEST_CHROMIUM": str(browsers.chromium)}
