"""Writes the rows we could not take into a CSV that is safe to open, fix and bring in again."""

from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self, TextIO

from voc.core.tables.writing import Value, csv_rows

OUR_COLUMNS = ("refused line", "refused column", "refused value", "what is wrong", "what to do")


class Refusal(Protocol):
    """What is known about a refused row."""

    @property
    def column(self) -> str:
        """The column that cannot be used."""

    @property
    def value(self) -> str:
        """What stands in it."""

    @property
    def what(self) -> str:
        """What is wrong with it."""

    @property
    def way_out(self) -> str:
        """What to do about it."""


class RefusedRows:
    """The file of refused rows; it exists only once a row was refused, and starts anew on each run."""

    def __init__(self, path: Path | None, header: Sequence[str]) -> None:
        self.path = path
        self.count = 0
        self._header = [name for name in header if name not in OUR_COLUMNS]
        self._skip = len(header) - len(self._header)
        self._file: TextIO | None = None
        self._write: Callable[[Sequence[Value]], None]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:  # fmt: skip
        if self._file:
            self._file.close()

    def add(self, line: int, values: Sequence[str], why: Refusal) -> None:
        """Counts one refused row and writes it down."""
        self.count += 1
        if self.path is None:
            return
        if self._file is None:
            self._open(self.path)
        told = [str(line), why.column, why.value[:200], why.what, why.way_out]
        self._write([*told, *values[self._skip :]])

    def _open(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Broken bytes were read as lone surrogates, which no file can hold: they show as a question mark.
        self._file = path.open("w", encoding="utf-8-sig", newline="", errors="replace")
        self._write = csv_rows(self._file)
        self._write([*OUR_COLUMNS, *self._header])

    @property
    def written_to(self) -> Path | None:
        """Where the refused rows stand; None when there are none."""
        return self.path if self._file else None
