"""What an import did, in numbers."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Progress = Callable[[int, int], None]  # rows done, rows in all


@dataclass(frozen=True, slots=True)
class Outcome:
    """Counts after an import: `rows` of the file; things that are new, updated, already there; rows refused.

    `errors_path` is the file of refused rows, None when none was refused.
    """

    rows: int
    new: int
    updated: int = 0
    known: int = 0
    refused: int = 0
    errors_path: Path | None = None

    @property
    def said(self) -> str:
        """The outcome in one sentence."""
        parts = [f"{self.new:,} new", f"{self.known:,} already there", f"{self.refused:,} refused"]
        if self.updated:
            parts.insert(1, f"{self.updated:,} updated")
        return f"{self.rows:,} rows: {', '.join(parts)}."
