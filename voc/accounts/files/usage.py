"""Brings in how much of each service the accounts used, week by week."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from voc.accounts.files.importing import refused_path
from voc.accounts.files.lines import CellReader, Unreadable
from voc.accounts.files.services import find_or_add_services
from voc.accounts.models import UsageReading
from voc.accounts.rules import week_of
from voc.accounts.service import known_accounts
from voc.core.principal import SYSTEM, Principal
from voc.core.tables.dates import DateFormat, OrderFinder, chosen_format, read_day
from voc.core.tables.mapping import Cells, Field, check, guess
from voc.core.tables.outcome import Outcome, Progress
from voc.core.tables.reading import Problem, Row, Shape, look_at, rows
from voc.core.tables.refused import RefusedRows
from voc.core.text import name_key
from voc.db.session import Database
from voc.db.upsert import insert_or_replace

FIELDS = (
    Field("account", ("account name", "client", "client name", "customer", "company", "name", "import id", "account id", "client id"), is_needed=True, means="Which client: its name, or its import id in the client list."),
    Field("service", ("service name", "product"), is_needed=True, means="Which of your services it used."),
    Field("week", ("week on", "date", "day", "week of", "monday", "period"), is_needed=True, means="Any day of the week it was used in."),
    Field("amount", ("usage", "quantity", "number", "count", "volume", "units", "value"), is_needed=True, means="How much of it."),
)  # fmt: skip
_BATCH = 1_000
_KEYS = ("account_id", "service_id", "week_on")


@dataclass(frozen=True, slots=True)
class _Used:
    row: Row
    account: str
    service: str
    week_on: date
    amount: float


@dataclass(frozen=True, slots=True)
class UsageFile:
    """A file of usage looked at."""

    path: Path
    shape: Shape
    cells: Cells
    dates: DateFormat


def import_usage(
    database: Database,
    path: Path,
    mapping: Mapping[str, str] | None = None,
    *,
    date_format: str | None = None,
    encoding: str | None = None,
    separator: str | None = None,
    dry_run: bool = False,
    errors_path: Path | None = None,
    on_progress: Progress | None = None,
    principal: Principal = SYSTEM,
) -> Outcome:
    """Stores one amount for each account, service and week; the same week again takes the newer amount.

    Accounts must be known, by name or import id: usage of a client nobody listed is refused. Raises
    Invalid for a file that is no such table or whose dates can be read two ways.
    """
    file = look_at_usage(path, mapping, date_format=date_format, encoding=encoding, separator=separator)
    new = updated = known = 0
    with RefusedRows(None if dry_run else errors_path or refused_path(path), file.shape.header) as refused:
        seen: list[int] = [0]
        used = _readings(file, refused, seen)
        while batch := list(islice(used, _BATCH)):
            if not dry_run:
                with database.writing(principal) as session:
                    counts, problems = _store(session, batch)
                for one, problem in problems:
                    refused.add(one.row.line, one.row.values, problem)
                new, updated, known = new + counts[0], updated + counts[1], known + counts[2]
            if on_progress:
                on_progress(seen[0], seen[0])
        return Outcome(seen[0], new, updated, known, refused.count, refused.written_to)


def look_at_usage(
    path: Path,
    mapping: Mapping[str, str] | None = None,
    *,
    date_format: str | None = None,
    encoding: str | None = None,
    separator: str | None = None,
) -> UsageFile:
    """The file as it will be read; Invalid when it is no such table or its dates can be read two ways."""
    shape = look_at(path, encoding=encoding, separator=separator)
    chosen = dict(mapping) if mapping else guess(shape.header, FIELDS)
    check(shape.header, chosen, FIELDS)
    cells = Cells(shape.header, chosen)

    def see(finder: OrderFinder) -> None:
        for row in rows(path, shape):
            if not row.problem:
                finder.see(row.line, cells.of(row, "week"))

    return UsageFile(path, shape, cells, chosen_format(date_format, see, cells.column("week")))


def _readings(file: UsageFile, refused: RefusedRows, seen: list[int]) -> Iterator[_Used]:
    for row in rows(file.path, file.shape):
        seen[0] += 1
        try:
            yield _read(row, file)
        except Unreadable as error:
            refused.add(row.line, row.values, error.problem)


def _read(row: Row, file: UsageFile) -> _Used:
    if row.problem:
        raise Unreadable(row.problem)
    reader = CellReader(file.cells, row)
    account, service = reader.words("account"), reader.words("service")
    day = reader.as_("week", lambda value: read_day(value, file.dates), "Write a date such as 2026-03-02.")
    amount = reader.as_("amount", _amount, "Write a number such as 120 or 120.5.")
    for name, value in (("account", account), ("service", service), ("week", day), ("amount", amount)):
        if value is None:
            raise reader.refuse(name, "This is missing.", "Fill in this cell, or leave the row out.")
    return _Used(row, str(account), str(service), week_of(day or date.min), float(amount or 0))


def _amount(value: str) -> float:
    amount = float(value) if value.isascii() and "_" not in value else math.nan
    if not math.isfinite(amount) or amount < 0:
        raise ValueError("This is no amount.")
    return amount


def _store(
    session: Session, batch: Sequence[_Used]
) -> tuple[tuple[int, int, int], list[tuple[_Used, Problem]]]:
    """Writes a batch; gives how many are new, updated and unchanged, and those of unknown accounts."""
    accounts = known_accounts(session, [one.account for one in batch])
    taken = [one for one in batch if name_key(one.account) in accounts]
    services = find_or_add_services(session, [one.service for one in taken])
    amounts = {
        (accounts[name_key(one.account)], services[name_key(one.service)], one.week_on): one.amount
        for one in taken
    }
    before = _before(session, amounts)
    changed = {key: amount for key, amount in amounts.items() if before.get(key) != amount}
    rows = [dict(zip(_KEYS, key, strict=True)) | {"amount": amount} for key, amount in changed.items()]
    insert_or_replace(session, UsageReading, rows, keys=_KEYS, values=("amount",))
    new = sum(key not in before for key in amounts)
    unknown = [(one, _unknown(one)) for one in batch if name_key(one.account) not in accounts]
    return (new, len(changed) - new, len(taken) - len(changed)), unknown


def _before(
    session: Session, amounts: Mapping[tuple[int, int, date], float]
) -> dict[tuple[int, int, date], float]:
    weeks = [week for _, _, week in amounts]
    query = select(UsageReading).where(UsageReading.account_id.in_({account for account, _, _ in amounts}))
    if weeks:
        query = query.where(UsageReading.week_on.between(min(weeks), max(weeks)))
    return {(row.account_id, row.service_id, row.week_on): row.amount for row in session.scalars(query)}


def _unknown(one: _Used) -> Problem:
    return Problem("account", one.account, "This client is not on the client list.", "Bring in the client list first, or correct the name.")  # fmt: skip
