"""Hashed words 1-2 with tf-idf, and their dot product with learned weights."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from nlp.encoder.static import FOLDER, StaticEncoder, WordLines

BUCKETS = 1 << 16
WORD_SHARE = 0.5
"""Weight of the word features beside the static vector (understanding.md, Themes)."""
_FIRST, _SECOND = np.uint32(0x9E3779B1), np.uint32(0x85EBCA6B)


@dataclass(frozen=True, slots=True)
class WordFeatures:
    """Sparse rows: entry i puts `values[i]` at (`texts[i]`, `buckets[i]`), ordered by text; rows have length 0.5."""

    texts: NDArray[np.int64]
    buckets: NDArray[np.int64]
    values: NDArray[np.float32]
    count: int


def _spread(hashes: NDArray[np.uint32]) -> NDArray[np.int64]:
    mixed = hashes * _FIRST
    return ((mixed ^ (mixed >> np.uint32(15))) & np.uint32(BUCKETS - 1)).astype(np.int64)


def bucket_pairs(encoder: StaticEncoder, lines: WordLines) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(text, bucket) of each word and each pair of neighbours, repeats kept."""
    hashes = encoder.word_hashes(lines)
    owner = np.repeat(np.arange(len(lines)), np.diff(np.append(lines.starts, len(lines.rows))))
    real = lines.rows > 0
    pair = np.zeros(len(real), dtype=bool)
    pair[1:] = real[1:] & real[:-1]
    both = hashes[pair] * _SECOND + np.roll(hashes, 1)[pair] * _FIRST
    texts = np.concatenate([owner[real], owner[pair]])
    return texts, np.concatenate([_spread(hashes[real]), _spread(both)])


class WordHasher:
    """tf-idf rows of hashed words 1-2; the rarity of each bucket comes from the encoder's corpus."""

    def __init__(self, rarity: NDArray[np.float32] | None = None) -> None:
        self._rarity = np.load(FOLDER / "rarity.npy").astype(np.float32) if rarity is None else rarity

    @property
    def rarity(self) -> NDArray[np.float64]:
        """How seldom each bucket is used in the encoder's corpus."""
        return self._rarity.astype(np.float64)

    def features(self, encoder: StaticEncoder, lines: WordLines) -> WordFeatures:
        """Sparse rows of the texts behind `lines`."""
        texts, buckets = bucket_pairs(encoder, lines)
        keys, times = np.unique(texts * BUCKETS + buckets, return_counts=True)
        texts, buckets = keys // BUCKETS, keys % BUCKETS
        values = (1 + np.log(times)) * self._rarity[buckets]
        square = np.bincount(texts, values * values, minlength=len(lines))
        values = WORD_SHARE * values / np.sqrt(square)[texts]
        return WordFeatures(texts, buckets, values.astype(np.float32), len(lines))


def times(features: WordFeatures, weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rows times a (buckets, themes) matrix: (texts, themes)."""
    return np.asarray(_rows(features, len(weights)) @ weights, dtype=np.float32)


def _rows(features: WordFeatures, width: int) -> csr_array:
    ends = np.searchsorted(features.texts, np.arange(features.count + 1))
    return csr_array((features.values, features.buckets, ends), shape=(features.count, width))


@dataclass(frozen=True, slots=True)
class Pairs:
    """Dot products of all pairs of texts by meaning and words, kept as the features they are of: pairs @ weights.

    Written out, those of 3,700 texts would be 56 MB, the most a reader ever held. `words` has the buckets in use alone.
    """

    vectors: NDArray[np.float32]
    words: csr_array
    used: NDArray[np.int64]
    wordy: float

    @staticmethod
    def of(vectors: NDArray[np.float32], features: WordFeatures, wordy: float = 1.0) -> "Pairs":
        """Of centred vectors and word features of the same texts, words `wordy` times as strong."""
        rows = _rows(features, BUCKETS)
        used = np.unique(features.buckets)
        return Pairs(vectors, rows[:, used] * np.float32(wordy), used, wordy)

    def __len__(self) -> int:
        return len(self.vectors)

    def __matmul__(self, weights: NDArray[np.float32]) -> NDArray[np.float32]:
        return self.beside(self, weights)

    def some(self, texts: NDArray[np.int64]) -> "Pairs":
        """Of these texts."""
        return Pairs(self.vectors[texts], self.words[texts], self.used, self.wordy)

    def beside(self, others: "Pairs", weights: NDArray[np.float32]) -> NDArray[np.float32]:
        """The products of these texts with some of the same ones (columns of all pairs), times weights on those."""
        meant, said = others.vectors.T @ weights, others.words.T @ weights
        return np.asarray(self.vectors @ meant + self.words @ said, dtype=np.float32)

    def weights(self, weights: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Weights on texts as weights on the numbers of a vector, and on buckets."""
        words = np.zeros((BUCKETS, weights.shape[1]), dtype=np.float32)
        words[self.used] = self.wordy * (self.words.T @ weights)
        return np.asarray(self.vectors.T @ weights, dtype=np.float32), words


def document_rarity(texts: Sequence[str], encoder: StaticEncoder) -> NDArray[np.float32]:
    """Log of how seldom each bucket is used in `texts`, plus 1 (smoothed)."""
    seen = np.zeros(BUCKETS)
    for at in range(0, len(texts), 256):
        owners, buckets = bucket_pairs(encoder, encoder.lines(texts[at : at + 256]))
        seen += np.bincount(np.unique(owners * BUCKETS + buckets) % BUCKETS, minlength=BUCKETS)
    return np.asarray(np.log((1 + len(texts)) / (1 + seen)) + 1, dtype=np.float32)
