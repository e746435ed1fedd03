"""Comments told at length: a letter is like another when what it complains of is, so only the nearest make a group."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from nlp.encoder.static import BATCH, DIMENSIONS, encoder
from nlp.gist import gist, sentences
from nlp.grouping import STATIC_SHARE, Groups, centred, renumber
from nlp.grouping_words import terms, word_matrix
from nlp.leftovers import linked
from nlp.seams import UNGROUPED
from nlp.small_talk import CERTAIN, small_talk

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
LONG = 250
"""Characters from which a comment is told at length: nine in ten of CFPB's narratives are, of the demo's comments and of
Banking77's some in a hundred. At 400 short complaints of the same kind stay in heaps with their like."""
MOSTLY = 0.5
"""A group of which more are told at length is one of letters; in other groups a letter stands where it was put."""
ALIKE = 0.25
"""Letters may make a group while they are on average at least this alike (average linkage, joint rows)."""
FEWEST = 4
"""Three letters share words by chance."""
MATTER, CHANCE = 0.7, 3.0
"""How telling the three words must be that mark a group of letters best, and how much more so (by its size) a small one,
whose letters share words by chance. Of CFPB's complaints by half of its companies (1,605, 2026-11-22) what passes has
words like "solar", "denied", "identity theft", what does not "met", "stated", "chat"."""
WORDS, STEM = 3, 6
NAMED = 0.7
"""A word of which one account's letters make up so much is its name or that of what it sells: it marks no matter."""
FORMULAS = frozenset(
    "kindly request requested prompt promptly urgent urgently writing written behalf resolve resolved resolution attention "  # noqa: SIM905
    "complaint matter issue issues regarding concern concerns address provide provided ensure bureau protection sincerely "
    "appreciate assistance assist investigate investigation rectify despite furthermore additionally however".split()
)
"""What letters of any matter say because they are letters."""
MOST = 2500
"""So many letters are compared each with each (25 MB, 1 s); more are first parted along the way in which they differ most."""
NEAREST = 10


def is_long(text: str) -> bool:
    """Whether a comment is told at length."""
    return len(text) >= LONG


def are_letters(texts: Sequence[str]) -> bool:
    """Whether most of a group are told at length."""
    return sum(map(is_long, texts)) > MOSTLY * len(texts)


def letters_apart(groups: Groups, texts: Sequence[str], accounts: Sequence[int] | None = None) -> Groups:
    """The groups with those of letters formed anew: of letters that are near to each other, the others in none.

    The mean of a long text lies near that of any other in the same manner, so that crowds of letters
    hold together by manner, trade or company; a comment in no group is better than a heap. `accounts` says
    whose each is: words that stand for one account mark no matter.
    """
    long = np.fromiter(map(is_long, texts), dtype=bool, count=len(texts))
    if not long.any():
        return groups
    sizes = np.bincount(groups.labels + 1)
    crowded = np.bincount(groups.labels + 1, long) > MOSTLY * sizes
    crowded[0] = True
    asked = np.flatnonzero(long & crowded[groups.labels + 1])
    labels, score = groups.labels.copy(), groups.score.copy()
    labels[crowded[groups.labels + 1]] = UNGROUPED
    if len(asked) >= FEWEST:
        whose = None if accounts is None else [accounts[at] for at in asked.tolist()]
        found, near = _grouped([texts[at] for at in asked.tolist()], whose)
        labels[asked] = np.where(found >= 0, found + len(sizes), UNGROUPED)
        score[asked] = near
    score[labels < 0] = 0
    return replace(groups, labels=renumber(labels), score=score)


def _grouped(texts: Sequence[str], accounts: Sequence[int] | None) -> tuple[Ints, Floats]:
    """The group of each letter, and which share of its nearest stand there."""
    labels, score = np.full(len(texts), UNGROUPED, dtype=np.int64), np.zeros(len(texts), dtype=np.float32)
    rows, says = letter_rows(texts)
    for part in _parts(rows, np.flatnonzero(says)):
        words = [_stems(texts[at]) for at in part.tolist()]
        if accounts is not None:
            names = _names(words, [accounts[at] for at in part.tolist()])
            words = [some - names for some in words]
        used = Counter(word for some in words for word in some)
        for heap in linked(rows[part], ALIKE):
            if len(heap) < FEWEST or not is_matter([words[at] for at in heap], used, len(part)):
                continue
            inside = part[heap]
            labels[inside] = labels.max() + 1
            score[inside] = _own_share(rows, part, inside)
    return labels, score


def is_matter(inside: Sequence[frozenset[str]], used: Mapping[str, int], count: int) -> bool:
    """Whether words mark a group that speak for one matter."""
    return matter(inside, used, count) >= MATTER + CHANCE / len(inside)


def matter(inside: Sequence[frozenset[str]], used: Mapping[str, int], count: int) -> float:
    """How well the words of a group mark it among `count` letters, of which `used` says how many use each.

    The mean over its three best of how many of the others use a word, times how many times more often than the rest.
    """
    size, found = len(inside), list[tuple[float, str]]()
    for word, times in Counter(word for some in inside for word in some).items():
        here, elsewhere = (times - 1) / size, (used[word] - times + 0.5) / (count - size + 1)
        found.append((here * math.log((here + 0.01) / (elsewhere + 0.01)), word))
    best: list[tuple[float, str]] = []
    for telling, word in sorted(found, key=lambda one: (-one[0], one[1])):
        if not any(word in other or other in word for _, other in best):
            best.append((telling, word))
        if len(best) == WORDS:
            break
    return sum(telling for telling, _ in best) / WORDS


def _names(words: Sequence[frozenset[str]], accounts: Sequence[int]) -> frozenset[str]:
    """The words that mostly one account's letters use, where there are several accounts."""
    pairs = Counter(
        pair
        for some, account in zip(words, accounts, strict=True)
        for pair in ((word, account) for word in some)
    )
    used, most = Counter[str](), Counter[str]()
    for (word, _), times in pairs.items():
        used[word] += times
        most[word] = max(most[word], times)
    if len(set(accounts)) == 1:
        return frozenset()
    return frozenset(word for word, times in most.items() if times >= NAMED * used[word])


def _stems(text: str) -> frozenset[str]:
    """The telling words of a letter and pairs of them, by how they begin."""
    said = [term.split() for term in terms(gist(text))]
    return frozenset(" ".join(word[:STEM] for word in some) for some in said if FORMULAS.isdisjoint(some))


def letter_rows(texts: Sequence[str]) -> tuple[Floats, NDArray[np.bool_]]:
    """What each letter complains of, as a row of length one, and whether it says anything but courtesy.

    The middle of its sentences, each weighing by its length and by how little it is small talk, beside its words.
    """
    told: list[str] = []
    middles, least = [], []
    for at in range(0, len(texts), BATCH):
        cut = [sentences(text) for text in texts[at : at + BATCH]]
        told += [" ".join(pieces) for pieces in cut]
        middle, talk = _middles(cut)
        middles.append(middle)
        least.append(talk)
    meaning = np.concatenate(middles)
    words = word_matrix(told) * np.sqrt(1 - STATIC_SHARE)
    rows = np.hstack([centred(meaning, meaning.mean(axis=0)) * np.sqrt(STATIC_SHARE), words])
    return np.asarray(rows, dtype=np.float32), np.concatenate(least) < CERTAIN


def _middles(cut: Sequence[Sequence[str]]) -> tuple[Floats, Floats]:
    """The middle of the sentences of each letter, and how much small talk the least of them is."""
    said = [one for pieces in cut for one in pieces]
    owner = np.repeat(np.arange(len(cut)), [len(pieces) for pieces in cut])
    talk, table = small_talk().of_sentences(said), encoder()
    weight = (1 - talk) * np.sqrt([len(one.split()) for one in said], dtype=np.float32)
    middles = np.zeros((len(cut), DIMENSIONS), dtype=np.float32)
    for at in range(0, len(said), BATCH):
        vectors = table.vectors(table.lines(said[at : at + BATCH]))
        np.add.at(middles, owner[at : at + BATCH], vectors * weight[at : at + BATCH, None])
    least = np.ones(len(cut), dtype=np.float32)
    np.minimum.at(least, owner, talk)
    return middles / np.maximum(np.linalg.norm(middles, axis=1, keepdims=True), 1e-9), least


def _parts(rows: Floats, asked: Ints) -> list[Ints]:
    """All of `asked` in parts of at most `MOST`, halved along the direction in which they differ most."""
    if len(asked) <= MOST:
        return [asked]
    some = rows[asked] - rows[asked].mean(axis=0)
    _, ways = np.linalg.eigh(some.T @ some)
    order = np.argsort(some @ ways[:, -1], kind="stable")
    half = len(asked) // 2
    return [*_parts(rows, np.sort(asked[order[:half]])), *_parts(rows, np.sort(asked[order[half:]]))]


def _own_share(rows: Floats, part: Ints, heap: Ints) -> Floats:
    """Which share of each one's nearest stand in its heap; of a small heap only as many are asked as it has others."""
    dots = rows[heap] @ rows[part].T
    dots[np.arange(len(heap)), np.searchsorted(part, heap)] = -np.inf
    most = min(NEAREST, len(heap) - 1)
    near = np.argpartition(-dots, most - 1, axis=1)[:, :most]
    return np.asarray(np.isin(part[near], heap).mean(axis=1), dtype=np.float32)
