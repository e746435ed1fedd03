"""All themes as plain values: what a version keeps, what a wished change works on."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

Stored = dict[str, object]  # one theme as JSON
Themes = Mapping[str, "ThemeState"]  # by key


@dataclass(frozen=True, slots=True)
class Taught:
    """A client's words that show what is meant: the comment's public id and the span, None for all of it."""

    comment: str
    starts_at: int | None = None
    ends_at: int | None = None


@dataclass(frozen=True, slots=True)
class ThemeState:
    """One theme as it stands in one version; `parent` and `merged_into` are keys.

    `reads_as` is the name the machine learned, where people only gave it another one since.
    """

    key: str
    name: str
    description: str = ""
    examples: tuple[str, ...] = ()
    taught_by: tuple[Taught, ...] = ()
    parent: str | None = None
    is_retired: bool = False
    merged_into: str | None = None
    reads_as: str | None = None

    @property
    def words(self) -> tuple[object, ...]:
        """What people wrote about it: its name, description, sentences and the clients' words that teach it."""
        return self.name, self.description, self.examples, self.taught_by


@dataclass(frozen=True, slots=True)
class SpecRow:
    """What the machine reads one theme by: `name` is learned, `called` is what people call it.

    `is_read` is False for a theme out of use that the others still stand beside: nothing is given it.
    """

    key: str
    name: str
    called: str
    description: str
    examples: tuple[str, ...]
    is_read: bool = True


def in_use(themes: Themes) -> dict[str, ThemeState]:
    """The themes that comments are given."""
    return {key: one for key, one in themes.items() if not one.is_retired}


def children(themes: Themes, key: str) -> tuple[ThemeState, ...]:
    """The themes in use under one, by name."""
    found = [one for one in themes.values() if one.parent == key and not one.is_retired]
    return tuple(sorted(found, key=lambda one: one.name.casefold()))


def root_of(themes: Themes, key: str) -> str:
    """The theme that counts for this one: itself, or the one it was merged into at last."""
    seen = {key}
    while (one := themes.get(key)) is not None and one.merged_into and one.merged_into not in seen:
        key = one.merged_into
        seen.add(key)
    return key


def top_of(themes: Themes, key: str) -> str:
    """The upper of the two levels for what counts for this theme."""
    root = root_of(themes, key)
    one = themes.get(root)
    return one.parent if one is not None and one.parent else root


def family_of(themes: Themes, key: str) -> tuple[str, ...]:
    """Every theme whose comments count for this one: itself, those under it, and what was merged into them."""
    return tuple(sorted(one for one in themes if key in {root_of(themes, one), top_of(themes, one)}))


def with_parents(themes: Themes, keys: Iterable[str]) -> frozenset[str]:
    """These themes and the ones they stand under: what a comment with them counts for."""
    found = set(keys)
    return frozenset(found | {themes[key].parent or key for key in found if key in themes})


def specs(
    themes: Themes, sentences: Mapping[Taught, str], beside: Collection[str] = ()
) -> tuple[SpecRow, ...]:
    """What the machine reads the themes by, in order of key.

    Themes are learned beside each other, so that one that came or went would move them all. A merged theme is
    read on as it was and counts for the other: both together, nothing else moves. One of `beside` went out of
    use and is learned on, unread. `sentences` are the words of clients that teach; one that is gone teaches no
    more.
    """
    return tuple(
        SpecRow(
            one.key, one.reads_as or one.name, themes[root_of(themes, one.key)].name, one.description,
            tuple(dict.fromkeys(_sentences(one, sentences))), not _is_gone(themes, one),
        )
        for one in sorted(themes.values(), key=lambda one: one.key)
        if one.key in beside or not _is_gone(themes, one)
    )  # fmt: skip


def _is_gone(themes: Themes, one: ThemeState) -> bool:
    """Whether neither it nor the theme that counts for it is in use."""
    return themes[root_of(themes, one.key)].is_retired


def _sentences(one: ThemeState, sentences: Mapping[Taught, str]) -> list[str]:
    return [*one.examples, *(sentences[taught] for taught in one.taught_by if taught in sentences)]


def to_stored(themes: Themes) -> list[Stored]:
    """All themes as JSON, in order of key."""
    return [asdict(themes[key]) for key in sorted(themes)]


def from_stored(stored: Iterable[Mapping[str, Any]]) -> dict[str, ThemeState]:
    """What `to_stored` made."""
    return {
        one["key"]: ThemeState(
            **{
                **one,
                "examples": tuple(one["examples"]),
                "taught_by": tuple(Taught(**taught) for taught in one["taught_by"]),
            }
        )
        for one in stored
    }
