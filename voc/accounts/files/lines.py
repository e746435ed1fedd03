"""One row of a client list, read and checked."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from voc.accounts.rules import Bought, read_cents, read_services
from voc.core.errors import Invalid
from voc.core.tables.dates import DateFormat, read_day
from voc.core.tables.mapping import Cells, Field
from voc.core.tables.reading import Problem, Row
from voc.core.text import clean_optional

FIELDS = (
    Field("import_id", ("id", "account id", "client id", "customer id", "number", "account number", "client number", "customer number", "external id", "crm id", "code"), means="Your own number for the client."),
    Field("name", ("account", "account name", "client", "client name", "customer", "customer name", "company", "company name", "organisation", "organization"), is_needed=True),
    Field("group", ("group name", "parent", "parent account", "parent name", "holding", "belongs to", "head office"), means="The client it belongs to, if it is one of several sites."),
    Field("segment", ("sector", "industry", "tier", "type", "category"), means="What sort of client it is."),
    Field("services", ("service", "products", "product", "buys", "contracts"), means="What it buys from you."),
    Field("yearly_value", ("annual value", "value", "acv", "arr", "revenue", "annual revenue", "yearly revenue", "turnover", "contract value"), means="What it pays you in a year."),
    Field("currency", ("curr", "currency code")),
    Field("owner", ("account manager", "owner name", "our contact", "account owner", "manager", "csm", "relationship manager"), means="Who of you looks after it."),
    Field("owner_email", ("account manager email", "owner e mail", "owner mail", "manager email", "account owner email")),
    Field("contact_name", ("contact", "contact person", "person", "full name", "main contact"), means="Whom we can write to there."),
    Field("contact_role", ("role", "job title", "title", "function", "position")),
    Field("contact_email", ("email", "e mail", "mail", "contact e mail", "email address", "e mail address")),
    Field("contact_phone", ("phone", "telephone", "mobile", "phone number")),
    Field("joined_on", ("joined", "client since", "customer since", "since", "start date", "start"), means="Client since."),
    Field("left_on", ("left", "end date", "end", "terminated on", "client until"), means="Client until; empty while it is one."),
)  # fmt: skip
_EMAIL_LONGEST = 254
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ListedContact:
    """A person of the client as listed; name or e-mail is there."""

    name: str
    email: str | None
    role: str | None
    phone: str | None


@dataclass(frozen=True, slots=True)
class ListedAccount:
    """What one row says about the account; None where it says nothing."""

    name: str
    import_id: str | None
    group: str | None
    segment: str | None
    services: tuple[Bought, ...]
    yearly_value_cents: int | None
    owner: str | None
    owner_email: str | None
    joined_on: date | None
    left_on: date | None


@dataclass(frozen=True, slots=True)
class Line:
    """One good row."""

    row: Row
    account: ListedAccount
    contact: ListedContact | None


class Unreadable(Exception):
    """A cell cannot be used; `problem` says which and why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.what)
        self.problem = problem


class CellReader:
    """Reads the cells of one row, each failure an Unreadable that names the column."""

    def __init__(self, cells: Cells, row: Row) -> None:
        self._cells = cells
        self._row = row

    def words(self, name: str, *, limit: int = 200) -> str | None:
        """The cell's words without blanks around them; None when it is blank."""
        value = self._cells.of(self._row, name).strip()
        try:
            return clean_optional(value, name, limit=limit)
        except Invalid as error:
            raise self.refuse(name, error.message, "Correct this cell.") from error

    def as_(self, name: str, read: Callable[[str], T], way_out: str) -> T | None:
        """What `read` makes of the cell; None when it is blank."""
        value = self.words(name, limit=2_000)
        if value is None:
            return None
        try:
            return read(value)
        except ValueError as error:
            raise self.refuse(name, str(error), way_out) from error

    def email(self, name: str) -> str | None:
        """The address; it needs one @ with something on both sides and no blanks."""
        return self.as_(name, _email, "Write one address such as name@company.example.")

    def refuse(self, name: str, what: str, way_out: str) -> Unreadable:
        """The failure of field `name` in this row."""
        return Unreadable(Problem(self._cells.column(name), self._cells.of(self._row, name), what, way_out))


def _email(value: str) -> str:
    before, at, after = value.partition("@")
    if not (before and at and after) or "@" in after or any(mark.isspace() for mark in value):
        raise ValueError("This is no e-mail address.")
    if len(value) > _EMAIL_LONGEST:
        raise ValueError("This is too long for an e-mail address.")
    return value


def read_line(row: Row, cells: Cells, dates: DateFormat, currency: str) -> Line:
    """The row's account and contact; Unreadable names the first cell that cannot be used."""
    if row.problem:
        raise Unreadable(row.problem)
    reader = CellReader(cells, row)
    return Line(row, _account(reader, dates, currency), _contact(reader))


def _account(reader: CellReader, dates: DateFormat, currency: str) -> ListedAccount:
    name = reader.words("name")
    if name is None:
        raise reader.refuse("name", "The client's name is missing.", "Write the client's name.")
    return ListedAccount(
        name=name,
        import_id=reader.words("import_id", limit=100),
        group=reader.words("group"),
        segment=reader.words("segment", limit=100),
        services=reader.as_("services", read_services, "Write: Name from 2024-03-01 to 2026-06-30; Next name …") or (),
        yearly_value_cents=_value(reader, currency),
        owner=reader.words("owner"),
        owner_email=reader.email("owner_email"),
        joined_on=reader.as_("joined_on", lambda value: read_day(value, dates), "Write a date such as 2024-03-01."),
        left_on=reader.as_("left_on", lambda value: read_day(value, dates), "Write a date such as 2024-03-01."),
    )  # fmt: skip


def _value(reader: CellReader, currency: str) -> int | None:
    other = reader.words("currency", limit=20)
    if other and other.upper() != currency.upper() and reader.words("yearly_value"):
        raise reader.refuse("currency", f"This value is in {other}; yearly values are kept in {currency}.", f"Turn it into {currency} at the rate you use, and write {currency} here.")  # fmt: skip
    return reader.as_("yearly_value", read_cents, "Write a number such as 12500.")


def _contact(reader: CellReader) -> ListedContact | None:
    name, email = reader.words("contact_name"), reader.email("contact_email")
    role, phone = reader.words("contact_role"), reader.words("contact_phone", limit=50)
    if not (name or email):
        if role or phone:
            raise reader.refuse("contact_name", "A role or phone stands here without a person.", "Add the person’s name or e-mail.")  # fmt: skip
        return None
    return ListedContact(name or str(email), email, role, phone)
