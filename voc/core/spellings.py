"""How one name can be spelled: without accents, with endings, in wide letters, with signs nobody sees."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Final

WORD = re.compile(r"[^\W\d_]+(?:[\u0300-\u036f]+[^\W\d_]*)*|\d+")
ASCII_WORD = re.compile(r"[a-z]+|[0-9]+")
_ODD = re.compile(
    "[\u00ad\u034f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\uff01-\uff5e\U0001d400-\U0001d7ff]"
)
_BARE: Final = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i"})  # fmt: skip
_GERMAN: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
_ENDINGS: Final = ("s", "es", "ns", "n", "en", "sche", "schen", "scher", "sches", "owi", "iem", "em", "om", "a", "u", "y", "у", "а", "ом", "ым", "ой", "ою", "е")  # fmt: skip
"""Of a name in the middle of a German, Polish, Czech or Russian sentence, or of several people of that name."""
_PLURALS: Final = (("s", ""), ("es", ""), ("ies", "y"), ("ed", ""), ("ers", ""), ("er", ""), ("ing", ""))
_SHORTEST_STEM: Final = 4


@cache
def ordinary_words() -> frozenset[str]:
    """Words that mean something else than a person or a client (bench/ordinary_words.py says how they were found)."""
    lines = (Path(__file__).parent / "ordinary_words.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def is_made_of_ordinary(word: str) -> bool:
    """Whether a small word, or what it is made from, is one that people write small."""
    known = ordinary_words()
    return word in known or any(
        word.endswith(ending)
        and len(word) - len(ending) >= _SHORTEST_STEM
        and word.removesuffix(ending) + instead in known
        for ending, instead in _PLURALS
    )


def words_of(name: str) -> list[str]:
    """The words of a name, without the signs between them."""
    return [unicodedata.normalize("NFC", found) for found in WORD.findall(name)]


def key_of(words: str) -> str:
    """Small letters, each with its accent in one sign."""
    return words.lower() if words.isascii() else unicodedata.normalize("NFC", words).lower()


def bare(key: str) -> str:
    """A word in small letters without its accents: Nguyễn is written Nguyen as often."""
    if key.isascii():
        return key
    parted = unicodedata.normalize("NFD", key.translate(_BARE))
    return unicodedata.normalize("NFC", "".join(sign for sign in parted if not unicodedata.combining(sign)))


def spellings(key: str) -> set[str]:
    """The word, without accents, and as Germans and Danes write it where a keyboard has none."""
    return {key} if key.isascii() else {key, bare(key), bare(key.translate(_GERMAN))}


def stems(key: str) -> Iterator[str]:
    """What the word may be an inflected form of."""
    for ending in _ENDINGS:
        if key.endswith(ending) and len(key) - len(ending) >= _SHORTEST_STEM:
            yield key.removesuffix(ending)


def visible(text: str) -> tuple[str, Sequence[int] | None]:
    """The text in plain letters without the signs nobody sees, and where each letter stood; None: as it was."""
    if text.isascii() or not _ODD.search(text):
        return text, None
    plain: list[str] = []
    places: list[int] = []
    for at, sign in enumerate(text):
        shown = sign
        if _ODD.match(sign):
            shown = "" if unicodedata.category(sign) in {"Cf", "Mn"} else unicodedata.normalize("NFKC", sign)
        plain.append(shown)
        places += [at] * len(shown)
    return "".join(plain), places
