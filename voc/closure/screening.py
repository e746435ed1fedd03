"""What no message to a client may say: another client, the issue's name, how many, another client's words."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from voc.core.text import name_key

RUN = 4  # words in a row that nobody else may find again (acceptance.md P2)
_TELLING = 5  # letters of a word that tells more than grammar (policy)
_LEAST_NAME = 3
_CLIENTS = r"(?:clients?|customers?|accounts?|companies|organi[sz]ations?)"
_NUMBERS = r"(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|a dozen|dozens of)"
_MANY = rf"(?:{_NUMBERS}|several|many|some|most|other|others|another|more|few|a few|a number of|half)"
_COUNTS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b{_MANY}(?:\s+(?:of|of our|of the|of your|other|more|our))*\s+(?:\w+\s+)?{_CLIENTS}\b",
        rf"\d\s*(?:%|per\s?cent)\s+of\s+(?:our\s+|the\s+)?{_CLIENTS}\b",
        r"\bnot the only (?:one|ones|client|customer)\b",
        r"\b(?:you are|you're) not alone\b",
        r"\bothers\s+(?:have|had|has|say|said|told|tell|report|reported|see|saw|feel|felt|too)\b",
        rf"\b(?:same|happens?|happened|problem)\s+(?:at|with|for)\s+(?:other|others|{_MANY})\b",
    )
)
_WORDS = re.compile(r"[\w'’-]+")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that these words may not say: where, and what to do."""

    kind: str  # name, issue, count, words
    found: str
    why: str


@dataclass(frozen=True, slots=True)
class Screen:
    """What is kept from one reader. `own` are their own words and names: they may be said back to them."""

    names: Collection[str]
    issue_name: str | None
    others_words: Collection[tuple[str, ...]]
    own: Sequence[str] = ()


def problems(words: str, screen: Screen) -> tuple[Problem, ...]:
    """All that keeps `words` from being sent to this reader, in the order they stand."""
    own = name_key(" \n ".join(screen.own))
    found = [*_names(words, screen, own), *_issue(words, screen, own), *_counts(words), *_runs(words, screen)]
    place = words.casefold()
    return tuple(sorted(found, key=lambda one: place.find(one.found.casefold())))


def runs_of(text: str) -> set[tuple[str, ...]]:
    """Each run of four words that would be known again: two of them say more than grammar."""
    words = [found.group().casefold() for found in _WORDS.finditer(text)]
    runs = (tuple(words[place : place + RUN]) for place in range(len(words) - RUN + 1))
    return {run for run in runs if sum(len(word) >= _TELLING for word in run) > 1}


def runs_of_all(texts: Iterable[str]) -> set[tuple[str, ...]]:
    """As `runs_of`, for many texts."""
    return set().union(*(runs_of(text) for text in texts))


def _names(words: str, screen: Screen, own: str) -> list[Problem]:
    line = name_key(words)
    found = []
    for name in sorted({one.strip() for one in screen.names}, key=len, reverse=True):
        key = name_key(name)
        if len(key) < _LEAST_NAME or key not in line or key in own or not _stands_in(name, words):
            continue
        found.append(
            Problem("name", name, "This is another client's name, or a person's there. Leave it out.")
        )
    return found


def _stands_in(name: str, words: str) -> bool:
    """Whether a name stands there as a whole; one of a single word only as it is written, capital and all."""
    flags = re.IGNORECASE if " " in name.strip() else re.NOFLAG
    pattern = r"\s+".join(re.escape(part) for part in name.split())
    return re.search(rf"(?<!\w){pattern}(?!\w)", words, flags) is not None


def _issue(words: str, screen: Screen, own: str) -> list[Problem]:
    name = screen.issue_name
    if not name or " " not in name.strip():
        return []
    key = name_key(name)
    if key in name_key(words) and key not in own:
        why = "This is our own name for the matter. Say it in this client's words, or in plain ones."
        return [Problem("issue", name, why)]
    return []


def _counts(words: str) -> list[Problem]:
    why = "This tells a client about other clients. Speak of this client's own matter only."
    spans = [found.group() for pattern in _COUNTS for found in pattern.finditer(words)]
    return [Problem("count", one, why) for one in dict.fromkeys(spans)]


def _runs(words: str, screen: Screen) -> list[Problem]:
    own = runs_of_all(screen.own)
    why = "Another client put it in these very words. Say it in your own."
    return [
        Problem("words", " ".join(run), why)
        for run in sorted(runs_of(words) - own)
        if run in screen.others_words
    ]
