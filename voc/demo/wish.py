"""The notes by which the demo's page and `voc up` tell each other that a week is to pass, and how far it is.

Two files in the demo's folder: `week-wanted`, made by whoever presses first and removed when the week
is over, and `weeks.json`, written anew after each day. Both survive a stop at any moment.
"""

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from voc.core.config import Settings

DAYS = 7
TOLD = "told"
_WANTED, _WEEKS = "week-wanted", "weeks.json"


@dataclass(frozen=True, slots=True)
class Weeks:
    """How much time has passed: whole `weeks`, and of the running one `days` with what happened on each."""

    weeks: int = 0
    days: int = 0
    lines: tuple[str, ...] = ()
    trouble: str = ""

    def after_a_day(self, line: str) -> "Weeks":
        """The same with one more day; the seventh ends the week, its lines stay until the next begins."""
        before = () if self.days == 0 else self.lines
        days = self.days + 1
        full = days == DAYS
        return replace(
            self,
            weeks=self.weeks + full,
            days=0 if full else days,
            lines=(*before, line),
            trouble="",
        )


def folder_of(settings: Settings) -> Path:
    """Where the demo keeps its own files."""
    return settings.data_dir / "demo"


def is_told(folder: Path) -> bool:
    """Whether the whole story is in, so that time may go on."""
    return (folder / TOLD).exists()


def want_week(folder: Path, number: int) -> bool:
    """Asks for week `number` to pass (the next one, counted from 1); False when it was asked for or has passed."""
    if number != read_weeks(folder).weeks + 1 or not is_told(folder):
        return False
    try:
        (folder / _WANTED).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def is_wanted(folder: Path) -> bool:
    """Whether a week is passing, or about to."""
    return (folder / _WANTED).exists()


def end_week(folder: Path) -> None:
    """Takes the wish away: the week has passed."""
    (folder / _WANTED).unlink(missing_ok=True)


def read_weeks(folder: Path) -> Weeks:
    """How far it is; none yet where nothing was written."""
    try:
        found: dict[str, Any] = json.loads((folder / _WEEKS).read_text(encoding="utf-8"))  # as written below
    except FileNotFoundError:
        return Weeks()
    return Weeks(found["weeks"], found["days"], tuple(found["lines"]), found["trouble"])


def write_weeks(folder: Path, weeks: Weeks) -> None:
    """Keeps how far it is, whole or not at all."""
    fresh = folder / f"{_WEEKS}.new"
    fresh.write_text(json.dumps(asdict(weeks), ensure_ascii=False), encoding="utf-8")
    fresh.replace(folder / _WEEKS)
