"""What a theme learns from people."""

import pytest

from nlp.heads import ThemeSpec
from nlp.pipeline import load
from nlp.train import train_head

YES = [
    f"The {thing} smells of smoke"
    for thing in ("room", "car", "hall", "office", "lift", "shirt", "carpet", "sofa")
]
NO = [
    f"The {thing} was late today"
    for thing in ("bus", "train", "mail", "driver", "food", "tea", "bill", "crew")
]


def test_a_head_learns_and_says_how_well() -> None:
    head = train_head("smoke", YES, NO)
    assert head.n == 16
    assert head.precision is not None
    assert head.precision > 0.8
    reading = load([ThemeSpec("smoke", "Smell of smoke", "")], [head]).read(["The lobby smells of smoke"])[0]
    assert [theme.key for theme in reading.themes] == ["smoke"]


def test_few_examples_have_no_held_out_figures() -> None:
    head = train_head("smoke", YES[:2], NO[:2])
    assert (head.precision, head.recall, head.held_out) == (None, None, 0)


def test_a_head_needs_both_sides() -> None:
    with pytest.raises(ValueError, match="needs a text"):
        train_head("smoke", YES, [])


def test_words_of_one_client_teach_nothing() -> None:
    head = train_head("smoke", YES, NO, accounts=[1] * 16)
    assert len(head.buckets) == 0
