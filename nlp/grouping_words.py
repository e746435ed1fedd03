"""The words of groups: word features for grouping, what marks a group."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from nlp.encoder.static import BATCH, encoder
from nlp.features import BUCKETS, WordHasher, bucket_pairs

WORD_DIMENSIONS = 128
"""Word features are projected at random to this many; dot products stay within about 0.09."""
FIELD = 200
"""So many texts show by themselves which words are rare in their field."""
STEP = 4096
"""Texts looked at together where nothing depends on how many."""
_MOST_TIMES = 65_535
_WORD = re.compile(r"[a-z][a-z'-]{2,}")
_SCRUB = re.compile(r"\bX{2,}[X/ ]*")
PLAIN = frozenset(
    "the and for was were are that this with have has had not you your our from they them their there then than when "  # noqa: SIM905
    "what which who will would could should been being but because about into after before again also any all can "
    "did does don't didn't just get got its it's i'm i've we're we've more most much many very too only still now out "
    "over under such some one two said says say tell told ask asked asking make made want wanted need needed know "
    "knew see take took give gave she her him his how why where while since until every each other another same own "
    "off per via yes even ever never always however please thank thanks hello dear like really back going went come "
    "came use used using let may might must shall here these those both either neither nor yet though although "
    "company help time day days today thing things way people someone anything everything something nothing us".split()
)


@dataclass(frozen=True, slots=True)
class WordCounts:
    """The words and pairs of neighbours of texts: text i has `buckets[starts[i]:starts[i + 1]]`, rising, `times` each."""

    starts: NDArray[np.int64]
    buckets: NDArray[np.uint16]
    times: NDArray[np.uint16]

    def __len__(self) -> int:
        return len(self.starts) - 1

    @classmethod
    def of(cls, texts: Sequence[str]) -> "WordCounts":
        """Counted batch by batch."""
        return cls.joined([_counted(texts[at : at + BATCH]) for at in range(0, len(texts), BATCH)])

    @classmethod
    def joined(cls, parts: Sequence["WordCounts"]) -> "WordCounts":
        """Those of several lots of texts, in order."""
        sizes = [np.diff(one.starts) for one in parts]
        starts = np.concatenate([np.zeros(1, dtype=np.int64), *sizes]).cumsum()
        none = np.zeros(0, dtype=np.uint16)
        return cls(
            starts,
            np.concatenate([none, *(one.buckets for one in parts)]),
            np.concatenate([none, *(one.times for one in parts)]),
        )

    def some(self, rows: NDArray[np.int64]) -> "WordCounts":
        """Those of these texts, in this order."""
        sizes = self.starts[rows + 1] - self.starts[rows]
        starts = np.concatenate([np.zeros(1, dtype=np.int64), sizes]).cumsum()
        places = np.arange(starts[-1]) + np.repeat(self.starts[rows] - starts[:-1], sizes)
        return WordCounts(starts, self.buckets[places], self.times[places])

    def mark(self, at: int) -> bytes:
        """What is the same for texts in the same words."""
        some = slice(self.starts[at], self.starts[at + 1])
        return self.buckets[some].tobytes() + self.times[some].tobytes()


def word_matrix(
    texts: Sequence[str] | WordCounts,
    out: NDArray[np.float32] | None = None,
    order: NDArray[np.int64] | None = None,
) -> NDArray[np.float32]:
    """Word features of each text as a dense row of length 1, its words weighed by how rare they are in these texts.

    Words of one text only are left out; fewer than 200 texts take the rarity of the encoder's corpus. Written
    into `out` where it is given; `order` says which of the texts, where it is not all.
    """
    counted = texts if isinstance(texts, WordCounts) else WordCounts.of(texts)
    order = np.arange(len(counted)) if order is None else order
    out = np.zeros((len(order), WORD_DIMENSIONS), dtype=np.float32) if out is None else out
    rarity = _rarity(counted, order)
    for at in range(0, len(order), BATCH):
        some = counted.some(order[at : at + BATCH])
        owners = np.repeat(np.arange(len(some)), np.diff(some.starts))
        values = ((1 + np.log(some.times.astype(np.int64))) * rarity[some.buckets]).astype(np.float32)
        used, place = np.unique(some.buckets, return_inverse=True)
        dense = np.zeros((len(some), len(used)), dtype=np.float32)
        dense[owners, place] = values
        made = dense @ _signs()[used].astype(np.float32)
        out[at : at + BATCH] = made / np.maximum(np.linalg.norm(made, axis=1, keepdims=True), 1e-9)
    return out


def _counted(texts: Sequence[str]) -> WordCounts:
    """The words and pairs of neighbours of one batch."""
    table = encoder()
    owners, buckets = bucket_pairs(table, table.lines(texts))
    keys, times = np.unique(owners * BUCKETS + buckets, return_counts=True)
    owners, buckets = np.divmod(keys, BUCKETS)
    starts = np.searchsorted(owners, np.arange(len(texts) + 1))
    return WordCounts(starts, buckets.astype(np.uint16), np.minimum(times, _MOST_TIMES).astype(np.uint16))


def _rarity(counted: WordCounts, order: NDArray[np.int64]) -> NDArray[np.float64]:
    """The weight of each bucket by the number of these texts that use it."""
    count = len(order)
    if count < FIELD:
        return WordHasher().rarity
    used = np.zeros(BUCKETS, dtype=np.int64)
    for at in range(0, count, STEP):
        used += np.bincount(counted.some(order[at : at + STEP]).buckets, minlength=BUCKETS)
    return np.where(used > 1, np.log((1 + count) / (1 + used)) + 1, 0.0)


@cache
def _signs() -> NDArray[np.int8]:
    """What each bucket adds to each dimension: 1 or -1."""
    drawn = np.random.default_rng(5).integers(0, 2, (BUCKETS, WORD_DIMENSIONS), dtype=np.int8)
    return (drawn * 2 - 1).astype(np.int8)


def terms(text: str) -> list[str]:
    """Telling words of a text and the pairs they stand in, once each, in order."""
    words = _words(text)
    pairs = [f"{left} {right}" for left, right in pairwise(words)
             if left not in PLAIN and right not in PLAIN]  # fmt: skip
    return list(dict.fromkeys([*pairs, *(word for word in words if word not in PLAIN)]))


def telling_words(text: str) -> frozenset[str]:
    """The words that say what a text is about."""
    return frozenset(word for word in _words(text) if word not in PLAIN)


def _words(text: str) -> list[str]:
    shown = _SCRUB.sub(" ", text) if "XX" in text else text
    return _WORD.findall(shown.lower().replace("’", "'"))


def describe(texts: Sequence[str], labels: Sequence[int], *, most: int = 6) -> dict[int, tuple[str, ...]]:
    """For each group the words that mark it against the rest, the most telling first; -1 is left out."""
    groups: dict[int, Counter[str]] = {}
    sizes: Counter[int] = Counter()
    for text, label in zip(texts, labels, strict=True):
        if label >= 0:
            groups.setdefault(int(label), Counter()).update(terms(text))
            sizes[int(label)] += 1
    total: Counter[str] = Counter()
    for counted in groups.values():
        total.update(counted)
    everyone = sum(sizes.values())
    return {
        label: _marking(counted, total, sizes[label], everyone, most)
        for label, counted in sorted(groups.items())
    }


def _marking(
    counted: Counter[str], total: Counter[str], size: int, everyone: int, most: int
) -> tuple[str, ...]:
    """Terms by how much more often the group uses them than the rest, times how often."""
    scored = []
    for term, times in counted.items():
        if times < min(2, size):
            continue
        inside = times / size
        outside = (total[term] - times + 0.5) / (everyone - size + 1)
        scored.append(
            (inside * math.log((inside + 0.01) / (outside + 0.01)) * (1.4 if " " in term else 1), term)
        )
    chosen: list[str] = []
    for _, term in sorted(scored, key=lambda one: (-one[0], one[1])):
        if not any(term in taken or taken in term for taken in chosen):
            chosen.append(term)
        if len(chosen) == most:
            break
    return tuple(chosen)
