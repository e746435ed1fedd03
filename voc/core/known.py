"""Which words and rows of words are names of clients and people, in every spelling."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Self

from voc.core.spellings import (
    bare,
    is_made_of_ordinary,
    key_of,
    ordinary_words,
    spellings,
    stems,
    words_of,
)

SMALL: Final = frozenset(["van", "von", "de", "der", "den", "het", "la", "le", "di", "da", "del", "della", "du", "dos", "das", "bin", "ibn", "al", "el", "ten", "ter", "te", "und", "zu", "zur", "y", "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir", "jr", "sr", "the", "of", "and", "for"])  # fmt: skip
_LEGAL: Final = frozenset(["ltd", "limited", "gmbh", "mbh", "ag", "kg", "kgaa", "ug", "se", "inc", "corp", "corporation", "co", "plc", "llc", "llp", "lp", "cic", "bv", "nv", "vof", "sa", "sas", "sarl", "srl", "spa", "oy", "ab", "as", "aps", "pty", "ev", "eg", "ohg", "gbr"])  # fmt: skip
_TRADES: Final = frozenset(["klinik", "klinikum", "kliniken", "krankenhaus", "spital", "praxis", "pflege", "pflegeheim", "schule", "stadtwerke", "werke", "verein", "stiftung", "bäckerei", "metzgerei", "gasthaus", "apotheke", "spedition", "logistik", "handel", "haus", "heim", "technik", "gesellschaft", "universität", "ziekenhuis", "zorg", "bakkerij", "groep", "gemeente", "hôpital", "clinique", "école", "société", "banque", "maison", "clínica", "escuela", "ospedale", "scuola", "clinica", "gruppe", "transporte", "die", "das", "der", "het", "les"])  # fmt: skip
"""What a client does, in the languages around us: no name without the next word."""
_SHORTEST, _SHORTEST_SMALL, _SHORTEST_LATER = 3, 4, 5
"""Letters of a client's first word that stands for it, of one in small letters, and of a later word."""
_SHARED: Final = 2  # clients that may share a later word before it is no name of either
_TELLING: Final = 3  # ordinary words in a row that nobody says by chance
_SHORTEST_GLUED: Final = 5
_KEPT: Final = 50_000


@dataclass(frozen=True, slots=True)
class Whole:
    """A client's name by its words; in any case, or (`exact`) as written and in capitals only."""

    words: tuple[str, ...]
    exact: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Known:
    """Words of people's names (`rare` in any case, `plain` are ordinary words too, `small` as van) and of clients'.

    `clients` count in any case, `proper` with a capital only, `wholes` are rows of words by their first,
    `hosts` the places of clients' mail.
    """

    rare: frozenset[str]
    plain: frozenset[str]
    small: frozenset[str]
    clients: frozenset[str]
    proper: frozenset[str]
    wholes: Mapping[str, tuple[Whole, ...]]
    hosts: frozenset[str]
    strong: frozenset[str] = field(init=False)
    _every: frozenset[str] = field(init=False)
    _seen: dict[str, str] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        strong = self.rare | self.clients
        object.__setattr__(self, "strong", strong)
        object.__setattr__(
            self, "_every", strong | self.plain | self.small | self.proper | self.wholes.keys()
        )

    @classmethod
    def of(cls, people: Iterable[str], clients: Iterable[str], hosts: Iterable[str]) -> Self:
        """What to look for, built once for many texts."""
        ordinary = ordinary_words()
        parts = {spelling for name in people for part in _parts(name) for spelling in spellings(part)}
        rare = frozenset(
            one
            for one in parts - SMALL
            if len(one) >= _SHORTEST and one not in ordinary and not one.isdigit()
        )
        firm = [Firm.of(name) for name in clients]
        words, proper = _telling_words(firm)
        kept = frozenset(host.lower() for host in hosts)
        words |= {label for host in kept for label in (_label(host),) if len(label) >= _SHORTEST_LATER and not is_made_of_ordinary(label)}  # fmt: skip
        wholes: dict[str, set[Whole]] = {}
        for whole in (whole for one in firm for whole in one.wholes()):
            wholes.setdefault(whole.words[0], set()).add(whole)
        return cls(
            rare=rare,
            plain=frozenset(one for one in parts - rare - SMALL if not one.isdigit()),
            small=frozenset(parts & SMALL),
            clients=frozenset(words),
            proper=frozenset(proper),
            wholes={key: tuple(sorted(found, key=_order)) for key, found in wholes.items()},
            hosts=kept,
        )

    def known_as(self, key: str) -> str:
        """The known word that a word of a text is, inflected or glued to an ordinary one too; empty for none."""
        if key in self._every:
            return key
        if key in ordinary_words() or len(key) < _SHORTEST:
            return ""
        found = self._seen.get(key)
        if found is None:
            if len(self._seen) > _KEPT:
                self._seen.clear()
            found = self._seen[key] = self._like(key)
        return found

    def _like(self, key: str) -> str:
        for spelling in spellings(key):
            if spelling in self._every:
                return spelling
            if spelling.isdigit():
                continue
            for stem in stems(spelling):
                if stem in self.strong:
                    return stem
            for cut in range(2, min(len(spelling), 40) - 1):
                first, last = spelling[:cut], spelling[cut:]
                for one, other in ((first, last), (last, first)):
                    if len(one) >= _SHORTEST_GLUED and one in self.strong and other in ordinary_words():
                        return one
        return ""

    def is_held_by(self, run: str) -> bool:
        """Whether a name stands anywhere in letters without blanks, as in an address of the web."""
        if run in ordinary_words():
            return False
        if self.known_as(run) in self.strong:
            return True
        size = min(len(run), 60)
        return any(
            run[low:high] in self.strong
            for low in range(size)
            for high in range(low + _SHORTEST_GLUED, size + 1)
        )


@dataclass(frozen=True, slots=True)
class Firm:
    """A client's name in words as written and in small letters, from its first word that tells something."""

    written: tuple[str, ...]
    keys: tuple[str, ...]
    core: tuple[int, int]  # without an article before it and what the law calls it

    @classmethod
    def of(cls, name: str) -> Self:
        """The name taken apart."""
        written = tuple(words_of(name))
        keys = tuple(bare(key_of(word)) for word in written)
        low, high = 0, len(keys)
        while high > 1 and (keys[high - 1] in _LEGAL or len(keys[high - 1]) == 1):
            high -= 1
        if high > 1 and keys[0] in {"the", "die", "das", "der", "de", "het", "le", "la", "les"}:
            low = 1
        return cls(written, keys, (low, high))

    def wholes(self) -> Iterable[Whole]:
        """The rows of words that stand for it."""
        low, high = self.core
        rows = {(0, len(self.keys)), (low, len(self.keys)), (0, high), (low, high)}
        if high - low > 2:  # noqa: PLR2004 - Blue Heron for Blue Heron Catering
            rows.add((low, low + 2))
        for start, end in rows:
            words, exact = self.keys[start:end], self.written[start:end]
            is_plain = all(one in ordinary_words() or len(one) < _SHORTEST for one in words)
            is_telling = sum(one not in SMALL for one in words) >= _TELLING or end > high
            if words and words[-1] not in SMALL:
                yield Whole(words, exact if is_plain and not is_telling else None)

    def glued(self) -> Iterable[str]:
        """The name as it stands in an address of the web."""
        low, high = self.core
        for end in {high, min(low + 2, high)}:
            words = self.keys[low:end]
            bare_words = [word for word in words if word != "and"]
            for sign in ("", "and") if len(bare_words) > 1 else ():
                yield sign.join(bare_words)
        if len(self.keys) > high:
            yield "".join(self.keys[low:])


def _order(whole: Whole) -> tuple[int, bool]:
    return -len(whole.words), whole.exact is not None


def _parts(name: str) -> Iterable[str]:
    """The words of a person's name, and those with a sign within written as one."""
    yield from map(key_of, words_of(name))
    for word in name.split():
        for piece in {word, *word.split("-")}:
            inner = words_of(piece)
            if len(inner) > 1:
                yield key_of("".join(inner))


def _label(host: str) -> str:
    """The name within a host: saltmere of mail.saltmere.co.uk."""
    labels = host.split(".")[:-1]
    while len(labels) > 1 and labels[-1] in {"co", "com", "org", "net", "ac", "gov", "or"}:
        labels.pop()
    return labels[-1] if labels else ""


def _telling_words(firms: Sequence[Firm]) -> tuple[set[str], set[str]]:
    """Words that stand for a client in any case, and those that do so with a capital only."""
    words: set[str] = set()
    proper: set[str] = set()
    later: Counter[str] = Counter()
    for firm in firms:
        low, high = firm.core
        spelt = [key_of(word) for word in firm.written[low:high]]
        telling = [one for one in spelt if one not in SMALL and one not in _TRADES and not one.isdigit()]
        for word in telling[:1]:
            if len(word) >= _SHORTEST and not spellings(word) & ordinary_words():
                is_sure = len(word) >= _SHORTEST_SMALL and not is_made_of_ordinary(word)
                (words if is_sure else proper).update(spellings(word))
        later.update(
            word
            for word in set(telling[1:])
            if len(word) >= _SHORTEST_LATER and not is_made_of_ordinary(word)
        )
        words.update(
            one for one in firm.glued() if len(one) > _SHORTEST_LATER and not is_made_of_ordinary(one)
        )
    proper |= {
        one for word, count in later.items() if count <= _SHARED for one in spellings(word) - ordinary_words()
    }
    return words, proper
