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
COMMON = 256
"""So many of the buckets that most texts share are multiplied as a matrix."""
_ENTRIES = 1024
"""Entries whose pairs are written out together: those of all would hold more than what they make."""
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
    ends = np.searchsorted(features.texts, np.arange(features.count + 1))
    rows = csr_array((features.values, features.buckets, ends), shape=(features.count, len(weights)))
    return np.asarray(rows @ weights, dtype=np.float32)


def gram(left: WordFeatures, right: WordFeatures) -> NDArray[np.float32]:
    """Dot products of all rows of two sets of up to a few thousand: common buckets as a matrix, the others by pairs."""
    shared = np.intersect1d(left.buckets, right.buckets)
    rows, columns = _within(left, shared), _within(right, shared)
    uses = [np.bincount(side.buckets, minlength=len(shared)) for side in (rows, columns)]
    place = np.argsort(np.argsort(-uses[0] * uses[1], kind="stable"), kind="stable")
    common = min(COMMON, len(shared))
    sides = []
    for side in (rows, columns):
        often = place[side.buckets] < common
        whole = np.zeros((side.count, common), dtype=np.float32)
        whole[side.texts[often], place[side.buckets[often]]] = side.values[often]
        sides.append(
            (whole, WordFeatures(side.texts[~often], side.buckets[~often], side.values[~often], side.count))
        )
    dots = sides[0][0] @ sides[1][0].T
    seldom, others = sides[0][1], sides[1][1]
    for start in range(0, len(seldom.texts), _ENTRIES):
        some = slice(start, start + _ENTRIES)
        few = WordFeatures(seldom.texts[some], seldom.buckets[some], seldom.values[some], seldom.count)
        np.add.at(dots.reshape(-1), *_pairs(few, others, len(shared)))
    return dots


def _within(features: WordFeatures, shared: NDArray[np.int64]) -> WordFeatures:
    """What lies in the shared buckets (sorted), each known by its place among them."""
    if not len(shared):
        return WordFeatures(features.texts[:0], features.buckets[:0], features.values[:0], features.count)
    place = np.minimum(np.searchsorted(shared, features.buckets), len(shared) - 1)
    kept = shared[place] == features.buckets
    return WordFeatures(features.texts[kept], place[kept], features.values[kept], features.count)


def _pairs(
    left: WordFeatures, right: WordFeatures, buckets: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Cells (row after row) and products of all pairs of entries that lie in the same bucket."""
    order = np.argsort(right.buckets, kind="stable")
    sizes = np.bincount(right.buckets, minlength=buckets)
    starts = np.cumsum(sizes) - sizes
    met = sizes[left.buckets]
    mine = np.repeat(np.arange(len(met)), met)
    others = order[np.arange(len(mine)) - np.repeat(np.cumsum(met) - met, met) + starts[left.buckets[mine]]]
    return left.texts[mine] * right.count + right.texts[others], left.values[mine] * right.values[others]


def document_rarity(texts: Sequence[str], encoder: StaticEncoder) -> NDArray[np.float32]:
    """Log of how seldom each bucket is used in `texts`, plus 1 (smoothed)."""
    seen = np.zeros(BUCKETS)
    for at in range(0, len(texts), 256):
        owners, buckets = bucket_pairs(encoder, encoder.lines(texts[at : at + 256]))
        seen += np.bincount(np.unique(owners * BUCKETS + buckets) % BUCKETS, minlength=BUCKETS)
    return np.asarray(np.log((1 + len(texts)) / (1 + seen)) + 1, dtype=np.float32)
