"""Writes tables that leave the house: CSV and spreadsheets that no program runs as formulas, with real types."""

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import TextIO, assert_never

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from voc.core.errors import TooLarge

Value = str | int | float | date | None
MOST_ROWS = 100_000  # more than any client list we know; a spreadsheet ends at about ten times that
# A spreadsheet runs a cell that starts with one of these (ASVS 1.2.10); `'` itself so that ours comes off again.
_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "'")
_LONGEST_CELL = 32_000  # a spreadsheet's own limit is 32,767
_LONGEST_NAME = 31  # of a sheet
_NOT_IN_NAMES = str.maketrans("", "", "[]:*?/\\'")


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet: a title, the columns' names and the rows. Money stands in whole units of the currency."""

    title: str
    columns: tuple[str, ...]
    rows: Sequence[Sequence[Value]]


def safe(cell: str) -> str:
    """The cell so that no spreadsheet runs it: `'` before what it would take for a formula."""
    return f"'{cell}" if cell.startswith(_RUNS) else cell


def unquote(cell: str) -> str:
    """Takes off the `'` that `safe` put there, and only that."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_RUNS) else cell


def csv_rows(file: TextIO) -> Callable[[Sequence[Value]], None]:
    """What writes one row after the other into `file`: the one CSV writer of this program."""
    writer = csv.writer(file)

    def write(row: Sequence[Value]) -> None:
        writer.writerow([_plain(value) for value in row])

    return write


def as_csv(table: Table) -> bytes:
    """The table with its columns' names, in UTF-8 with the mark that spreadsheets look for."""
    _refuse_too_many(table)
    file = StringIO(newline="")
    write = csv_rows(file)
    write(table.columns)
    for row in table.rows:
        write(row)
    return file.getvalue().encode("utf-8-sig", errors="replace")


def as_xlsx(tables: Sequence[Table]) -> bytes:
    """A workbook with one sheet for each table: numbers are numbers, days are days, words never run."""
    written = BytesIO()
    with Workbook(
        written, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        head, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        for table in tables:
            _refuse_too_many(table)
            sheet = book.add_worksheet(table.title.translate(_NOT_IN_NAMES)[:_LONGEST_NAME])
            _fill(sheet, table, head, day)
    return written.getvalue()


def _fill(sheet: Worksheet, table: Table, head: Format, day: Format) -> None:
    for column, name in enumerate(table.columns):
        sheet.write_string(0, column, safe(name), head)
    for number, row in enumerate(table.rows, start=1):
        for column, value in enumerate(row):
            _write(sheet, number, column, value, day)
    sheet.freeze_panes(1, 1)
    sheet.autofit()


def _write(sheet: Worksheet, row: int, column: int, value: Value, day: Format) -> None:
    match value:
        case None:
            return
        case bool():
            sheet.write_string(row, column, "yes" if value else "no")
        case int() | float():
            sheet.write_number(row, column, value)
        case date():
            sheet.write_datetime(row, column, _as_day(value), day)
        case str():
            sheet.write_string(row, column, safe(value)[:_LONGEST_CELL])
        case _:
            assert_never(value)


def _as_day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def _plain(value: Value) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case date():
            return _as_day(value).isoformat()
        case str():
            return safe(value)
        case _:
            return str(value)


def _refuse_too_many(table: Table) -> None:
    if len(table.rows) > MOST_ROWS:
        raise TooLarge(
            f"“{table.title}” has {len(table.rows):,} rows; we write up to {MOST_ROWS:,} into one file. "
            "Narrow the list first."
        )
