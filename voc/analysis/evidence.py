"""Numbers the words of a comment that speak for a reading or a match, so that each reason tells which are its own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from voc.analysis.rules import marks
from voc.core.principal import Principal

_Span = tuple[int | None, int | None, str]


@dataclass(frozen=True, slots=True)
class Words:
    """A comment's words as they are shown, and what of them no reason may name or mark."""

    account_id: int
    comment_id: int
    text: str
    hidden: Sequence[tuple[int, int]] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """What a later stage finds in a comment: a sentence `about` something, such as an issue, and the words it means."""

    about: str
    words: str
    spans: tuple[tuple[int, int], ...] = ()


Teller = Callable[[Session, Words], Sequence[Told]]
_tellers: dict[str, tuple[str, Teller]] = {}


def teller(*, permission: str) -> Callable[[Teller], Teller]:
    """Lets a later stage mark words of a comment on its page; asked only for holders of `permission`."""

    def register(tell: Teller) -> Teller:
        _tellers[f"{tell.__module__}.{tell.__name__}"] = (permission, tell)
        return tell

    return register


def told_of(session: Session, principal: Principal, words: Words) -> tuple[Told, ...]:
    """What later stages find in these words, for this asker."""
    asked = (tell for permission, tell in _tellers.values() if principal.may(permission))
    return tuple(one for tell in asked for one in tell(session, words))


@dataclass(frozen=True, slots=True)
class Piece:
    """Marked words that stand together; `ends` are the numbers of the reasons that end with them."""

    start: int
    end: int
    why: str
    ends: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A comment's marked words in order, and the number of each span; reasons on the same words share one."""

    pieces: tuple[Piece, ...]
    numbers: Mapping[tuple[int, int], int]
    told: Mapping[str, Told] = field(default_factory=dict)

    def number(self, starts_at: int | None, ends_at: int | None) -> int | None:
        """The number of a reason's words; None where none are marked for it."""
        if starts_at is None or ends_at is None:
            return None
        return self.numbers.get((starts_at, ends_at))

    def words_about(self, about: str) -> str:
        """The sentence about a thing; "" where there is none."""
        return self.told[about].words if about in self.told else ""

    def numbers_about(self, about: str) -> tuple[int, ...]:
        """The numbers of the words that the sentence about a thing means."""
        spans = self.told[about].spans if about in self.told else ()
        return tuple(self.numbers[span] for span in spans if span in self.numbers)


def numbered(spans: Sequence[_Span], length: int, told: Sequence[Told] = ()) -> Evidence:
    """The evidence of `spans` (start, end, why) and of what is `told` in a text of this length; numbers follow the text."""
    spans = [*spans, *((start, end, one.words) for one in told for start, end in one.spans)]
    inside = {
        (start, end)
        for start, end, _ in spans
        if start is not None and end is not None and max(start, 0) < min(end, length)
    }
    numbers = {span: number for number, span in enumerate(sorted(inside), 1)}
    ends: dict[int, list[int]] = {}
    for (_, end), number in numbers.items():
        ends.setdefault(min(end, length), []).append(number)
    pieces = tuple(
        Piece(start, end, why, tuple(ends.get(end, ()))) for start, end, why in marks(spans, length)
    )
    return Evidence(pieces, numbers, {one.about: one for one in told})
