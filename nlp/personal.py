"""Finds what must not leave the account: addresses, numbers and names, by shape, checksum and context."""

import ipaddress
import re
from collections.abc import Iterator, Sequence
from functools import cache

from nlp.reading import Mask, MaskKind

_EMAIL = re.compile(r"[\w.+%'-]+(?:@|\s?(?:\(at\)|\[at\])\s?)[\w-]+(?:(?:\.|\s?(?:\(dot\)|\[dot\])\s?)[\w-]+)+", re.IGNORECASE)
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,4})?\b", re.IGNORECASE)
_CARD = re.compile(r"(?<![\w-])\d(?:[ -]?\d){12,18}(?![\w-])")
_IP4 = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w]|\.\d)")
_IP6 = re.compile(r"(?<![\w:])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![\w:])", re.IGNORECASE)
_PHONE = re.compile(r"(?<![\w.,$€£#-])(?:\+|00)?\(?\d(?:[\s().\-/]{0,3}\d){6,14}(?![\w%]|[.,]\d)")
_PHONE_NEAR = re.compile(
    r"\b(?:phone|call|calls|called|calling|tel|telephone|mobile|cell|fax|ring|reach|dial|text|sms|whatsapp|"
    r"number|line|landline|extension|direct)\b", re.IGNORECASE)  # fmt: skip
_DATE_SHAPE = re.compile(r"^(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})$")
_NATIONAL_ID = re.compile(r"(?<![\w-])\d{3}-\d{2}-\d{4}(?![\w-])")
_ID_NEAR = re.compile(
    r"\b(?:(?:account|acct|customer|client|contract|policy|invoice|order|ticket|case|claim|member(?:ship)?|"
    r"loan|passport|licen[cs]e|employee|badge|booking|reservation|tracking|consignment|purchase order|po|"
    r"reference|ref|complaint|transaction|confirmation|serial|vat|tax|social security|ssn|id|national insurance|"
    r"sort code|routing|user|meter|case file|file|incident|docket)\s*"
    r"(?:(?:number|numbers|no|nr|num|id|code|ref|reference)\b)?[\s.:#=]*(?:is|was|ending(?: in)?)?[\s:#]*)"
    r"(?P<value>(?=[\w/-]*\d)[A-Z0-9][A-Z0-9/-]{3,24})\b", re.IGNORECASE)  # fmt: skip
_UUID = re.compile(r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b", re.IGNORECASE)
_CAPITAL = r"[A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ'’-]+(?:-?[A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ]+)?"
_NAME = rf"(?P<name>{_CAPITAL}(?:\s+(?:(?:van|von|de|der|den|la|di|da|del|bin|al)\s+)*(?:[A-Z]\.\s*)?{_CAPITAL}){{0,2}})"
_NAME_CUES = (
    rf"\b(?:[Mm]y name is|[Mm]y name's|[Tt]his is|I am called|[Nn]ame:|[Ss]igned(?: by)?|[Ss]igned,)\s+{_NAME}",
    rf"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Sir|Madam|Herr|Frau)\b\.?\s+{_NAME}",
    rf"(?:[Rr]egards|[Ss]incerely|[Cc]heers|[Tt]hanks|[Tt]hank you|[Bb]est|[Bb]est wishes|[Yy]ours|BR),?\s*\n+\s*{_NAME}",
    rf"(?:[Rr]egards|[Ss]incerely|[Bb]est wishes|[Cc]heers),\s+{_NAME}\s*$",
    rf"\b(?:[Ss]poke|[Ss]peak|[Ss]peaking|[Tt]alked|[Tt]alking|[Cc]hatted|[Mm]et|[Dd]ealing|[Dd]ealt|[Ww]orking|[Ww]orked)"
    rf"\s+(?:to|with)\s+{_NAME}",
    rf"\b(?:[Aa]sk|[Aa]sked|[Cc]all|[Cc]alled|[Ee]mail|[Ee]mailed|[Cc]ontact|[Cc]ontacted|[Tt]old|[Tt]hank|[Mm]et|[Cc]c|"
    rf"[Tt]hanks to|[Tt]hank you|[Pp]raise|[Hh]i|[Hh]ello|[Dd]ear|[Hh]ey)\s+{_NAME}",
    r"\b(?:[Cc]olleague|[Tt]echnician|[Dd]river|[Mm]anager|[Aa]gent|[Cc]onsultant|[Ee]ngineer|[Aa]dvisor|[Aa]dviser|"
    r"[Rr]epresentative|[Rr]ep|[Ss]upervisor|[Dd]irector|[Cc]ontact|[Cc]leaner|[Tt]rainer|[Ll]ead|[Aa]ssistant|"
    rf"[Cc]oordinator|[Bb]oss|[Oo]perator|[Rr]eceptionist|someone|somebody|person|named|called|namely),?\s+(?:named\s+|called\s+)?{_NAME}",
    rf"\b{_NAME}(?=\s+(?:from (?:your|our|the)|in (?:your|our|the) [a-z]+ (?:team|department)|(?:called|rang|phoned|emailed|"
    r"wrote|promised|told|assured|explained|said|replied|answered|helped|visited|never (?:called|replied|answered))\b))",
    rf"(?:^|\n)\s*(?:--|—|–|-)\s*{_NAME}\s*$",
)
_NOT_NAMES = frozenset(
    "i we you he she it they the a an this that these those there here my our your his her their its monday tuesday "
    "wednesday thursday friday saturday sunday january february march april may june july august september october "
    "november december customer customers support service services team billing sales account manager management "
    "hotline reception finance bank company department office help desk everyone everybody nobody someone anyone all "
    "both people staff sir madam dear hi hello thanks thank please yes no not never and but or so if when while after "
    "before since because also again still now then today yesterday tomorrow what why how where who which is are was "
    "were have has had do does did can could will would should may might must be been being new old one two three "
    "consumer legal collections corporate human resources it api crm sap pdf excel english german french spanish "
    "america american usa uk europe credit loan loans financial capital mortgage lending union federal cfpb bbb irs "
    "experian equifax transunion upstart affirm klarna paypal venmo zelle visa mastercard google apple amazon "
    "microsoft teams outlook windows android christmas easter internet portal app website email phone chat live "
    "payday title personal installment wells fargo chase citi discover onemain lendmark mariner navient best kind "
    "as at by for from in of on to with nor yet they've we're i'm i've i'd i'll it's that's don't did didn't".split()
)
_FIGURES = re.compile(r"\d")


def _luhn(digits: str) -> bool:
    total = 0
    for at, char in enumerate(reversed(digits)):
        value = int(char) * (2 if at % 2 else 1)
        total += value - 9 if value > 9 else value  # noqa: PLR2004 - the digit sum of Luhn's rule
    return total % 10 == 0


def _iban_holds(text: str) -> bool:
    plain = re.sub(r"[ -]", "", text).upper()
    if not 15 <= len(plain) <= 34:  # noqa: PLR2004 - lengths of ISO 13616
        return False
    return int("".join(str(int(char, 36)) for char in plain[4:] + plain[:4])) % 97 == 1


def _ip_holds(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return text.count(":") != 2 or "::" in text  # noqa: PLR2004 - 10:30:00 is a time


@cache
def _phone_valid(text: str) -> bool:
    import phonenumbers  # noqa: PLC0415 - 20 MB that texts without numbers never need

    for region in (None,) if text.startswith("+") else ("US", "GB", "DE", "FR", "NL"):
        try:
            if phonenumbers.is_valid_number(phonenumbers.parse(text, region)):
                return True
        except phonenumbers.NumberParseException:
            continue
    return False


def _phone_holds(text: str, before: str) -> bool:
    shape = text.strip()
    if _DATE_SHAPE.match(shape):
        return False
    if _PHONE_NEAR.search(before[-40:]):
        return True
    grouped = len(re.findall(r"\d+", shape)) > 1
    return (grouped or shape.startswith(("+", "0"))) and _phone_valid(shape)


def _iban_end(found: re.Match[str]) -> int | None:
    """Where the IBAN ends: the following word may look like a last group."""
    text = found.group()
    for end in [len(text), *(at.start() for at in reversed(list(re.finditer(r"[ -]", text))))]:
        if _iban_holds(text[:end]):
            return found.start() + end
    return None


def _numbers(text: str) -> Iterator[Mask]:
    for found in _UUID.finditer(text):
        yield Mask(*found.span(), "id")
    for found in _IBAN.finditer(text):
        end = _iban_end(found)
        if end is not None:
            yield Mask(found.start(), end, "iban")
    for found in _CARD.finditer(text):
        if _luhn(re.sub(r"\D", "", found.group())):
            yield Mask(*found.span(), "card")
    for shape in (_IP4, _IP6):
        for found in shape.finditer(text):
            if _ip_holds(found.group()) and not re.search(r"(?i)version\s*$|\bv$", text[: found.start()][-12:]):
                yield Mask(*found.span(), "ip")
    for found in _NATIONAL_ID.finditer(text):
        yield Mask(*found.span(), "id")
    for found in _ID_NEAR.finditer(text):
        yield Mask(*found.span("value"), "id")
    for found in _PHONE.finditer(text):
        if _phone_holds(found.group(), text[max(0, found.start() - 40) : found.start()]):
            yield Mask(*found.span(), "phone")


_CUES = tuple(re.compile(cue) for cue in _NAME_CUES)


def _names(text: str) -> Iterator[Mask]:
    for cue in _CUES:
        for found in cue.finditer(text):
            start, words = found.start("name"), found.group("name")
            pieces = list(re.finditer(r"\S+", words))
            while pieces and pieces[-1].group().strip(".").lower() in _NOT_NAMES:
                pieces.pop()
            if not pieces or pieces[0].group().lower().replace("’", "'") in _NOT_NAMES:
                continue
            yield Mask(start + pieces[0].start(), start + pieces[-1].end(), "name")


_ORDER: tuple[MaskKind, ...] = ("email", "iban", "card", "ip", "id", "phone", "name")


def settle(found: Sequence[Mask]) -> tuple[Mask, ...]:
    """Masks in order of place, without overlap: the surer kind first, then the longer."""
    kept: list[Mask] = []
    for mask in sorted(found, key=lambda one: (_ORDER.index(one.kind), one.start - one.end)):
        if all(mask.end <= other.start or mask.start >= other.end for other in kept):
            kept.append(mask)
    return tuple(sorted(kept, key=lambda one: one.start))


def personal_spans(text: str) -> list[Mask]:
    """All masks of `text` but the known names; may overlap."""
    found: list[Mask] = []
    if "@" in text or "at)" in text or "at]" in text:
        found += [Mask(*hit.span(), "email") for hit in _EMAIL.finditer(text)]
    if _FIGURES.search(text):
        found += _numbers(text)
    if not text.islower():
        found += _names(text)
    return found
