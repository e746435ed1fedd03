"""Reads one sentence of plain English: its words, its verbs, where it joins two things, what stands in it."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from voc.checks import lexicon
from voc.web.words import date_words

RUN = 4  # so many words in a row give their writer away (acceptance.md P2)
_PAST = 5  # “red”, “bed” and “need” are no verbs of the past
_FRAME = "has it happened in your work with us that"
WORD = re.compile(r"\w+(?:[’']\w+)*", re.UNICODE)
_JOINT = re.compile(
    r"\s*(?:,\s*)?\b(and/or|and|or|as well as|plus|but)\b\s*|\s*;\s*|\s+[&+/]\s+", re.IGNORECASE
)
_RANGE = re.compile(r"\bbetween\s+\S+\s+and\s+\S+|\b\d+\s+(?:and|or)\s+\d+\b", re.IGNORECASE)


def question(what: str, since_on: date, today: date) -> str:
    """The question as it is asked: “Since 1 September, has it happened in your work with us that …?”."""
    since = date_words(since_on, today).replace("\u00a0", " ")
    return f"Since {since}, {_FRAME} {clean_what(what)}?"


def clean_what(what: str) -> str:
    """The happening as it stands in the sentence: single blanks, no full stop, a small first letter."""
    plain = " ".join(unicodedata.normalize("NFC", what).split())
    plain = re.sub(
        rf"^(?:{_FRAME}|has it happened that|it happened that|that)\s+", "", plain, flags=re.IGNORECASE
    )
    plain = plain.strip(" .!,:;\u2026\"'“”‘’")
    second_is_small = len(plain) > 1 and not plain[1].isupper()
    return plain[:1].lower() + plain[1:] if second_is_small and not plain.startswith("I ") else plain


def words_of(text: str) -> list[str]:
    """The words of a text as they are compared: NFKC, case folded, straight apostrophes, no marks."""
    plain = unicodedata.normalize("NFKC", text).replace("’", "'").casefold()
    return WORD.findall(plain)


def runs(text: str, *, size: int = RUN) -> set[tuple[str, ...]]:
    """Every run of `size` words in a row, as compared."""
    words = words_of(text)
    return {tuple(words[place : place + size]) for place in range(len(words) - size + 1)}


def runs_of_question(what: str) -> list[tuple[str, ...]]:
    """The runs of four that hold at least one word of the lead's own; the frame around it is ours and always the same."""
    frame, own = words_of(_FRAME), words_of(what)
    words = frame[-(RUN - 1) :] + own
    return [tuple(words[place : place + RUN]) for place in range(len(words) - RUN + 1)]


def phrases(what: str, phrases: Iterable[str]) -> Iterator[str]:
    """Those phrases that stand in `what` as whole words, the longest first and none inside another."""
    taken = [
        found.span() for free in lexicon.FREE for found in re.finditer(re.escape(free), what, re.IGNORECASE)
    ]
    plain = what.casefold().replace("’", "'")
    for phrase in sorted((one for one in phrases if one.casefold() in plain), key=len, reverse=True):
        escaped = re.escape(phrase).replace("'", "[’']")
        pattern = rf"(?<![\w’'-]){escaped}(?![\w’'-])"
        for found in re.finditer(pattern, what, re.IGNORECASE):
            if not any(start < found.end() and found.start() < end for start, end in taken):
                taken.append(found.span())
                yield found.group()


def joints(what: str) -> Iterator[re.Match[str]]:
    """Where two happenings are joined; a pair of nouns is one thing."""
    kept = [
        found.span()
        for phrase in lexicon.PAIRS
        for found in re.finditer(re.escape(phrase), what, re.IGNORECASE)
    ]
    kept += [found.span() for found in _RANGE.finditer(what)]
    for joint in _JOINT.finditer(what):
        before, after = what[: joint.start()], what[joint.end() :]
        if any(start <= joint.start() and joint.end() <= end for start, end in kept) or not after:
            continue
        word = joint.group().strip(" ,").casefold()
        if word in {"and/or", ";", "", "/"} or _are_two(words_of(before), words_of(_until_joint(after))):
            yield joint


def _until_joint(after: str) -> str:
    found = _JOINT.search(after)
    return after[: found.start()] if found else after


def _are_two(before: Sequence[str], after: Sequence[str]) -> bool:
    if not before or not after:
        return False
    if after[0] in lexicon.STARTS or before[-1] in lexicon.STATES:
        return has_verb(before)
    return has_verb(before) and has_verb(after)


def has_verb(words: Sequence[str]) -> bool:
    """Whether something happens in these words."""
    return any(is_verb(word, words[place - 1] if place else "") for place, word in enumerate(words))


def is_verb(word: str, before: str) -> bool:
    """Whether `word` says that something happens, as far as the word `before` it lets one tell."""
    if before in {"a", "an", "the", "your", "our", "this", "that", "no", "of", "in"}:
        return False  # “an order”, “a damaged parcel”: what follows an article is no verb
    is_past = (
        len(word) >= _PAST
        and word.endswith("ed")
        and not word.endswith("eed")
        and word not in lexicon.NOT_PAST
    )
    return word in lexicon.VERBS or word.endswith("n't") or is_past
