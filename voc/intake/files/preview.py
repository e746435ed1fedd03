"""What a file would become, for people to look at before it goes in."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from voc.accounts.files import lines, usage
from voc.accounts.files.importing import look_at_accounts
from voc.core.errors import Invalid
from voc.core.tables.mapping import Field, guess
from voc.core.tables.reading import look_at, rows
from voc.intake.files import columns
from voc.intake.files.looking import look_at_comments

FIELDS: dict[str, tuple[Field, ...]] = {
    "comments": columns.FIELDS,
    "accounts": lines.FIELDS,
    "usage": usage.FIELDS,
}
_ROWS = 5
_LETTERS = 120


@dataclass(frozen=True, slots=True)
class Preview:
    """How a file would be read. `problems` maps a field to what must be settled first; empty: ready to go."""

    said: str
    encoding: str
    header: tuple[str, ...]
    mapping: dict[str, str]
    fields: tuple[Field, ...]
    first: tuple[tuple[int, tuple[str, ...]], ...]
    date_order: str | None
    problems: dict[str, str]


def preview(
    what: str,
    path: Path,
    mapping: Mapping[str, str] | None = None,
    *,
    date_format: str | None = None,
    encoding: str | None = None,
) -> Preview:
    """The file as it would be read; raises Invalid only when it is no table at all."""
    shape = look_at(path, encoding=encoding)
    chosen = dict(mapping) if mapping is not None else guess(shape.header, FIELDS[what])
    order, problems = None, {}
    try:
        order = _date_order(what, path, chosen, date_format, encoding)
    except Invalid as error:
        problems = error.fields or {"file": error.message}
    places = [shape.header.index(column) for column in chosen.values() if column in shape.header]
    first = tuple(
        (row.line, tuple(" ".join(row.values[place].split())[:_LETTERS] if place < len(row.values) else "" for place in places))
        for row in islice(rows(path, shape), _ROWS)
    )  # fmt: skip
    return Preview(
        said=shape.said,
        encoding=shape.encoding.name,
        header=shape.header,
        mapping=chosen,
        fields=FIELDS[what],
        first=first,
        date_order=order,
        problems=problems,
    )


def _date_order(what: str, path: Path, mapping: Mapping[str, str], date_format: str | None, encoding: str | None) -> str | None:  # fmt: skip
    if what == "comments":
        dates = look_at_comments(path, mapping or {"": ""}, date_format=date_format, encoding=encoding).dates
    elif what == "accounts":
        dates = look_at_accounts(path, mapping or {"": ""}, date_format=date_format, encoding=encoding).dates
    else:
        dates = usage.look_at_usage(
            path, mapping or {"": ""}, date_format=date_format, encoding=encoding
        ).dates
    return dates.pattern or (str(dates.order) if dates.order else None)
