"""The wall: every client is one square, so that a page shows at a glance how much is known."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

ORDER = (
    "has_problem",
    "has_manages",
    "reported",
    "unclear",
    "has_not",
    "solved",
    "waiting",
    "no_answer",
    "prefers_not",
    "not_asked",
)
"""States from left to right: what is known first. `not_applicable` is never drawn."""

WORDS = {
    "has_problem": "has it, a problem",
    "has_manages": "has it and manages",
    "reported": "may have told us, nobody has confirmed it",
    "unclear": "not sure, or people differ",
    "has_not": "does not have it",
    "solved": "had it, solved",
    "waiting": "asked, waiting",
    "no_answer": "asked, no answer",
    "prefers_not": "prefers not to be asked",
    "not_asked": "not asked",
    "not_applicable": "does not apply",
}
"""What a page says for each state of a cell."""

PAINT = {
    "has_problem": ("#a63a24", "#a63a24", "#ffffff"),
    "has_manages": ("#d59a2b", "#8f5f05", "#5c3d00"),
    "reported": ("#ffffff", "#a63a24", "#a63a24"),
    "unclear": ("#ffffff", "#8f5f05", "#d59a2b"),
    "has_not": ("#a9bab3", "#6f857c", "#6f857c"),
    "solved": ("#a9bab3", "#6f857c", "#33463e"),
    "waiting": ("#ffffff", "#81868a", "#565f64"),
    "no_answer": ("#ffffff", "#81868a", "#565f64"),
    "prefers_not": ("#ffffff", "#81868a", "#565f64"),
    "not_asked": ("#ffffff", "#81868a", "#81868a"),
}
"""Fill, outline and mark where no style sheet reaches: mail and PDF. Pages take theirs from app.css."""

MOST_SQUARES = 400
"""Past this many clients a square stands for several (look.md)."""


@dataclass(frozen=True, slots=True)
class Square:
    """One client as the page knows it; `value` and `mark` are words shown when it is pointed at."""

    label: str
    state: str
    href: str = ""
    value: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Tile:
    """One square to draw; `title` names the client, or the first of several, and what is known of it."""

    state: str
    title: str
    href: str


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbours of one state; `sign` names the drawn square that macros/wall.html gives once a page."""

    state: str
    words: str
    sign: str
    tiles: tuple[Tile, ...]


@dataclass(frozen=True, slots=True)
class StateCount:
    """How many clients are in one state, with the page's word for it."""

    state: str
    words: str
    sign: str
    clients: int


@dataclass(frozen=True, slots=True)
class Wall:
    """The linked wall of a page: squares in the order given, the counts beneath, what is left out."""

    runs: tuple[Run, ...]
    counts: tuple[StateCount, ...]
    each: int
    left_out: int
    scale: str


@dataclass(frozen=True, slots=True)
class Band:
    """All squares of one state as two SVG paths, with the colours to use without a style sheet."""

    state: str
    squares: str
    marks: str
    fill: str
    line: str
    ink: str


@dataclass(frozen=True, slots=True)
class Picture:
    """The same wall as one small SVG without links, for miniatures, print, PDF and mail."""

    width: int
    height: int
    bands: tuple[Band, ...]


def draw_wall(squares: Sequence[Square]) -> Wall:
    """The wall of a page, squares in the order given, clients it does not apply to left out."""
    shown = [square for square in squares if square.state != "not_applicable"]
    each = -(-len(shown) // MOST_SQUARES) or 1
    tiles = _tiles(shown, each)
    runs = tuple(
        Run(state, WORDS[state], sign(state), tuple(run))
        for state, run in groupby(tiles, key=lambda tile: tile.state)
    )
    return Wall(runs, count_states(shown), each, len(squares) - len(shown), _scale(len(tiles)))


def sign(state: str) -> str:
    """The short id of a state's drawn square; short because a wall repeats it for every client."""
    return f"q{ORDER.index(state)}" if state in ORDER else "qx"


def count_states(squares: Sequence[Square]) -> tuple[StateCount, ...]:
    """How many clients stand in each state, in the wall's order, states without any left out."""
    counted = Counter(square.state for square in squares)
    return tuple(
        StateCount(state, WORDS[state], sign(state), counted[state]) for state in ORDER if counted[state]
    )


def draw_picture(squares: Sequence[Square], *, rows: int = 4, size: int = 10, gap: int = 2) -> Picture:
    """The wall as one SVG, filled column by column so that widths compare; lengths in SVG units."""
    tiles = [tile for run in draw_wall(squares).runs for tile in run.tiles]
    pitch = size + gap
    places: dict[str, list[tuple[int, int]]] = {}
    for index, tile in enumerate(tiles):
        column, row = divmod(index, rows)
        places.setdefault(tile.state, []).append((column * pitch + 1, row * pitch + 1))
    columns = -(-len(tiles) // rows)
    bands = tuple(_band(state, places[state], size) for state in ORDER if state in places)
    return Picture(max(columns * pitch - gap, 0) + 2, max(min(rows, len(tiles)) * pitch - gap, 0) + 2, bands)


def say_wall(
    squares: Sequence[Square],
    *,
    who: str = "clients",
    likely: tuple[int, int] | None = None,
    doubt: str = "",
) -> str:
    """The sentence beneath the wall; `likely` is the interval among those we do not know, if estimated.

    `doubt` follows it where it holds only with an if.
    """
    counted = Counter(square.state for square in squares if square.state != "not_applicable")
    total = sum(counted.values())
    if not total:
        return f"None of our {who} can have this: it does not apply to them."
    has = counted["has_problem"] + counted["has_manages"]
    unknown = total - has - counted["has_not"] - counted["solved"]
    parts = [f"{has:,}" if has else "None"]
    parts[0] += f" of {total:,} {who} {'has' if has == 1 else 'have'} it"
    parts += [f"{counted['has_not']:,} {'does' if counted['has_not'] == 1 else 'do'} not"]
    parts += [f"{counted['solved']:,} had it and it is solved"] * bool(counted["solved"])
    parts += [f"{unknown:,} we do not know" if unknown else "and we have heard from all of them"]
    return ". ".join([", ".join(parts), *_say_unknown(counted["reported"], unknown, likely, doubt)]) + "."


def _say_unknown(reported: int, unknown: int, likely: tuple[int, int] | None, doubt: str) -> list[str]:
    said = []
    if reported:
        said.append(f"{reported:,} of those {unknown:,} may have told us, nobody has confirmed it")
    if likely and unknown:
        low, high = likely
        span = f"{low} to {high}" if low != high else str(low)
        said.append(f"Likely {span} of those {unknown:,}{doubt}")
    return said


def _scale(tiles: int) -> str:
    if tiles <= 24:  # noqa: PLR2004  chosen by eye at 1280 and 390 px
        return "large"
    return "medium" if tiles <= 120 else "small"  # noqa: PLR2004  as above


def _tiles(shown: Sequence[Square], each: int) -> tuple[Tile, ...]:
    """Neighbours of one state share a square when `each` is over one; the last may stand for fewer."""
    tiles = []
    for state, run in groupby(shown, key=lambda square: square.state):
        same = list(run)
        parts = (same[start : start + each] for start in range(0, len(same), each))
        tiles += [Tile(state, _title(part), part[0].href) for part in parts]
    return tuple(tiles)


def _title(part: Sequence[Square]) -> str:
    if len(part) > 1:
        return f"{part[0].label} and {len(part) - 1} more"
    return ", ".join(filter(None, (part[0].label, part[0].value, part[0].mark)))


def _band(state: str, places: Sequence[tuple[int, int]], size: int) -> Band:
    squares = "".join(f"M{x} {y}h{size}v{size}h-{size}z" for x, y in places)
    marks = "".join(_mark(state, x, y, size) for x, y in places)
    return Band(state, squares, marks, *PAINT[state])


def _mark(state: str, x: int, y: int, size: int) -> str:
    """The sign inside a square that tells its state without colour."""
    third = size / 3
    if state == "unclear":
        return f"M{x} {y}v{size}h{size}z"
    if state == "has_manages":
        return f"M{x} {y + size}v{-third:.3g}h{size}v{third:.3g}z"
    if state == "waiting":
        return f"M{x + third:.3g} {y + third:.3g}h{third:.3g}v{third:.3g}h{-third:.3g}z"
    if state in {"no_answer", "prefers_not"}:
        return f"M{x + size / 4:.3g} {y + size / 2 - 0.7:.3g}h{size / 2:.3g}v1.4h{-size / 2:.3g}z"
    if state == "solved":
        return (
            f"M{x + size / 4:.3g} {y + size / 2:.3g}l{size / 5:.3g} {size / 5:.3g} {third:.3g} {-third:.3g}"
        )
    return ""
