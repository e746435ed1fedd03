"""The little grammar chooses, fills, and refuses what it cannot read."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voc.demo.grammar import expand, parse, slots_of

WORD = st.text(alphabet="abc xyz.,'", max_size=12)


def spoken(text: str, seed: int = 1) -> str:
    return expand(parse(text), random.Random(seed), lambda name: f"<{name}>")


def test_every_choice_can_be_reached() -> None:
    assert {spoken("[a|b|c]d", seed) for seed in range(40)} == {"ad", "bd", "cd"}


def test_choices_nest() -> None:
    assert {spoken("x[a[1|2]|b]", seed) for seed in range(60)} == {"xa1", "xa2", "xb"}


def test_slots_are_filled_by_name() -> None:
    assert spoken("at {place}, {time}") == "at <place>, <time>"


def test_slots_are_found_inside_choices() -> None:
    assert slots_of(parse("{a} [b|{c} [d|{e}]]")) == {"a", "c", "e"}


@pytest.mark.parametrize("broken", ["[a|b", "a]b", "a|b", "[a|[b]"])
def test_a_bracket_out_of_place_is_refused_with_the_sentence(broken: str) -> None:
    with pytest.raises(ValueError, match=r"close each|never closed"):
        parse(broken)


@given(st.lists(WORD, min_size=1, max_size=5), st.integers(0, 1000))
def test_a_choice_always_gives_one_of_its_options(options: list[str], seed: int) -> None:
    assert spoken(f"[{'|'.join(options)}]", seed) in options


@given(st.text(alphabet="abc []|{}", max_size=20))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        parse(text)
    except ValueError:
        return
    assert isinstance(spoken(text), str)
