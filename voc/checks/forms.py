"""What people type into the pages of questions: sent fields in, frozen rows or words beside each field out."""

from dataclasses import dataclass
from datetime import date

from voc.checks.models import REACHES, SAYS
from voc.checks.rules import RESULTS
from voc.core.errors import Invalid
from voc.intake.forms import Sent

_WHAT_LIMIT = 300
_WORDS_LIMIT = 2_000
_NAME_LIMIT = 200
_YEARS_BACK = 2
_ONE_OF_FIVE = "Please choose one of the five answers."


@dataclass(frozen=True, slots=True)
class Wording:
    """Step one: what is asked, since when, and what would follow from many a yes."""

    what: str
    since_on: date
    reach: str
    if_many: str
    decider: str
    decide_by: date


@dataclass(frozen=True, slots=True)
class Answered:
    """One of the five answers, with words beside it."""

    says: str
    words: str | None
    colleague: str | None


@dataclass(frozen=True, slots=True)
class Colleague:
    """Who can answer better."""

    name: str
    email: str | None


@dataclass(frozen=True, slots=True)
class Called:
    """How a call went; an answer only where somebody was spoken with."""

    result: str
    says: str | None
    words: str | None


def wording(form: Sent, today: date) -> Wording:
    """Step one of asking; Invalid naming each field that cannot be used."""
    found = Wording(
        what=form.text("what", limit=_WHAT_LIMIT).strip(),
        since_on=_day(form, "since_on", today, past=True),
        reach=form.one_of("reach", REACHES) or "everyone",
        if_many=form.text("if_many", limit=_WORDS_LIMIT).strip(),
        decider=_chosen(form, "decider", "Choose who decides: no owner, no question."),
        decide_by=_day(form, "decide_by", today, past=False),
    )
    form.check()
    return found


def asked_so_far(form: Sent, today: date) -> tuple[str, date | None]:
    """What stands in the box while somebody types: the one thing, and the day when it can be read."""
    try:
        day = date.fromisoformat(form.values.get("since_on", ""))
    except ValueError:
        return form.values.get("what", "")[:_WHAT_LIMIT].strip(), None
    return form.values.get("what", "")[:_WHAT_LIMIT].strip(), day if day <= today else None


def answered(form: Sent) -> Answered:
    """What a client answers; Invalid when it is none of the five."""
    says = form.one_of("says", SAYS)
    if says is None:
        form.errors["says"] = _ONE_OF_FIVE
    words = form.optional("words", limit=10_000)
    colleague = form.optional("colleague", limit=_NAME_LIMIT)
    form.check()
    return Answered(says or "", words, colleague)


def colleague(form: Sent) -> Colleague:
    """To whom a question is passed; Invalid naming each field that cannot be used."""
    typed = form.values.get("email", "").strip()
    found = Colleague(form.text("name", limit=_NAME_LIMIT).strip(), form.email("email") if typed else None)
    form.check()
    return found


def called(form: Sent) -> Called:
    """How a call went: a button with an answer, or with what came instead of one."""
    pressed = form.values.get("pressed", "")
    if pressed not in {*SAYS, *RESULTS}:
        words = "Choose what came of the call."
        raise Invalid(words, fields={"pressed": words})
    words_said = form.optional("words", limit=_WORDS_LIMIT)
    form.check()
    says = pressed if pressed in SAYS else None
    return Called("spoke" if says else pressed, says, words_said)


def read_reply(form: Sent) -> str | None:
    """Which of the five answers a reply is; None for "it answers something else"."""
    pressed = form.values.get("pressed", "")
    if pressed not in {*SAYS, "none"}:
        raise Invalid(_ONE_OF_FIVE, fields={"pressed": _ONE_OF_FIVE})
    return None if pressed == "none" else pressed


def reason(form: Sent, name: str = "reason") -> str:
    """A reason that must be written; Invalid when it is missing."""
    words = form.text(name, limit=_WORDS_LIMIT).strip()
    form.check()
    return words


def _chosen(form: Sent, name: str, missing: str) -> str:
    value = form.values.get(name, "").strip()
    if not value:
        form.errors[name] = missing
    return value[:_NAME_LIMIT]


def _day(form: Sent, name: str, today: date, *, past: bool) -> date:
    try:
        day = date.fromisoformat(form.values.get(name, ""))
    except ValueError:
        form.errors[name] = "Please give a day such as 2026-05-04."
        return today
    if past and not (today.replace(day=1).replace(year=today.year - _YEARS_BACK) <= day <= today):
        form.errors[name] = "Please give a day that has been, within the last two years."
    if not past and not (today <= day and day.year <= today.year + _YEARS_BACK):
        form.errors[name] = "Please give a day to come, within the next two years."
    return day
