"""A change of the themes as people say it: wished, and done."""

from collections.abc import Callable, Mapping
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
    Wish,
)

_TOLD: Final = 3  # changes in one sentence; the rest stands in the list below it


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
    return _Saying("let", "let", f"{_name(themes, wish.into)} count for {_name(themes, wish.key)}")


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


_SAYINGS: Final[Mapping[type, Callable[[Themes, Any], _Saying]]] = {  # each takes its own wish
    Add: _of_add, Rename: _of_rename, Describe: _of_describe, Move: _of_move, Merge: _of_merge, Split: _of_split,
    Retire: _of_retire, Restore: _of_restore, BringBack: _of_bring_back,
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
        return [f"“{one.name}” is {'out of use' if one.is_retired else 'in use'}"]
    if one.is_retired:
        return []
    renamed = [f"“{was.name}” is called “{one.name}”"] if was.name != one.name else []
    about = (was.description, was.examples, was.taught_by) != (one.description, one.examples, one.taught_by)
    described = [f"“{one.name}” is described as it was then"] if about else []
    place = f"stands under {_name(after, one.parent)}" if one.parent else "stands by itself"
    moved = [f"“{one.name}” {place}"] if was.parent != one.parent else []
    return renamed + described + moved


def found_words(found: Compared) -> str:
    """What would change, in one sentence: "Of the last 1,000 comments, 37 would get “Parking” and 963 stay as they are."."""
    if not found.comments:
        return "No client has said anything yet, so nothing would be read differently."
    if found.comments == 1:
        return _of_one(found)
    of = f"{found.comments:,} comments"
    if found.stay == found.comments:
        return f"All of the last {of} stay as they are. It shows in what comes in from now on."
    facts = [f"{number:,} would {verb} “{name}”" for name, verb, number in _facts(found)]
    told, rest = facts[:_TOLD], len(facts) - _TOLD
    if rest > 0:
        told.append(f"there are {rest} more such changes" if rest > 1 else "there is one more such change")
    stay = (
        "none stays as it is"
        if not found.stay
        else f"{found.stay:,} {'stays as it is' if found.stay == 1 else 'stay as they are'}"
    )
    return f"Of the last {of}, {', '.join(told)}{',' if len(told) > 1 else ''} and {stay}."


def _of_one(found: Compared) -> str:
    if found.stay:
        return "The one comment there is stays as it is. It shows in what comes in from now on."
    facts = [f"{verb} “{name}”" for name, verb, _ in _facts(found)]
    return f"The one comment there is would {' and '.join(facts)}."


def _facts(found: Compared) -> list[tuple[str, str, int]]:
    gets = [(one.name, "get", one.gets) for one in found.themes if one.gets]
    loses = [(one.name, "lose", one.loses) for one in found.themes if one.loses]
    return sorted(gets + loses, key=lambda fact: (-fact[2], fact[1]))


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
