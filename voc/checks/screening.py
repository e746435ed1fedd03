"""Looks at a wording the way a sceptic would: what leads, blames, names or gives somebody away."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from voc.checks import lexicon
from voc.checks.sentences import (
    RUN,
    WORD,
    clean_what,
    joints,
    phrases,
    question,
    runs,
    runs_of_question,
    words_of,
)

MOST_WORDS = 30  # of the whole question (policy)
FEWEST = 3
_ADDRESS = re.compile(r"\S+@\S+|\+?\d[\d /().-]{7,}\d|https?://\S+|www\.\S+")
_TITLED = re.compile(r"\b(?:mr|mrs|ms|miss|dr|prof)\b\.?\s+\w+", re.IGNORECASE)
_COUNTED = re.compile(
    rf"\b(?:(?:as|like)\s+(?:for\s+|with\s+)?)?(?:\w+\s+)?(?:of\s+(?:our|the)\s+)?(?<!your )(?<!own )(?:{'|'.join(lexicon.CLIENT_WORDS)})\b"
    r"|\banother (?:client|customer|company|firm|hospital)\b|\ba (?:client|customer) of ours\b",
    re.IGNORECASE,
)
PERIOD = re.compile(
    r",?\s*\b(?:in|over|during|within)\s+(?:the\s+)?(?:last|past|recent|previous)\s+(?:\w+\s+)?(?:days?|weeks?|months?|quarters?|years?)\b"
    r"|,?\s*\bsince\s+(?:the\s+)?\w+(?:\s+\d{2,4})?\b"
    r"|,?\s*\b(?:in|last|this|since|before|after)\s+(?:january|february|march|april|may|june|july|august|september|october|november|december|week|month|year|quarter|summer|autumn|winter|spring)(?:\s+\d{4})?\b"
    r"|,?\s*\b(?:lately|recently|these days|nowadays|so far|currently|at the moment|yesterday|today|up to now|until now)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a wording cannot be used: `found` are the words, `why` one plain sentence.

    `better` is the whole wording repaired (for kind "period" on its date: a date as 2026-03-02), or None
    where only a person can find it. Kinds: empty, presuming, blaming, double, period, naming, loaded,
    negation, revealing, long, question.
    """

    kind: str
    found: str
    why: str
    better: str | None = None


class _Names:
    """All names as word tuples, by length, with the parts that tell who is meant."""

    def __init__(self, names: Iterable[str], allowed: Iterable[str]) -> None:
        free = {word for name in allowed for word in words_of(name)}
        self.allowed = free
        self.whole: set[tuple[str, ...]] = set()
        self.parts: set[str] = set()
        for name in names:
            words = tuple(words_of(name))
            if words:
                self.whole.add(words)
                self.parts.update(word for word in words if _tells(word))
        self.parts -= free
        self.longest = max((len(words) for words in self.whole), default=0)

    def find(self, what: str) -> Iterator[str]:
        """Names in `what`, as written there."""
        spans = [(found.start(), found.end(), found.group()) for found in WORD.finditer(what)]
        keys = [(words_of(text) or [""])[0] for _, _, text in spans]
        covered = 0
        for place, (start, _, text) in enumerate(spans):
            if place < covered:
                continue
            for size in range(min(self.longest, len(spans) - place), 0, -1):
                if self._is_name(tuple(keys[place : place + size]), text, first=place == 0):
                    yield what[start : spans[place + size - 1][1]]
                    covered = place + size
                    break
            else:
                if self._is_part(keys[place]):
                    yield text

    def _is_name(self, words: tuple[str, ...], text: str, *, first: bool) -> bool:
        if words not in self.whole or set(words) <= self.allowed:
            return False
        # One ordinary word, such as “bill”, is a name only where it is written as one.
        is_ordinary = all(not _tells(word) for word in words)
        return not is_ordinary or len(words) > 1 or (text[:1].isupper() and not first)

    def _is_part(self, word: str) -> bool:
        bare = word.removesuffix("'s")
        return word in self.parts or bare in self.parts


def _tells(word: str) -> bool:
    is_code = any(mark.isdigit() for mark in word) and any(mark.isalpha() for mark in word)
    plain = (len(word) > 2 or is_code) and not word.isdigit()  # noqa: PLR2004 - initials tell nobody
    return (
        plain
        and word not in lexicon.ORDINARY_NAMES
        and word not in lexicon.PLAIN
        and word not in lexicon.VERBS
    )


_Found = Iterator[Problem]


class Screen:
    """One look at a wording against everything it must not be."""

    def __init__(
        self,
        words_of_clients: Sequence[str],
        names: Sequence[str],
        known_from_one: Sequence[str],
        allowed: Sequence[str],
    ) -> None:
        self.names = _Names(names, allowed)
        self.said: set[tuple[str, ...]] = set().union(*(runs(text) for text in words_of_clients))
        self.from_one = {tuple(words_of(term)) for term in known_from_one}

    def look(self, what: str, typed: str = "") -> list[Problem]:
        """The problems of a wording, apart from its period's date."""
        if len(words_of(what)) < FEWEST:
            why = "Say what happened in a few words, such as “an invoice came without your order number”."
            return [Problem("empty", what, why)]
        looks: tuple[Callable[[str], _Found], ...] = (
            _presuming, _blaming, _double, _two_periods, self._naming, _loaded, _negation, self._revealing, _long,
        )  # fmt: skip
        found = [problem for one in looks for problem in one(what)]
        return [*_asking(typed or what), *_once(found)]

    def is_told(self, what: str) -> bool:
        """Whether four words in a row of this wording are a client's own."""
        return any(run in self.said for run in runs_of_question(what))

    def _naming(self, what: str) -> _Found:
        for found in _ADDRESS.findall(what) + _TITLED.findall(what):
            yield Problem(
                "naming", found, "A question names nobody; leave out people, numbers and addresses."
            )
        named = set()
        for name in self.names.find(what):
            named.add(name.casefold())
            yield Problem(
                "naming",
                name,
                f"“{name}” is a name we know from a client or colleague; a question names nobody.",
            )
        for word in _capitalised(what):
            if word.casefold() not in named and not set(words_of(word)) <= self.names.allowed:
                why = f"“{word}” looks like a name; a place or a person can give a client away."
                yield Problem("naming", word, why)

    def _revealing(self, what: str) -> _Found:
        words = words_of(what)
        for run in runs_of_question(what):
            if run in self.said:
                why = "These four words in a row stand in what a client wrote to us, who could be recognised by them."
                yield Problem("revealing", " ".join(run), why)
        for term in self.from_one:
            size = len(term)
            if any(tuple(words[place : place + size]) == term for place in range(len(words) - size + 1)):
                shown = " ".join(term)
                yield Problem(
                    "revealing",
                    shown,
                    f"Only one client has ever called it “{shown}”; say what happens there instead.",
                )


def _once(found: Iterable[Problem]) -> list[Problem]:
    seen: dict[tuple[str, str], Problem] = {}
    for one in found:
        seen.setdefault((one.kind, one.found.casefold()), one)
    return list(seen.values())


def _presuming(what: str) -> _Found:
    why = {
        "too": "“too” says that there is more than this, or judges how much is right.",
        "even": "“even” says that it should not be.",
        "ever": "“ever” hints at the answer; the period says from when on.",
        "right": "“right” asks for a nod.",
    }
    fits = [
        phrase
        for phrase in lexicon.PRESUMING
        if phrase != "right" or re.search(r",\s*right\b", what, re.IGNORECASE)
    ]
    for found in phrases(what, fits):
        said = why.get(
            found.casefold(), f"“{found}” takes for granted that it happens, how often, or to whom."
        )
        yield Problem("presuming", found, said)
    for counted in _COUNTED.finditer(what):
        yield Problem(
            "presuming",
            counted.group(),
            "A question speaks of no other clients: that alone would lean on the answer.",
        )


def _blaming(what: str) -> _Found:
    for found in phrases(what, lexicon.BLAMING):
        yield Problem("blaming", found, f"“{found}” says whose doing it was; ask only what was seen.")
    for found in phrases(
        what,
        [
            f"{whose} {who}"
            for whose in ("our", "your")
            for who in lexicon.OUR_PEOPLE
            if whose == "our" or who == "account manager"
        ],
    ):
        yield Problem("blaming", found, f"“{found}” points at some of our people; say “we”.")


def _loaded(what: str) -> _Found:
    for found in phrases(what, lexicon.LOADED):
        yield Problem(
            "loaded", found, f"“{found}” already judges; say only what happened and let the answer judge."
        )


def _two_periods(what: str) -> _Found:
    for found in PERIOD.finditer(what):
        shown = found.group().strip(" ,")
        yield Problem(
            "period", shown, f"“{shown}” is a second period; the question begins with its period already."
        )


def _negation(what: str) -> _Found:
    words = words_of(what)
    found = [word for word in words if word in lexicon.NEGATIONS or word.endswith("n't")]
    if len(found) > 1:
        yield Problem(
            "negation",
            f"{found[0]} … {found[1]}",
            "Two negations in one question leave it open what a “no” means.",
        )


def _long(what: str) -> _Found:
    number = len(words_of(question(what, date(2000, 9, 10), date(2000, 12, 31))))
    if number > MOST_WORDS:
        yield Problem(
            "long",
            f"{number} words",
            f"The whole question has {number} words; {MOST_WORDS} are enough to be read at once.",
        )


def _asking(typed: str) -> _Found:
    first = next(iter(words_of(typed)), "")
    if "?" in typed:
        yield Problem("question", "?", "There is a question inside; write the happening, the page asks.")
    elif first in lexicon.QUESTION_STARTS and not clean_what(typed).startswith("has it happened"):
        yield Problem(
            "question",
            first,
            f"It begins as a question (“{first}”); write the happening, such as “a delivery came late”.",
        )


def _double(what: str) -> _Found:
    for joint in joints(what):
        second = what[joint.end() :].strip()
        shown = joint.group().strip(" ,") or joint.group().strip()
        why = f"“{shown}” joins two things, and one answer cannot hold for both: ask “{second}” in a question of its own."
        yield Problem("double", shown, why)


def _capitalised(what: str) -> Iterator[str]:
    """Runs of words written large inside the sentence, months and common short forms apart."""
    for found in re.finditer(r"(?<=[\w,;:)»”’'\"(-] )(?:[^\W\d_a-z][\w’'-]*)(?: [^\W\d_a-z][\w’'-]*)*", what):
        word = found.group()
        if (
            word[:1].isupper()
            and word.casefold() not in lexicon.CALENDAR
            and not (word.isupper() and len(word) <= RUN)
        ):
            yield word
