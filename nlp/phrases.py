"""Reads the phrase file and finds its phrases in a doc, each with what stands around it."""

import itertools
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

_SLOT = re.compile(r"\{([a-z]+)\}")
_REACH = 7
"""How many words before a phrase a 'not' or an 'almost' still speaks of it."""
_STOPS = frozenset({",", ";", ".", "!", "?", ":", "but", "however", "because", "although", "yet", "\n", "\n\n"})


@dataclass(frozen=True, slots=True)
class Group:
    """Phrases that say the same: kind is departure, escalation or severity."""

    kind: str
    level: int
    score: float
    say: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase in a doc (tokens, half-open) and how it stands there."""

    group: Group
    start: int
    end: int
    negated: bool
    unreal: bool


@dataclass(frozen=True, slots=True)
class Phrases:
    """A loaded phrase file."""

    groups: tuple[tuple[Group, tuple[str, ...]], ...]
    scope: dict[str, tuple[str, ...]]


def expand(phrase: str, slots: dict[str, list[str]]) -> Iterator[str]:
    """All wordings of a phrase with slots."""
    names = _SLOT.findall(phrase)
    for chosen in itertools.product(*(dict.fromkeys(slots[name]) for name in names)):
        words = iter(chosen)
        yield " ".join(_SLOT.sub(lambda _: next(words), phrase).split())  # noqa: B023 - used at once


@cache
def load_phrases(path: Path) -> Phrases:
    """The phrase file with its slots written out."""
    with path.open("rb") as file:
        found = tomllib.load(file)
    groups = tuple(
        (
            Group(group["kind"], group.get("level", 1), group["score"], group["say"]),
            tuple(dict.fromkeys(said for one in group["phrases"] for said in expand(one, found["slots"]))),
        )
        for group in found["group"]
    )
    return Phrases(groups, {name: tuple(words) for name, words in found["scope"].items()})


class PhraseFinder:
    """All phrases in one matcher; the scope of each hit is looked at only when there is one."""

    def __init__(self, nlp: Language, phrases: Phrases) -> None:
        self._matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
        self._groups: dict[int, Group] = {}
        for at, (group, said) in enumerate(phrases.groups):
            self._matcher.add(f"group{at}", list(nlp.tokenizer.pipe(said)))
            self._groups[nlp.vocab.strings[f"group{at}"]] = group
        self._around = {name: PhraseMatcher(nlp.vocab, attr="LOWER") for name in phrases.scope}
        for name, words in phrases.scope.items():
            self._around[name].add(name, list(nlp.tokenizer.pipe(words)))

    def hits(self, doc: Doc) -> list[Hit]:
        """Hits of a doc in order; of two that overlap in one group, the longer."""
        found = self._matcher(doc)
        if not found:
            return []
        around = {name: self._places(name, doc) for name in self._around}
        longest: list[tuple[int, int, int]] = []
        for key, start, end in sorted(found, key=lambda one: one[1] - one[2]):
            if all(key != other or end <= low or start >= high for other, low, high in longest):
                longest.append((key, start, end))
        return [
            Hit(self._groups[key], start, end, *_standing(doc, start, end, around))
            for key, start, end in sorted(longest, key=lambda one: one[1])
        ]

    def _places(self, name: str, doc: Doc) -> list[tuple[int, int]]:
        return [(start, end) for _, start, end in self._around[name](doc)]


def _clause_start(doc: Doc, start: int) -> int:
    low = max(0, start - _REACH)
    for at in range(start - 1, low - 1, -1):
        if doc[at].lower_ in _STOPS:
            return at + 1
    return low


def _standing(
    doc: Doc, start: int, end: int, around: dict[str, list[tuple[int, int]]]
) -> tuple[bool, bool]:
    """Whether the phrase is negated, and whether it is said of something that is not so now."""
    low = _clause_start(doc, start)
    negated = any(low <= at and stop <= start for at, stop in around["negators"])
    unreal = any(low <= at and stop <= start + 1 for at, stop in around["unreal"])
    mended = any(start - 12 <= at <= end + 25 for at, _ in around["mended"])
    other = any(low <= at <= end + 6 for at, _ in around["elsewhere"])
    return negated, unreal or mended or other
