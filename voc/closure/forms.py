"""What people type into closure's forms: sent fields in, plain values or words beside each field out."""

from datetime import date, datetime

from voc.closure.rules import STATUS_WORDS, end_of
from voc.closure.telling import Wanted
from voc.closure.writing import STATUSES
from voc.core.errors import Invalid
from voc.core.text import clean_text
from voc.intake.forms import Sent

WORDS_LIMIT = 4_000
_FURTHEST_DAYS = 366


def wanted_update(form: Sent, *, today: date, zone: str) -> Wanted:
    """An update about an issue; Invalid naming each field that cannot be used."""
    return _wanted(form, tuple(STATUS_WORDS), today=today, zone=zone)


def wanted_word(form: Sent, *, today: date, zone: str) -> Wanted:
    """A word to one client; Invalid naming each field that cannot be used."""
    return _wanted(form, STATUSES, today=today, zone=zone)


def outcome_words(form: Sent) -> tuple[str, str]:
    """What those hear who said no, and those who did not answer."""
    found = form.text("words_no", limit=WORDS_LIMIT), form.text("words_none", limit=WORDS_LIMIT)
    form.check()
    return found


def one_persons_words(form: Sent) -> str | None:
    """Words for one person alone; None for the words that all get."""
    found = form.optional("words", limit=WORDS_LIMIT)
    form.check()
    return found


def plain_words(form: Sent, name: str = "words") -> str:
    """Words that must be there."""
    found = form.text(name, limit=WORDS_LIMIT)
    form.check()
    return found


def signed(form: Sent) -> tuple[str, str | None]:
    """Yes or no to “is it solved?”, and the words beside it."""
    says, words = form.one_of("says", ("yes", "no")), form.optional("words", limit=WORDS_LIMIT)
    if says is None and "says" not in form.errors:
        form.errors["says"] = "Please choose yes or no."
    form.check()
    return says or "", words


def rated(form: Sent) -> tuple[int, str | None]:
    """How we went about it, 1 to 5, and the words beside it."""
    chosen, words = form.one_of("satisfaction", tuple("12345")), form.optional("words", limit=WORDS_LIMIT)
    if chosen is None and "satisfaction" not in form.errors:
        form.errors["satisfaction"] = "Please choose one of the five."
    form.check()
    return int(chosen or 0), words


def more_said(form: Sent) -> str:
    """What a client adds to a point."""
    try:
        return clean_text(form.values.get("text", ""))
    except Invalid as error:
        form.errors.update(error.fields)
        raise


def _wanted(form: Sent, statuses: tuple[str, ...], *, today: date, zone: str) -> Wanted:
    status = form.one_of("status", statuses)
    if status is None and "status" not in form.errors:
        form.errors["status"] = "Please choose where it stands."
    found = Wanted(
        status=status or "looking",
        words=form.text("words", limit=WORDS_LIMIT),
        cause=form.optional("cause", limit=WORDS_LIMIT),
        action=form.optional("action", limit=WORDS_LIMIT),
        next_word_by=_day(form, "next_word_by", today, zone),
    )
    form.check()
    return found


def _day(form: Sent, name: str, today: date, zone: str) -> datetime | None:
    typed = form.values.get(name, "")
    if not typed.strip():
        return None
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        form.errors[name] = "Please give a day such as 2026-05-04."
        return None
    if not 0 <= (day - today).days <= _FURTHEST_DAYS:
        form.errors[name] = "Please give a day from today on, within a year."
        return None
    return end_of(day, zone)
