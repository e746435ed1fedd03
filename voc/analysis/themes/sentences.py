"""A change of the themes as people say it: wished, and done."""

from datetime import date

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


def wished(themes: Themes, wish: Wish, *, then: str = "") -> str:
    """The wish as a heading: "Put “Parking” under “Access”"; `then` says when a brought-back version was."""
    words = _words(themes, wish, then)
    return words[0].upper() + words[1:]


def _words(themes: Themes, wish: Wish, then: str) -> str:  # noqa: PLR0911 - one sentence a wish
    match wish:
        case Add(name=name, under=under):
            return f"add “{name}”{f' under {_name(themes, under)}' if under else ''}"
        case Rename(key=key, name=name):
            return f"rename {_name(themes, key)} to “{name}”"
        case Describe(key=key, name=name):
            renamed = key in themes and themes[key].name != name
            return f"describe {_name(themes, key)} anew{f' and call it “{name}”' if renamed else ''}"
        case Move(key=key, under=None):
            above = themes[key].parent if key in themes else None
            return f"take {_name(themes, key)} out of {_name(themes, above)}"
        case Move(key=key, under=under):
            return f"put {_name(themes, key)} under {_name(themes, under)}"
        case Merge(key=key, into=into):
            return f"let {_name(themes, into)} count for {_name(themes, key)}"
        case Split(key=key, parts=parts):
            return f"split {_name(themes, key)} into {_listed([one.name for one in parts])}"
        case Retire(key=key):
            return f"take {_name(themes, key)} out of use"
        case Restore(key=key):
            return f"put {_name(themes, key)} back in use"
        case BringBack(number=number):
            return f"bring back the themes as they were in version {number}{f', on {then}' if then else ''}"


def done(before: Themes, after: Themes, wish: Wish) -> str:  # noqa: PLR0911 - one sentence a wish
    """What was done, without who did it: "put “Parking” under “Access”"."""
    match wish:
        case Add(name=name, under=under):
            return f"added “{name}”{f' under {_name(before, under)}' if under else ''}"
        case Rename(key=key, name=name):
            return f"renamed {_name(before, key)} to “{name}”"
        case Describe(key=key, name=name):
            was = before[key].name
            return f"described “{name}” anew{f', which was called “{was}”' if was != name else ''}"
        case Move(key=key, under=None):
            return f"took {_name(before, key)} out of {_name(before, before[key].parent)}"
        case Move(key=key, under=under):
            return f"put {_name(before, key)} under {_name(before, under)}"
        case Merge(key=key, into=into):
            return f"let {_name(before, into)} count for {_name(before, key)}"
        case Split(key=key, parts=parts, stays=stays):
            rest = "which stays above them" if stays else "which is out of use"
            return f"split {_name(before, key)}, {rest}, into {_listed([one.name for one in parts])}"
        case Retire(key=key):
            return f"took {_name(before, key)} out of use"
        case Restore(key=key):
            return f"put {_name(after, key)} back in use"
        case BringBack(number=number):
            return f"brought back the themes as they were in version {number}"


def differences(before: Themes, after: Themes) -> tuple[str, ...]:
    """What an earlier version would change, a line a theme, by name."""
    lines = [
        (one.name.casefold(), line)
        for key, one in after.items()
        for line in _changes(before, after, before.get(key), one)
    ]
    return tuple(line for _, line in sorted(lines))


def _changes(before: Themes, after: Themes, was: ThemeState | None, one: ThemeState) -> list[str]:
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
    del before
    return renamed + described + moved


def day_words(day: date, today: date) -> str:
    """A day inside a sentence: "3 May", with the year when it is not this one."""
    said = f"{day.day} {day:%B}"
    return said if day.year == today.year else f"{said} {day.year}"


def _name(themes: Themes, key: str | None) -> str:
    return f"“{themes[key].name}”" if key is not None and key in themes else "a theme that is not there"


def _listed(names: list[str]) -> str:
    quoted = [f"“{name}”" for name in names]
    return " and ".join([", ".join(quoted[:-1]), quoted[-1]]) if len(quoted) > 1 else quoted[0]
