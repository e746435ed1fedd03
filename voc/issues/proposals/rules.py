"""Decides which proposals stand, which come back and in what words, on plain values."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from voc.issues.rules import and_words

RULE_VERSION = "proposals-1"
MOST_OPEN = 5  # a handful at once; the next come when these are answered (policy)
AGAIN_WHEN = 2  # a refused pair is asked again when both sides have grown by so much (policy)
_ENOUGH = 4  # answers from which on the machine learns how sure it must be (policy)
_SAME_PART = 0.5  # two parts of an issue are one matter when half of both together is in both (policy)
_ALIKE = ((0.75, "very much alike"), (0.5, "alike"), (0.3, "somewhat alike"), (0.0, "hardly alike"))
KINDS = ("merge", "split", "move")
Key = tuple[int, int]  # (account_id, comment_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a look found: `kind` merge, split or move of `comments` from `issue_id` to `other_id`.

    `strength` in [0, 1] orders them; `words` mark each side; `sizes` count the comments of both.
    """

    kind: str
    issue_id: int
    other_id: int | None
    comments: tuple[Key, ...] = ()
    name: str | None = None
    similarity: float
    strength: float
    reason: str
    words: tuple[tuple[str, ...], tuple[str, ...]]
    sizes: tuple[int, int]

    @property
    def sides(self) -> frozenset[int]:
        """The issues it is about."""
        return frozenset({self.issue_id} if self.other_id is None else {self.issue_id, self.other_id})


@dataclass(frozen=True, slots=True)
class Known:
    """A stored proposal: `state` is open, refused or accepted."""

    id: int
    kind: str
    issue_id: int
    other_id: int | None
    comments: frozenset[Key]
    sizes: tuple[int, int]
    strength: float
    state: str

    @property
    def is_open(self) -> bool:
        """Whether it waits for an answer."""
        return self.state == "open"


@dataclass(frozen=True, slots=True)
class Choice:
    """What becomes of stored and found proposals: `kept` maps ids to how they stand today."""

    kept: Mapping[int, Wanted]
    gone: tuple[int, ...]
    new: tuple[Wanted, ...]


def choose(found: Iterable[Wanted], known: Sequence[Known]) -> Choice:
    """Keeps open ones that still have ground, and fills up to a handful with the surest of the rest.

    One question about an issue at a time: whoever says yes to a merge changes what else could be asked.
    """
    best = sorted(found, key=lambda one: (-one.strength, one.kind, one.issue_id, one.other_id or 0))
    kept: dict[int, Wanted] = {}
    busy: set[int] = set()
    for stored in (one for one in known if one.is_open):
        again = next((one for one in best if is_same(one, stored) and not one.sides & busy), None)
        if again is not None:
            kept[stored.id] = again
            busy |= again.sides
    refused = [one for one in known if one.state == "refused"]
    least = {kind: least_strength(kind, known) for kind in KINDS}
    new: list[Wanted] = []
    for one in best:
        if len(kept) + len(new) >= MOST_OPEN:
            break
        if one.strength < least[one.kind] or one.sides & busy:
            continue
        if not any(is_settled(one, no) for no in refused):
            new.append(one)
            busy |= one.sides
    gone = tuple(one.id for one in known if one.is_open and one.id not in kept)
    return Choice(kept, gone, tuple(new))


def least_strength(kind: str, known: Sequence[Known]) -> float:
    """How sure the machine must be to ask again: where people mostly said no, surer than it usually was then."""
    refused = [one.strength for one in known if (one.kind, one.state) == (kind, "refused")]
    accepted = sum((one.kind, one.state) == (kind, "accepted") for one in known)
    return median(refused) if len(refused) + accepted >= _ENOUGH and accepted < len(refused) else 0.0


def is_same(one: Wanted, stored: Known) -> bool:
    """Whether both ask the same: of a merge whichever way round, of a part about the same comments."""
    if one.kind != stored.kind:
        return False
    if one.kind == "merge":
        return one.sides == {stored.issue_id, stored.other_id}
    if (one.issue_id, one.other_id) != (stored.issue_id, stored.other_id):
        return False
    both = frozenset(one.comments) & stored.comments
    return len(both) >= _SAME_PART * len(frozenset(one.comments) | stored.comments)


def is_settled(one: Wanted, no: Known) -> bool:
    """Whether a person's no answers this too: until both sides have doubled; of a comment's move for ever."""
    if one.kind == "move" and no.kind == "move":
        ways = (one.issue_id, one.other_id) == (no.issue_id, no.other_id)
        return ways and bool(frozenset(one.comments) & no.comments)
    if one.kind == "split" and no.kind == "split":
        return one.issue_id == no.issue_id and not _has_doubled(one.sizes, no.sizes)
    return is_same(one, no) and not _has_doubled(one.sizes, no.sizes)


def _has_doubled(now: tuple[int, int], then: tuple[int, int]) -> bool:
    return all(new >= AGAIN_WHEN * old for new, old in zip(sorted(now), sorted(then), strict=True))


def told_apart(
    confirmed: Mapping[Key, frozenset[int]], refused: Mapping[Key, frozenset[int]]
) -> frozenset[frozenset[int]]:
    """Pairs of issues that a person told apart: a comment was taken out of one and confirmed in the other."""
    return frozenset(
        frozenset({there, out})
        for comment, outs in refused.items()
        for out in outs
        for there in confirmed.get(comment, frozenset())
        if there != out
    )


def alike_words(similarity: float) -> str:
    """How alike two sides are, as people say it."""
    return next(words for least, words in _ALIKE if similarity >= least)


def merge_reason(near: tuple[int, int], back: tuple[int, int], words: Sequence[str]) -> str:
    """Why two issues may be one; `near` and `back` are (comments near the other side, all) of each side."""
    counted = (
        f"{near[0]} of {near[1]} comments of the first and {back[0]} of {back[1]} of the second have one of the "
        "other side among the five most like them"
    )
    return f"Both speak of {and_words(words)}; {counted}." if words else f"{counted}."


def split_reason(goes: int, stays: int, words: tuple[Sequence[str], Sequence[str]]) -> str:
    """Why one issue may be two."""
    said = f"{goes} of {goes + stays} comments are like each other and hardly like the rest"
    mine, rest = words
    if mine and rest:
        return f"{said}: they speak of {and_words(mine)}, the rest of {and_words(rest)}."
    return f"{said}: they speak of {and_words(mine)}." if mine else f"{said}."


def move_reason(comments: int, votes: int, voters: int, words: Sequence[str]) -> str:
    """Why comments fit better elsewhere."""
    of_each = "it" if comments == 1 else "each of them"
    least = "" if comments == 1 else "at least "
    said = f"Of the {voters} comments most like {of_each}, {least}{votes} stand in the other issue"
    return f"{said}; it too speaks of {and_words(words)}." if words and comments == 1 else f"{said}."


def marks(text: str, words: Iterable[str]) -> tuple[tuple[int, int, str], ...]:
    """Where `words` stand in `text`, whole words only, as (start, end, word) in order and apart from each other."""
    found: list[tuple[int, int, str]] = []
    low = text.lower()
    if len(low) != len(text):  # a letter that is longer in small letters would move every place after it
        return ()
    for word in sorted({word.lower() for word in words}, key=lambda one: (-len(one), one)):
        at = low.find(word)
        while at >= 0:
            end = at + len(word)
            alone = not (at and low[at - 1].isalnum()) and not (end < len(low) and low[end].isalnum())
            if alone and all(end <= start or at >= stop for start, stop, _ in found):
                found.append((at, end, low[at:end]))
            at = low.find(word, end)
    return tuple(sorted(found))


def excerpt(text: str, words: Iterable[str], *, most: int = 260) -> str:
    """The text, or where it is long the part of it around the first of `words`."""
    flat = " ".join(text.split())
    if len(flat) <= most:
        return flat
    first = marks(flat, words)
    begin = max(0, first[0][0] - most // 3) if first and first[0][1] > most else 0
    if begin:
        begin = flat.find(" ", begin) + 1
    cut = flat[begin : begin + most].rsplit(" ", 1)[0]
    return f"{'… ' if begin else ''}{cut}{' …' if begin + len(cut) < len(flat) else ''}"
