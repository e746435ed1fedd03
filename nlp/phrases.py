"""Reads the phrase file and finds its phrases in a doc, each with what stands around it."""

import itertools
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from nlp.components.tokens import words_of

_SLOT = re.compile(r"\{([a-z]+)\}")
_REACH = 7
"""How many words before a phrase a 'not' or an 'almost' still speaks of it."""
_BEFORE, _AFTER = 12, 25
"""How many words before and after a phrase may say that it is mended."""
_STOPS = frozenset(
    {",", ";", ".", "!", "?", ":", "but", "however", "because", "although", "yet", "\n", "\n\n"}
)


@dataclass(frozen=True, slots=True)
class Group:
    """Phrases that say the same: how bad it is, and the words for it."""

    level: int
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
            Group(group["level"], group["say"]),
            tuple(dict.fromkeys(said for one in group["phrases"] for said in expand(one, found["slots"]))),
        )
        for group in found["group"]
    )
    return Phrases(groups, {name: tuple(words) for name, words in found["scope"].items()})


class PhraseTree:
    """Phrases word by word: one look-up for each word of a text, and deeper ones only where a phrase begins."""

    def __init__(self) -> None:
        self._root: dict[str, Any] = {}  # a branch for each word; under "" the keys of phrases that end here

    def add(self, key: int, phrase: str) -> None:
        """Store a phrase; case does not matter."""
        branch = self._root
        for word in words_of(phrase.lower()):
            branch = branch.setdefault(word, {})
        branch.setdefault("", set()).add(key)

    def find(self, words: Sequence[str], low: int = 0, high: int | None = None) -> list[tuple[int, int, int]]:
        """(key, start, end) of every phrase in lower-case words that starts in [low, high)."""
        root, count = self._root, len(words)
        some = words if high is None and not low else words[low:high]
        found: list[tuple[int, int, int]] = []
        if root.keys().isdisjoint(some):
            return found
        for start, word in enumerate(some, low):
            branch = root.get(word)
            at = start + 1
            while branch is not None:
                if "" in branch:
                    found += [(key, start, at) for key in branch[""]]
                branch = branch.get(words[at]) if at < count else None
                at += 1
        return found


class PhraseFinder:
    """All phrases in one tree; the scope of each hit is looked at only when there is one."""

    def __init__(self, phrases: Phrases) -> None:
        self._tree = PhraseTree()
        self._groups = [group for group, _ in phrases.groups]
        for at, (_, said) in enumerate(phrases.groups):
            for phrase in said:
                self._tree.add(at, phrase)
        self._scope, self._around = tuple(phrases.scope), PhraseTree()
        for at, marks in enumerate(phrases.scope.values()):
            for mark in marks:
                self._around.add(at, mark)

    def hits(self, words: Sequence[str]) -> list[Hit]:
        """Hits in these tokens, in order; of two that overlap in one group, the longer."""
        lowered = list(map(str.lower, words))
        found = self._tree.find(lowered)
        if not found:
            return []
        first, last = min(start for _, start, _ in found), max(end for _, _, end in found)
        first, last = max(0, first - _BEFORE), last + _AFTER + 1
        around: dict[str, list[tuple[int, int]]] = {name: [] for name in self._scope}
        for key, low, high in self._around.find(lowered, first, last):
            around[self._scope[key]].append((low, high))
        longest: list[tuple[int, int, int]] = []
        for key, start, end in sorted(found, key=lambda one: one[1] - one[2]):
            if all(key != other or end <= low or start >= high for other, low, high in longest):
                longest.append((key, start, end))
        return [
            Hit(self._groups[key], start, end, *_standing(lowered, start, end, around))
            for key, start, end in sorted(longest, key=lambda one: one[1])
        ]


def _clause_start(lowered: Sequence[str], start: int) -> int:
    low = max(0, start - _REACH)
    for at in range(start - 1, low - 1, -1):
        if lowered[at] in _STOPS:
            return at + 1
    return low


def _standing(
    lowered: Sequence[str], start: int, end: int, around: dict[str, list[tuple[int, int]]]
) -> tuple[bool, bool]:
    """Whether the phrase is negated, and whether it is said of something that is not so now."""
    low = _clause_start(lowered, start)
    negated = any(low <= at and stop <= start for at, stop in around["negators"])
    unreal = any(low <= at and stop <= start + 1 for at, stop in around["unreal"])
    mended = any(start - _BEFORE <= at <= end + _AFTER for at, _ in around["mended"])
    other = any(low <= at <= end + 6 for at, _ in around["elsewhere"])
    return negated, unreal or mended or other
