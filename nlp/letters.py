"""Which letters are great and which are small, in all scripts that tell them apart."""

import unicodedata
from collections.abc import Iterable
from typing import Final

_SCRIPTS: Final = (range(0x41, 0x590), range(0x10A0, 0x1100), range(0x1E00, 0x2000), range(0xA720, 0xA800))
"""Latin with all its extensions, Greek, Cyrillic, Armenian and Georgian."""
_MARKS: Final = "\u0300-\u036f"


def _ranges(kinds: frozenset[str]) -> str:
    """All letters of these categories, as a class of a regular expression has them."""
    found = [code for script in _SCRIPTS for code in script if unicodedata.category(chr(code)) in kinds]
    return "".join(
        chr(first) if first == last else f"{chr(first)}-{chr(last)}" for first, last in _runs(found)
    )


def _runs(codes: Iterable[int]) -> Iterable[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for code in codes:
        if runs and code == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], code)
        else:
            runs.append((code, code))
    return runs


UPPER: Final = _ranges(frozenset({"Lu", "Lt"}))
LOWER: Final = _ranges(frozenset({"Ll"})) + _MARKS
"""Small letters, and the signs that stand above or below one."""


def composed(word: str) -> str:
    """The word with each accent in its letter."""
    return word if word.isascii() else unicodedata.normalize("NFC", word)
