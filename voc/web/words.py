"""How pages write dates, money, counts and cells: filters for templates, all of them pure."""

from datetime import UTC, date, datetime, tzinfo
from typing import Final

from voc.web.wall import WORDS, sign

UNKNOWN: Final = "we do not know"
MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
SIGNS: Final = {"EUR": "€", "USD": "$", "GBP": "£", "CHF": "CHF"}
THIN: Final = "\u00a0"


def date_words(value: date | datetime | None, today: date, zone: tzinfo = UTC) -> str:
    """A day as people say it: "3 May", with the year when it is not this one; times are put in `zone`."""
    if value is None:
        return UNKNOWN
    day = value.astimezone(zone).date() if isinstance(value, datetime) else value
    said = f"{day.day}{THIN}{MONTHS[day.month - 1]}"
    return said if day.year == today.year else f"{said} {day.year}"


def moment_words(value: datetime | None, today: date, zone: tzinfo = UTC) -> str:
    """A day with its time, where several acts of one day stand in a list: "3 May, 10:14"."""
    if value is None:
        return UNKNOWN
    return f"{date_words(value, today, zone)}, {value.astimezone(zone):%H:%M}"


def ago_words(value: date | datetime | None, today: date, zone: tzinfo = UTC) -> str:
    """How near a day is: "today", "yesterday", "tomorrow", else as `date_words` says it."""
    if value is None:
        return UNKNOWN
    day = value.astimezone(zone).date() if isinstance(value, datetime) else value
    near = {0: "today", 1: "yesterday", -1: "tomorrow"}
    return near.get((today - day).days) or date_words(day, today)


def money_words(cents: int | None, currency: str = "EUR") -> str:
    """Money rounded to what matters: "€ 850", "€ 12,400", "€ 1.2 m"; None is said, never shown as zero."""
    if cents is None:
        return UNKNOWN
    amount = abs(cents) / 100
    sign = "−" if cents < 0 else ""
    return f"{sign}{SIGNS.get(currency, currency)}{THIN}{_rounded(amount)}"


def count_words(count: int | None, one: str, many: str = "") -> str:
    """A count with its noun: "no clients", "1 client", "1,240 clients"; `many` defaults to one + s."""
    if count is None:
        return UNKNOWN
    if count == 1:
        return f"1 {one}"
    return f"{f'{count:,}' if count else 'no'} {many or one + 's'}"


def share_words(share: float | None) -> str:
    """A share in [0, 1] as whole per cent; a little is "under 1 %", never zero."""
    if share is None:
        return UNKNOWN
    if 0 < share < 0.01:  # noqa: PLR2004  the least that whole per cent can say
        return f"under 1{THIN}%"
    return f"{round(share * 100)}{THIN}%"


def cell_words(state: str) -> str:
    """What a page says for a cell's state, e.g. "asked, waiting"."""
    return WORDS[state]


def initials(name: str) -> str:
    """Up to two letters that stand for a person's face: first and last name."""
    parts = name.split()
    return "".join(part[0].upper() for part in (parts[:1] + parts[1:][-1:]))


def _rounded(amount: float) -> str:
    for limit, unit in ((999.5e6, "bn"), (999.5e3, "m")):
        if amount >= limit:
            scaled = amount / (1e9 if unit == "bn" else 1e6)
            return f"{scaled:,.0f}{THIN}{unit}" if scaled >= 100 else f"{scaled:.1f}{THIN}{unit}"  # noqa: PLR2004  one decimal stops mattering
    step = 1 if amount < 1_000 else 100 if amount < 100_000 else 1_000  # noqa: PLR2004  three figures matter
    return f"{round(amount / step) * step:,}"


FILTERS: Final = {
    "date_words": date_words,
    "ago_words": ago_words,
    "moment_words": moment_words,
    "money_words": money_words,
    "count_words": count_words,
    "share_words": share_words,
    "cell_words": cell_words,
    "cell_sign": sign,
    "initials": initials,
}
"""What `create_app` hands to `app.jinja_env.filters`."""
