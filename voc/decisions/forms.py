"""Fields of the pages of decisions, visits, promises and planned changes: frozen rows, or words beside the field."""

from dataclasses import dataclass
from datetime import date, timedelta

from werkzeug.datastructures import MultiDict

from voc.core.errors import Invalid
from voc.core.text import clean_optional, clean_text
from voc.decisions.models import CHOICES
from voc.decisions.rules import MESSAGE_NEEDED

_WORDS = 2_000
_NAME = 200
_REASON = 1_000
_FARTHEST = timedelta(days=5 * 366)
_MOST_WEEKS = 104
_DIGITS = 4  # enough to be above the most
_MANY = "Choose one of the list."


class Fields:
    """Reads one form field by field; `done` raises Invalid with all that is wrong at once."""

    def __init__(self, form: MultiDict[str, str], today: date) -> None:
        self.form, self.today = form, today
        self.problems: dict[str, str] = {}

    def words(self, name: str, *, limit: int = _WORDS) -> str:
        """Words that must be there."""
        try:
            return clean_text(self.form.get(name, ""), name, limit=limit).strip()
        except Invalid as error:
            self.problems |= error.fields
            return ""

    def maybe(self, name: str, *, limit: int = _WORDS) -> str | None:
        """Words that may be left out."""
        try:
            return clean_optional(self.form.get(name), name, limit=limit)
        except Invalid as error:
            self.problems |= error.fields
            return None

    def one_of(self, name: str, known: tuple[str, ...]) -> str:
        """One of the known values."""
        value = self.form.get(name, "")
        if value not in known:
            self.problems[name] = _MANY
        return value

    def day(self, name: str, *, past: bool = False) -> date:
        """A day from today on, or with `past` up to today."""
        found = self.maybe_day(name, past=past)
        if found is None and name not in self.problems:
            self.problems[name] = "Choose a day."
        return found or self.today

    def maybe_day(self, name: str, *, past: bool = False) -> date | None:
        """As `day`, or None when it is left out."""
        written = self.form.get(name, "").strip()
        if not written:
            return None
        try:
            found = date.fromisoformat(written)
        except ValueError:
            self.problems[name] = f"“{written[:20]}” is no day such as {self.today.isoformat()}."
            return None
        if past and not self.today - _FARTHEST <= found <= self.today:
            self.problems[name] = "Choose today or a day before."
        if not past and not self.today <= found <= self.today + _FARTHEST:
            self.problems[name] = "Choose today or a day to come."
        return found

    def weeks(self, name: str) -> int | None:
        """A number of weeks, or None when it is left out."""
        written = self.form.get(name, "").strip()
        if not written:
            return None
        if written.isascii() and written.isdigit() and 1 <= int(written[:_DIGITS]) <= _MOST_WEEKS:
            return int(written[:_DIGITS])
        self.problems[name] = f"Write a whole number of weeks up to {_MOST_WEEKS}, or leave it empty."
        return None

    def done(self) -> None:
        """Raises Invalid when any field was wrong."""
        if self.problems:
            raise Invalid(" ".join(self.problems.values()), fields=self.problems)


@dataclass(frozen=True, slots=True)
class DecisionForm:
    """What is decided; `owner` is a public id of one of our people."""

    choice: str
    words: str
    message: str | None
    owner: str
    due_on: date
    look_again_on: date


def parse_decision(form: MultiDict[str, str], today: date) -> DecisionForm:
    """A decision names what, who, until when, and when we look again; change and keep have words for clients."""
    fields = Fields(form, today)
    parsed = DecisionForm(
        choice=fields.one_of("choice", CHOICES),
        words=fields.words("words"),
        message=fields.maybe("message"),
        owner=fields.form.get("owner", ""),
        due_on=fields.day("due_on"),
        look_again_on=fields.day("look_again_on"),
    )
    if parsed.choice in MESSAGE_NEEDED and not parsed.message and "message" not in fields.problems:
        fields.problems["message"] = "Write what the clients who have it will hear."
    if parsed.look_again_on < parsed.due_on:
        fields.problems.setdefault("look_again_on", "Look again on the day it is done, or later.")
    fields.done()
    return parsed


@dataclass(frozen=True, slots=True)
class CommitmentForm:
    """A promise: `client` is empty when it is made to all."""

    words: str
    proof: str
    owner: str
    next_due_on: date
    every_weeks: int | None
    client: str
    issue: str
    service: str


def parse_commitment(form: MultiDict[str, str], today: date) -> CommitmentForm:
    """A promise has words for the client, what shows that it is kept, who answers for it, and when."""
    fields = Fields(form, today)
    parsed = CommitmentForm(
        words=fields.words("words"),
        proof=fields.words("proof"),
        owner=form.get("owner", ""),
        next_due_on=fields.day("next_due_on"),
        every_weeks=fields.weeks("every_weeks"),
        client=form.get("client", "").strip(),
        issue=form.get("issue", ""),
        service=form.get("service", ""),
    )
    if form.get("to", "one") == "one" and not parsed.client:
        fields.problems["client"] = "Say which client, or choose all of them."
    fields.done()
    return parsed


@dataclass(frozen=True, slots=True)
class ProofForm:
    """What showed that a promise is kept or not."""

    was_kept: bool
    words: str


def parse_proof(form: MultiDict[str, str], today: date) -> ProofForm:
    """Kept or not, and words that the client will read."""
    fields = Fields(form, today)
    kept = fields.one_of("was_kept", ("yes", "no"))
    words = fields.words("words", limit=_REASON)
    fields.done()
    return ProofForm(kept == "yes", words)


@dataclass(frozen=True, slots=True)
class VisitForm:
    """A visit to be planned; `client` is a name or public id, `contact` and `issue` public ids or empty."""

    client: str
    contact: str
    issue: str
    visitor: str
    planned_on: date


def parse_visit(form: MultiDict[str, str], today: date) -> VisitForm:
    """Whom, who goes, and when."""
    fields = Fields(form, today)
    parsed = VisitForm(
        client=fields.words("client", limit=_NAME),
        contact=form.get("contact", ""),
        issue=form.get("issue", ""),
        visitor=form.get("visitor", ""),
        planned_on=fields.day("planned_on"),
    )
    fields.done()
    return parsed


@dataclass(frozen=True, slots=True)
class WentForm:
    """That one went: how, when, and what was said there."""

    how: str
    went_on: date
    text: str


def parse_went(form: MultiDict[str, str], today: date) -> WentForm:
    """How, on which day, and the client's words; they become a note like any other."""
    fields = Fields(form, today)
    parsed = WentForm(
        fields.one_of("how", ("visit", "call")),
        fields.day("went_on", past=True),
        fields.words("text", limit=10_000),
    )
    fields.done()
    return parsed


@dataclass(frozen=True, slots=True)
class PlanForm:
    """Something that somebody wants to end."""

    name: str
    issue: str
    service: str
    planned_on: date


def parse_plan(form: MultiDict[str, str], today: date) -> PlanForm:
    """What would end, when, and which issue or service tells who depends on it."""
    fields = Fields(form, today)
    parsed = PlanForm(
        fields.words("name", limit=_NAME),
        form.get("issue", ""),
        form.get("service", ""),
        fields.day("planned_on"),
    )
    if not parsed.issue and not parsed.service:
        fields.problems["issue"] = "Choose an issue or a service: otherwise nobody can say who depends on it."
    fields.done()
    return parsed


def parse_words(form: MultiDict[str, str], name: str) -> str:
    """One field of words that must be there."""
    return clean_text(form.get(name, ""), name, limit=_WORDS).strip()
