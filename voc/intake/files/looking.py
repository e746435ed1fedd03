"""Looks at a file of comments before any of it is taken."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from voc.core.errors import Invalid
from voc.core.tables.dates import DateFormat, OrderFinder, named_format
from voc.core.tables.mapping import Cells, check, guess
from voc.core.tables.reading import Row, Shape, look_at, rows
from voc.intake.files.columns import FIELDS


@dataclass(frozen=True, slots=True)
class CommentFile:
    """A file as it will be read: shape, which column holds what, how its dates are read, its rows in all."""

    path: Path
    shape: Shape
    mapping: dict[str, str]
    dates: DateFormat
    rows: int

    @property
    def cells(self) -> Cells:
        """Picks fields out of its rows."""
        return Cells(self.shape.header, self.mapping)

    def first(self, number: int) -> tuple[Row, ...]:
        """The first rows, for people to look at."""
        return tuple(islice(rows(self.path, self.shape), number))


def look_at_comments(
    path: Path,
    mapping: Mapping[str, str] | None = None,
    *,
    date_format: str | None = None,
    encoding: str | None = None,
    separator: str | None = None,
) -> CommentFile:
    """The file as it will be read: columns as named in `mapping`, else guessed from the header.

    Raises Invalid when it is no table, has no rows, misses text or account, or when its dates can be
    read two ways.
    """
    shape = look_at(path, encoding=encoding, separator=separator)
    chosen = dict(mapping) if mapping else guess(shape.header, FIELDS)
    check(shape.header, chosen, FIELDS)
    cells, finder, count = Cells(shape.header, chosen), OrderFinder(), 0
    wants_order = "received_at" in chosen and not date_format
    for row in rows(path, shape):
        count += 1
        if wants_order and not row.problem:
            finder.see(row.line, cells.of(row, "received_at"))
    if not count:
        raise Invalid(f"{path.name} has a header and no rows.", code="file_empty")
    dates = named_format(date_format) if date_format else DateFormat(finder.order(cells.column("received_at")))  # fmt: skip
    return CommentFile(path, shape, chosen, dates, count)
