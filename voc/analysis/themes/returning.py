"""Going back to earlier themes, all of them or only what one version changed: plain values in and out."""

from collections.abc import Mapping
from dataclasses import replace

from voc.analysis.themes.state import Themes, ThemeState
from voc.analysis.themes.wishes import BringBack, TakeBack
from voc.core.errors import Conflict, NotFound
from voc.core.text import name_key

Earlier = Mapping[int, Themes]  # a version's number to its themes


def differ_only_in_names(before: Themes, after: Themes) -> bool:
    """Whether comments are read and counted alike by both: themes are only called otherwise."""
    return {key: _as_read(one) for key, one in before.items()} == {
        key: _as_read(one) for key, one in after.items()
    }


def _as_read(one: ThemeState) -> ThemeState:
    return replace(one, name="", reads_as=one.reads_as or one.name)


def check_whole(themes: Themes) -> None:
    """Raises Conflict when names meet or there are more than two levels: what an undo could bring about."""
    names: dict[str, str] = {}
    for one in (one for one in themes.values() if not one.is_retired):
        other = names.setdefault(name_key(one.name), one.key)
        if other != one.key:
            raise Conflict(f"Another theme is called “{one.name}” by now. Rename that one first.")
        parent = themes.get(one.parent) if one.parent else None
        if parent is not None and (parent.is_retired or parent.parent):
            raise Conflict(f"“{parent.name}” cannot have “{one.name}” under it any more. Move it by hand.")


def bring_back(themes: Themes, wish: BringBack, earlier: Earlier) -> dict[str, ThemeState]:
    """All themes as they were in one version; those that came since go out of use."""
    then = earlier.get(wish.number)
    if then is None:
        raise NotFound
    newer = {key: replace(one, is_retired=True) for key, one in themes.items() if key not in then}
    after = {**newer, **then}
    if after == dict(themes):
        raise Conflict("The themes are as they were then already. There is nothing to bring back.")
    return after


def take_back(themes: Themes, wish: TakeBack, earlier: Earlier) -> dict[str, ThemeState]:
    """What one version changed as it was before it; what others changed elsewhere stays.

    `earlier` holds that version and the one before it. Raises Conflict when the same themes were changed since.
    """
    after, before = earlier.get(wish.number), earlier.get(wish.number - 1)
    if after is None or before is None:
        raise NotFound
    touched = {key for key in after if before.get(key) != after[key]}
    if any(themes.get(key) != after[key] for key in touched):
        words = (
            "The same theme was changed again since then. You can bring back the themes as they were before, "
            f"in version {wish.number - 1}, on the page of versions."
        )
        raise Conflict(words)
    gone = {key: replace(after[key], is_retired=True, merged_into=None) for key in touched - set(before)}
    put_back = {key: before[key] for key in touched & set(before)}
    taken_back = {**themes, **gone, **put_back}
    check_whole(taken_back)
    return taken_back
