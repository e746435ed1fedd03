"""Texts to vectors of 256: the sum of int8 WordPiece rows, each word looked up once."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlp.encoder.wordpiece import WordPiece, split_words

DIMENSIONS = 256
BATCH = 256
MOST_WORDS = 24_000
"""Words kept with their row (about 25 MB); when full, the cache starts again."""
FOLDER = Path(str(files("nlp") / "encoder"))


@dataclass(frozen=True, slots=True)
class WordLines:
    """Texts as word rows end to end; text i is `rows[starts[i]:starts[i+1]]`, its first row always 0."""

    rows: NDArray[np.int64]
    starts: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.starts)


class StaticEncoder:
    """The distilled table with a growing cache of words; not shared between threads."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._wordpiece = WordPiece(folder / "vocabulary.txt")
        self._table: NDArray[np.int8] = np.load(folder / "table.npy")
        self._steps: NDArray[np.float32] = np.load(folder / "steps.npy")
        self._rows: dict[str, int] = {}
        self._start_cache()

    def _start_cache(self) -> None:
        self._rows = {}
        self._vectors = np.zeros((1024, DIMENSIONS), dtype=np.float32)
        self._hashes = np.zeros(1024, dtype=np.uint32)

    def _learn(self, word: str) -> int:
        """Give a new word its row: the sum of its pieces, and its stable hash."""
        row = len(self._rows) + 1
        if row == len(self._vectors):
            self._vectors = np.concatenate([self._vectors, np.zeros_like(self._vectors)])
            self._hashes = np.concatenate([self._hashes, np.zeros_like(self._hashes)])
        pieces = list(self._wordpiece.pieces(word))
        self._vectors[row] = self._table[pieces].sum(axis=0, dtype=np.int32) * self._steps
        self._hashes[row] = zlib.crc32(word.encode())
        self._rows[word] = row
        return row

    def lines(self, texts: Sequence[str]) -> WordLines:
        """Word rows of up to a few thousand texts; valid until the next call."""
        if len(self._rows) > MOST_WORDS:
            self._start_cache()
        known, learn = self._rows.get, self._learn
        rows: list[int] = []
        starts: list[int] = []
        for text in texts:
            starts.append(len(rows))
            rows.append(0)
            rows.extend([known(word) or learn(word) for word in split_words(text)])
        return WordLines(np.array(rows, dtype=np.int64), np.array(starts, dtype=np.int64))

    def vectors(self, lines: WordLines) -> NDArray[np.float32]:
        """One L2-normalised float32 row of 256 for each text; all zeros where there is no word."""
        if not len(lines):
            return np.zeros((0, DIMENSIONS), dtype=np.float32)
        summed = np.add.reduceat(self._vectors[lines.rows], lines.starts, axis=0)
        length = np.sqrt(np.einsum("ij,ij->i", summed, summed))[:, None]
        return np.asarray(summed / np.maximum(length, 1e-9), dtype=np.float32)

    def word_hashes(self, lines: WordLines) -> NDArray[np.uint32]:
        """The stable hash of each word row; 0 where a text begins."""
        return self._hashes[lines.rows]

    def word_pull(self, words: Sequence[str], direction: NDArray[np.float32]) -> NDArray[np.float32]:
        """How far each word alone pulls a text along `direction`."""
        rows = [self._rows.get(word) or self._learn(word) for word in words]
        return np.asarray(self._vectors[rows] @ direction, dtype=np.float32)

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
    """The one encoder of this process."""
    return StaticEncoder()
