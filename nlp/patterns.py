"""Patterns over the meanings of words: what stands together, in order, within a clause."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from nlp.components.tokens import words_of
from nlp.needs import Sieve

_FIRST_SIGN = 0xE000
"""Each known word or phrase becomes one sign of Unicode's private area, so that a pattern is a short expression."""
_UNKNOWN = "x"
_BREAKS = dict.fromkeys((",", ";", ":", "but", "however", "because", "although", "yet"), ",") | {
    ".": ".", "!": ".", "?": "?", "\n": ".", "\n\n": ".",
}  # fmt: skip
_PART = re.compile(r"[A-Z]{2,}|_\d?|~\d?|[a-z#'][a-z#']*(?: [a-z#'][a-z#']*)*| |.", re.DOTALL)
_FAR = 9
"""How many signs before a hit may say who acts."""
_ENDINGS = ("", "s", "d", "ed", "ing")


@dataclass(frozen=True, slots=True)
class PatternGroup:
    """Patterns that tell the same; kind is departure or escalation, `says` whether they speak for it."""

    name: str
    kind: str
    say: str
    says: bool
    expression: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Sighting:
    """A group found in a row of signs (half-open), negated or unreal by what stands before it."""

    group: int
    start: int
    end: int
    standing: int
    subject: int


STANDINGS = ("plain", "negated", "unreal")
SUBJECTS = ("none", "we", "they")


@dataclass(frozen=True, slots=True)
class Signs:
    """A text as signs, and the token at which each sign starts; the last entry is the number of tokens."""

    row: str
    starts: list[int]


def forms(word: str) -> list[str]:
    """A word, or for one with * its forms."""
    if not word.endswith("*"):
        return [word]
    stem = word[:-1]
    found = [stem + ending for ending in _ENDINGS]
    if stem.endswith("e"):
        found.append(stem[:-1] + "ing")
    return found


class SignTable:
    """The known words and phrases, each with its sign; and each meaning as a class of signs."""

    def __init__(self, meanings: dict[str, list[str]], literals: Sequence[str]) -> None:
        self._tree: dict[
            str, Any
        ] = {}  # a branch for each word; under "" the sign of a phrase that ends here
        self._signs: dict[str, str] = {}
        for word in literals:
            self._sign(word)
        self.classes = {
            name: "[" + "".join(sorted({self._sign(form) for word in words for form in forms(word)})) + "]"
            for name, words in meanings.items()
        }

    def _sign(self, phrase: str) -> str:
        words = words_of(phrase)
        key = " ".join(words)
        if key not in self._signs:
            self._signs[key] = chr(_FIRST_SIGN + len(self._signs))
            branch = self._tree
            for word in words:
                branch = branch.setdefault(word, {})
            branch[""] = self._signs[key]
        return self._signs[key]

    def read(self, words: Sequence[str]) -> Signs:
        """The signs of lower-case words; the longest phrase counts."""
        row: list[str] = []
        starts: list[int] = []
        at, count, tree, breaks = 0, len(words), self._tree, _BREAKS
        while at < count:
            starts.append(at)
            branch = tree.get(words[at])
            if branch is None:
                row.append(breaks.get(words[at], _UNKNOWN))
                at += 1
                continue
            sign, end, step = None, at + 1, at + 1
            while branch is not None:
                if "" in branch:
                    sign, end = branch[""], step
                branch = branch.get(words[step]) if step < count else None
                step += 1
            row.append(sign or breaks.get(words[at], _UNKNOWN))
            at = end
        return Signs("".join(row), [*starts, count])

    def expression(self, pattern: str) -> str:
        """A pattern as a regular expression over signs."""
        return "".join(self._piece(part) for part in _PART.findall(pattern))

    def _piece(self, part: str) -> str:
        if part[0] in "_~":
            return (
                ("[^,.?]" if part[0] == "_" else ".") + "{0," + (part[1:] or "34"["_~".index(part[0])]) + "}"
            )
        if part in self.classes:
            return self.classes[part]
        if part[0].islower() or part[0] in "#'":
            return self.read(words_of(part)).row
        return "" if part == " " else part


def _literals(patterns: Sequence[str]) -> list[str]:
    return sorted(
        {
            word
            for one in patterns
            for part in _PART.findall(one)
            if part[0].islower() or part[0] in "#'"
            for word in part.split()
        }
    )


class PatternFinder:
    """All groups of a file over one table of signs."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            found = tomllib.load(file)
        patterns = [one for group in found["group"] for one in group["patterns"]]
        self.table = SignTable(found["meanings"], _literals(patterns))
        self.groups = tuple(
            PatternGroup(
                group["name"], group["kind"], group["say"], not group.get("against", False),
                re.compile("|".join(self.table.expression(one) for one in group["patterns"])),
            )
            for group in found["group"]
        )  # fmt: skip
        written = [[self.table.expression(one) for one in group["patterns"]] for group in found["group"]]
        self._sieve = Sieve(written, chr(_FIRST_SIGN))
        self._negation = re.compile(self.table.classes["NEG"] + r"[^,.?]{0,4}$")
        self._subjects = dict.fromkeys(self.table.classes["THEY"][1:-1], 2)
        self._subjects |= dict.fromkeys(self.table.classes["WE"][1:-1], 1)
        self._unreal = re.compile(self.table.classes["UNREAL"] + r"[^,.?]{0,6}$")

    def sightings(self, row: str) -> Iterator[Sighting]:
        """Each group's hits in a row of signs, in order."""
        for at in self._sieve.of(row):
            for hit in self.groups[at].expression.finditer(row):
                if hit.end() > hit.start():
                    before = row[: hit.start()]
                    yield Sighting(
                        at, hit.start(), hit.end(), self._standing(before), self._who(row[: hit.start() + 1])
                    )

    def _who(self, before: str) -> int:
        """Who acts: the last of we and they before the hit, in its clause."""
        for sign in reversed(before[-_FAR:]):
            if sign in ",.?":
                break
            if sign in self._subjects:
                return self._subjects[sign]
        return 0

    def _standing(self, before: str) -> int:
        if self._unreal.search(before):
            return 2
        return int(bool(self._negation.search(before)))


@cache
def pattern_finder(path: Path) -> PatternFinder:
    """The finder of a pattern file, compiled once."""
    return PatternFinder(path)
