"""What a wished change would do to comments that were read both ways: plain values in, plain values out."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from voc.analysis.themes.state import Themes, children, with_parents

MOST_SHOWN: Final = 10  # example comments a side


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words a theme rests on, in code points, and why; the span is None where no words are known."""

    starts_at: int | None
    ends_at: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class ReadTwice:
    """One comment by its public id, with the themes that hold for it today and as wished, by key."""

    comment: str
    today: Mapping[str, Evidence]
    wished: Mapping[str, Evidence]
    has_labels: bool


@dataclass(frozen=True, slots=True)
class Example:
    """A comment that would change, with the words that make the difference."""

    comment: str
    starts_at: int | None
    ends_at: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class ThemeChange:
    """What one theme would get and lose; `holds_others` when it counts for themes under it too."""

    key: str
    name: str
    gets: int
    loses: int
    holds_others: bool
    gained: tuple[Example, ...]
    lost: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """The whole: how many comments were looked at, how many stay, what each theme gets and loses."""

    comments: int
    stay: int
    with_labels: int
    themes: tuple[ThemeChange, ...]
    bare: int = 0  # comments that have a theme today and would have none


@dataclass
class _Side:
    number: int = 0
    shown: list[Example] = field(default_factory=list)

    def take(self, comment: str, evidence: Evidence | None) -> None:
        self.number += 1
        if len(self.shown) < MOST_SHOWN:
            found = evidence or Evidence(None, None, "")
            self.shown.append(Example(comment, found.starts_at, found.ends_at, found.reason))


def compare(read: Iterable[ReadTwice], today: Themes, wished: Themes) -> Compared:
    """What would change, the themes with the most changes first; examples in the order of `read`.

    A comment counts for its themes and for those above them, as in every list.
    """
    gains: dict[str, _Side] = {}
    losses: dict[str, _Side] = {}
    comments = stay = labelled = bare = 0
    for one in read:
        comments += 1
        labelled += one.has_labels
        before, after = with_parents(today, one.today), with_parents(wished, one.wished)
        stay += before == after
        bare += bool(before) and not after
        for key in sorted(after - before):
            gains.setdefault(key, _Side()).take(one.comment, _evidence(key, one.wished, wished))
        for key in sorted(before - after):
            losses.setdefault(key, _Side()).take(one.comment, _evidence(key, one.today, today))
    changes = [
        _change(key, gains.get(key, _Side()), losses.get(key, _Side()), today, wished)
        for key in {**gains, **losses}
    ]
    changes.sort(key=lambda one: (-(one.gets + one.loses), one.name.casefold()))
    return Compared(comments, stay, labelled, tuple(changes), bare)


def _evidence(key: str, held: Mapping[str, Evidence], themes: Themes) -> Evidence | None:
    """What speaks for a theme; for one above others, what speaks for the one under it."""
    below = (one.key for one in children(themes, key))
    return held.get(key) or next((held[low] for low in below if low in held), None)


def _change(key: str, gains: _Side, losses: _Side, today: Themes, wished: Themes) -> ThemeChange:
    one = wished.get(key) or today.get(key)
    return ThemeChange(
        key=key,
        name=one.name if one else key,
        gets=gains.number,
        loses=losses.number,
        holds_others=bool(children(wished, key) or children(today, key)),
        gained=tuple(gains.shown),
        lost=tuple(losses.shown),
    )


def to_stored(found: Compared) -> dict[str, object]:
    """The comparison as JSON."""
    return asdict(found)


def from_stored(stored: Mapping[str, Any]) -> Compared:
    """What `to_stored` made."""
    themes = tuple(
        ThemeChange(**{**one, "gained": _examples(one["gained"]), "lost": _examples(one["lost"])})
        for one in stored["themes"]
    )
    return Compared(stored["comments"], stored["stay"], stored["with_labels"], themes, stored.get("bare", 0))


def _examples(stored: Iterable[Mapping[str, Any]]) -> tuple[Example, ...]:
    return tuple(Example(**one) for one in stored)
