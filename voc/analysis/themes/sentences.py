"""A change of the themes as people say it: wished, and done."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from voc.analysis.themes.comparing import Compared, ThemeChange
from voc.analysis.themes.state import Themes, ThemeState
from voc.analysis.themes.wishes import (
    Add,
    BringBack,
    Describe,
    Merge,
    Move,
    Rename,
    Restore,
    Retire,
    Split,
    TakeBack,
    Wish,
)

_TOLD: Final = 3  # changes in one sentence; the rest stands in the list below it
Named = tuple[str, str]  # a theme's key and name


def wished(themes: Themes, wish: Wish, *, then: str = "") -> str:
    """The wish as a heading: "Put “Parking” under “Access”"; `then` says when a brought-back version was."""
    said = _SAYINGS[type(wish)](themes, wish)
    return f"{said.do[0].upper()}{said.do[1:]} {said.what}{f', on {then}' if then else ''}"


def done(before: Themes, wish: Wish) -> str:
    """What was done, without who did it: "put “Parking” under “Access”"; `before` are the themes until then."""
    said = _SAYINGS[type(wish)](before, wish)
    return f"{said.did} {said.what}"


@dataclass(frozen=True, slots=True)
class _Saying:
    do: str
    did: str
    what: str


def _of_add(themes: Themes, wish: Add) -> _Saying:
    under = f" under {_name(themes, wish.under)}" if wish.under else ""
    return _Saying("add", "added", f"“{wish.name}”{under}")


def _of_rename(themes: Themes, wish: Rename) -> _Saying:
    return _Saying("rename", "renamed", f"{_name(themes, wish.key)} to “{wish.name}”")


def _of_describe(themes: Themes, wish: Describe) -> _Saying:
    is_renamed = wish.key in themes and themes[wish.key].name != wish.name
    called = f", calling it “{wish.name}”" if is_renamed else ""
    return _Saying("describe", "described", f"{_name(themes, wish.key)} anew{called}")


def _of_move(themes: Themes, wish: Move) -> _Saying:
    if wish.under:
        return _Saying("put", "put", f"{_name(themes, wish.key)} under {_name(themes, wish.under)}")
    above = themes[wish.key].parent if wish.key in themes else None
    return _Saying("take", "took", f"{_name(themes, wish.key)} out of {_name(themes, above)}")


def _of_merge(themes: Themes, wish: Merge) -> _Saying:
    return _Saying("put", "put", f"{_name(themes, wish.key)} together with {_name(themes, wish.into)}")


def _of_split(themes: Themes, wish: Split) -> _Saying:
    rest = "which stays above them" if wish.stays else "which goes out of use"
    names = _listed([one.name for one in wish.parts])
    return _Saying("split", "split", f"{_name(themes, wish.key)}, {rest}, into {names}")


def _of_retire(themes: Themes, wish: Retire) -> _Saying:
    return _Saying("take", "took", f"{_name(themes, wish.key)} out of use")


def _of_restore(themes: Themes, wish: Restore) -> _Saying:
    return _Saying("put", "put", f"{_name(themes, wish.key)} back in use")


def _of_bring_back(themes: Themes, wish: BringBack) -> _Saying:
    del themes
    return _Saying("bring back", "brought back", f"the themes as they were in version {wish.number}")


def _of_take_back(themes: Themes, wish: TakeBack) -> _Saying:
    del themes
    return _Saying("take back", "took back", f"version {wish.number}: {wish.words}")


_SAYINGS: Final[Mapping[type, Callable[[Themes, Any], _Saying]]] = {  # each takes its own wish
    Add: _of_add, Rename: _of_rename, Describe: _of_describe, Move: _of_move, Merge: _of_merge, Split: _of_split,
    Retire: _of_retire, Restore: _of_restore, BringBack: _of_bring_back,
    TakeBack: _of_take_back,
}  # fmt: skip


def differences(before: Themes, after: Themes) -> tuple[str, ...]:
    """What an earlier version would change, a line a theme, by name."""
    lines = [
        (one.name.casefold(), line)
        for key, one in after.items()
        for line in _changes(after, before.get(key), one)
    ]
    return tuple(line for _, line in sorted(lines))


def _changes(after: Themes, was: ThemeState | None, one: ThemeState) -> list[str]:
    if was is None or was.is_retired != one.is_retired:
        if one.merged_into:
            return [f"“{one.name}” counts as {_name(after, one.merged_into)}"]
        if was is not None and was.merged_into:
            return [f"“{one.name}” is a theme of its own again"]
        return [f"“{one.name}” is {'out of use' if one.is_retired else 'in use'}"]
    if one.is_retired:
        return []
    renamed = [f"“{was.name}” is called “{one.name}” again"] if was.name != one.name else []
    about = (was.description, was.examples, was.taught_by) != (one.description, one.examples, one.taught_by)
    described = [f"“{one.name}” is described as it was then"] if about else []
    place = f"stands under {_name(after, one.parent)}" if one.parent else "stands by itself"
    moved = [f"“{one.name}” {place}"] if was.parent != one.parent else []
    return renamed + described + moved


def found_words(found: Compared, about: Sequence[Named] = ()) -> str:
    """What would change: first of the themes the wish is `about`, by key and name, then of the others.

    "Of the last 1,000 comments, 37 would get “Parking”, 4 would lose “Billing”, and 959 stay as they are."
    """
    if not found.comments:
        return "No client has said anything yet, so nothing would be read differently."
    keys = [key for key, _ in about]
    first = [fact for key, name in about for fact in _facts_of(found, key, name)]
    others = sorted(
        (fact for one in found.themes if one.key not in keys for fact in _facts_of(found, one.key, one.name)),
        key=lambda fact: -fact[0],
    )
    if found.comments == 1:
        return _of_one(found, [*first, *others])
    if found.stay == found.comments:
        return f"All of the last {found.comments:,} comments stay as they are. It shows in what comes in from now on."
    told = [_fact(*fact) for fact in (first or others[:_TOLD])]
    rest = others if first else others[_TOLD:]
    stay = _stay(found.stay)
    whole = f"Of the last {found.comments:,} comments, {', '.join(told)}{',' if len(told) > 1 else ''} and {stay}."
    bare = f"{found.bare:,} more would have no theme." if found.bare else ""
    return " ".join(filter(None, [whole, _rest(rest) if rest else "", bare]))


def _facts_of(found: Compared, key: str, name: str) -> list[tuple[int, str]]:
    """(number, "get “Parking”") of one theme; a theme that the wish is about and that changes nowhere says so."""
    one = next((one for one in found.themes if one.key == key), None)
    if one is None:
        return [(0, f"get “{name}”")]
    sides = ((one.gets, "get"), (one.loses, "lose"))
    if one.holds_others:
        sides = ((one.gets, "also count under"), (one.loses, "no longer count under"))
    return [(number, f"{verb} “{one.name}”") for number, verb in sides if number]


def _fact(number: int, words: str) -> str:
    return f"{number:,} would {words}" if number else f"none would {words}"


def _stay(number: int) -> str:
    return (
        f"{number:,} {'stays as it is' if number == 1 else 'stay as they are'}"
        if number
        else "none stays as it is"
    )


def _rest(facts: Sequence[tuple[int, str]]) -> str:
    told = ", ".join(_fact(*fact) for fact in facts[:_TOLD])
    more = len(facts) - _TOLD
    if more > 0:
        told += (
            f", and there {'are' if more > 1 else 'is'} {more} smaller {'changes' if more > 1 else 'change'}"
        )
    return f"It moves other themes too: {told}."


def _of_one(found: Compared, facts: Sequence[tuple[int, str]]) -> str:
    if found.stay:
        return "The one comment there is stays as it is. It shows in what comes in from now on."
    return f"The one comment there is would {' and '.join(words for number, words in facts if number)}."


def theme_words(one: ThemeChange) -> str:
    """What one theme would get and lose: "37 comments would get it, 4 would lose it"."""
    gets, loses = (
        ("count under it", "no longer count under it") if one.holds_others else ("get it", "lose it")
    )
    told = [
        f"{number:,} {'comment' if number == 1 else 'comments'} would {verb}"
        for number, verb in ((one.gets, gets), (one.loses, loses))
        if number
    ]
    return ", ".join(told)


def _name(themes: Themes, key: str | None) -> str:
    return f"“{themes[key].name}”" if key is not None and key in themes else "a theme that is not there"


def _listed(names: list[str]) -> str:
    quoted = [f"“{name}”" for name in names]
    return " and ".join([", ".join(quoted[:-1]), quoted[-1]]) if len(quoted) > 1 else quoted[0]
