"""The WordPiece tokenizer of uncased BERT in plain Python: a word to its piece ids."""

import re
import unicodedata
from pathlib import Path

MAX_WORD = 100
"""A longer word is unknown, as in the reference tokenizer."""
UNKNOWN = "[UNK]"
_ASCII_WORD = re.compile(r"[a-z0-9]+|[!-/:-@\[-`{-~]")
MARK = "\x0b"
"""Stands before each text when many are split at once; no text of the fast path holds it."""
CONTROL = re.compile(r"[\x00-\x08\x0c\x0e-\x1f\x7f]")
MARKED_WORD = re.compile(r"[a-z0-9]+|[!-/:-@\[-`{-~\x0b]")
_ASCII_SIGNS = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
_CJK = (
    (0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2A6DF), (0x2A700, 0x2B73F), (0x2B740, 0x2B81F),
    (0x2B920, 0x2CEAF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F),
)  # fmt: skip


def _plain(char: str) -> str:
    """What the reference makes of one character: nothing, a space, itself set apart, or letters without accents."""
    code, category = ord(char), unicodedata.category(char)
    if char in "\t\n\r" or category == "Zs":
        return " "
    if code in {0, 0xFFFD} or category.startswith("C"):
        return ""
    if any(low <= code <= high for low, high in _CJK):
        return f" {char} "
    bare = "".join(part for part in unicodedata.normalize("NFD", char) if unicodedata.category(part) != "Mn")
    return "".join(f" {part} " if _alone(part) else part for part in bare.lower())


def _alone(char: str) -> bool:
    return char in _ASCII_SIGNS or unicodedata.category(char).startswith("P")


class _Plain(dict[int, str]):
    """A table for str.translate that works each character out once."""

    def __missing__(self, code: int) -> str:
        made = self[code] = _plain(chr(code))
        return made


_TABLE = _Plain()


def split_words(text: str) -> list[str]:
    """Lowercase words and signs of `text`, without accents, as the reference splits them."""
    if text.isascii() and MARK not in text and not CONTROL.search(text):
        return _ASCII_WORD.findall(text.lower())
    return text.translate(_TABLE).split()


class WordPiece:
    """Longest-match-first pieces of a word, from a vocabulary of one piece a line."""

    def __init__(self, vocabulary: Path) -> None:
        pieces = vocabulary.read_text(encoding="utf-8").split("\n")[:-1]
        self._ids = {piece: at for at, piece in enumerate(pieces)}
        self._unknown = self._ids[UNKNOWN]

    def pieces(self, word: str) -> tuple[int, ...]:
        """Piece ids of one word of `split_words`."""
        whole = self._ids.get(word)
        if whole is not None:
            return (whole,)
        if len(word) > MAX_WORD:
            return (self._unknown,)
        found: list[int] = []
        start = 0
        while start < len(word):
            end, mark = len(word), "##" if start else ""
            while end > start and mark + word[start:end] not in self._ids:
                end -= 1
            if end == start:
                return (self._unknown,)
            found.append(self._ids[mark + word[start:end]])
            start = end
        return tuple(found)

    def whole_words(self) -> frozenset[str]:
        """Pieces of two letters and more that start a word."""
        return frozenset(
            piece for piece in self._ids if piece.isalpha() and (len(piece) > 1 or piece in "ai")
        )
