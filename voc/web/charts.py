"""Geometry of the pictures that pages draw as SVG: plain numbers in, positions and words out."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10, sqrt


@dataclass(frozen=True, slots=True)
class Label:
    """Words at a place; `anchor` is start, middle or end."""

    x: float
    y: float
    text: str
    anchor: str = "start"


@dataclass(frozen=True, slots=True)
class Trend:
    """A line over weeks from a zero axis, its last value said beside it, people's acts marked on it."""

    width: int
    height: int
    line: str
    area: str
    base_y: float
    left: float
    right: float
    last: Label
    ticks: tuple[Label, ...]
    weeks: tuple[Label, ...]
    marks: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class Issue:
    """One issue in the picture of loud and wide; `share` is said by the client who says most, in [0, 1]."""

    label: str
    clients: int
    share: float
    value_cents: int | None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Dot:
    """One issue drawn: a circle with its name beside it, or without when there is no room."""

    x: float
    y: float
    radius: float
    title: str
    label: Label | None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Quadrants:
    """One client, often / many clients, seldom said: four named fields with a dot for each issue."""

    width: int
    height: int
    left: float
    top: float
    right: float
    bottom: float
    middle_x: float
    middle_y: float
    names: tuple[Label, ...]
    ticks: tuple[Label, ...]
    dots: tuple[Dot, ...]


@dataclass(frozen=True, slots=True)
class Heard:
    """What is known of one issue; the three figures are never added up."""

    label: str
    told: int
    said_yes: int
    likely: tuple[int, int] | None
    of: int


@dataclass(frozen=True, slots=True)
class Row:
    """One issue as a line: two marks, and the interval when there is an estimate."""

    y: float
    name: Label
    said: Label
    told_x: float
    yes_x: float
    low: float | None
    high: float | None
    of_x: float


@dataclass(frozen=True, slots=True)
class Intervals:
    """Told us, said yes and likely, on one axis of clients that starts at zero."""

    width: int
    height: int
    left: float
    right: float
    base_y: float
    rows: tuple[Row, ...]
    ticks: tuple[Label, ...]


def nice_top(largest: float) -> int:
    """The end of an axis from zero: the next 1, 2, 4, 5, 6, 8 or 10 times a power of ten, at least 4."""
    if largest <= 4:  # noqa: PLR2004  four whole steps are the least that reads as an axis
        return 4
    power = 10 ** floor(log10(largest))
    return int(next(step * power for step in (1, 2, 4, 5, 6, 8, 10) if step * power >= largest))


def draw_trend(
    values: Sequence[float],
    week_words: Sequence[str],
    *,
    acts: Sequence[tuple[int, str]] = (),
    width: int = 560,
    height: int = 160,
) -> Trend:
    """Weekly values as a line; `acts` are (week index, words); at least one value is needed."""
    left, right, top, base = 28.0, width - 34.0, 30.0, height - 24.0
    most = nice_top(max(values))
    xs = [_at(index, max(len(values) - 1, 1), left, right) for index in range(len(values))]
    ys = [_at(value, most, base, top) for value in values]
    line = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in zip(xs, ys, strict=True))
    area = f"{line}L{xs[-1]:.1f} {base:.1f}L{left:.1f} {base:.1f}z"
    last = Label(xs[-1] + 8, ys[-1], f"{values[-1]:g}")
    ticks = tuple(Label(left - 8, _at(tick, most, base, top), f"{tick:g}", "end") for tick in (0, most))
    marks = tuple(_act(xs[index], words, right) for index, words in acts)
    return Trend(
        width, height, line, area, base, left, right, last, ticks, _week_labels(xs, week_words, base), marks
    )


def draw_spark(values: Sequence[float], *, width: int = 96, height: int = 24) -> str:
    """The trend in miniature: one SVG path from a zero base, two units of room on each side."""
    most = max(*values, 1)
    xs = (_at(index, max(len(values) - 1, 1), 2, width - 2) for index in range(len(values)))
    ys = (_at(value, most, height - 2, 2) for value in values)
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in zip(xs, ys, strict=True))


def place_marks(weeks: Sequence[int], of: int, *, width: int = 96, height: int = 24) -> str:
    """People's acts on a spark of `of` values: one SVG path of short strokes from the top; empty without any."""
    places = sorted({_at(week, max(of - 1, 1), 2, width - 2) for week in weeks if 0 <= week < of})
    return "".join(f"M{x:g} 1v{height - 2}" for x in places)


def draw_quadrants(issues: Sequence[Issue], *, width: int = 640, height: int = 400) -> Quadrants:
    """Each issue by clients and by how much one client says; names are left out where they would touch."""
    left, top, right, bottom = 44.0, 26.0, width - 12.0, height - 40.0
    most = nice_top(max((issue.clients for issue in issues), default=0))
    value = max((issue.value_cents or 0 for issue in issues), default=0) or 1
    placed = [
        (
            issue,
            _at(issue.clients, most, left, right),
            _at(issue.share, 1, bottom - 30, top + 30),
            4 + 12 * sqrt((issue.value_cents or 0) / value),
        )
        for issue in issues
    ]
    middle_x, middle_y = (left + right) / 2, (top + bottom) / 2
    ticks = (
        *(
            Label(_at(tick, most, left, right), bottom + 18, f"{tick:g}", anchor)
            for tick, anchor in ((0, "start"), (most / 2, "middle"), (most, "end"))
        ),
        *(Label(left - 8, _at(tick, 1, bottom - 30, top + 30) + 4, f"{tick:.0%}", "end") for tick in (0, 1)),
    )
    names = _quadrant_names(left, top, right, bottom)
    dots = _name_dots(placed, (left, right), names)
    return Quadrants(width, height, left, top, right, bottom, middle_x, middle_y, names, ticks, dots)


def draw_intervals(heard: Sequence[Heard], *, width: int = 640) -> Intervals:
    """One line for each issue, in the order given; lengths are clients, the axis ends at the largest `of`."""
    left, right, step = 8.0, width - 12.0, 68.0
    most = max((row.of for row in heard), default=1) or 1
    rows = tuple(_interval_row(row, 34 + index * step, most, left, right) for index, row in enumerate(heard))
    base = 34 + len(heard) * step - 28
    ticks = tuple(
        Label(_at(tick, most, left, right), base + 18, str(tick), anchor)
        for tick, anchor in ((0, "start"), (most, "end"))
    )
    return Intervals(width, ceil(base + 26), left, right, base, rows, ticks)


def _at(value: float, most: float, start: float, end: float) -> float:
    return round(start + (end - start) * value / most, 2)


def _act(x: float, words: str, right: float) -> Label:
    near_end = x > right * 0.6
    return Label(x, 12, words, "end" if near_end else "start")


def _week_labels(xs: Sequence[float], words: Sequence[str], base: float) -> tuple[Label, ...]:
    ends = [(0, "start"), (len(xs) - 1, "end")]
    if xs[-1] - xs[0] > 400:  # noqa: PLR2004  on a narrower line the middle one would touch its neighbours
        ends.insert(1, (len(xs) // 2, "middle"))
    return tuple(Label(xs[index], base + 17, words[index], anchor) for index, anchor in ends)


def _quadrant_names(left: float, top: float, right: float, bottom: float) -> tuple[Label, ...]:
    low = bottom - (26 if right - left < 380 else 10)  # noqa: PLR2004  where two names touch on one line
    return (
        Label(left + 10, top + 18, "one client, often"),
        Label(right - 8, top + 18, "many clients, one says most", "end"),
        Label(left + 10, low, "few clients, seldom said"),
        Label(right - 8, bottom - 10, "many clients, seldom said", "end"),
    )


def _name_dots(
    placed: Sequence[tuple[Issue, float, float, float]], edges: tuple[float, float], names: Sequence[Label]
) -> tuple[Dot, ...]:
    """Names the dots of the widest issues first; a name that would touch another is left to the table."""
    taken = [_box(name, 7.2) for name in names]
    taken += [(x - radius, y - radius, x + radius, y + radius) for _, x, y, radius in placed]
    left, right = edges
    dots = []
    for issue, x, y, radius in sorted(placed, key=lambda place: -place[0].clients):
        title = f"{issue.label}: {issue.clients} clients, {issue.share:.0%} said by one of them"
        label = next(
            (
                choice
                for choice in _choices(issue.label, x, y, radius)
                if _box(choice)[2] <= right and _box(choice)[0] >= left and not _touches(_box(choice), taken)
            ),
            None,
        )
        taken += [_box(label)] if label else []
        dots.append(Dot(x, y, round(radius, 1), title, label, issue.url))
    return tuple(dots)


def _choices(text: str, x: float, y: float, radius: float) -> tuple[Label, ...]:
    return (
        Label(x + radius + 5, y + 4, text),
        Label(x - radius - 5, y + 4, text, "end"),
        Label(x, y - radius - 6, text, "middle"),
        Label(x, y + radius + 15, text, "middle"),
        Label(x + radius, y - radius - 6, text, "end"),
        Label(x + radius, y + radius + 15, text, "end"),
        Label(x - radius, y - radius - 6, text),
        Label(x - radius, y + radius + 15, text),
    )


def _box(label: Label, letter: float = 6.6) -> tuple[float, float, float, float]:
    """About where words stand, at 13 px: left, top, right, bottom."""
    wide = len(label.text) * letter
    start = label.x - {"start": 0.0, "middle": wide / 2, "end": wide}[label.anchor]
    return (start, label.y - 12, start + wide, label.y + 4)


def _touches(box: tuple[float, ...], others: Sequence[tuple[float, ...]]) -> bool:
    return any(
        box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]
        for other in others
    )


def _interval_row(row: Heard, y: float, most: int, left: float, right: float) -> Row:
    low = high = None
    if row.likely:
        low, high = (_at(count, most, left, right) for count in row.likely)
    return Row(
        y,
        Label(0, y - 14, row.label),
        Label(0, y + 21, _say_heard(row)),
        _at(row.told, most, left, right),
        _at(row.said_yes, most, left, right),
        low,
        high,
        _at(row.of, most, left, right),
    )


def _say_heard(row: Heard) -> str:
    said = f"told us {row.told} · said yes {row.said_yes}"
    if row.likely is None:
        return f"{said} · likely, we do not know · of {row.of}"
    low, high = row.likely
    return f"{said} · likely {low} to {high} more · of {row.of}"
