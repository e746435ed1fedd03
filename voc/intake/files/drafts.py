"""One row of a file of comments, read and checked, before its account is looked up."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from voc.core.errors import Invalid
from voc.core.tables.dates import DateFormat, not_later_than, read_moment
from voc.core.tables.mapping import Cells
from voc.core.tables.reading import Problem, Row
from voc.core.text import BROUGHT_LIMIT, clean_optional, clean_text, fingerprint
from voc.intake.files.columns import read_hurt, read_kind, read_source, read_yes_no

_LONGEST_NAME = 200
_WRITES = json.JSONEncoder(ensure_ascii=False)  # json.dumps with an option makes another for every call
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Draft:
    """One good row; names are as written, not yet looked up. `said_at` is None when the file does not say."""

    row: Row
    account: str
    text: str
    sender_key: str
    body: bytes
    said_at: datetime | None
    contact_email: str | None
    kind: str
    source: str
    hurt: int | None
    touches: str | None
    would_solve: str | None
    wants_senior: bool
    may_ask_others: bool
    not_seen_by: str | None


class Unreadable(Exception):
    """A row cannot be taken; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.what)
        self.problem = problem


class Drafter:
    """Turns the rows of one file into drafts, in order: equal rows are told apart by their occurrence."""

    def __init__(self, cells: Cells, header: Sequence[str], dates: DateFormat, zone: ZoneInfo, now: datetime) -> None:  # fmt: skip
        self._cells = cells
        self._header = header
        self._dates = dates
        self._zone = zone
        self._now = now
        # Most cells are blank: what each field is then is looked up once.
        self._blank: dict[str, object] = dict.fromkeys(
            ("contact_email", "touches", "would_solve", "not_seen_by", "hurt")
        )
        self._blank |= {
            "kind": "comment",
            "source": "unasked",
            "wants_senior": False,
            "may_ask_others": False,
        }
        self._met: set[int] = set()
        self._times: dict[int, int] = {}

    def draft(self, row: Row) -> Draft:
        """The row's draft, or Unreadable naming the first cell that cannot be used."""
        if row.problem:
            raise Unreadable(row.problem)
        key = self._sender_key(row)
        account = self._read(row, "account", lambda value: clean_text(value.strip(), limit=_LONGEST_NAME), "Name the client.")  # fmt: skip
        return Draft(
            row=row,
            account=account,
            text=self._read(row, "text", lambda value: clean_text(value, limit=BROUGHT_LIMIT), "Correct the text, or split it."),
            sender_key=key,
            body=_WRITES.encode(dict(zip(self._header, row.values, strict=True))).encode(errors="replace"),
            said_at=self._read(row, "received_at", self._moment, "Write a date such as 2024-03-31, or name the format with --date-format."),
            contact_email=self._words(row, "contact_email"),
            kind=self._read(row, "kind", read_kind, "Use one of these words, or leave it blank."),
            source=self._read(row, "source", read_source, "Leave it blank."),
            hurt=self._read(row, "hurt", read_hurt, "Write 1 (annoys), 2 (slows), 4 (stops) or 8 (may leave)."),
            touches=self._words(row, "touches"),
            would_solve=self._words(row, "would_solve"),
            wants_senior=self._read(row, "wants_senior", read_yes_no, "Write yes or no."),
            may_ask_others=self._read(row, "may_ask_others", read_yes_no, "Write yes or no."),
            not_seen_by=self._words(row, "not_seen_by"),
        )  # fmt: skip

    def _sender_key(self, row: Row) -> str:
        """The sender's own id for it; else the row's fingerprint and how often it was met before.

        Never the text alone: two people may write the same words. Every row counts, refused ones too,
        so that the same file always gives the same keys.
        """
        own = self._cells.of(row, "source_id").strip()
        if own:
            return f"id:{own}"
        print_ = fingerprint(*row.values)
        short = int(print_[:15], 16)  # keeps a million rows within 80 MB; a collision only raises a number
        if short not in self._met:
            self._met.add(short)
            return f"row:{print_}:1"
        self._times[short] = self._times.get(short, 1) + 1
        return f"row:{print_}:{self._times[short]}"

    def _moment(self, value: str) -> datetime | None:
        if not value.strip():
            if "received_at" in self._cells.mapping:
                raise ValueError("The date is missing.")
            return None
        moment = read_moment(value, self._dates, self._zone)
        not_later_than(moment, self._now)
        return moment

    def _words(self, row: Row, name: str) -> str | None:
        return self._read(row, name, lambda value: clean_optional(value.strip(), name), "Correct this cell.")

    def _read(self, row: Row, name: str, read: Callable[[str], T], way_out: str) -> T:
        value = self._cells.of(row, name)
        if not value and name in self._blank:
            return self._blank[name]  # type: ignore[return-value]  # what `read` gave for the same blank
        try:
            return read(value)
        except Invalid as error:
            raise Unreadable(Problem(self._cells.column(name), value, error.message, way_out)) from error
        except ValueError as error:
            raise Unreadable(Problem(self._cells.column(name), value, str(error), way_out)) from error
