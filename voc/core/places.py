"""Where somebody lives, when somebody was born and how to reach them: found by shape, for whoever reads across clients."""

import re
from collections.abc import Iterator
from typing import Final

_UP, _LOW = "A-ZÀ-ÖØ-ÞĀ-Ž", "a-zß-öø-ÿā-ž'’.-"
_TOWN = rf"[{_UP}][{_LOW}]{{1,30}}"
_CODE = r"[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}"
_STREET = r"(?:Street|Road|Avenue|Lane|Terrace|Crescent|Boulevard|Gardens|Mews|Close|Drive|Court|Square|Place|Way|Row|Grove|Hill|Walk|Quay|Wharf|St|Rd|Ave|Ln|Blvd)"
_TAIL = rf"(?:,?\s+{_TOWN}(?:\s+{_TOWN}){{0,2}}(?=,?\s+(?:{_CODE}|[A-Z]{{2}}\s\d{{5}})))?(?:,?\s+(?:{_CODE}|[A-Z]{{2}}\s+\d{{5}}(?:-\d{{4}})?)\b)?"
_CODE_AND_TOWN = rf"(?:,?\s+(?:[A-Z]{{1,2}}-)?\d{{4,5}}(?:\s?[A-Z]{{2}}\b)?\s+{_TOWN}(?:\s+{_TOWN})?)"
_ENGLISH = re.compile(
    rf"(?:\b(?:Flat|Unit|Suite|Apartment|Apt)\.?\s+\w{{1,4}},\s*)?\b\d{{1,5}}[a-zA-Z]?(?:[-/]\d{{1,4}})?,?\s+(?:{_TOWN}\s+){{1,3}}{_STREET}\b\.?{_TAIL}"
)
_SMALL_ENGLISH = re.compile(
    r"\b(?:at|to|from|is|in|address:?)\s+(?P<place>\d{1,5}[a-z]?\s+(?!(?:of|on|in|at|the|to|by|for|more|way|lane|our|your|main)\b)[a-z'’]{3,30}\s+(?:street|road|avenue))\b"
)
_GERMAN = re.compile(
    rf"\b(?:{_TOWN}\s+){{0,2}}[{_UP}a-z][{_LOW}]{{0,30}}(?:stra(?:ß|ss)e|Stra(?:ß|ss)e|[Ss]tr\.|weg|platz|allee|gasse|straat|laan|gracht|plein|kade)\s+\d{{1,4}}\s?[a-z]?\b{_CODE_AND_TOWN}?"
)
_ROMANCE = re.compile(
    rf"\b(?:\d{{1,4}}(?:\s(?:bis|ter))?,?\s+(?:rue|avenue|boulevard|place|chemin|allée|quai|impasse)\s+(?:(?:de|du|des|la|le)\s+|[dl]['’])*{_TOWN}(?:\s{_TOWN})*"
    rf"|(?:Calle|Avenida|Plaza|Via|Viale|Piazza|Rua)\s+(?:(?:de|del|della|dei|la|da)\s+)*{_TOWN}(?:\s{_TOWN})?,?\s+\d{{1,4}})\b{_CODE_AND_TOWN}?"
)
_CODED = re.compile(rf"\b(?:{_TOWN}\s+){{1,4}}\d{{1,4}}\s?[a-z]?,\s+(?:[A-Z]{{1,2}}-)?\d{{4,5}}\s+{_TOWN}\b")
_POSTCODE = re.compile(rf"(?:\bpost\s?code\b\W+(?:(?:is|was)\W+)?|{_TOWN},?\s+)(?P<place>{_CODE})\b")
_BOX = re.compile(r"\b(?:P\.?\s?O\.?\s?Box|Postfach)\s+\d[\d ]{1,7}\d\b", re.IGNORECASE)
_NOT_HERE = re.compile(r"(?i)\b(?:part|model|error|order|room|phase|version|line|gate|dock|item|type)\s*$")
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mär|mai|okt|dez)[a-zäû]*\.?"
_BIRTH = re.compile(
    r"\b(?:born|birth|birth\s?date|d\.?\s?o\.?\s?b\.?|birthday|geboren|geburtsdatum|geb\.?|née?|nacido|nata?o?)\b\W{0,3}(?:(?:is|was|on|the|am|le|el|as|date)\W{1,3}){0,3}"
    rf"(?P<place>\d{{4}}[-./]\d{{1,2}}[-./]\d{{1,2}}|\d{{1,2}}[-./]\s?\d{{1,2}}[-./]\s?\d{{2,4}}|\d{{1,2}}(?:st|nd|rd|th|\.)?\s+(?:of\s+)?{_MONTH},?(?:\s+\d{{2,4}})?|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s+\d{{4}})?)\b",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"(?<![\w.+%'-])[\w.+%'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_PHONE = re.compile(r"(?<![\w.,€$£#/-])(?:\+|00|\(0|0)\d(?:[\s().\-/]{0,2}\d){7,12}(?![\w%]|[.,/-]\d)")
_NEAR: Final = 12
_BEFORE, _AFTER = 90, 70
"""Characters around digits that the shapes with digits see."""
_DIGITS = re.compile(r"\d+")


def places_in(text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, what it is) of addresses of houses and people, dates of birth and telephones; may overlap."""
    if "@" in text:
        for found in _EMAIL.finditer(text):
            yield *found.span(), "email"
    for low, high in _stretches(text):
        yield from _around_digits(text, low, high)


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    """Where digits stand, with what is around them, in order and without overlap."""
    held: tuple[int, int] | None = None
    for found in _DIGITS.finditer(text):
        low, high = max(0, found.start() - _BEFORE), found.end() + _AFTER
        if held is not None and low > held[1]:
            yield held
            held = None
        held = (held[0] if held else low, high)
    if held is not None:
        yield held


def _around_digits(text: str, low: int, high: int) -> Iterator[tuple[int, int, str]]:
    for found in _BIRTH.finditer(text, low, high):
        yield *found.span("place"), "date of birth"
    for found in _PHONE.finditer(text, low, high):
        yield *found.span(), "phone"
    for shape in (_ENGLISH, _GERMAN, _ROMANCE, _CODED, _BOX):
        for found in shape.finditer(text, low, high):
            if not _NOT_HERE.search(text, max(0, found.start() - _NEAR), found.start()):
                yield *found.span(), "address"
    for shape in (_SMALL_ENGLISH, _POSTCODE):
        for found in shape.finditer(text, low, high):
            if not _NOT_HERE.search(text, found.start(), found.start("place")):
                yield *found.span("place"), "address"
