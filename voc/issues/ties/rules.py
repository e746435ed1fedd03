"""Decides which words of a comment tie it to the others of an issue, and says so in a sentence, on plain values."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from voc.issues.rules import and_words
from voc.issues.ties.words import LONGEST, SENTENCE_END, WORD, Said, Span, stem

_DIGIT_BESIDE = re.compile(r"[\d_@#/\\]")
_FEW_ELSEWHERE = 50  # comments elsewhere; fewer show little of how often a word is said (policy)
_LIFT = 1.5  # so many times as often as elsewhere, or a word marks nothing (policy)
_KEPT = 0.4  # of the strongest word's weight, or it is not quoted (policy)
_MOST_WORDS = 5
_ELSEWHERE = 0.6  # what a word counts that stands in another sentence than the most telling one (policy)
_MANY, _TWICE = 8, 2  # of so many others two must say a word: one may be chance (policy)
_MOST_PIECES = 3
_SELDOM = 0.2  # of those who say the first piece, or another is not quoted (policy)
_APART = 14  # characters between two words that still make one piece
_TOGETHER = 0.5  # words that half of those who say the rarer one say together make one piece (policy)
_WEAK, _WEAK_THERE = 0.1, 0.2  # a tie with fewer of the others is weak; of an issue it could go to (policy)
_TURN = 3  # words that another says together are a turn of phrase: no weak tie, however few say it (policy)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """How often comments of the field that stand outside an issue use a stem: `all` less `inside`, of `count`."""

    all: Mapping[str, int]
    inside: Mapping[str, int]
    count: int

    def share(self, one: str) -> float:
        """The share of them that use a stem."""
        return (self.all.get(one, 0) - self.inside.get(one, 0)) / max(_FEW_ELSEWHERE, self.count)


@dataclass(frozen=True, slots=True)
class Others:
    """What the other comments of an issue say, sentence by sentence; `used` counts those that use a stem.

    `is_newest`: there are more than were looked at; `is_in`: the comment stands among them, else it could; `marking`
    holds the stems of the issue's words and of a name that a person gave.
    """

    said: tuple[Said, ...]
    used: Mapping[str, int]
    elsewhere: Elsewhere
    is_newest: bool = False
    marking: frozenset[str] = frozenset()
    is_in: bool = True

    @property
    def called(self) -> str:
        """The others, as a sentence about the comment calls them."""
        return "the others here" if self.is_in else "the comments there"

    def weight(self, one: str) -> float:
        """How much a stem marks the issue: how often it is said here, times how much more often than elsewhere."""
        number, count, out = self.used.get(one, 0), len(self.said), self.elsewhere.share(one)
        if number < (_TWICE if count >= _MANY else 1) or number <= _LIFT * out * count:
            return 0.0
        return number / count * math.log((number / count + 0.01) / (out + 0.01))

    def saying(self, stems: frozenset[str]) -> frozenset[int]:
        """Which of them say all of `stems` in one sentence."""
        return frozenset(at for at, lines in enumerate(self.said) if any(stems <= line for line in lines))


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of the comment that stand together, their stems, and which others say them."""

    span: Span
    stems: frozenset[str]
    others: frozenset[int]


@dataclass(frozen=True, slots=True)
class Tie:
    """The words that tie a comment to an issue, in the order of the text, and a sentence a lead can check.

    `is_weak`: fewer than one in ten of the others (of an issue it could go to, one in five) say any of them, and none
    says three together.
    """

    words: str
    spans: tuple[Span, ...] = ()
    is_weak: bool = False


def excerpt_of(text: str, ties: Sequence[Tie], most: int) -> tuple[str, tuple[Tie, ...]]:
    """The text, or of a long one the part that holds the words of the first tie, and the ties as they lie in it."""
    if len(text) <= most:
        return text, tuple(ties)
    first = next((one.spans for one in ties if one.spans), ((0, 0),))
    begin = max(0, first[0][0] - most // 3) if first[-1][1] > most else 0
    if begin:
        begin = text.find(" ", begin, first[0][0] + 1) + 1 or first[0][0]
    end = _word_end(text, begin + most)
    shown = f"{'… ' if begin else ''}{text[begin:end]}{' …' if end < len(text) else ''}"
    shift = (2 if begin else 0) - begin
    return shown, tuple(
        replace(
            one,
            spans=tuple(
                (low + shift, high + shift) for low, high in one.spans if begin <= low and high <= end
            ),
        )
        for one in ties
    )


def _word_end(text: str, end: int) -> int:
    """The last place up to `end` where a word ends; `end` where there is none near."""
    if end >= len(text):
        return len(text)
    space = text.rfind(" ", end - LONGEST, end + 1)
    return space if space > 0 else end


def tie(blank: str, others: Others) -> Tie:
    """What ties a comment, given without what is hidden, to the others of an issue.

    Of its sentences the one whose words mark the issue most; of these words those that others say too.
    """
    lines = _sentences(blank)
    weights = {one: others.weight(one) for one in {word.stem for line in lines for word in line}}
    best = max(lines, key=lambda line: _strength(line, weights), default=[])
    pieces = _pieces(blank, _telling(lines, best, weights), others)
    return _tie_of(blank, pieces, others) if pieces else _by_marking(blank, others)


@dataclass(frozen=True, slots=True)
class _Word:
    span: Span
    stem: str


def _sentences(blank: str) -> list[list[_Word]]:
    found, start = [], 0
    for end in [*(one.start() for one in SENTENCE_END.finditer(blank)), len(blank)]:
        found.append(
            [
                _Word(word.span(), stem(word.group()))
                for word in WORD.finditer(blank, start, end)
                if stem(word.group()) and not _is_part(blank, word.span())
            ]
        )
        start = end
    return found


def _is_part(blank: str, span: Span) -> bool:
    """Whether a word is a piece of a number, an address or a path."""
    beside = blank[max(0, span[0] - 1) : span[0]] + blank[span[1] : span[1] + 1]
    return bool(_DIGIT_BESIDE.search(beside))


def _strength(line: Sequence[_Word], weights: Mapping[str, float]) -> float:
    found = sorted((weights[one] for one in {word.stem for word in line}), reverse=True)
    return sum(found[:_MOST_WORDS])


def _telling(
    lines: Sequence[Sequence[_Word]], best: Sequence[_Word], weights: Mapping[str, float]
) -> list[_Word]:
    """The words that weigh enough, each once, in the order of the text; those of the `best` sentence before others."""
    counts: dict[_Word, float] = {}
    in_best = frozenset(best)
    seen: set[str] = set()
    for word in [*best, *(word for line in lines for word in line)]:
        if weights[word.stem] and word.stem not in seen:
            seen.add(word.stem)
            counts[word] = weights[word.stem] * (1 if word in in_best else _ELSEWHERE)
    found = sorted(counts, key=lambda word: -counts[word])[:_MOST_WORDS]
    return sorted(
        (word for word in found if counts[word] >= _KEPT * counts[found[0]]), key=lambda word: word.span
    )


def _pieces(blank: str, words: Sequence[_Word], others: Others) -> list[Piece]:
    """The words in pieces, the strongest first: neighbours are one piece where others say them together too."""
    pieces: list[Piece] = []
    for word in words:
        stems = frozenset({word.stem})
        alone = Piece(word.span, stems, others.saying(stems))
        joined = _joined(blank, pieces[-1], alone, others) if pieces else None
        if joined is not None:
            pieces[-1] = joined
        else:
            pieces.append(alone)
    pieces.sort(key=lambda piece: -len(piece.others) * len(piece.stems))
    return [one for one in pieces if len(one.others) >= _SELDOM * len(pieces[0].others)][:_MOST_PIECES]


def _joined(blank: str, left: Piece, right: Piece, others: Others) -> Piece | None:
    gap = blank[left.span[1] : right.span[0]]
    stems = left.stems | right.stems
    both = others.saying(stems)
    is_near = len(gap) <= _APART and all(one.isalpha() or one in " -'’" for one in gap)
    if not is_near or not both or len(both) < _TOGETHER * min(len(left.others), len(right.others)):
        return None
    return Piece((left.span[0], right.span[1]), stems, both)


def _tie_of(blank: str, pieces: Sequence[Piece], others: Others) -> Tie:
    """The sentence names the pieces in the order of the text, as their numbers stand."""
    pieces = sorted(pieces, key=lambda piece: piece.span)
    said = [blank[start:end] for start, end in (piece.span for piece in pieces)]
    all_say = len(frozenset.intersection(*(piece.others for piece in pieces)))
    most = max(len(piece.others) for piece in pieces)
    if all_say >= _TOGETHER * most:
        told = f"{and_words(said)}, as {_counted(all_say, others)}"
    else:
        numbers = [len(piece.others) for piece in pieces]
        rest = [f"“{one}”, as {count} {_do(count)}" for one, count in zip(said[1:], numbers[1:], strict=True)]
        first = f"“{said[0]}”, as {_counted(numbers[0], others)}"
        told = f"{', '.join([first, *rest[:-1]])}, and {rest[-1]}"
    is_turn = all_say > 0 and sum(len(piece.stems) for piece in pieces) >= _TURN
    is_weak = most < (_WEAK if others.is_in else _WEAK_THERE) * len(others.said) and not is_turn
    words = f"Shares little with {others.called}: only {told}." if is_weak else f"Says {told}."
    return Tie(words, tuple(piece.span for piece in pieces), is_weak)


def _counted(number: int, others: Others) -> str:
    count, noun = len(others.said), "others here" if others.is_in else "comments there"
    if count == 1:
        return "the other one here does" if others.is_in else "the one comment there does"
    kind = "newest " if others.is_newest else ""
    if number == count:
        return f"both {noun} do" if count == 2 else f"all {count} {kind}{noun} do"  # noqa: PLR2004 - both
    return f"{number} of the {count} {kind}{noun} {_do(number)}"


def _do(number: int) -> str:
    return "does" if number == 1 else "do"


def _by_marking(blank: str, others: Others) -> Tie:
    """What a comment shares with the words that mark the issue, where it shares nothing with other comments."""
    words = [word for line in _sentences(blank) for word in line if word.stem in others.marking]
    first = {word.stem: word for word in reversed(words)}
    spans = tuple(sorted(word.span for word in first.values())[:_MOST_PIECES])
    if spans:
        said = and_words([blank[start:end] for start, end in spans])
        return Tie(f"Says {said}, which {'marks' if len(spans) == 1 else 'mark'} this issue.", spans)
    if not others.said:
        which = (
            "other comment that you see stands here" if others.is_in else "comment that you see stands there"
        )
        return Tie(f"No {which}.")
    return Tie(f"It shares no telling word with {others.called}.")
