"""Titles are spelled as most comments spell them."""

from nlp.spelling import as_most_spell
from nlp.titles import title

OTHERS = [
    "The evening collection is gone.",
    "No evening van any more.",
    "We need the evening round of used sets.",
]


def test_a_slip_is_mended_as_the_others_spell_it() -> None:
    said = "Need the evennig pick-up of used sets"
    assert as_most_spell(said, [said, *OTHERS]) == "Need the evening pick-up of used sets"
    assert as_most_spell("Evennig van gone", OTHERS) == "Evening van gone"


def test_what_few_say_is_left() -> None:
    assert as_most_spell("Need the evennig van", OTHERS[:2]) == "Need the evennig van"


def test_a_word_in_use_or_said_twice_is_no_slip() -> None:
    assert as_most_spell("A later delivery", ["late water"] * 3 + ["layer"] * 5) == "A later delivery"
    assert as_most_spell("The evennig van", ["evennig", "evennig", *OTHERS]) == "The evennig van"


def test_another_form_of_a_word_is_no_slip() -> None:
    assert as_most_spell("The dosettes are wrong", ["dosette"] * 4) == "The dosettes are wrong"


def test_a_title_is_mended() -> None:
    said = ["The evennig van never comes on Sundays"]
    assert "evennig" not in title([*said, *["evening"] * 3])
