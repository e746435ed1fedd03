"""Fields of the issue pages' forms, parsed to frozen rows or refused with words beside the field."""

from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from voc.core.errors import Invalid
from voc.issues.models import Issue

_MOST_WATCHED = 100_000


@dataclass(frozen=True, slots=True)
class StateForm:
    """A state a person sets; `watch_until` counts clients."""

    state: str | None
    watch_until: int | None


def parse_state(form: MultiDict[str, str]) -> StateForm:
    """The chosen state; "watching" needs a whole number of clients from 1 up."""
    state = form.get("state") or None
    if state != "watching":
        return StateForm(state, None)
    number = form.get("watch_until", "").strip()
    if not (number.isascii() and number.isdigit() and 0 < int(number) <= _MOST_WATCHED):
        raise Invalid(
            _said(number),
            fields={"watch_until": _said(number)},
        )
    return StateForm(state, int(number))


def _said(number: str) -> str:
    begins = f"“{number[:20]}” is not a number of clients. " if number else "We need a number of clients. "
    return begins + "Write a whole number such as 5."


def chosen(form: MultiDict[str, str], name: str) -> list[str]:
    """All values of a field that may be ticked several times."""
    return [value for value in form.getlist(name) if value]


@dataclass(frozen=True, slots=True)
class Wrong:
    """A form that cannot be taken: which one, what is wrong beside each field, and what was typed and ticked.

    `same` is the issue that has the name already: the way out is to put the two together.
    """

    form: str
    fields: dict[str, str]
    typed: dict[str, str]
    ticked: frozenset[str]
    same: Issue | None = None

    def error(self, form: str, field: str) -> str | None:
        """What is wrong with this field of this form."""
        return self.fields.get(field) if form == self.form else None

    def value(self, form: str, field: str, otherwise: str) -> str:
        """What was typed there, else what stands there."""
        return self.typed.get(field, otherwise) if form == self.form else otherwise


NOTHING_WRONG = Wrong("", {}, {}, frozenset())
