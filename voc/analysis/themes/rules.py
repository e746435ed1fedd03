"""What each wish makes of the themes, and why it may not: plain values in, plain values out."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from voc.analysis.themes.returning import Earlier, bring_back, take_back
from voc.analysis.themes.state import Themes, ThemeState, children, root_of
from voc.analysis.themes.wishes import (
    Add,
    BringBack,
    Describe,
    Merge,
    Move,
    Part,
    Rename,
    Restore,
    Retire,
    Split,
    TakeBack,
    Wish,
)
from voc.core.errors import Conflict, Invalid, NotFound
from voc.core.text import name_key

_KEY_LENGTH: Final = 40
OVERTAKEN: Final = "overtaken"  # the code of a Conflict: others wrote about the same theme since
_FEWEST_PARTS: Final = 2


def changed(themes: Themes, wish: Wish, earlier: Earlier) -> dict[str, ThemeState]:
    """All themes as `wish` would have them; `earlier` holds the versions that the wish speaks of.

    Raises Invalid when it cannot be wished, Conflict when a theme is no longer as it was, NotFound for a
    theme or version that never was.
    """
    if isinstance(wish, BringBack):
        return bring_back(themes, wish, earlier)
    if isinstance(wish, TakeBack):
        return take_back(themes, wish, earlier)
    if isinstance(wish, Rename | Describe) and wish.opened in earlier:
        _check_same_words(find(themes, wish.key), earlier[wish.opened].get(wish.key))
    return _ACTS[type(wish)](themes, wish)


def is_only_a_name(wish: Wish) -> bool:
    """Whether nothing is read or counted differently by it."""
    return isinstance(wish, Rename)


def find(themes: Themes, key: str) -> ThemeState:
    """The theme in use of this key; Conflict in words when it is out of use by now."""
    one = themes.get(key)
    if one is None:
        raise NotFound
    if one.merged_into:
        into = themes[root_of(themes, key)].name
        raise Conflict(f"“{one.name}” counts as “{into}” by now. Put it back in use first, or leave this.")
    if one.is_retired:
        raise Conflict(f"“{one.name}” is out of use by now. Put it back in use first, or leave this.")
    return one


def _check_same_words(now: ThemeState, opened: ThemeState | None) -> None:
    if opened is not None and opened.words != now.words:
        words = (
            f"Somebody else changed “{now.name}” since this was written. Keep editing: what they changed stands "
            "there beside what you wrote, and you decide."
        )
        raise Conflict(words, code=OVERTAKEN)


def _add(themes: Themes, wish: Add) -> dict[str, ThemeState]:
    _check_free(themes, wish.name)
    if wish.under:
        _check_above(themes, wish.under)
    key = _free_key(themes, wish.name)
    return {
        **themes,
        key: ThemeState(key, wish.name, wish.description, wish.examples, parent=wish.under),
    }


def _rename(themes: Themes, wish: Rename) -> dict[str, ThemeState]:
    one = find(themes, wish.key)
    _check_free(themes, wish.name, but=wish.key)
    if wish.name == one.name:
        raise _wrong("name", "It is called that already.")
    learned = one.reads_as or one.name
    return {
        **themes,
        wish.key: replace(one, name=wish.name, reads_as=None if learned == wish.name else learned),
    }


def _describe(themes: Themes, wish: Describe) -> dict[str, ThemeState]:
    one = find(themes, wish.key)
    _check_free(themes, wish.name, but=wish.key)
    kept = tuple(taught for taught in one.taught_by if taught.comment not in wish.forgets)
    after = replace(
        one, name=wish.name, description=wish.description, examples=wish.examples, taught_by=kept, reads_as=None
    )  # fmt: skip
    if after == one:
        raise _wrong("description", "Nothing here is different yet.")
    return {**themes, wish.key: after}


def _move(themes: Themes, wish: Move) -> dict[str, ThemeState]:
    one = find(themes, wish.key)
    if wish.under == one.parent:
        raise _wrong("under", "It stands there already.")
    if wish.under == wish.key:
        raise _wrong("under", f"“{one.name}” cannot stand under itself. Choose another theme.")
    if wish.under:
        if children(themes, wish.key):
            words = f"“{one.name}” has themes under it, and there are only two levels. Take those out first."
            raise _wrong("under", words)
        _check_above(themes, wish.under)
    return {**themes, wish.key: replace(one, parent=wish.under)}


def _merge(themes: Themes, wish: Merge) -> dict[str, ThemeState]:
    one = find(themes, wish.key)
    if wish.into == wish.key:
        raise _wrong("into", f"“{one.name}” cannot be put together with itself. Choose another theme.")
    into = find(themes, wish.into)
    if into.parent == wish.key:
        words = f"“{into.name}” stands under “{one.name}”. Put “{into.name}” together with “{one.name}” instead, or take it out first."
        raise _wrong("into", words)
    below = children(themes, wish.key)
    if below and into.parent:
        words = f"“{one.name}” has themes under it, and “{into.name}” stands under another: there are only two levels. Take them out first."
        raise _wrong("into", words)
    after = {**themes, wish.key: replace(one, is_retired=True, merged_into=wish.into)}
    return after | {low.key: replace(low, parent=wish.into) for low in below}


def _split(themes: Themes, wish: Split) -> dict[str, ThemeState]:
    one = find(themes, wish.key)
    if len(wish.parts) < _FEWEST_PARTS:
        raise _wrong("name_2", "A split needs at least two names.")
    if wish.stays and one.parent:
        words = f"“{one.name}” stands under another theme, so nothing can stand under it. Take it out of use instead, or take it out of there first."
        raise _wrong("stays", words)
    after = dict(themes) if wish.stays else _retire(themes, Retire(wish.key))
    for place, part in enumerate(wish.parts, 1):
        _check_part(after, place, part)
        key = _free_key(after, part.name)
        after[key] = ThemeState(
            key, part.name, part.description, taught_by=part.taught_by, parent=wish.key if wish.stays else one.parent
        )  # fmt: skip
    return after


def _check_part(themes: Themes, place: int, part: Part) -> None:
    _check_free(themes, part.name, field=f"name_{place}")
    if not part.taught_by and not part.description:
        words = (
            f"Choose at least one comment below that is about “{part.name}”, or say here what it is about."
        )
        raise _wrong(f"description_{place}", words)


def _retire(themes: Themes, wish: Retire) -> dict[str, ThemeState]:
    one = find(themes, wish.key)
    below = {low.key: replace(low, parent=None) for low in children(themes, wish.key)}
    return {**themes, **below, wish.key: replace(one, is_retired=True)}


def _restore(themes: Themes, wish: Restore) -> dict[str, ThemeState]:
    one = themes.get(wish.key)
    if one is None:
        raise NotFound
    if not one.is_retired:
        raise Conflict(f"“{one.name}” is in use already.")
    _check_free(themes, one.name, but=wish.key)
    above = themes.get(one.parent) if one.parent else None
    stands = above is not None and not above.is_retired and above.parent is None
    back = replace(one, is_retired=False, merged_into=None, parent=one.parent if stands else None)
    return {**themes, wish.key: back}


_ACTS: Final[Mapping[type, Callable[[Themes, Any], dict[str, ThemeState]]]] = {  # each takes its own wish
    Add: _add, Rename: _rename, Describe: _describe, Move: _move, Merge: _merge, Split: _split,
    Retire: _retire, Restore: _restore,
}  # fmt: skip


def _check_above(themes: Themes, key: str) -> None:
    above = themes.get(key)
    if above is None or above.is_retired:
        raise _wrong("under", "Choose a theme of the list.")
    if above.parent:
        top = themes[above.parent].name
        words = f"“{above.name}” stands under “{top}” itself, and there are only two levels. Choose “{top}”, or take “{above.name}” out first."
        raise _wrong("under", words)


def _check_free(themes: Themes, name: str, *, but: str | None = None, field: str = "name") -> None:
    for one in themes.values():
        if one.key != but and not one.is_retired and name_key(one.name) == name_key(name):
            words = f"There is a theme “{one.name}” already. Choose another name, or change that one."
            raise _wrong(field, words)


def _wrong(field: str, words: str) -> Invalid:
    return Invalid(words, fields={field: words})


def _free_key(themes: Themes, name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:_KEY_LENGTH] or "theme"
    numbered = (f"{stem}_{number}" for number in range(2, len(themes) + 3))
    return stem if stem not in themes else next(key for key in numbered if key not in themes)
