"""Reads what a client list says in words: services with dates, money, yes and no."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

SINCE_ALWAYS = date(1970, 1, 1)  # stands for "we do not know since when"
_SERVICE = re.compile(r"(?P<name>.+?)(?:\s+from\s+(?P<start>\S+))?(?:\s+(?:to|until)\s+(?P<end>\S+))?", re.IGNORECASE)  # fmt: skip
_MOST_CENTS = 10**15
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Bought:
    """A service and when it is bought, half-open; `ends_on` None while it still is."""

    name: str
    starts_on: date
    ends_on: date | None


def read_services(written: str) -> tuple[Bought, ...]:
    """What `Sterile supply from 2024-03-01; Invoicing from 2023-01-01 to 2026-06-30` says.

    The day after "to" is the last with the service. ValueError names the part that cannot be read.
    """
    return tuple(_read_service(part.strip()) for part in written.split(";") if part.strip())


def _read_service(part: str) -> Bought:
    found = _SERVICE.fullmatch(part[: _LONGEST_NAME + 50])
    if not found or len(found["name"]) > _LONGEST_NAME:
        raise ValueError(f"“{part[:60]}” is too long for a service.")
    start = _day(found["start"], part) or SINCE_ALWAYS
    last = _day(found["end"], part)
    if last and last < start:
        raise ValueError(f"“{part}” ends before it starts.")
    return Bought(found["name"].strip(), start, last + timedelta(days=1) if last else None)


def _day(written: str | None, part: str) -> date | None:
    try:
        return date.fromisoformat(written) if written else None
    except ValueError as error:
        raise ValueError(f"“{written}” in “{part}” is no date such as 2024-03-01.") from error


def read_cents(written: str) -> int:
    """An amount such as `12500`, `12,500.50` or `12.500,50` in cents. ValueError when it is none."""
    plain = re.sub(r"[\s'’\u00a0]", "", written)
    if not re.fullmatch(r"[0-9][0-9.,]*", plain):
        raise ValueError("This is no amount such as 12500 or 12500.50.")
    if re.fullmatch(r"[0-9]{1,3}([.,])[0-9]{3}", plain):
        raise ValueError("This can be thousands or decimals; write it without a separator, such as 12500.")
    whole, _, rest = re.sub(r",", ".", plain).rpartition(".")
    decimals = len(rest) <= 2 and bool(whole)  # noqa: PLR2004 - cents have two places
    number = f"{whole.replace('.', '')}.{rest}" if decimals else plain.replace(".", "").replace(",", "")
    try:
        cents = int(Decimal(number) * 100)
    except InvalidOperation as error:
        raise ValueError("This is no amount such as 12500 or 12500.50.") from error
    if cents >= _MOST_CENTS:
        raise ValueError("This amount is too large to be a yearly value.")
    return cents


def week_of(day: date) -> date:
    """The Monday of the day's week."""
    return day - timedelta(days=day.weekday())
