"""The WordPiece tokenizer of uncased BERT in plain Python: a word to its piece ids."""

import re
import unicodedata
from functools import cache
from pathlib import Path

MAX_WORD = 100
"""A longer word is unknown, as in the reference tokenizer."""
UNKNOWN = "[UNK]"
_ASCII_WORD = re.compile(r"[a-z0-9]+|[!-/:-@\[-`{-~]")
_CJK = (
    (0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2A6DF), (0x2A700, 0x2B73F), (0x2B740, 0x2B81F),
    (0x2B920, 0x2CEAF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F),
)  # fmt: skip


@cache
def _kind(char: str) -> str:
    """Say whether a character is dropped, a space, a token of its own, or part of a word."""
    code, category = ord(char), unicodedata.category(char)
    if char in "\t\n\r" or category == "Zs":
        return "space"
    if code in {0, 0xFFFD} or category.startswith("C"):
        return "drop"
    if 33 <= code <= 47 or 58 <= code <= 64 or 91 <= code <= 96 or 123 <= code <= 126:  # noqa: PLR2004 - ASCII signs
        return "alone"
    if category.startswith("P") or any(low <= code <= high for low, high in _CJK):
        return "alone"
    return "word"


def split_words(text: str) -> list[str]:
    """Lowercase words and signs of `text`, without accents, as the reference splits them."""
    if text.isascii() and text.isprintable():
        return _ASCII_WORD.findall(text.lower())
    out: list[str] = []
    word: list[str] = []
    spread = "".join(f" {char} " if _is_cjk(char) else char for char in text if _kind(char) != "drop")
    for char in unicodedata.normalize("NFD", spread).lower():
        if unicodedata.category(char) == "Mn":
            continue
        kind = _kind(char)
        if kind == "word":
            word.append(char)
            continue
        if word:
            out.append("".join(word))
            word = []
        if kind == "alone":
            out.append(char)
    if word:
        out.append("".join(word))
    return out


def _is_cjk(char: str) -> bool:
    code = ord(char)
    return code >= 0x3400 and any(low <= code <= high for low, high in _CJK)  # noqa: PLR2004 - first CJK block


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
        return frozenset(piece for piece in self._ids if piece.isalpha() and (len(piece) > 1 or piece in "ai"))
