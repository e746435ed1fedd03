"""Which words mean something else than a person, and which are given names."""

import re
from functools import cache, lru_cache
from pathlib import Path

_GIVEN_FILE = Path(__file__).parent / "config" / "given_names.txt"
_ORDINARY_FILE = _GIVEN_FILE.with_name("ordinary_words.txt")
POSSESSIVE = re.compile(r"['’]s?$")
_SHORT_STEM, _DOUBTFUL = 3, frozenset({"er", "ers", "al", "ly", "ion"})
_ENDINGS = (
    "s",
    "es",
    "ed",
    "d",
    "ing",
    "er",
    "ers",
    "ly",
    "al",
    "able",
    "ment",
    "ments",
    "ness",
    "less",
    "ful",
    "ion",
    "ions",
)


@cache
def _ordinary() -> frozenset[str]:
    lines = _ORDINARY_FILE.read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


@lru_cache(maxsize=20_000)
def is_ordinary(word: str) -> bool:
    """Whether a word means something else than a person: it, or what it is made from, is one that people write small."""
    plain = POSSESSIVE.sub("", word.lower())
    known = _ordinary()
    if plain in known or all(part in known for part in plain.split("-")):
        return True
    if plain in given_names():
        return False
    for ending in _ENDINGS:
        stem = plain.removesuffix(ending)
        if (
            stem != plain
            and len(stem) > (_SHORT_STEM if ending in _DOUBTFUL else 2)  # web is no stem of Weber
            and (stem in known or stem + "e" in known or (stem[:-1] in known and stem[-1] == stem[-2]))
        ):
            return True
    return False


@cache
def given_names() -> frozenset[str]:
    """Given names, in small letters."""
    lines = _GIVEN_FILE.read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
