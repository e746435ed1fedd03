"""Where the digits of a text stand, so that rules about numbers look at nothing else."""

import re
from collections.abc import Iterator

_DIGITS = re.compile(r"\d+")


def windows(text: str, before: int, after: int) -> Iterator[tuple[int, int, int]]:
    """Stretches around digits that do not overlap, in order: (start, end, number of digits in it)."""
    start = end = digits = 0
    for found in _DIGITS.finditer(text):
        low, high = found.start() - before, found.end() + after
        if digits and low > end:
            yield max(start, 0), min(end, len(text)), digits
            start, digits = low, 0
        elif not digits:
            start = low
        end = high
        digits += found.end() - found.start()
    if digits:
        yield max(start, 0), min(end, len(text)), digits
