"""Fields of the issue pages' forms, parsed to frozen rows or refused with words beside the field."""

from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from voc.core.errors import Invalid

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
            f"“{number}” is not a number of clients. Write a whole number such as 5.",
            fields={"watch_until": "Write a whole number such as 5."},
        )
    return StateForm(state, int(number))


def chosen(form: MultiDict[str, str], name: str) -> list[str]:
    """All values of a field that may be ticked several times."""
    return [value for value in form.getlist(name) if value]
