"""What the forms about themes send, as frozen values or field errors."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from werkzeug.datastructures import MultiDict

from voc.core.errors import Invalid
from voc.core.text import clean_optional, clean_text

MOST_PARTS: Final = 4  # themes that one can be split into at once: each is ticked by hand
_FEWEST_PARTS: Final = 2
_NAME_LIMIT: Final = 60
_MOST_DIGITS: Final = 9
_ABOUT_LIMIT: Final = 400
_SENTENCE_LIMIT: Final = 300
MOST_SENTENCES: Final = 250


@dataclass(frozen=True, slots=True)
class ThemeFields:
    """A theme as typed; `under` is the key of the one above it."""

    name: str
    description: str
    examples: tuple[str, ...]
    under: str | None


@dataclass(frozen=True, slots=True)
class PartFields:
    """One side of a split as typed, with the public ids of the comments ticked for it."""

    name: str
    description: str
    comments: tuple[str, ...]


def theme_fields(form: Mapping[str, str]) -> ThemeFields:
    """A theme as typed; Invalid for a name that is empty, and for what is too long."""
    return ThemeFields(
        _name(form, "name"), _about(form, "description"), _sentences(form), form.get("under") or None
    )


def version_opened(form: Mapping[str, str], newest: int) -> int:
    """The version of the themes on which a form was opened; 0 where it does not say one that was."""
    typed = form.get("opened") or ""
    number = int(typed[:_MOST_DIGITS]) if typed.isascii() and typed.isdigit() else 0
    return number if number <= newest else 0


def split_fields(form: MultiDict[str, str]) -> tuple[PartFields, ...]:
    """The sides of a split that have a name or ticked comments; the first two always."""
    ticked = [(name.removeprefix("part-"), value) for name, value in form.items() if name.startswith("part-")]
    found = []
    for place in map(str, range(1, MOST_PARTS + 1)):
        comments = tuple(comment for comment, value in ticked if value == place)
        if int(place) <= _FEWEST_PARTS or comments or form.get(f"name_{place}", "").strip():
            name, about = _name(form, f"name_{place}"), _about(form, f"description_{place}")
            found.append(PartFields(name, about, comments))
    return tuple(found)


def _name(form: Mapping[str, str], field: str) -> str:
    return " ".join(clean_text(form.get(field, ""), field, limit=_NAME_LIMIT).split())


def _about(form: Mapping[str, str], field: str) -> str:
    return " ".join((clean_optional(form.get(field), field, limit=_ABOUT_LIMIT) or "").split())


def _sentences(form: Mapping[str, str]) -> tuple[str, ...]:
    limit = MOST_SENTENCES * (_SENTENCE_LIMIT + 2)
    typed = clean_optional(form.get("examples"), "examples", limit=limit) or ""
    found = tuple(dict.fromkeys(" ".join(line.split()) for line in typed.splitlines() if line.strip()))
    if len(found) > MOST_SENTENCES:
        words = f"These are {len(found)} sentences; {MOST_SENTENCES} are enough. Please keep the clearest."
        raise Invalid(words, fields={"examples": words})
    for place, one in enumerate(found, 1):
        if len(one) > _SENTENCE_LIMIT:
            words = f"Sentence {place} has {len(one)} characters; we take up to {_SENTENCE_LIMIT}. Please shorten it."
            raise Invalid(words, fields={"examples": words})
    return found
