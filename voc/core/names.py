"""The names that nobody outside may read, found in any text: one lookup a word, however many names there are."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Self

from voc.core.known import Known
from voc.core.places import places_in
from voc.core.spellings import ASCII_WORD, WORD, bare, key_of, ordinary_words, spellings, visible, words_of

__all__ = ["NO_NAMES", "Names", "ordinary_words", "words_of"]

_GAP = re.compile(r"[^\S\n]?[.'’&/,+_-]{0,2}[^\S\n]?(?:\r?\n[ \t>]{0,4})?")
_JOINT = re.compile(r"[ \t.'’-]{1,2}")
_NEAR = re.compile(r"[^\S\n.'’-]?[ \t.'’-]{0,2}(?:\r?\n[ \t>]{0,4})?")
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
_MARKED = re.compile(
    r"(?:https?://|www\.)\S{1,300}|(?<![\w.@-])@[\w.]{3,40}"
    r"|(?<![\w.+%'/@-])(?:[\w.+%'-]{1,64}@)?[\w-]{1,63}(?:\.[\w-]{2,63}){1,8}(?:/\S{0,200})?"
)
"""Where names stand without blanks: addresses of the web and of mail, handles, file names."""
_HINT = re.compile(r"\w\.\w\w|@\w|://")
_RUNS = re.compile(r"[^\W\d_]+")
_AFTERWARDS = ".,;:!?)'\"”’>]"
_SHORT: Final = 3  # letters; of shorter ones only the capitalised form counts


@dataclass(frozen=True, slots=True)
class Names:
    """People's and clients' names as they can stand in a text.

    Of people each part counts: a rare one in any case, one that is an ordinary word too (Will, Short) only
    capitalised and where a capital says something. Of clients the whole name counts, and each word of it that is
    no ordinary one in any case. Accents, endings, signs nobody sees and words glued to a name hide none.
    """

    known: Known

    @classmethod
    def of(cls, people: Iterable[str] = (), clients: Iterable[str] = (), hosts: Iterable[str] = ()) -> Self:
        """What to look for, built once for many texts; `hosts` are where clients get their mail."""
        return cls(Known.of(people, clients, hosts))

    def find(self, text: str, spare: Sequence[str] = ()) -> list[tuple[int, int]]:
        """The spans of names in `text`, in order, without overlap; those of the people in `spare` stay."""
        return [(start, end) for start, end, kind in self._seen_in(text, spare) if kind == "name"]

    def cuts(self, text: str, spare: Sequence[str] = ()) -> list[tuple[int, int, str]]:
        """As `find`, with what each is, and addresses, dates of birth and telephones besides."""
        return [] if self is NO_NAMES else self._seen_in(text, spare, with_places=True)

    def hide(self, text: str, shown: str = "") -> str:
        """`text` with each name shown as `shown`, or as what it is in brackets, and places as well."""
        out, place = [], 0
        for start, end, kind in sorted(self.cuts(text), key=by_place):
            if start >= place:
                out += [text[place:start], shown or f"[{kind}]"]
            place = max(place, end)
        return "".join([*out, text[place:]])

    def _seen_in(
        self, text: str, spare: Sequence[str], *, with_places: bool = False
    ) -> list[tuple[int, int, str]]:
        """What there is in the letters that the eye sees, at their places in the text."""
        seen, places = visible(text)
        found = [(start, end, "name") for start, end in self._names_in(seen, spare)]
        if with_places:
            found += places_in(seen)
        if places is None:
            return found
        return [(places[start], places[end - 1] + 1, kind) for start, end, kind in found]

    def _names_in(self, text: str, spare: Sequence[str]) -> list[tuple[int, int]]:
        known, word = self.known, ASCII_WORD if text.isascii() else WORD
        marked = list(self._marked(text)) if _HINT.search(text) else []
        if not any(map(known.known_as, set(word.findall(key_of(text))))):
            return marked
        said = _Said(text, known)
        spared = {one for name in spare for part in words_of(name) for one in spellings(key_of(part))}
        found: list[tuple[int, int]] = []
        done = 0
        for at, key in enumerate(said.keys):
            if at < done or not key:
                continue
            count = self._client_at(said, at) or int(key not in spared and self._is_person(said, at))
            if count:
                done = at + count
                found.append((said.begin(at), said.places[done - 1].end()))
        return list(_joined(text, found, marked))

    def _marked(self, text: str) -> Iterator[tuple[int, int]]:
        """Addresses of the web, handles and the like that hold a name."""
        for found in _MARKED.finditer(text):
            whole = found.group().rstrip(_AFTERWARDS)
            plain = bare(key_of(whole))
            runs = {*_RUNS.findall(plain), *_RUNS.findall(re.sub(r"[-_.]", "", plain))}
            if any(map(self.known.is_held_by, runs)) or self._is_hosted(plain):
                yield found.start(), found.start() + len(whole)

    def _is_hosted(self, plain: str) -> bool:
        hosts = self.known.hosts
        if not hosts:
            return False
        labels = re.split(r"[/:?#]", plain.rsplit("://", maxsplit=1)[-1].rpartition("@")[2])[0].split(".")
        return any(".".join(labels[at:]) in hosts for at in range(len(labels)))

    def _client_at(self, said: "_Said", at: int) -> int:
        """How many words from here on are a client's name; 0 for none."""
        for whole in self.known.wholes.get(said.bares[at], ()):
            count = len(whole.words)
            if tuple(said.bares[at : at + count]) != whole.words or not said.is_close(at, count):
                continue
            if whole.exact is None or said.words(at, count) == " ".join(whole.exact).upper():
                return count
            if said.words(at, count) == " ".join(whole.exact) and (count > 1 or said.says_something(at)):
                return count
        key = said.keys[at]
        return int(key in self.known.clients or (key in self.known.proper and said.has_capital(at)))

    def _is_person(self, said: "_Said", at: int) -> bool:
        known, key = self.known, said.keys[at]
        if key in known.rare:
            return True
        if key not in known.plain and key not in known.small:
            return False
        near = [one for one in (at - 1, at + 1) if 0 <= one < len(said.keys) and said.is_near(min(one, at))]
        if not said.has_capital(at):
            return any(said.keys[one] in known.rare and not said.has_capital(one) for one in near)
        if any(
            said.keys[one] in known.rare | known.plain | known.small and said.has_capital(one) for one in near
        ):
            return True
        if key in known.small or len(key) < _SHORT - 1 or (len(key) < _SHORT and key in ordinary_words()):
            return False
        return said.says_something(at)


def by_place(cut: tuple[int, int, str]) -> tuple[int, bool, int]:
    """Sorts what is cut; where two begin together, what says more than “name” comes first, then the longer."""
    return cut[0], cut[2] == "name", -cut[1]


@dataclass(frozen=True, slots=True)
class _Said:
    """A text by its words: as what each is known (empty: as nothing), and how it is written without accents."""

    text: str
    known: Known
    places: Sequence[re.Match[str]] = field(init=False)
    keys: Sequence[str] = field(init=False)
    bares: Sequence[str] = field(init=False)

    def __post_init__(self) -> None:
        places = list(WORD.finditer(self.text))
        small = [key_of(place.group()) for place in places]
        object.__setattr__(self, "places", places)
        object.__setattr__(self, "keys", [self.known.known_as(key) for key in small])
        object.__setattr__(self, "bares", [bare(key) for key in small])

    def words(self, at: int, count: int) -> str:
        return " ".join(place.group() for place in self.places[at : at + count])

    def has_capital(self, at: int) -> bool:
        return self.places[at].group()[0].isupper()

    def is_joint(self, at: int) -> bool:
        """Whether only a blank, a dot, a hyphen or an apostrophe stands between a word and the next."""
        return _JOINT.fullmatch(self.text, self.places[at].end(), self.places[at + 1].start()) is not None

    def is_near(self, at: int) -> bool:
        """As `is_joint`, or one stands at the end of a line and the other at the start of the next."""
        return _NEAR.fullmatch(self.text, self.places[at].end(), self.places[at + 1].start()) is not None

    def is_close(self, at: int, count: int) -> bool:
        pairs = zip(self.places[at : at + count - 1], self.places[at + 1 : at + count], strict=True)
        return all(_GAP.fullmatch(self.text, one.end(), other.start()) for one, other in pairs)

    def begin(self, at: int) -> int:
        """Where the name begins that has this word: initials and what goes before a family name belong to it."""
        first = at
        while first and self.is_joint(first - 1) and self.has_capital(at):
            word = self.places[first - 1].group()
            is_initial = (
                len(word) == 1
                and word.isupper()
                and (word not in "AI" or self.text[self.places[first - 1].end()] == ".")
            )
            if not is_initial and word.lower() not in _PARTICLES:
                break
            first -= 1
        return self.places[first].start()

    def says_something(self, at: int) -> bool:
        """Whether a capital here means a name: not where a line begins, and not for a month that is one."""
        place, key = self.places[at], self.bares[at]
        if not self.has_capital(at):
            return False
        if self._is_shouted(at):
            return False
        before = self.text[max(0, place.start() - 12) : place.start()]
        if _BEGINS.search(before) or not before.strip():
            return bool(
                _ENDS.match(self.text, place.end())
                or (key not in _TIMES and _DID.match(self.text, place.end()))
            )
        return key not in _TIMES or not (_TIME_BEFORE.search(before) or _DIGIT.match(self.text, place.end()))

    def _is_shouted(self, at: int) -> bool:
        """Whether a word in capitals stands among others in capitals."""
        shouted = [
            len(self.places[one].group()) > 1 and self.places[one].group().isupper()
            for one in (at - 1, at, at + 1)
            if 0 <= one < len(self.places)
        ]
        return self.places[at].group().isupper() and sum(shouted) > 1


_PARTICLES: Final = frozenset("van von de der den ter ten da di del la".split())  # noqa: SIM905
NO_NAMES: Final = Names.of()
"""For texts that hold no names, such as those of an empty installation."""


def _joined(
    text: str, found: Sequence[tuple[int, int]], marked: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    """Names that follow each other become one, and those within an address the whole of it."""
    held: tuple[int, int] | None = None
    for start, end in sorted([*found, *marked]):
        if held is not None and (start < held[1] or _JOINT.fullmatch(text, held[1], start)):
            held = (held[0], max(end, held[1]))
            continue
        if held is not None:
            yield held
        held = (start, end)
    if held is not None:
        yield held
