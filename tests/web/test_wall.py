"""The wall's geometry and its sentence."""

from hypothesis import given
from hypothesis import strategies as st

from voc.web.wall import ORDER, PAINT, WORDS, Square, count_states, draw_picture, draw_wall, say_wall

STATES = st.sampled_from([*ORDER, "not_applicable"])


def squares(**counts: int) -> list[Square]:
    return [Square(f"{state} {at}", state) for state, count in counts.items() for at in range(count)]


def shown(walls: list[Square]) -> int:
    return sum(len(run.tiles) for run in draw_wall(walls).runs)


def test_every_state_has_words_and_paint() -> None:
    assert set(PAINT) == set(ORDER)
    assert set(WORDS) == {*ORDER, "not_applicable"}


def test_squares_keep_the_order_given() -> None:
    runs = draw_wall(squares(has_not=2, has_problem=1)).runs
    assert [tile.title for run in runs for tile in run.tiles] == ["has_not 0", "has_not 1", "has_problem 0"]


def test_what_does_not_apply_is_left_out_and_counted() -> None:
    drawn = draw_wall(squares(has_problem=1, not_applicable=3))
    assert (drawn.left_out, len(drawn.runs)) == (3, 1)


def test_four_hundred_clients_still_have_a_square_each() -> None:
    assert (draw_wall(squares(not_asked=400)).each, shown(squares(not_asked=400))) == (1, 400)


def test_past_four_hundred_a_square_stands_for_several_and_says_so() -> None:
    drawn = draw_wall(squares(has_problem=3, not_asked=398))
    assert drawn.each == 2
    assert drawn.runs[0].tiles[0].title == "has_problem 0 and 1 more"


def test_an_empty_wall_has_nothing_to_draw() -> None:
    assert draw_wall([]).runs == ()
    assert draw_picture([]).bands == ()


def test_value_and_mark_are_said_with_the_name() -> None:
    square = Square("Elbe", "waiting", "?cell=1", "€ 3 m", "since 3 May")
    assert draw_wall([square]).runs[0].tiles[0].title == "Elbe, € 3 m, since 3 May"


@given(st.lists(STATES, max_size=1200))
def test_counts_add_up_to_every_client_it_applies_to(states: list[str]) -> None:
    walls = [Square(str(at), state) for at, state in enumerate(states)]
    drawn = draw_wall(walls)
    assert sum(count.clients for count in drawn.counts) + drawn.left_out == len(states)


@given(st.lists(STATES, max_size=1200).map(sorted))
def test_a_sorted_wall_stays_near_four_hundred_squares(states: list[str]) -> None:
    assert shown([Square("x", state) for state in states]) <= 400 + len(ORDER)


def test_a_picture_fills_columns_first() -> None:
    drawn = draw_picture(squares(has_problem=2, has_not=1), rows=2, size=10, gap=2)
    assert [band.squares for band in drawn.bands] == ["M1 1h10v10h-10zM1 13h10v10h-10z", "M13 1h10v10h-10z"]
    assert (drawn.width, drawn.height) == (24, 24)


def test_states_without_colour_differ_by_their_mark() -> None:
    signs = {band.state: band.marks for band in draw_picture([Square("x", state) for state in ORDER]).bands}
    assert all(signs[state] for state in ("has_manages", "unclear", "solved", "waiting", "no_answer"))


def test_the_sentence_says_has_has_not_and_unknown() -> None:
    walls = squares(has_problem=5, has_manages=2, has_not=21, not_asked=24, not_applicable=32)
    said = say_wall(walls, who="clients who use invoicing", likely=(5, 11))
    assert said == (
        "7 of 52 clients who use invoicing have it, 21 do not, 24 we do not know. Likely 5 to 11 of those 24."
    )


def test_a_match_nobody_confirmed_is_never_counted_as_having_it() -> None:
    said = say_wall(squares(has_problem=1, reported=2, has_not=1))
    assert said == (
        "1 of 4 clients has it, 1 does not, 2 we do not know. 2 of those 2 may have told us, nobody has confirmed it."
    )


def test_the_sentence_says_when_nobody_is_unknown() -> None:
    said = say_wall(squares(has_not=2, solved=1), likely=(0, 0))
    assert said == (
        "None of 3 clients have it, 2 do not, 1 had it and it is solved, and we have heard from all of them."
    )


def test_the_sentence_says_when_it_applies_to_nobody() -> None:
    assert (
        say_wall(squares(not_applicable=4)) == "None of our clients can have this: it does not apply to them."
    )


def test_counts_follow_the_walls_order() -> None:
    assert [one.state for one in count_states(squares(not_asked=1, has_problem=1))] == [
        "has_problem",
        "not_asked",
    ]
