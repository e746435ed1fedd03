"""Positions of trend, quadrants and intervals."""

from hypothesis import given
from hypothesis import strategies as st

from voc.web.charts import (
    Heard,
    Issue,
    draw_intervals,
    draw_quadrants,
    draw_spark,
    draw_trend,
    nice_top,
)

WEEKS = [f"week {number}" for number in range(26)]


@given(st.floats(min_value=0, max_value=1e7))
def test_an_axis_reaches_the_largest_value_and_not_far_beyond(largest: float) -> None:
    top = nice_top(largest)
    assert largest <= top
    assert top <= max(4, largest * 2 + 1)


def test_a_trend_begins_at_zero_and_says_its_last_value() -> None:
    drawn = draw_trend([0.0] * 25 + [4.0], WEEKS)
    assert [tick.text for tick in drawn.ticks] == ["0", "4"]
    assert drawn.ticks[0].y == drawn.base_y
    assert drawn.last.text == "4"


def test_a_trend_marks_what_people_did_at_its_week() -> None:
    drawn = draw_trend([1.0] * 26, WEEKS, acts=[(0, "asked"), (25, "decided")])
    assert [(mark.x, mark.anchor) for mark in drawn.marks] == [(drawn.left, "start"), (drawn.right, "end")]


def test_a_single_week_can_be_drawn() -> None:
    assert draw_trend([3.0], ["3 May"]).last.text == "3"


def test_a_narrow_trend_leaves_out_the_middle_week() -> None:
    assert len(draw_trend([1.0] * 26, WEEKS, width=350).weeks) == 2
    assert len(draw_trend([1.0] * 26, WEEKS, width=720).weeks) == 3


def test_a_line_of_nothing_lies_on_the_ground() -> None:
    assert draw_spark([0, 0]) == "M2.0 22.0L94.0 22.0"


def test_wide_issues_stand_right_and_loud_ones_high() -> None:
    drawn = draw_quadrants([Issue("wide", 20, 0.1, None), Issue("loud", 1, 0.9, None)])
    dots = {dot.title.split(":")[0]: dot for dot in drawn.dots}
    assert dots["wide"].x > drawn.middle_x > dots["loud"].x
    assert dots["wide"].y > drawn.middle_y > dots["loud"].y


@given(
    st.lists(st.tuples(st.integers(0, 400), st.floats(0, 1), st.none() | st.integers(0, 10**9)), max_size=40)
)
def test_every_dot_stays_in_its_frame(facts: list[tuple[int, float, int | None]]) -> None:
    drawn = draw_quadrants([Issue("An issue", clients, share, cents) for clients, share, cents in facts])
    assert len(drawn.dots) == len(facts)
    assert all(
        drawn.left <= dot.x <= drawn.right and drawn.top <= dot.y <= drawn.bottom for dot in drawn.dots
    )


def test_names_that_would_touch_are_left_to_the_table() -> None:
    drawn = draw_quadrants([Issue("The same long name of an issue", 5, 0.5, 1) for _ in range(30)])
    assert sum(dot.label is not None for dot in drawn.dots) < 30


def test_an_unknown_estimate_is_said_and_not_drawn() -> None:
    row = draw_intervals([Heard("Late", 3, 4, None, 52)]).rows[0]
    assert (row.low, row.high) == (None, None)
    assert row.said.text == "told us 3 · said yes 4 · likely, we do not know · of 52"


def test_told_said_yes_and_likely_are_never_added_up() -> None:
    drawn = draw_intervals([Heard("Late", 3, 4, (5, 11), 52)])
    row = drawn.rows[0]
    assert row.told_x < row.yes_x < (row.low or 0) < (row.high or 0) < row.of_x == drawn.right
    assert row.said.text == "told us 3 · said yes 4 · likely 5 to 11 more · of 52"


def test_nothing_to_compare_still_draws_an_axis() -> None:
    assert draw_intervals([]).ticks[0].text == "0"
