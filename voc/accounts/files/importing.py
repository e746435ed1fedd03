"""Brings in the client list from a file."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from voc.accounts.files.gathering import Gathering
from voc.accounts.files.lines import FIELDS, Unreadable, read_line
from voc.accounts.files.writing import Written, write_block
from voc.core.principal import SYSTEM, Principal
from voc.core.tables.dates import DateFormat, OrderFinder, chosen_format
from voc.core.tables.mapping import Cells, check, guess
from voc.core.tables.outcome import Outcome, Progress
from voc.core.tables.reading import Shape, look_at, rows
from voc.core.tables.refused import RefusedRows
from voc.db.session import Database
from voc.jobs import tell

_BLOCK = 250  # accounts in one transaction; with three people each about 100 ms on SQLite


@dataclass(frozen=True, slots=True)
class ListFile:
    """A client list looked at: its shape, which column holds what, and how its dates are read."""

    path: Path
    shape: Shape
    mapping: dict[str, str]
    dates: DateFormat

    @property
    def cells(self) -> Cells:
        """Picks fields out of its rows."""
        return Cells(self.shape.header, self.mapping)


def look_at_accounts(
    path: Path,
    mapping: Mapping[str, str] | None = None,
    *,
    date_format: str | None = None,
    encoding: str | None = None,
    separator: str | None = None,
) -> ListFile:
    """The file as it will be read: columns as named in `mapping`, else guessed from the header.

    Raises Invalid when it is no table, has no column with names, or its dates can be read two ways.
    """
    shape = look_at(path, encoding=encoding, separator=separator)
    chosen = dict(mapping) if mapping else guess(shape.header, FIELDS)
    check(shape.header, chosen, FIELDS)
    cells = Cells(shape.header, chosen)

    def see(finder: OrderFinder) -> None:
        for row in rows(path, shape):
            if not row.problem:
                finder.see(row.line, cells.of(row, "joined_on"))
                finder.see(row.line, cells.of(row, "left_on"))

    return ListFile(path, shape, chosen, chosen_format(date_format, see, cells.column("joined_on")))


def import_accounts(
    database: Database,
    path: Path,
    mapping: Mapping[str, str] | None = None,
    *,
    currency: str,
    date_format: str | None = None,
    encoding: str | None = None,
    separator: str | None = None,
    dry_run: bool = False,
    errors_path: Path | None = None,
    on_progress: Progress | None = None,
    principal: Principal = SYSTEM,
) -> Outcome:
    """Adds and updates the clients of a file; twice is the same as once. Nothing is sent to anybody.

    Accounts are matched by import id, else by case-folded name; a blank cell changes nothing. Rows that
    cannot be taken go to `errors_path` (beside the file when None). Raises Invalid for a file that is
    no client list. A dry run only counts rows and refusals.
    """
    file = look_at_accounts(path, mapping, date_format=date_format, encoding=encoding, separator=separator)
    with RefusedRows(None if dry_run else errors_path or refused_path(path), file.shape.header) as refused:
        gathering, seen = _gather(file, currency, refused)
        written = [] if dry_run else _write(database, gathering, refused, on_progress, principal)
        return Outcome(
            rows=seen,
            new=sum(one.new for one in written),
            updated=sum(one.updated for one in written),
            known=sum(one.known for one in written),
            refused=refused.count,
            errors_path=refused.written_to,
        )


def refused_path(path: Path) -> Path:
    """Where the refused rows of a file go unless somebody says otherwise: beside it."""
    return path.with_name(f"{path.stem}.refused.csv")


def _gather(file: ListFile, currency: str, refused: RefusedRows) -> tuple[Gathering, int]:
    gathering, cells, seen = Gathering(), file.cells, 0
    for row in rows(file.path, file.shape):
        seen += 1
        try:
            gathering.add(read_line(row, cells, file.dates, currency))
        except Unreadable as error:
            refused.add(row.line, row.values, error.problem)
    return gathering, seen


def _write(
    database: Database,
    gathering: Gathering,
    refused: RefusedRows,
    on_progress: Progress | None,
    principal: Principal,
) -> list[Written]:
    written, done = [], 0
    waiting = gathering.groups_first()
    while block := list(islice(waiting, _BLOCK)):
        with database.writing(principal) as session:
            written.append(write_block(session, block))
        for listed, problem in written[-1].refused:
            for line in listed.lines:
                refused.add(line.row.line, line.row.values, problem)
        done += len(block)
        if on_progress:
            on_progress(done, len(gathering))
    with database.writing(principal) as session:
        # Also when nothing changed: a run that was cut off before here is made good by the next.
        tell(session, "accounts_changed", [key for one in written for key in one.account_ids])
    return written
