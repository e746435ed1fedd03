"""The reason for a theme in the client's own words: the pieces of a sentence that speak for it, in quotes."""

import re
from collections.abc import Iterable, Sequence

from nlp.reading import Mask

_FEW = 3
_GAP = re.compile(r"[ ]+(?:[^\W\d_]+[ ]){0,2}")
_FARTHEST = 14
"""Characters between two telling words that still make one piece: "check line by line"."""
_LONGEST = 60


def quoted(text: str, start: int, end: int, words: Iterable[str], masks: Sequence[Mask]) -> list[str]:
    """Up to three pieces of text[start:end] that hold the first of `words`, in their order of place.

    Words within a mask, beside a digit as in a number of a receipt, or part of a longer word are passed over.
    """
    lower = text.lower()
    if len(lower) != len(text):
        return []
    found: list[tuple[int, int]] = []
    for word in words:
        place = _place(lower, word, start, end)
        if place is not None and not any(mask.start < place[1] and place[0] < mask.end for mask in masks):
            found.append(place)
        if len(found) == _FEW:
            break
    return [text[low:high] for low, high in _joined(text, sorted(found), masks)]


def reason_of(said: Sequence[str], name: str) -> str:
    """Why a text speaks of the theme of this name: the pieces it says, or how it sounds."""
    if not said:
        return f"Sounds like {name} as a whole."
    *others, last = (f"“{one}”" for one in said)
    return f"It says {', '.join(others)} and {last}." if others else f"It says {last}."


def _place(lower: str, word: str, start: int, end: int) -> tuple[int, int] | None:
    """Where `word` stands as a word of its own, with its 't or 's; None where it is only part of one."""
    at = lower.find(word, start, end)
    while at >= 0:
        stop = at + len(word)
        before, after = lower[max(0, at - 2) : at], lower[stop : stop + 2]
        if not (
            before[-1:].isalnum() or after[:1].isalnum() or _is_number(before[::-1]) or _is_number(after)
        ):
            if after[:1] in {"'", "’"} and after[1:].isalpha():
                stop += 1
                while stop < len(lower) and lower[stop].isalpha():
                    stop += 1
            return (at, stop) if before[-1:] not in {"'", "’"} else None
        at = lower.find(word, stop, end)
    return None


def _is_number(beside: str) -> bool:
    return len(beside) > 1 and beside[0] in "-/.@_#" and beside[1].isalnum()


def _joined(text: str, found: Sequence[tuple[int, int]], masks: Sequence[Mask]) -> list[tuple[int, int]]:
    """Neighbours as one piece, unless a mask stands between them."""
    pieces: list[tuple[int, int]] = []
    for low, high in found:
        if pieces:
            first, last = pieces[-1]
            near = low - last <= _FARTHEST and high - first <= _LONGEST and _GAP.fullmatch(text, last, low)
            if near and not any(mask.start < low and last < mask.end for mask in masks):
                pieces[-1] = (first, high)
                continue
        pieces.append((low, high))
    return pieces
