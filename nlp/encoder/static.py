"""Texts to vectors of 256: the sum of int8 WordPiece rows, each word looked up once."""

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from nlp.encoder.wordpiece import CONTROL, MARK, MARKED_WORD, WordPiece, split_words

DIMENSIONS = 256
BATCH = 256
MOST_WORDS = 24_000
"""Words kept with their row (about 25 MB); when full, the cache starts again."""
_ROOM = 8192  # new words of the texts looked up at once, before the cache starts again
FOLDER = Path(str(files("nlp") / "encoder"))


@dataclass(frozen=True, slots=True)
class WordLines:
    """Texts as word rows end to end; text i is `rows[starts[i]:starts[i+1]]`, its first row always 0."""

    rows: NDArray[np.int64]
    starts: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.starts)


def all_words(texts: Sequence[str]) -> list[str]:
    """The words of all texts end to end, a mark before each text."""
    joined = MARK.join(("", *texts))
    if joined.isascii() and joined.count(MARK) == len(texts) and not CONTROL.search(joined):
        return MARKED_WORD.findall(joined.lower())
    out: list[str] = []
    for text in texts:
        out.append(MARK)
        out += split_words(text)
    return out


class _Rows(dict[str, int]):
    """Word to row; a new word is learned at its first use."""

    def __init__(self, learn: Callable[[str], int]) -> None:
        super().__init__({MARK: 0})
        self._learn = learn

    def __missing__(self, word: str) -> int:
        return self._learn(word)


class StaticEncoder:
    """The distilled table with a growing cache of words; not shared between threads."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._wordpiece = WordPiece(folder / "vocabulary.txt")
        self._table: NDArray[np.int8] = np.load(folder / "table.npy")
        self._steps: NDArray[np.float32] = np.load(folder / "steps.npy")
        self._rows = _Rows(self._learn)
        self._start_cache()

    def _start_cache(self) -> None:
        self._rows = _Rows(self._learn)
        # The machine gives memory as rows are written: room for all costs nothing, growing would hold the rows twice.
        self._sums = np.zeros((MOST_WORDS + _ROOM, DIMENSIONS), dtype=np.float32)
        self._hashes = np.zeros(MOST_WORDS + _ROOM, dtype=np.uint32)

    def _learn(self, word: str) -> int:
        """Give a new word its row: the sum of its pieces, and its stable hash."""
        row = len(self._rows)
        if row == len(self._sums):
            self._sums = np.concatenate([self._sums, np.zeros_like(self._sums[:_ROOM])])
            self._hashes = np.concatenate([self._hashes, np.zeros_like(self._hashes[:_ROOM])])
        pieces = list(self._wordpiece.pieces(word))
        self._sums[row] = self._table[pieces].sum(axis=0, dtype=np.int32)
        self._hashes[row] = zlib.crc32(word.encode())
        self._rows[word] = row
        return row

    def lines(self, texts: Sequence[str]) -> WordLines:
        """Word rows of up to a few thousand texts; valid until the next call."""
        if len(self._rows) > MOST_WORDS:
            self._start_cache()
        words = all_words(texts)
        rows = np.fromiter(map(self._rows.__getitem__, words), dtype=np.int64, count=len(words))
        return WordLines(rows, np.flatnonzero(rows == 0))

    def vectors(self, lines: WordLines) -> NDArray[np.float32]:
        """One L2-normalised float32 row of 256 for each text; all zeros where there is no word.

        The sums are whole numbers, exact in float32: a text's row is the same in every batch.
        """
        ends = np.append(lines.starts, len(lines.rows))
        ones = np.ones(len(lines.rows), dtype=np.float32)
        words = csr_array((ones, lines.rows, ends), shape=(len(lines), len(self._sums)))
        summed = (words @ self._sums) * self._steps
        length = np.sqrt(np.einsum("ij,ij->i", summed, summed))[:, None]
        return np.asarray(summed / np.maximum(length, 1e-9), dtype=np.float32)

    def with_table(self, lines: WordLines) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """The vectors, and those of the static table, which the heads of risk and sentiment were taught on."""
        vectors = self.vectors(lines)
        return vectors, vectors

    def word_hashes(self, lines: WordLines) -> NDArray[np.uint32]:
        """The stable hash of each word row; 0 where a text begins."""
        return self._hashes[lines.rows]

    def word_pull(self, words: Sequence[str], direction: NDArray[np.float32]) -> NDArray[np.float32]:
        """How far each word alone pulls a text along `direction`."""
        rows = [self._rows[word] for word in words]
        return np.asarray((self._sums[rows] * self._steps) @ direction, dtype=np.float32)

    def whole_words(self) -> frozenset[str]:
        """All pieces of the vocabulary that are words by themselves."""
        return self._wordpiece.whole_words()

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of any number of texts, in batches of 256."""
        parts = [self.vectors(self.lines(texts[at : at + BATCH])) for at in range(0, len(texts), BATCH)]
        return np.concatenate(parts) if parts else np.zeros((0, DIMENSIONS), dtype=np.float32)


def centred(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Vectors without the mean of the encoder's corpus, at length 1: what heads learn from."""
    moved = vectors - _middle()
    length = np.sqrt(np.einsum("ij,ij->i", moved, moved))[:, None]
    return np.asarray(moved / np.maximum(length, 1e-9), dtype=np.float32)


@cache
def _middle() -> NDArray[np.float32]:
    return np.asarray(np.load(FOLDER / "middle.npy"), dtype=np.float32)


@cache
def encoder() -> StaticEncoder:
    """The one static encoder of this process."""
    return StaticEncoder()
