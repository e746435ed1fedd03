"""What somebody may wish of the themes, as frozen values and as JSON."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from voc.analysis.themes.state import Taught


@dataclass(frozen=True, slots=True)
class Add:
    """A new theme; `under` is the key of the one it stands under."""

    name: str
    description: str = ""
    examples: tuple[str, ...] = ()
    under: str | None = None


@dataclass(frozen=True, slots=True)
class Rename:
    """Another name and nothing else: the machine goes on reading by what it learned.

    `opened` is the version it was written on, 0 where that is not known; so for Describe.
    """

    key: str
    name: str
    opened: int = 0


@dataclass(frozen=True, slots=True)
class Describe:
    """Other words by which the machine reads a theme; the comments of `forgets` teach it no more."""

    key: str
    name: str
    description: str
    examples: tuple[str, ...] = ()
    forgets: tuple[str, ...] = ()
    opened: int = 0


@dataclass(frozen=True, slots=True)
class Move:
    """Under another theme, or out again (None)."""

    key: str
    under: str | None


@dataclass(frozen=True, slots=True)
class Merge:
    """`into` counts for this theme from then on."""

    key: str
    into: str


@dataclass(frozen=True, slots=True)
class Part:
    """One of the themes that another is split into."""

    name: str
    description: str = ""
    taught_by: tuple[Taught, ...] = ()


@dataclass(frozen=True, slots=True)
class Split:
    """New themes for what one theme held; it `stays` above them, or goes out of use."""

    key: str
    parts: tuple[Part, ...]
    stays: bool


@dataclass(frozen=True, slots=True)
class Retire:
    """Out of use."""

    key: str


@dataclass(frozen=True, slots=True)
class Restore:
    """Back in use."""

    key: str


@dataclass(frozen=True, slots=True)
class BringBack:
    """All themes as they were in an earlier version."""

    number: int


@dataclass(frozen=True, slots=True)
class TakeBack:
    """Only what one version changed, put back; `words` are that version's own."""

    number: int
    words: str


Wish = Add | Rename | Describe | Move | Merge | Split | Retire | Restore | BringBack | TakeBack
KINDS: Final[Mapping[str, type[Wish]]] = {
    "add": Add, "rename": Rename, "describe": Describe, "move": Move, "merge": Merge, "split": Split,
    "retire": Retire, "restore": Restore, "bring_back": BringBack,
    "take_back": TakeBack,
}  # fmt: skip
_NAMES: Final = {kind: name for name, kind in KINDS.items()}


def kind_of(wish: Wish) -> str:
    """The wish's kind as versions and the trail name it."""
    return _NAMES[type(wish)]


def theme_of(wish: Wish) -> str | None:
    """The key of the theme that a wish begins at; None for a new one and for all."""
    return getattr(wish, "key", None)


def to_stored(wish: Wish) -> dict[str, object]:
    """The wish as JSON."""
    return {"kind": kind_of(wish), **asdict(wish)}


def from_stored(stored: Mapping[str, Any]) -> Wish:
    """What `to_stored` made."""
    facts = {name: value for name, value in stored.items() if name != "kind"}
    facts |= {name: tuple(facts[name]) for name in ("examples", "forgets") if name in facts}
    if "parts" in facts:
        facts["parts"] = tuple(_part(one) for one in facts["parts"])
    return KINDS[stored["kind"]](**facts)


def _part(stored: Mapping[str, Any]) -> Part:
    taught = tuple(Taught(**one) for one in stored["taught_by"])
    return Part(stored["name"], stored["description"], taught)
