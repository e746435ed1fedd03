"""A theme that has only a name learns from the comments it fits best."""

import numpy as np

from nlp.encoder.static import encoder
from nlp.features import WordHasher
from nlp.heads import ThemeSpec
from nlp.theme_bank import ALIKE, ThemeBank, fit_bank, look_alikes

SPECS = (ThemeSpec("bill", "wrong invoice", ""), ThemeSpec("door", "broken door", ""))
ARCHIVE = [
    f"{said} {where}"
    for where in ("in May", "in June", "in July", "at the depot", "in Lyon", "again", "on Monday", "this week")
    for said in ("The invoice shows a wrong amount", "The door hinge is broken", "We were billed twice", "The gate stays shut")
]  # fmt: skip


def _bank(archive: list[str]) -> ThemeBank:
    return fit_bank(
        SPECS, (), encoder=encoder(), hasher=WordHasher(), strength=10.0, threshold=0.5, archive=archive
    )


def _says(bank: ThemeBank, text: str) -> str:
    lines = encoder().lines([text])
    margins = bank.margins(encoder().vectors(lines), WordHasher().features(encoder(), lines))
    return bank.keys[int(margins[0].argmax())]


def test_the_look_alikes_of_a_name_are_about_it() -> None:
    found = look_alikes(_bank([]), [0], ARCHIVE, encoder=encoder(), hasher=WordHasher())
    assert 0 < len(found.texts) <= ALIKE
    assert "The invoice shows a wrong amount" in found.texts[0]


def test_a_name_learns_words_of_the_archive_that_it_does_not_hold() -> None:
    assert _says(_bank(ARCHIVE), "We were billed twice once more") == "bill"
    assert _says(_bank(ARCHIVE), "The gate stays shut since Friday") == "door"


def test_a_short_archive_teaches_nothing() -> None:
    assert np.array_equal(_bank([]).dense, _bank(ARCHIVE[:3]).dense)
