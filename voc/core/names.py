"""The names that nobody outside may read, found in any text: one lookup a word, however many names there are."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final, Self

_WORD = re.compile(r"[^\W_]+(?:[\u0300-\u036f]+[^\W_]*)*")
_ASCII_WORD = re.compile(r"[a-z0-9]+")
_GAP = re.compile(r"[ \t.'’&/,+-]{0,3}\n?")
_JOINT = re.compile(r"[ \t.'’-]{1,2}")
_BEGINS = re.compile(r"(?:^|[\n.!?:;•*|>–—]|(?:^|\n)\s*(?:-|\d+[.)]))\s*[\"“”'‘’(\[]*\s*$")
_ENDS = re.compile(r"[ \t]*[.,!;–—-]?[ \t]*(?:\n|$)")
_TIME_BEFORE = re.compile(
    r"(?:\b(?:in|by|since|until|till|from|of|to|for|on|before|after|during|last|next|this|early|late|mid|every|and|or)|\d\.?|[–-])\s+$",
    re.IGNORECASE,
)
_DID = re.compile(
    r"\s+(?:(?:never |also |then |just |only )?(?:said|told|came|went|wrote|rang|left|took|gave|sent|got|waited|asked|called|"
    r"phoned|mailed|emailed|promised|replied|answered|confirmed|complained|reported|visited|helped|explained|thinks|says|"
    r"wants|knows|asks|waits)|and I|and we)\b"
)
_DIGIT = re.compile(r"\s+\d")
_TIMES: Final = frozenset(["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "summer", "autumn", "winter"])  # fmt: skip
_SMALL: Final = frozenset(["van", "von", "de", "der", "den", "het", "la", "le", "di", "da", "del", "della", "du", "dos", "das", "bin", "ibn", "al", "el", "ten", "ter", "te", "und", "zu", "zur", "y", "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir", "jr", "sr", "the", "of", "and", "for"])  # fmt: skip
_SHORTEST: Final = 3  # letters; of shorter ones only the capitalised form counts
_SHORTEST_ALONE: Final = 5  # letters of a client's first word that stands for the client


@cache
def ordinary_words() -> frozenset[str]:
    """Words that mean something else than a person or a client (bench/ordinary_words.py says how they were found)."""
    lines = (Path(__file__).parent / "ordinary_words.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


@dataclass(frozen=True, slots=True)
class _Whole:
    """A client's name by its words; in any case, or (`exact`) as written and in capitals only."""

    words: tuple[str, ...]
    exact: tuple[str, ...] | None


def words_of(name: str) -> list[str]:
    """The words of a name, without the signs between them."""
    return [unicodedata.normalize("NFC", found) for found in _WORD.findall(name)]


def _key(words: str) -> str:
    return words.lower() if words.isascii() else unicodedata.normalize("NFC", words).lower()


@dataclass(frozen=True, slots=True)
class Names:
    """People's and clients' names as they can stand in a text.

    Of people each part counts: a rare one in any case, one that is an ordinary word too (Will, Short) only
    capitalised and where a capital says something. Of clients the whole name counts, and a rare first word with
    its capital.
    """

    rare: frozenset[str]
    plain: frozenset[str]
    proper: frozenset[str]
    wholes: dict[str, tuple[_Whole, ...]]
    _any: frozenset[str]

    @classmethod
    def of(cls, people: Iterable[str] = (), clients: Iterable[str] = ()) -> Self:
        """What to look for, built once for many texts."""
        ordinary = ordinary_words()
        parts = {_key(part) for name in people for part in words_of(name)} - _SMALL
        rare = frozenset(part for part in parts if len(part) >= _SHORTEST and part not in ordinary)
        wholes: dict[str, list[_Whole]] = {}
        proper: set[str] = set()
        for words in filter(None, map(words_of, clients)):
            lower = tuple(map(_key, words))
            is_plain = all(word in ordinary or len(word) < _SHORTEST for word in lower)
            wholes.setdefault(lower[0], []).append(_Whole(lower, tuple(words) if is_plain else None))
            if len(lower) > 1 and len(lower[0]) >= _SHORTEST_ALONE and lower[0] not in ordinary:
                proper.add(lower[0])
        ranked = {key: tuple(sorted(found, key=lambda one: -len(one.words))) for key, found in wholes.items()}
        return cls(
            rare,
            frozenset(parts) - rare,
            frozenset(proper),
            ranked,
            frozenset(parts | proper | ranked.keys()),
        )

    def find(self, text: str, spare: Sequence[str] = ()) -> list[tuple[int, int]]:
        """The spans of names in `text`, in order, without overlap; those of the people in `spare` stay."""
        lower, word = _key(text), _ASCII_WORD if text.isascii() else _WORD
        if self._any.isdisjoint(word.findall(lower)):
            return []
        said = _Said(text)
        spared = {_key(part) for name in spare for part in words_of(name)}
        found: list[tuple[int, int]] = []
        done = 0
        for at, key in enumerate(said.keys):
            if at < done or key not in self._any:
                continue
            count = self._client_at(said, at) or int(key not in spared and self._is_person(said, at))
            if count:
                done = at + count
                found.append((said.begin(at), said.places[done - 1].end()))
        return list(_joined(text, found))

    def hide(self, text: str, shown: str = "[name]") -> str:
        """`text` with each name shown as `shown`."""
        out, place = [], 0
        for start, end in self.find(text):
            out += [text[place:start], shown]
            place = end
        return "".join([*out, text[place:]])

    def _client_at(self, said: "_Said", at: int) -> int:
        """How many words from here on are a client's name; 0 for none."""
        for whole in self.wholes.get(said.keys[at], ()):
            count = len(whole.words)
            if tuple(said.keys[at : at + count]) != whole.words or not said.is_close(at, count):
                continue
            if whole.exact is None or said.words(at, count) == " ".join(whole.exact).upper():
                return count
            if said.words(at, count) == " ".join(whole.exact) and (count > 1 or said.says_something(at)):
                return count
        return int(said.keys[at] in self.proper and said.has_capital(at))

    def _is_person(self, said: "_Said", at: int) -> bool:
        if said.keys[at] in self.rare:
            return True
        if said.keys[at] not in self.plain:
            return False
        near = [one for one in (at - 1, at + 1) if 0 <= one < len(said.keys) and said.is_joint(min(one, at))]
        if not said.has_capital(at):
            return any(said.keys[one] in self.rare and not said.has_capital(one) for one in near)
        known = self.rare | self.plain if near else ()
        return any(said.keys[one] in known and said.has_capital(one) for one in near) or said.says_something(
            at
        )


@dataclass(frozen=True, slots=True)
class _Said:
    """A text by its words."""

    text: str
    places: Sequence[re.Match[str]] = field(init=False)
    keys: Sequence[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "places", list(_WORD.finditer(self.text)))
        object.__setattr__(self, "keys", [_key(place.group()) for place in self.places])

    def words(self, at: int, count: int) -> str:
        return " ".join(place.group() for place in self.places[at : at + count])

    def has_capital(self, at: int) -> bool:
        return self.places[at].group()[0].isupper()

    def is_joint(self, at: int) -> bool:
        """Whether only a blank, a dot, a hyphen or an apostrophe stands between a word and the next."""
        return _JOINT.fullmatch(self.text, self.places[at].end(), self.places[at + 1].start()) is not None

    def is_close(self, at: int, count: int) -> bool:
        pairs = zip(self.places[at : at + count - 1], self.places[at + 1 : at + count], strict=True)
        return all(_GAP.fullmatch(self.text, one.end(), other.start()) for one, other in pairs)

    def begin(self, at: int) -> int:
        """Where the name begins that has this word: initials and what goes before a family name belong to it."""
        first = at
        while first and self.is_joint(first - 1) and self.has_capital(at):
            word = self.places[first - 1].group()
            is_initial = len(word) == 1 and word.isupper() and self.text[self.places[first - 1].end()] == "."
            if not is_initial and word.lower() not in _PARTICLES:
                break
            first -= 1
        return self.places[first].start()

    def says_something(self, at: int) -> bool:
        """Whether a capital here means a name: not where a line begins, and not for a month that is one."""
        place, key = self.places[at], self.keys[at]
        if not self.has_capital(at):
            return False
        before = self.text[max(0, place.start() - 12) : place.start()]
        if _BEGINS.search(before) or not before.strip():
            return bool(
                _ENDS.match(self.text, place.end())
                or (key not in _TIMES and _DID.match(self.text, place.end()))
            )
        return key not in _TIMES or not (_TIME_BEFORE.search(before) or _DIGIT.match(self.text, place.end()))


_PARTICLES: Final = frozenset("van von de der den ter ten da di del la".split())  # noqa: SIM905
NO_NAMES: Final = Names(frozenset(), frozenset(), frozenset(), {}, frozenset())
"""For texts that hold no names, such as those of an empty installation."""


def _joined(text: str, found: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Names that follow each other become one."""
    held: tuple[int, int] | None = None
    for start, end in found:
        if held is not None and _JOINT.fullmatch(text, held[1], start):
            held = (held[0], end)
            continue
        if held is not None:
            yield held
        held = (start, end)
    if held is not None:
        yield held
