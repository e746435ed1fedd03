"""Numbers the words of a comment that speak for a reading, so that each reason tells which are its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from voc.analysis.rules import marks

_Span = tuple[int | None, int | None, str]


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

    def number(self, starts_at: int | None, ends_at: int | None) -> int | None:
        """The number of a reason's words; None where none are marked for it."""
        if starts_at is None or ends_at is None:
            return None
        return self.numbers.get((starts_at, ends_at))


def numbered(spans: Sequence[_Span], length: int) -> Evidence:
    """The evidence of `spans` (start, end, why) in a text of this length; numbers follow the text."""
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
    return Evidence(pieces, numbers)
