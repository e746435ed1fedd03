"""Notes sums of money, dates, shares, durations and references."""

import re
from collections.abc import Iterable, Iterator

from spacy.language import Language
from spacy.tokens import Doc

from nlp.components.notes import notes_of
from nlp.figures import windows
from nlp.reading import Entity

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*"
_SHAPES = (
    ("money", r"(?:[$€£]|(?:usd|eur|gbp|chf)\s?)\s?\d[\d,.]*\d?(?:\s?(?:k|m|million|thousand))?\b|"  # noqa: ISC004
              r"\b\d[\d,.]*\s?(?:dollars|euros?|pounds|usd|eur|gbp|chf|€|£)(?!\w)"),
    ("share", r"\b\d+(?:[.,]\d+)?\s?(?:%|percent\b|per cent\b)"),
    ("date", rf"\b(?:\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}}[/.]\d{{1,2}}[/.]\d{{2,4}}|\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH}"  # noqa: ISC004
             rf"(?:,? \d{{4}})?|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?)\b"),
    ("duration", r"\b(?:\d+|two|three|four|five|six|seven|eight|nine|ten|several|many) "  # noqa: ISC004
                 r"(?:minutes?|hours?|days?|weeks?|months?|years?)\b"),
)  # fmt: skip
_ALL = re.compile("|".join(f"(?P<{kind}>{shape})" for kind, shape in _SHAPES), re.IGNORECASE)
_SPELLED = re.compile(
    r"(?:two|three|four|five|six|seven|eight|nine|ten|several|many) (?:minute|hour|day|week|month|year)s?\b"
)
_BEFORE, _AFTER = 20, 30
"""Characters around digits that an entity may reach."""


def entities(text: str) -> tuple[Entity, ...]:
    """Entities of `text` in order of place."""
    found = [
        Entity(hit.start(), hit.end(), str(hit.lastgroup), hit.group())
        for low, high, _ in windows(text, _BEFORE, _AFTER)
        for hit in _ALL.finditer(text, low, high)
    ]
    digits = {at for one in found for at in (one.start, one.end)}
    for hit in _SPELLED.finditer(text.lower() if text.isascii() else text):
        if (hit.start() == 0 or not text[hit.start() - 1].isalnum()) and not digits & {
            hit.start(),
            hit.end(),
        }:
            found.append(Entity(hit.start(), hit.end(), "duration", text[hit.start() : hit.end()]))  # noqa: PERF401 - reads better
    return tuple(sorted(found, key=lambda one: one.start))


@Language.factory("everyclient_entities")
class EntityReader:
    """Notes the entities of readable texts."""

    def __init__(self, nlp: Language, name: str) -> None:  # noqa: ARG002
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        notes = notes_of(doc)
        if notes.readable:
            notes.entities = entities(notes.text)
        return doc

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 256) -> Iterator[Doc]:  # noqa: ARG002 - spaCy's name
        """One doc after the other."""
        return map(self.__call__, stream)
