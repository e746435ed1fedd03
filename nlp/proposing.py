"""Which groups look like one, which like two, which comments fit elsewhere: numbers and words only, no database."""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlp.grouping_words import terms

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
NEAR = 5
"""Each comment looks at so many of its nearest among both sides."""
LEAST_BETWEEN, LEAST_BEST = 0.05, 0.18
TIMES = 1.2
LIKELY = 0.27
"""Two groups are asked about when a comment of one and a comment of the other are on average at least `LEAST_BETWEEN`
near, the pair stands out against the usual pair of neighbours (`TIMES`; or by its clients), each comment is at least `LEAST_BEST` near to the one most
like it on the other side, and this nearness with what the same clients add (`SAME_CLIENTS`) comes to `LIKELY`. Chosen on
the demo's seeds 26, 5 and 11, its merges undone, and looked at once on 77, 3 and 19 (2026-11-22): docs/understanding.md."""
SAME_CLIENTS, MOST_LIFT = 0.05, 1.5
"""Who has a matter speaks of it again: for each time e that two groups share more clients than chance puts together, so
much is added, taken away where they share fewer."""
TOGETHER = 0.5
"""From here the clients of two groups are the same far beyond chance: such a pair need not stand out by its words."""
SURE = 0.35
"""From here a pair is as sure as can be told; it only orders what is asked."""
APART = 0.15
"""One group is two when its halves are mixed at most so much, and their middles at most `ALIKE` alike: on Banking77 that
finds 50 to 62 % of pairs of intents put together, and 3 to 5 % of single intents."""
ALIKE = 0.3
LEAST, LEAST_MERGED = 4, 3
"""A side of fewer comments says nothing; an issue of three, whole, says a little."""
LEAST_SHARE = 0.2
_NEAREST_GROUPS = 4
_ROUNDS = 20
VOTERS = 8
_THERE, _HERE = 5, 3
"""A comment fits elsewhere when five of its eight nearest stand in one other group, whose middle is nearer too."""


@dataclass(frozen=True, slots=True)
class Merge:
    """`one` and `other` look the same; `one_near` of `one_of` comments of `one` have one of `other` among their five nearest."""

    one: int
    other: int
    likely: float
    similarity: float
    one_near: int
    one_of: int
    other_near: int
    other_of: int
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Split:
    """The comments `goes` (rows) of group `one` hang together and hardly touch its others."""

    one: int
    goes: tuple[int, ...]
    mixed: float
    similarity: float
    goes_words: tuple[str, ...]
    stays_words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Move:
    """The comments `goes` (rows) stand in `one` and are most like comments of `other`."""

    one: int
    other: int
    goes: tuple[int, ...]
    similarity: float
    votes: int


def likely_merges(
    rows: Floats, texts: Sequence[str], groups: Ints, clients: Sequence[int] | None = None
) -> list[Merge]:
    """Pairs of groups that look like one, the surest first; `rows` have length one, `clients` says whose they are."""
    members = _members(groups, least=LEAST_MERGED)
    near = {
        (one, other): _nearness(rows[members[one]], rows[members[other]])
        for one, other in sorted(_nearest_pairs(rows, members))
    }
    usual = float(np.median([between for between, _ in near.values()])) if near else 0.0
    who = None if clients is None else Whose.of(clients, members)
    found = []
    for pair, (between, best) in near.items():
        lift = who.lift(*pair) if who else 0.0
        likely = best + SAME_CLIENTS * float(np.clip(lift, -MOST_LIFT, MOST_LIFT))
        stands_out = between >= TIMES * usual or lift >= TOGETHER
        if stands_out and between >= LEAST_BETWEEN and best >= LEAST_BEST and likely >= LIKELY:
            found.append(_merge_of(rows, texts, members, pair, likely))
    return sorted(found, key=lambda merge: (-merge.likely, merge.one, merge.other))


@dataclass(frozen=True, slots=True)
class Whose:
    """Which clients speak in each group, in how many groups each speaks, and the sum of these, each client counted once more."""

    of_group: Mapping[int, frozenset[int]]
    groups_of: Mapping[int, int]
    spoken: int

    @classmethod
    def of(cls, clients: Sequence[int], members: Mapping[int, Ints]) -> "Whose":
        """From the client of each row and the rows of each group."""
        named = np.asarray(clients)
        inside = {group: frozenset(named[at].tolist()) for group, at in members.items()}
        groups_of = Counter(client for some in inside.values() for client in some)
        return cls(inside, groups_of, groups_of.total() + len(groups_of))

    def lift(self, one: int, other: int) -> float:
        """How many more clients two groups share than chance puts together, as a logarithm; loud clients say less."""
        few, many = sorted((self.of_group[one], self.of_group[other]), key=len)
        everyone = self.spoken - len(few) - len(many)
        elsewhere = {client: self.groups_of[client] - 1 - (client in many) for client in few}
        chance = sum(min(1.0, len(many) * (number + 1) / everyone) for number in elsewhere.values())
        return math.log((len(few & many) + 0.5) / (chance + 0.5))


def _nearness(left: Floats, right: Floats) -> tuple[float, float]:
    """How near comments of the two sides are on average, and how near each is to its nearest on the other side."""
    dots = left @ right.T
    return float(dots.mean()), float(dots.max(axis=1).mean() + dots.max(axis=0).mean()) / 2


def _members(groups: Ints, *, least: int = LEAST) -> dict[int, Ints]:
    sizes = Counter(groups.tolist())
    return {group: np.flatnonzero(groups == group) for group in sorted(sizes) if sizes[group] >= least}


def _nearest_pairs(rows: Floats, members: Mapping[int, Ints]) -> set[tuple[int, int]]:
    """Each group with the four whose middles are nearest to its own."""
    names = list(members)
    if len(names) < 2:  # noqa: PLR2004 - a pair
        return set()
    middles = np.array([_middle(rows[members[name]]) for name in names])
    alike = middles @ middles.T
    np.fill_diagonal(alike, -2)
    near = np.argsort(-alike, axis=1, kind="stable")[:, : min(_NEAREST_GROUPS, len(names) - 1)]
    return {
        (min(names[at], names[to]), max(names[at], names[to]))
        for at, line in enumerate(near.tolist())
        for to in line
    }


def _merge_of(
    rows: Floats, texts: Sequence[str], members: Mapping[int, Ints], pair: tuple[int, int], likely: float
) -> Merge:
    left, right = members[pair[0]], members[pair[1]]
    both = _mixing(rows[left], rows[right])
    return Merge(
        *pair, round(likely, 4), round(_alike(rows[left], rows[right]), 4),
        both.left_near, len(left), both.right_near, len(right),
        common_words([texts[at] for at in left], [texts[at] for at in right]),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Mixing:
    """`least` and `mean` are 0 for two groups far apart and 1 for one group dealt at random into two."""

    least: float
    mean: float
    left_near: int
    right_near: int


def _mixing(left: Floats, right: Floats) -> _Mixing:
    both = np.vstack([left, right])
    dots = both @ both.T
    np.fill_diagonal(dots, -2)
    is_left = np.arange(len(both)) < len(left)
    near = np.argsort(-dots, axis=1, kind="stable")[:, : min(NEAR, len(left) - 1, len(right) - 1)]
    crosses = is_left[near] != is_left[:, None]
    chance_left, chance_right = len(right) / (len(both) - 1), len(left) / (len(both) - 1)
    shares = crosses[is_left].mean() / chance_left, crosses[~is_left].mean() / chance_right
    return _Mixing(
        float(min(shares)), float(np.mean(shares)),
        int(crosses[is_left].any(axis=1).sum()), int(crosses[~is_left].any(axis=1).sum()),
    )  # fmt: skip


def likely_splits(rows: Floats, texts: Sequence[str], groups: Ints, among: frozenset[int]) -> list[Split]:
    """Groups of `among` that look like two, the surest first; the smaller half is the one that goes."""
    found = []
    for group, members in _members(groups).items():
        if group not in among:
            continue
        goes = _smaller_half(rows[members])
        split = _split_of(rows, texts, group, members[goes], members[~goes])
        if split is not None:
            found.append(split)
    return sorted(found, key=lambda split: (split.mixed, split.one))


def _split_of(rows: Floats, texts: Sequence[str], group: int, goes: Ints, stays: Ints) -> Split | None:
    if len(goes) < max(LEAST, LEAST_SHARE * (len(goes) + len(stays))):
        return None
    mixed, similarity = _mixing(rows[goes], rows[stays]).mean, _alike(rows[goes], rows[stays])
    if mixed > APART or similarity > ALIKE:
        return None
    going, staying = [texts[at] for at in goes], [texts[at] for at in stays]
    return Split(
        group, tuple(goes.tolist()), round(mixed, 4), round(similarity, 4),
        telling_words(going, staying), telling_words(staying, going),
    )  # fmt: skip


def _smaller_half(rows: Floats) -> NDArray[np.bool_]:
    """Two halves about their widest direction, each comment then with the nearer middle; the same every time."""
    apart = rows - rows.mean(axis=0)
    _, _, directions = np.linalg.svd(apart, full_matrices=False)
    side = np.asarray(apart @ directions[0] > 0)
    for _ in range(_ROUNDS):
        if side.all() or not side.any():
            break
        nearer = np.asarray(rows @ _middle(rows[side]) > rows @ _middle(rows[~side]))
        if (nearer == side).all():
            break
        side = nearer
    return side if side.sum() <= (~side).sum() else ~side


def likely_moves(rows: Floats, groups: Ints, movable: NDArray[np.bool_]) -> list[Move]:
    """Comments whose nearest stand in another group, those that go the same way together, the surest first."""
    members = _members(groups)
    if len(members) < 2:  # noqa: PLR2004 - here and there
        return []
    middles = {group: _middle(rows[at]) for group, at in members.items()}
    found: dict[tuple[int, int], list[tuple[int, float, int]]] = {}
    for at in np.flatnonzero(movable).tolist():
        dots = rows @ rows[at]
        dots[at] = -2
        near = np.argsort(-dots, kind="stable")[: min(VOTERS, len(rows) - 1)]
        votes = Counter(groups[near].tolist())
        other, number = max(votes.items(), key=lambda one: (one[1], -one[0]))
        here = int(groups[at])
        if other == here or number < _THERE or votes[here] > _HERE or not {here, other} <= middles.keys():
            continue
        if float(rows[at] @ middles[other]) > float(rows[at] @ middles[here]):
            like = float(dots[near][groups[near] == other].mean())
            found.setdefault((here, other), []).append((at, like, number))
    moves = [_move_of(one, other, goes) for (one, other), goes in found.items()]
    return sorted(moves, key=lambda move: (-move.similarity, move.one, move.other))


def _move_of(one: int, other: int, goes: Sequence[tuple[int, float, int]]) -> Move:
    alike = float(np.clip(np.mean([like for _, like, _ in goes]), 0, 1))
    return Move(
        one, other, tuple(at for at, _, _ in goes), round(alike, 4), min(votes for _, _, votes in goes)
    )


def common_words(left: Sequence[str], right: Sequence[str], *, most: int = 3) -> tuple[str, ...]:
    """Words that both sides use, by how many comments of the side that uses them less."""
    mine, theirs = _shares(left), _shares(right)
    both = {word: min(mine[word], theirs[word]) for word in mine.keys() & theirs.keys()}
    return _chosen(both, most)


def telling_words(side: Sequence[str], against: Sequence[str], *, most: int = 3) -> tuple[str, ...]:
    """Words that one side uses and the other hardly does, by how many more of its comments."""
    mine, theirs = _shares(side), _shares(against)
    return _chosen({word: share - theirs.get(word, 0.0) for word, share in mine.items()}, most)


def _shares(texts: Sequence[str]) -> dict[str, float]:
    """The share of texts that use each word; one that a single text uses is left out."""
    counted = Counter(word for text in texts for word in set(terms(bare(text))) if is_plain(word))
    return {word: number / len(texts) for word, number in counted.items() if number > 1}


def _chosen(weights: Mapping[str, float], most: int) -> tuple[str, ...]:
    chosen: list[str] = []
    for word, _ in sorted(weights.items(), key=lambda one: (-one[1] * (1.4 if " " in one[0] else 1), one[0])):
        if len(chosen) < most and weights[word] > 0 and not any(_overlap(word, other) for other in chosen):
            chosen.append(word)
    return tuple(chosen)


def _overlap(one: str, other: str) -> bool:
    return one in other or other in one


_NO_MATTER = frozenset(
    [
        "regards",
        "cheers",
        "dear",
        "morning",
        "january",
        "february",
        "march",
        "april",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ]
)
_PLACEHOLDER = re.compile(r"\[(?:name|email|phone|id|iban|card|ip|…)\]")


def bare(text: str) -> str:
    """A masked text without what stands for names and numbers."""
    return _PLACEHOLDER.sub(" · ", text)


def is_plain(word: str) -> bool:
    """Whether a word tells what a comment is about: no greeting, no month, no half of a number."""
    return not any(part in _NO_MATTER or part[-1] in "-'" for part in word.split())


def _middle(rows: Floats) -> Floats:
    total = rows.sum(axis=0)
    return np.asarray(total / max(float(np.linalg.norm(total)), 1e-9), dtype=np.float32)


def _alike(left: Floats, right: Floats) -> float:
    """The cosine of the two middles, not less than 0."""
    return max(0.0, float(_middle(left) @ _middle(right)))
