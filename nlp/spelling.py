"""Mends slips of typing in a title by how the other comments spell the word."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from nlp.encoder.static import encoder

_WORD = re.compile(r"[^\W\d_]+")
_SHORTEST, _OFTEN = 5, 3
"""A word of so many letters, seen once, is mended where so many comments spell it with one letter otherwise (policy)."""
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def as_most_spell(line: str, texts: Sequence[str]) -> str:
    """`line` with each word that only one text knows, and no vocabulary, as at least three of `texts` spell it."""
    known = encoder().whole_words()
    odd = [word for word in _WORD.findall(line) if len(word) >= _SHORTEST and word.lower() not in known]
    if not odd:
        return line
    seen = Counter(word for text in texts for word in set(_WORD.findall(text.lower())))
    for word in odd:
        if seen[word.lower()] <= 1 and (better := _better(word.lower(), seen)):
            line = re.sub(rf"\b{word}\b", better.capitalize() if word[0].isupper() else better, line)
    return line


def _better(word: str, seen: Counter[str]) -> str:
    near = [one for one in set(_one_edit(word)) if seen[one] >= _OFTEN and not _is_form(one, word)]
    return max(near, key=lambda one: (seen[one], one), default="")


def _is_form(one: str, other: str) -> bool:
    """Whether the two differ by an ending alone: another form of the word, no slip."""
    return one.startswith(other) or other.startswith(one)


def _one_edit(word: str) -> Iterator[str]:
    """What one letter left out, added or changed, or two that change places, make of a word."""
    for at in range(len(word) + 1):
        head, tail = word[:at], word[at:]
        if tail:
            yield head + tail[1:]
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        for letter in _LETTERS:
            yield head + letter + tail
            yield head + letter + tail[1:]
