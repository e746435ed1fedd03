"""What the buttons and fields of analysis send, as frozen values or field errors."""

from collections.abc import Mapping
from dataclasses import dataclass

from voc.core.errors import Invalid
from voc.core.text import clean_optional, clean_text

KINDS = ("theme", "severity", "escalation", "departure")
_NAME_LIMIT = 60
_ABOUT_LIMIT = 400


@dataclass(frozen=True, slots=True)
class LabelWanted:
    """A person's word as its button sends it: `theme:billing:yes`."""

    kind: str
    value: str
    holds: bool


@dataclass(frozen=True, slots=True)
class ThemeWanted:
    """A theme's name and what it is about, as typed."""

    name: str
    description: str


def label_wanted(form: Mapping[str, str]) -> LabelWanted:
    """The label that was pressed; Invalid when no page of ours could have sent it."""
    kind, _, rest = form.get("label", "").partition(":")
    value, _, answer = rest.rpartition(":")
    if kind not in KINDS or answer not in {"yes", "no"}:
        raise Invalid("Press one of the buttons.", fields={"label": "Press one of the buttons."})
    return LabelWanted(kind, value, answer == "yes")


def theme_wanted(form: Mapping[str, str]) -> ThemeWanted:
    """The theme as typed; Invalid for a name that is empty or too long."""
    name = " ".join(clean_text(form.get("name"), "name", limit=_NAME_LIMIT).split())
    about = clean_optional(form.get("description"), "description", limit=_ABOUT_LIMIT)
    return ThemeWanted(name, " ".join((about or "").split()))
