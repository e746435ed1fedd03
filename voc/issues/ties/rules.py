"""Decides which words of a comment tie it to the others of an issue, and says so in a sentence, on plain values."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from voc.issues.rules import and_words

Span = tuple[int, int]
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"')\]”]?\s+|\s*\n\s*|;\s+")
_PLACEHOLDER = re.compile(r"\[(?:name|email|phone|id|iban|card|ip|…)\]")
_DIGIT_BESIDE = re.compile(r"[\d_@#/\\]")
_SHORTEST = 3  # letters; shorter words tell nothing
_LONGEST = 30  # letters; what is longer is no word
FEW_ELSEWHERE = 50  # comments elsewhere; fewer show little of how often a word is said (policy)
_LIFT = 1.5  # so many times as often as elsewhere, or a word marks nothing (policy)
_KEPT = 0.4  # of the strongest word's weight, or it is not quoted (policy)
_MOST_WORDS = 5
_ELSEWHERE = 0.6  # what a word counts that stands in another sentence than the most telling one (policy)
_MANY, _TWICE = 8, 2  # of so many others two must say a word: one may be chance (policy)
_MOST_PIECES = 3
_SELDOM = 0.2  # of those who say the first piece, or another is not quoted (policy)
_APART = 14  # characters between two words that still make one piece
_TOGETHER = 0.5  # words that half of those who say the rarer one say together make one piece (policy)
_WEAK = 0.1  # a tie with fewer of the others is told as a weak one (policy)
_ENDINGS = (
    ("ies", "y"),
    ("xes", "x"),
    ("ches", "ch"),
    ("shes", "sh"),
    ("ing", ""),
    ("ed", ""),
    ("es", ""),
    ("s", ""),
)
_STEM = 4  # letters that stay at least, three where another ending takes its place
_TURN = 3  # words that another says together are a turn of phrase: no weak tie, however few say it (policy)
PLAIN = frozenset(
    "about above after again against all almost already also although always and another any anyone anything are around "  # noqa: SIM905
    "ask asked away back became because been before being best better between both but bye came can cannot cheers come "
    "could day days dear did didn't does doesn't doing don't done down each either else enough even ever every everyone "
    "everything few first for from gave get gets getting give given goes going gone good got great had has hasn't have "
    "having hello help her here hers him his how however i'd i'll i'm i've isn't it's its itself just keep kept kind knew "
    "know known last later least less let like little long look made make makes many matter maybe mean might mine month "
    "months more morning most much must myself need needed needs neither never next nobody none nor not nothing now "
    "off often once one ones only other others our ours out over own people perhaps please quite rather really regards "
    "right said same saw say says see seem seen several shall she should since some somebody someone something sometimes "
    "soon still such sure take taken tell than thank thanks that that's the their theirs them then there there's these "
    "they thing things think this those though thought three through thus time times today together told tomorrow too "
    "took toward tried try two under until upon use used very via want wanted wants was wasn't way ways we'd we'll we're "
    "we've week weeks well went were weren't what when where whether which while who whole whom whose why will with "
    "within without won't would wouldn't year years yes yesterday yet you your yours january february march april may "
    "june july august september october november december monday tuesday wednesday thursday friday saturday sunday".split()
)


def blanked(text: str, hidden: Iterable[Span] = ()) -> str:
    """The text with a dot for each character of `hidden` and of what stands for something masked; as long as before."""
    spans = [*hidden, *(found.span() for found in _PLACEHOLDER.finditer(text))]
    out, at = [], 0
    for start, end in sorted(spans):
        low, high = max(start, at), min(end, len(text))
        if low < high:
            out += [text[at:low], "·" * (high - low)]
            at = high
    return "".join([*out, text[at:]])


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """What “invoice”, “invoices” and “invoiced” share; '' for a word that tells nothing."""
    low = word.lower().replace("’", "'")
    if low in PLAIN or not _SHORTEST <= len(low) <= _LONGEST:
        return ""
    low = low.removesuffix("'s")
    for ending, instead in _ENDINGS:
        stays = len(low) - len(ending) + len(instead)
        if low.endswith(ending) and stays >= _STEM - bool(instead) and not low.endswith("ss"):
            low = low[: -len(ending)] + instead
            break
    if len(low) > _STEM and low[-1] == low[-2] and low[-1] not in "ls":
        low = low[:-1]
    return low.removesuffix("e") if len(low) > _STEM else low


def said_in(blank: str) -> tuple[frozenset[str], ...]:
    """The stems of each sentence of a text without what is hidden."""
    lines = (frozenset(map(stem, _WORD.findall(line))) - {""} for line in _SENTENCE_END.split(blank))
    return tuple(line for line in lines if line)


@dataclass(frozen=True, slots=True)
class Others:
    """What the other comments of an issue say, sentence by sentence, and how often others elsewhere use a word.

    `is_newest`: there are more than were looked at; `is_in`: the comment stands among them; `marking` holds the
    stems of the issue's words and of a name that a person gave.
    """

    said: tuple[tuple[frozenset[str], ...], ...]
    elsewhere: Mapping[str, float]
    is_newest: bool = False
    marking: frozenset[str] = frozenset()
    is_in: bool = True

    @property
    def called(self) -> str:
        """The others, as a sentence about the comment calls them."""
        return "the others here" if self.is_in else "the comments there"

    def saying(self, stems: frozenset[str]) -> frozenset[int]:
        """Which of them say all of `stems` in one sentence."""
        return frozenset(at for at, lines in enumerate(self.said) if any(stems <= line for line in lines))


def shares(said: Sequence[tuple[frozenset[str], ...]], *, least: int = 1) -> dict[str, float]:
    """The share of comments that use each stem; fewer than `least` count as so many."""
    counted = Counter(one for lines in said for one in frozenset().union(*lines))
    return {one: number / max(least, len(said)) for one, number in counted.items()}


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of the comment that stand together, their stems, and which others say them."""

    span: Span
    stems: frozenset[str]
    others: frozenset[int]


@dataclass(frozen=True, slots=True)
class Tie:
    """The words that tie a comment to an issue, in the order of the text, and a sentence a lead can check.

    `is_weak`: fewer than one in ten of the others say any of them, and none says three together.
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
    space = text.rfind(" ", end - _LONGEST, end + 1)
    return space if space > 0 else end


def tie(blank: str, others: Others) -> Tie:
    """What ties a comment, given without what is hidden, to the others of an issue.

    Of its sentences the one whose words mark the issue most; of these words those that others say too.
    """
    weights = _weights(others)
    lines = _sentences(blank)
    best = max(lines, key=lambda line: _strength(line, weights), default=[])
    pieces = _pieces(blank, _telling(lines, best, weights), others)
    return _tie_of(blank, pieces, others) if pieces else _by_marking(blank, others)


@dataclass(frozen=True, slots=True)
class _Word:
    span: Span
    stem: str


def _sentences(blank: str) -> list[list[_Word]]:
    found, start = [], 0
    for end in [*(one.start() for one in _SENTENCE_END.finditer(blank)), len(blank)]:
        found.append(
            [
                _Word(word.span(), stem(word.group()))
                for word in _WORD.finditer(blank, start, end)
                if stem(word.group()) and not _is_part(blank, word.span())
            ]
        )
        start = end
    return found


def _is_part(blank: str, span: Span) -> bool:
    """Whether a word is a piece of a number, an address or a path."""
    beside = blank[max(0, span[0] - 1) : span[0]] + blank[span[1] : span[1] + 1]
    return bool(_DIGIT_BESIDE.search(beside))


def _weights(others: Others) -> dict[str, float]:
    """How much each stem marks the issue: how often it is said here, times how much more often than elsewhere."""
    count = len(others.said)
    least = _TWICE / count if count >= _MANY else 0.0
    return {
        one: share * math.log((share + 0.01) / (others.elsewhere.get(one, 0.0) + 0.01))
        for one, share in shares(others.said).items()
        if share >= least and share > _LIFT * others.elsewhere.get(one, 0.0)
    }


def _strength(line: Sequence[_Word], weights: Mapping[str, float]) -> float:
    found = sorted((weights.get(one, 0.0) for one in {word.stem for word in line}), reverse=True)
    return sum(found[:_MOST_WORDS])


def _telling(
    lines: Sequence[Sequence[_Word]], best: Sequence[_Word], weights: Mapping[str, float]
) -> list[_Word]:
    """The words that weigh enough, each once, in the order of the text; those of the `best` sentence before others."""
    counts: dict[_Word, float] = {}
    in_best = frozenset(best)
    seen: set[str] = set()
    for word in [*best, *(word for line in lines for word in line)]:
        if word.stem in weights and word.stem not in seen:
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
    is_weak = most < _WEAK * len(others.said) and not is_turn
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


_SAID_BEFORE = re.compile(r"^Says .*?, as others here do; (.)")
_SAID_TOO = re.compile(r"(?:; says .* as they do|, though it shares no telling word with them)\.$")
BY_PERSON = "A person put it here."


def how_sure(reason: str) -> str:
    """A stored reason without the words that it named: what a comment shares today is told beside it.

    Reasons stored until 2026-11-22 begin or end with such words.
    """
    cut = _SAID_BEFORE.sub(lambda found: found[1].upper(), reason)
    return _SAID_TOO.sub(".", cut)


def word_of_person(state: str, by: str | None, *, was_put: bool, is_you: bool) -> str:
    """Who put a comment here, confirmed it or took it out; "" where no person did."""
    if state == "machine" or by is None:
        return ""
    if is_you:
        return "You put it here." if was_put and state == "confirmed" else f"You {_YOURS[state]}."
    return f"Put here by {by}." if was_put and state == "confirmed" else f"{_THEIRS[state]} by {by}."


_YOURS = {"confirmed": "confirmed it", "refused": "took it out"}
_THEIRS = {"confirmed": "Confirmed", "refused": "Taken out"}
