"""Finds what must not leave the account: addresses, numbers and names, by shape, checksum and context."""

import ipaddress
import re
from collections.abc import Iterator, Sequence
from functools import cache

from nlp.figures import windows
from nlp.letters import LOWER, UPPER, composed
from nlp.ordinary import POSSESSIVE, given_names, is_ordinary
from nlp.reading import Mask, MaskKind

_EMAIL = re.compile(
    r"[\w.+%'-]+(?:@|\s?(?:\(at\)|\[at\])\s?)[\w-]+(?:(?:\.|\s?(?:\(dot\)|\[dot\])\s?)[\w-]+)+", re.IGNORECASE
)
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
    r"\b(?:(?:account|acct|customer|client|contract|policy|invoice|case|claim|member(?:ship)?|"
    r"loan|passport|licen[cs]e|employee|badge|booking|reservation|"
    r"reference|ref|complaint|transaction|confirmation|vat|tax|social security|ssn|id|national insurance|"
    r"sort code|routing|user|meter|case file|file|docket)\s*"
    r"(?:(?:number|numbers|no|nr|num|id|code|ref|reference)\b)?[\s.:#=]*(?:is|was|ending(?: in)?)?[\s:#]*)"
    r"(?P<value>(?=[\w/-]*\d)[A-Z0-9][A-Z0-9/-]{3,24})\b", re.IGNORECASE)  # fmt: skip
_UUID = re.compile(r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b", re.IGNORECASE)
_CAPITAL = rf"[{UPPER}][{LOWER}'’-]+(?:[-'’]?[{UPPER}][{LOWER}]+){{0,2}}"
_NAME = rf"(?P<name>{_CAPITAL}(?:[ \t]+(?:(?:van|von|de|der|den|la|di|da|del|bin|al)[ \t]+)*(?:[A-Z]\.[ \t]*)?{_CAPITAL}){{0,2}})"
_CAPITALISED = re.compile(rf"{_CAPITAL}")
_INITIALS = re.compile(rf"(?<![\w.])(?:[A-Z]\.(?:[ -]?[A-Z]\.)?\s?)(?P<family>{_CAPITAL})")
_FULL = re.compile(_NAME)
_NOT_CALLED = re.compile(
    r"\b(?:part|article|item|order|version|serial|norm|clause|model|error|code)\s*(?:no\.?|number)?\s*$",
    re.IGNORECASE,
)
_BEFORE_WORDS = frozenset(
    "mr mrs ms miss mx dr prof sir madam herr frau hi hello dear hey regards sincerely cheers thanks ask asked call called email "  # noqa: SIM905
    "emailed contact contacted told thank met cc praise colleague technician driver manager agent consultant engineer "
    "advisor adviser representative rep supervisor director cleaner trainer lead assistant coordinator boss operator "
    "receptionist greet someone somebody person named namely called signed".split()
)
_BEFORE_PAIRS = frozenset(
    [
        "name is",
        "name's",
        "this is",
        "am called",
        "called by",
        "signed by",
        "thanks to",
        "thank you",
        "best wishes",
        "kind regards",
        "best regards",
        "ask for",
        "asked for",
    ]
)
_WITH = frozenset({"to", "with"})
_DEALT = frozenset(
    "spoke speak speaking talked talking chatted met dealing dealt working worked listen listened wrote writing".split()  # noqa: SIM905
)
_CLOSING = (
    r"(?:regards|sincerely|cheers|thanks|thank you|best|wishes|yours|br|gr(?:ü|ue)(?:ß|ss)en?|gru(?:ß|ss)|mfg|groet|groeten|"
    r"cordialement|saludos|saluti)[,.!]?\s*\n\s*"
)
_SIGNED = re.compile(rf"(?:{_CLOSING}|(?:^|\n)\s*(?:--|—|–|-)\s*)$",
                     re.IGNORECASE)  # fmt: skip
_SHOUTED = re.compile(rf"\n[ \t]*(?P<name>[{UPPER}]{{2,}}(?:[ \t'’-]+[{UPPER}]{{2,}}){{1,2}})[ \t]*(?:\n|$)")
_LINE_END = re.compile(r"[ \t]*[,.]?[ \t]*(?:\n|$|,[ \t]*\S)")
_BEGINS = re.compile(r"(?:^|[\n.!?:;•*|>–—]|(?:^|\n)[ \t]*(?:-|\d+[.)]))[ \t]*[\"“”'‘’(\[]*[ \t]*$")
_AFTER = re.compile(
    r"\s+(?:from (?:your|our|the)\b|in (?:your|our|the) [a-z]+ (?:team|department)\b|(?:called|rang|phoned|emailed|wrote|"
    r"promised|told|assured|explained|said|replied|answered|helped|visited|never (?:called|replied|answered))\b)"
)
_NOT_NAMES = frozenset(
    "i we you he she it they the a an this that these those there here my our your his her their its monday tuesday "  # noqa: SIM905
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
    "as at by for from in of on to with nor yet they've we're i'm i've i'd i'll it's that's don't did didn't mr mrs ms dr prof mx miss tel".split()
)
_LISTED = re.compile(r"\s*(?:,|and|or|&|,\s*and)\s*")
_GREETED = re.compile(
    r"\b(?:hi|hello|hey|dear|thanks|thank you|cheers|greet|ask|tell|name is|i am|this is)\s+$", re.IGNORECASE
)
_GREETING_END = re.compile(r"\s*(?:[,!.\n]|and\b|$)")
_FAMILY = re.compile(rf"[ \t]+({_CAPITAL})")
_PLACES = frozenset(
    "alexandria alexa aurora austin bern boris brad carolina chad charlotte chelsea dallas florence georgia israel jordan kent lincoln "  # noqa: SIM905
    "mercedes madison milan nancy orlando paris regina sofia sydney victoria virginia wales wendy jan jun dan don per".split()
)
"""Given names that are a place or a brand as often: alone they need a word that says whose they are."""
_THINGS = frozenset(
    "room hall line street road park house hotel office depot branch tower gate school report city court square "  # noqa: SIM905
    "station bank group ltd inc company centre center day hospital clinic".split()
)
_VERSION_BEFORE = re.compile(r"(?i)version\s*$|\bv$")


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
    if _DATE_SHAPE.match(shape) or _NOT_CALLED.search(before):
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


_BEFORE, _AFTER_DIGITS = 70, 40
"""Characters around digits that the rules about numbers see."""
_PHONE_DIGITS, _CARD_DIGITS = 7, 13


def _numbers(text: str) -> Iterator[Mask]:
    for low, high, digits in windows(text, _BEFORE, _AFTER_DIGITS):
        for found in _ID_NEAR.finditer(text, low, high):
            yield Mask(*found.span("value"), "id")
        yield from _addresses(text, low, high)
        if digits >= _PHONE_DIGITS:
            yield from _long_numbers(text, low, high, digits)


def _addresses(text: str, low: int, high: int) -> Iterator[Mask]:
    """Addresses of machines; in them digits may be few."""
    for sign, shape in ((".", _IP4), (":", _IP6)):
        if text.count(sign, low, high) > 1:
            for found in shape.finditer(text, low, high):
                if _ip_holds(found.group()) and not _VERSION_BEFORE.search(text[: found.start()][-12:]):
                    yield Mask(*found.span(), "ip")
    if text.count("-", low, high) > 3:  # noqa: PLR2004 - a UUID has four
        for found in _UUID.finditer(text, low, high):
            yield Mask(*found.span(), "id")


def _long_numbers(text: str, low: int, high: int, digits: int) -> Iterator[Mask]:
    for found in _IBAN.finditer(text, low, high):
        end = _iban_end(found)
        if end is not None:
            yield Mask(found.start(), end, "iban")
    if digits >= _CARD_DIGITS:
        for found in _CARD.finditer(text, low, high):
            if _luhn(re.sub(r"\D", "", found.group())):
                yield Mask(*found.span(), "card")
    for found in _NATIONAL_ID.finditer(text, low, high):
        yield Mask(*found.span(), "id")
    for found in _PHONE.finditer(text, low, high):
        if _phone_holds(found.group(), text[max(0, found.start() - 40) : found.start()]):
            yield Mask(*found.span(), "phone")


def _names(text: str) -> Iterator[Mask]:
    done = last = 0
    if "." in text:
        yield from _with_initials(text)
    if "\n" in text:
        yield from _shouted(text)
    for found in _CAPITALISED.finditer(text):
        if found.start() < done:
            continue
        surely = not _is_word(found.group()) or _may_be_given(text, found)
        if not surely and not _could_be_given(text, found):
            continue
        whole = _FULL.match(text, found.start())
        if whole is None:
            continue
        pieces = list(re.finditer(r"\S+", whole.group()))
        while len(pieces) > 1 and (
            _common(pieces[-1].group()) or (len(pieces) > 2 and is_ordinary(pieces[-1].group()))  # noqa: PLR2004 - first and family name
        ):
            pieces.pop()
        end = whole.start() + pieces[-1].end()
        listed = bool(last) and _LISTED.fullmatch(text, last, whole.start()) is not None
        alone = len(pieces) == 1 or pieces[1].group().lower() in _THINGS
        if (
            surely and _given_here(pieces[0].group(), listed=listed, alone=alone, pieces=len(pieces))
        ) or _named(text, whole, end):
            done = last = end
            yield Mask(whole.start(), end, "name")


def _with_initials(text: str) -> Iterator[Mask]:
    for found in _INITIALS.finditer(text):
        if not _common(found.group("family")) and not is_ordinary(found.group("family")):
            yield Mask(*found.span(), "name")


def _shouted(text: str) -> Iterator[Mask]:
    """Names in capitals on a line under a greeting."""
    for found in _SHOUTED.finditer(text):
        start, end = found.span("name")
        if _SIGNED.search(text[max(0, start - 40) : start]) and not all(
            map(_is_word, text[start:end].split())
        ):
            yield Mask(start, end, "name")


def _given_here(first: str, *, listed: bool, alone: bool, pieces: int) -> bool:
    """Whether a given name stands for a person here: with a family name, or alone where it means nothing else."""
    if not _is_given(first):
        return False
    if listed or not alone:
        return True
    return pieces == 1 and not is_ordinary(first) and POSSESSIVE.sub("", first.lower()) not in _PLACES


def _is_word(word: str) -> bool:
    """Whether a capitalised word is no name unless more than its neighbours say so."""
    return _common(word) or is_ordinary(word)


def _is_given(word: str) -> bool:
    plain = POSSESSIVE.sub("", composed(word.lower()))
    return plain in given_names() or plain.split("-")[0] in given_names()


def _may_be_given(text: str, found: re.Match[str]) -> bool:
    """Whether a word such as May or Will is a name here: greeted, or before a family name within a sentence."""
    before = text[max(0, found.start() - 12) : found.start()]
    if _TITLED.search(before):
        return True
    if not _is_given(found.group()):
        return False
    if _SIGNED.search(text[max(0, found.start() - 40) : found.start()]) and _LINE_END.match(
        text, found.end()
    ):
        return True
    if _GREETED.search(text[max(0, found.start() - 12) : found.start()]) and _GREETING_END.match(
        text, found.end()
    ):
        return True
    family = _FAMILY.match(text, found.end())
    if family is None or _common(family.group(1)) or family.group(1).lower() in _THINGS:
        return False
    return not is_ordinary(family.group(1)) or bool(before.strip() and not _BEGINS.search(before))


def _could_be_given(text: str, found: re.Match[str]) -> bool:
    """Whether a given name that is an ordinary word stands where words about a person can make it a name."""
    if not _is_given(found.group()):
        return False
    before = text[max(0, found.start() - 12) : found.start()]
    return bool(before.strip() and not _BEGINS.search(before)) or _DID.match(text, found.end()) is not None


_DID = re.compile(
    r"\s+(?:never |also )?(?:called|rang|phoned|emailed|wrote|promised|told|said|replied|answered|visited)\b"
)
_TITLED = re.compile(r"\b(?:mr|mrs|ms|miss|dr|prof|herr|frau)\.?\s+$", re.IGNORECASE)


def is_within(text: str, mask: Mask) -> bool:
    """Whether a capital at this place says something: not at the beginning of a line, unless the line is that alone."""
    before = text[max(0, mask.start - 12) : mask.start]
    return bool(before.strip() and not _BEGINS.search(before)) or _ALONE.match(text, mask.end) is not None


_ALONE = re.compile(r"[ \t]*[.,!]?[ \t]*(?:\n|$)")


def _common(word: str) -> bool:
    return word.strip(".").lower().replace("’", "'") in _NOT_NAMES


def _named(text: str, name: re.Match[str], end: int) -> bool:
    """Whether what stands before or after a capitalised word says that it is somebody's name."""
    before = text[max(0, name.start() - 40) : name.start()]
    words = re.findall(r"[a-z']+", before.lower())[-2:]
    gap = before[-3:].strip()
    if words and (not gap or gap[-1] in ".,:" or gap[-1].isalnum()):
        if gap.endswith(".") and words[-1] not in _TITLES:
            return bool(_AFTER.match(text, name.end()))
        if (
            words[-1] in _BEFORE_WORDS
            or " ".join(words) in _BEFORE_PAIRS
            or (words[-1] == "name" and gap.endswith(":"))
        ):
            return True
        if len(words) > 1 and words[-1] in _WITH and words[0] in _DEALT:
            return True
    signed = _SIGNED.search(before) is not None and _LINE_END.match(text, end) is not None
    return signed or _AFTER.match(text, name.end()) is not None


_TITLES = frozenset({"mr", "mrs", "ms", "dr", "prof", "mx"})
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
    found += _numbers(text)
    if not text.islower():
        found += _names(text)
    return found
