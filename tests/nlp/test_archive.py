"""Themes of few sentences learn from comments nobody sorted; the others read as before."""

import numpy as np
import pytest

from nlp.archive import FITS, LEAST, NEAREST, Archive, learned_bank, nearest, sentences_of
from nlp.encoder.static import encoder
from nlp.features import WordHasher
from nlp.heads import ThemeSpec
from nlp.latecomers import SCARCE, is_scarce
from nlp.pipeline import starter_bank
from nlp.theme_bank import ThemeBank
from nlp.train import column_of

BILL, DOOR = ThemeSpec("bill", "wrong invoice", ""), ThemeSpec("door", "broken door", "")
SPECS = (BILL, DOOR)
PLACES = ("in May", "in June", "at the depot", "in Lyon", "again", "on Monday", "this week", "at our site")
SAID = (
    "The invoice shows a wrong amount", "The door hinge is broken", "We were billed twice on one invoice",
    "The door of the gate stays shut", "The invoice was billed to somebody else", "The gate is broken",
    "Lunch was good", "The weather is fine", "Our team met", "We moved to a new town",
)  # fmt: skip
ARCHIVE = Archive(tuple(f"{said} {where}" for where in PLACES for said in SAID), tuple(range(80)))


@pytest.fixture(scope="module")
def learned() -> ThemeBank:
    return learned_bank(SPECS, ARCHIVE)


def margin(bank: ThemeBank, text: str, key: str) -> float:
    lines = encoder().lines([text])
    margins = bank.margins(encoder().vectors(lines), WordHasher().features(encoder(), lines))
    return float(margins[0, bank.keys.index(key)] - margins[0, 1 - bank.keys.index(key)])


@pytest.mark.parametrize(("said", "key"), [("Billed twice once more", "bill"), ("That gate", "door")])
def test_a_name_is_known_by_words_that_stand_beside_its_own(learned: ThemeBank, said: str, key: str) -> None:
    assert margin(learned, said, key) > 0


def test_a_name_learns_words_it_does_not_hold(learned: ThemeBank) -> None:
    begun = column_of(starter_bank(SPECS), BILL).buckets
    assert len(set(column_of(learned, BILL).buckets) - set(begun)) > 0


def test_a_small_archive_teaches_nothing() -> None:
    few = Archive(ARCHIVE.texts[: 2 * LEAST - 1], ARCHIVE.accounts[: 2 * LEAST - 1])
    assert learned_bank(SPECS, few) is starter_bank(SPECS)


def test_a_theme_with_sentences_enough_reads_as_it_did() -> None:
    rich = ThemeSpec(
        "door", "broken door", "", tuple(f"Door {number} is broken." for number in range(SCARCE))
    )
    assert not is_scarce(rich)
    plain, learned = starter_bank((BILL, rich)), learned_bank((BILL, rich), ARCHIVE)
    for name in ("dense", "words", "bias", "scale", "offset", "threshold"):
        assert np.array_equal(getattr(plain, name)[..., 1], getattr(learned, name)[..., 1])
    assert not np.array_equal(plain.dense[:, 0], learned.dense[:, 0])


def test_the_same_archive_teaches_the_same(learned: ThemeBank) -> None:
    again = learned_bank(SPECS, ARCHIVE)
    assert np.array_equal(again.dense, learned.dense)
    assert np.array_equal(again.words, learned.words)


def test_words_of_one_client_are_not_learned() -> None:
    of_one = Archive(ARCHIVE.texts, (1,) * len(ARCHIVE.texts))
    begun = column_of(starter_bank(SPECS), BILL).buckets
    assert set(column_of(learned_bank(SPECS, of_one), BILL).buckets) <= {
        *begun.tolist(),
        *column_of(starter_bank(SPECS), DOOR).buckets.tolist(),
    }


def test_a_row_stands_for_the_theme_it_fits_best_and_only_where_it_stands_out() -> None:
    margins = np.zeros((1000, 2), dtype=np.float32)
    margins[:40, 0], margins[40:60, 1] = np.linspace(9, 5, 40), 3
    margins[:40, 1] = 1
    rows, owners = nearest(margins)
    assert set(rows[owners == 1]) == set(range(40, 60))
    assert set(rows[owners == 0]) <= set(range(40))
    assert FITS > 0


def test_no_theme_takes_more_than_its_share() -> None:
    margins = np.zeros((9000, 1), dtype=np.float32)
    margins[: NEAREST + 50, 0] = 1
    assert len(nearest(margins)[0]) == NEAREST


def test_a_comment_teaches_by_its_sentences() -> None:
    cut = sentences_of(
        Archive(("The lift is stuck again today. Lunch was very good indeed.", "Fine."), (4, 5))
    )
    assert cut.texts == ("The lift is stuck again today.", "Lunch was very good indeed.", "Fine.")
    assert cut.accounts == (4, 4, 5)
