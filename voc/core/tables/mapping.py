"""Says which column holds which field: as asked, or guessed from the header."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from voc.core.errors import Invalid
from voc.core.tables.reading import Row


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a file can tell; `names` are headers it goes by, in plain lower-case words; `means` says what it is."""

    name: str
    names: tuple[str, ...]
    is_needed: bool = False
    means: str = ""


def _plain(header: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9]+", " ", header.casefold()).split())


def guess(header: Sequence[str], fields: Sequence[Field]) -> dict[str, str]:
    """Field to column where a header is one of the field's names; earlier names win, no column serves twice."""
    by_name: dict[str, str] = {}
    for column in header:
        by_name.setdefault(_plain(column), column)
    found: dict[str, str] = {}
    for field in fields:
        columns = [by_name[name] for name in (_plain(field.name), *field.names) if name in by_name]
        free = [column for column in columns if column not in found.values()]
        if free:
            found[field.name] = free[0]
    return found


def check(header: Sequence[str], mapping: Mapping[str, str], fields: Sequence[Field]) -> None:
    """Raises Invalid when a field is unknown, a column is missing or stands twice, or a needed field is left out."""
    known = {field.name for field in fields}
    problems: dict[str, str] = {}
    for name, column in mapping.items():
        if name not in known:
            problems[name] = f"“{name}” is nothing we keep; choose among {', '.join(sorted(known))}."
        elif column not in header:
            problems[name] = f"There is no column “{column}”; the file has {_listed(header)}."
        elif list(header).count(column) > 1:
            problems[name] = f"The column “{column}” stands twice in the header; rename one of them."
    for field in fields:
        if field.is_needed and field.name not in mapping:
            problems[field.name] = f"Say which column holds “{field.name}”; the file has {_listed(header)}."
    if problems:
        raise Invalid(" ".join(problems.values()), fields=problems, code="mapping")


def _listed(header: Sequence[str]) -> str:
    shown = ", ".join(f"“{name[:40]}”" for name in header[:20])
    return shown + (f" and {len(header) - 20} more" if len(header) > 20 else "")  # noqa: PLR2004 - enough to read


class Cells:
    """Picks fields out of rows by a mapping; a field without a column is always empty."""

    def __init__(self, header: Sequence[str], mapping: Mapping[str, str]) -> None:
        self.mapping = dict(mapping)
        self._places = {name: list(header).index(column) for name, column in mapping.items()}

    def of(self, row: Row, name: str) -> str:
        """The cell of field `name`, as it stands in the file."""
        place = self._places.get(name)
        return "" if place is None else row.values[place]

    def column(self, name: str) -> str:
        """The header of the column that holds field `name`."""
        return self.mapping.get(name, name)
