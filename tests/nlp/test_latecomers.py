"""Themes of few sentences beside themes of many."""

from dataclasses import replace

import numpy as np
import pytest

from nlp.heads import ThemeSpec
from nlp.latecomers import LATE_BAR, SCARCE, latecomers
from nlp.pipeline import load, starter_bank
from nlp.theme_bank import ThemeBank

THINGS = ("invoice", "door", "lift", "heating", "phone")
MANY = tuple(
    ThemeSpec(
        thing,
        thing,
        f"All about the {thing}.",
        tuple(f"The {thing} {number} failed again." for number in range(SCARCE)),
    )
    for thing in THINGS
)
MEALS = ThemeSpec("meals", "Meals", "Food, meals, diets and allergens.")
SOAP = ThemeSpec("soap", "Soap and towels", "", ("There was no soap in the washroom again.",))


def columns(bank: ThemeBank, keys: tuple[str, ...]) -> list[np.ndarray]:  # type: ignore[type-arg]
    at = [bank.keys.index(key) for key in keys]
    return [
        getattr(bank, name)[..., at] for name in ("dense", "words", "bias", "scale", "offset", "threshold")
    ]


def test_where_most_themes_have_few_sentences_none_is_late() -> None:
    assert latecomers((MEALS, SOAP, *MANY)) == (MEALS, SOAP)
    assert latecomers((MEALS, SOAP, *MANY[:2])) == ()


@pytest.mark.parametrize("where", [0, 2, len(MANY)])
def test_a_new_theme_moves_no_other_wherever_it_stands(where: int) -> None:
    before = starter_bank(MANY)
    after = starter_bank((*MANY[:where], MEALS, *MANY[where:]))
    assert after.keys == tuple(spec.key for spec in (*MANY[:where], MEALS, *MANY[where:]))
    for old, new in zip(columns(before, THINGS), columns(after, THINGS), strict=True):
        np.testing.assert_allclose(new, old, atol=1e-5)


def test_two_new_themes_do_not_move_each_other() -> None:
    alone, both = starter_bank((*MANY, MEALS)), starter_bank((*MANY, MEALS, SOAP))
    for old, new in zip(columns(alone, ("meals",)), columns(both, ("meals",)), strict=True):
        np.testing.assert_allclose(new, old, atol=0.05)


def test_a_name_and_a_description_find_what_they_mean_in_other_words() -> None:
    reader = load([*MANY, MEALS])
    said = ["Lunch came cold and the vegetarian dish was missing.", "The invoice 7 failed again."]
    found = [{theme.key for theme in reading.themes} for reading in reader.read(said)]
    assert found == [{"meals"}, {"invoice"}]


def test_a_theme_that_gets_sentences_enough_is_learned_with_the_others() -> None:
    grown = replace(MEALS, examples=tuple(f"The meal {number} was cold." for number in range(SCARCE)))
    bank = starter_bank((*MANY, grown))
    assert bank.threshold[-1] != pytest.approx(LATE_BAR)
    assert bank.scale[-1] == bank.scale[0]
