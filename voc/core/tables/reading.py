"""Reads CSV and JSONL row by row, with flat memory, whatever the file does."""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from voc.core.errors import Invalid, TooLarge
from voc.core.tables.encoding import BROKEN, ON_BROKEN, Encoding, find_encoding, named_encoding
from voc.core.tables.refused import OUR_COLUMNS
from voc.core.tables.writing import unquote

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}
MOST_COLUMNS = 500
_MOST_LINE = 2_000_000  # characters held at once
_MOST_FIELD = 1_000_000  # past this a quote was never closed; the csv module stops at 131,072 by itself
_LOOKED_AT = 64_000
_RECORDS = 20
_OTHER_KINDS = {
    b"PK": "a zip or Excel file; save the sheet as CSV first",
    b"%PDF": "a PDF",
    b"\x7fELF": "a program",
    b"MZ": "a program",
    b"GIF8": "a picture",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"\x1f\x8b": "a compressed file; unpack it first",
    b"\xd0\xcf\x11\xe0": "an old Excel file; save the sheet as CSV first",
}

csv.field_size_limit(_MOST_FIELD)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why one row was not taken: the column, its value, what is wrong with it, and the way out."""

    column: str
    value: str
    what: str
    way_out: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row in the order of the header; `line` is the first line it stands on, counted from 1."""

    line: int
    values: Sequence[str]
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Shape:
    """How a file is written. `header` has its columns in order; a JSONL file's are its keys as first met."""

    kind: str  # csv | jsonl
    encoding: Encoding
    separator: str
    header: tuple[str, ...]

    @property
    def is_ours(self) -> bool:
        """Whether this is a file of refused rows that we wrote ourselves."""
        return self.header[: len(OUR_COLUMNS)] == OUR_COLUMNS

    @property
    def said(self) -> str:
        """The shape in words."""
        guess = ", guessed" if self.encoding.is_guess else ""
        if self.kind == "jsonl":
            return f"JSON lines, {self.encoding.said}{guess}"
        return f"CSV, {self.encoding.said}{guess}, columns separated by {SEPARATORS.get(self.separator, self.separator)}"


def look_at(path: Path, *, encoding: str | None = None, separator: str | None = None) -> Shape:
    """The file's shape; Invalid when it is no table that we can read, with what to do instead."""
    _refuse_other_kinds(path)
    found = named_encoding(encoding) if encoding else find_encoding(path)
    with open_text(path, found) as stream:
        start = stream.read(_LOOKED_AT)
    first = start.lstrip("\ufeff \t\r\n")
    if not first:
        raise Invalid(f"{path.name} is empty; there is nothing to bring in.", code="file_empty")
    if first[:15].casefold().startswith(("<!doctype", "<html", "<?xml")):
        raise Invalid(
            f"{path.name} is a web page or XML, not a table; export it as CSV.", code="file_not_table"
        )
    if first.startswith("{") or path.suffix.lower() in {".jsonl", ".ndjson"}:
        return Shape("jsonl", found, "", _json_keys(path, found))
    if first.startswith("["):
        raise Invalid(
            f"{path.name} is one JSON list; write one object on each line (JSONL) instead.",
            code="file_not_table",
        )
    chosen = separator or _sniff_separator(start)
    return Shape("csv", found, chosen, _csv_header(path, found, chosen))


def _refuse_other_kinds(path: Path) -> None:
    if not path.is_file():
        raise Invalid(f"There is no file {path}.", code="file_missing")
    with path.open("rb") as file:
        head = file.read(8)
    for start, kind in _OTHER_KINDS.items():
        if head.startswith(start):
            raise Invalid(f"{path.name} is {kind}; we read CSV and JSON lines.", code="file_not_table")


def open_text(path: Path, encoding: Encoding) -> TextIO:
    """The file as text; bytes that make no sense become BROKEN, line ends stay as they are."""
    return io.TextIOWrapper(path.open("rb"), encoding=encoding.name, errors=ON_BROKEN, newline="")


def _sniff_separator(start: str) -> str:
    return max(SEPARATORS, key=lambda one: _fit(start, one))


def _fit(start: str, separator: str) -> tuple[float, int]:
    """How well a separator fits: the share of first records as wide as the header, then the width."""
    reader = csv.reader(io.StringIO(start, newline=""), delimiter=separator)
    try:
        widths = [len(record) for record, _ in zip(reader, range(_RECORDS), strict=False) if record]
    except csv.Error:
        return 0.0, 0
    if not widths or widths[0] == 1:
        return 0.0, 0
    full = widths[:-1] if len(widths) > 2 and len(start) == _LOOKED_AT else widths  # noqa: PLR2004 - the last may be cut off
    return sum(width == widths[0] for width in full) / len(full), widths[0]


def _csv_header(path: Path, encoding: Encoding, separator: str) -> tuple[str, ...]:
    with open_text(path, encoding) as stream:
        for record in csv.reader(_lines(stream), delimiter=separator):
            if any(cell.strip() for cell in record):
                return _checked_header(path, tuple(cell.strip() for cell in record))
    raise Invalid(f"{path.name} is empty; there is nothing to bring in.", code="file_empty")


def _checked_header(path: Path, header: tuple[str, ...]) -> tuple[str, ...]:
    if len(header) > MOST_COLUMNS:
        raise TooLarge(
            f"{path.name} has {len(header):,} columns; we take up to {MOST_COLUMNS}.", code="too_many_columns"
        )
    if any(BROKEN in name or "\x00" in name for name in header):
        raise Invalid(
            f"The header of {path.name} cannot be read in this encoding; name the right one.",
            code="header_broken",
        )
    return header


def rows(path: Path, shape: Shape) -> Iterator[Row]:
    """Each row after the header, in order, one at a time; blank lines are left out."""
    with open_text(path, shape.encoding) as stream:
        yield from _json_rows(stream, shape) if shape.kind == "jsonl" else _csv_rows(stream, shape)


def _lines(stream: TextIO) -> Iterator[str]:
    while line := stream.readline(_MOST_LINE):
        yield line


def _csv_rows(stream: TextIO, shape: Shape) -> Iterator[Row]:
    reader = csv.reader(_lines(stream), delimiter=shape.separator)
    header_met = False
    while True:
        line = reader.line_num + 1
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Row(line, (), Problem("", "", f"This row cannot be read: {error}.", _QUOTES))
            continue
        if not any(values):
            continue
        if header_met:
            yield _checked_row(line, values, shape)
        header_met = header_met or any(cell.strip() for cell in values)


_QUOTES = "Look for a quotation mark that is never closed, here or just before."


def _checked_row(line: int, values: list[str], shape: Shape) -> Row:
    if shape.is_ours:
        values = [unquote(value) for value in values]
    width = len(shape.header)
    if len(values) != width:
        return Row(line, values, Problem("", "", f"This row has {len(values)} columns, the header has {width}.", "Add what is missing, or put quotation marks around text that holds the separator."))  # fmt: skip
    if tuple(values) == shape.header:
        return Row(line, values, Problem("", "", "This row repeats the header.", "Nothing to do; it was left out."))  # fmt: skip
    for name, value in zip(shape.header, values, strict=True):
        if BROKEN in value:
            return Row(line, values, Problem(name, value, f"Some letters here are not {shape.encoding.said}.", "Save the file in one encoding, or name the right one."))  # fmt: skip
    return Row(line, values)


def _json_keys(path: Path, encoding: Encoding) -> tuple[str, ...]:
    keys: dict[str, None] = {}
    with open_text(path, encoding) as stream:
        for line in _lines(stream):
            if line.strip():
                keys.update(dict.fromkeys(_object(line)[0]))
            if len(keys) > MOST_COLUMNS:
                raise TooLarge(
                    f"{path.name} has more than {MOST_COLUMNS} different keys.", code="too_many_columns"
                )
    if not keys:
        raise Invalid(f"{path.name} has no line with a JSON object.", code="file_not_table")
    return tuple(keys)


def _json_rows(stream: TextIO, shape: Shape) -> Iterator[Row]:
    for number, line in enumerate(_lines(stream), start=1):
        if not line.strip():
            continue
        fields, what = _object(line)
        if what:
            yield Row(number, (), Problem("", line[:200], what, "Write one JSON object on each line."))
        else:
            yield _checked_row(number, [_plain(fields.get(name)) for name in shape.header], shape)


def _object(line: str) -> tuple[dict[str, object], str]:
    """The object on a line, and why there is none (empty when there is)."""
    try:
        found = _READS.decode(line)
    except (ValueError, RecursionError) as error:
        return {}, f"This is not a JSON object: {str(error)[:120]}."
    return (found, "") if isinstance(found, dict) else ({}, "This is not a JSON object.")


def _no_doubles(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _no_constants(name: str) -> float:
    raise ValueError(f"{name} is no JSON value")


def _plain(value: object) -> str:
    """A cell as text: what is missing or null is empty, lists and objects stay JSON."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    return ("true" if value else "false") if isinstance(value, bool) else _WRITES.encode(value)


# One of each for all lines: json.loads and json.dumps with options make another for every call.
_READS = json.JSONDecoder(object_pairs_hook=_no_doubles, parse_constant=_no_constants)
_WRITES = json.JSONEncoder(ensure_ascii=False)
