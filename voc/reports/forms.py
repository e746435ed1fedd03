"""Fields of leadership's forms, parsed to frozen rows or refused with words beside the field."""

from werkzeug.datastructures import MultiDict

from voc.accounts.rules import read_cents
from voc.breadth.rules import Limits
from voc.core.errors import Invalid

_MOST_GROUPS = 100_000
_DIGITS = 7  # enough to be above the most


def parse_limits(form: MultiDict[str, str]) -> Limits:
    """“N clients or € X”: a whole number from 1 up, and an amount or nothing."""
    problems: dict[str, str] = {}
    number = form.get("groups", "").strip()
    if not (number.isascii() and number.isdigit() and 1 <= int(number[:_DIGITS]) <= _MOST_GROUPS):
        problems["groups"] = "Write a whole number of clients such as 5."
    cents = _cents(form.get("value", "").strip(), problems)
    if problems:
        raise Invalid(" ".join(problems.values()), fields=problems)
    return Limits(int(number), cents)


def _cents(written: str, problems: dict[str, str]) -> int | None:
    if not written:
        return None
    try:
        cents = read_cents(written)
    except ValueError as error:
        problems["value"] = str(error)
        return None
    if not cents:
        problems["value"] = "Leave it empty when the yearly value should not count."
    return cents
