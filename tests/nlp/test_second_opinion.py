"""What the sentences that taught themes say where two themes fit alike."""

from dataclasses import replace

import numpy as np
import pytest

from nlp.encoder.choice import encoder
from nlp.encoder.static import centred
from nlp.features import Pairs, WordFeatures, WordHasher
from nlp.heads import ThemeSpec
from nlp.latecomers import SCARCE
from nlp.pipeline import load, starter_bank
from nlp.second_opinion import CLOSE, OPINION, Examples, heard, in_question
from nlp.theme_bank import ThemeBank, _left_out, with_heads
from nlp.train import column_of, opined, slate_of, teach_head

BILL = ThemeSpec(
    "bill",
    "Wrong bill",
    "",
    ("The sum on the bill is wrong.", "We were billed twice.", "The bill has a line too much."),
)
PAY = ThemeSpec(
    "pay",
    "Ways to pay",
    "",
    ("We want to pay the bill by card.", "The card was refused.", "Can we pay later?"),
)
LATE = ThemeSpec(
    "late", "Late", "", ("The van came too late.", "Nobody came before noon.", "We waited all day.")
)
SPECS = (BILL, PAY, LATE)
SAID = (
    "We were billed twice.",
    "Can we pay the wrong bill later?",
    "The van with the bill was late.",
    "Thanks!",
    "",
)


def vectors_of(texts: tuple[str, ...]) -> np.ndarray:  # type: ignore[type-arg]
    return centred(encoder().encode(texts))


def margins_of(bank: ThemeBank, texts: tuple[str, ...]) -> np.ndarray:  # type: ignore[type-arg]
    lines = encoder().lines(texts)
    return bank.margins(encoder().vectors(lines), WordHasher().features(encoder(), lines))


def silent(bank: ThemeBank) -> ThemeBank:
    return replace(bank, examples=Examples.none(len(bank.keys)))


def test_without_it_margins_are_those_of_the_heads_and_it_speaks_only_in_doubt() -> None:
    bank = starter_bank(SPECS)
    plain, with_it = margins_of(silent(bank), SAID), margins_of(bank, SAID)
    assert np.array_equal(heard(plain, vectors_of(SAID), bank.examples, 0), plain)
    asked = in_question(plain, OPINION)
    assert np.flatnonzero((plain != with_it).any(axis=1)).tolist() == asked.tolist()
    assert len(asked)
    two = np.sort(plain, axis=1)[:, -2:]
    assert (two[asked, 1] - two[asked, 0] < CLOSE).all()


def test_a_sentence_that_was_taught_gains_for_its_own_theme_and_loses_for_others() -> None:
    bank = starter_bank(SPECS)
    for at, spec in enumerate(SPECS):
        said = bank.examples.nearest(vectors_of(spec.examples))
        assert (said[:, at] > 0).all()
        assert (np.delete(said, at, axis=1) < 0).all()


def test_what_is_taught_of_two_themes_speaks_for_both_and_against_the_third() -> None:
    truth = np.array([[True, True, False], [False, False, True], [True, False, False]])
    vectors = vectors_of(("The bill came late.", "Can we pay by card?", "We were billed twice."))
    said = Examples.taught(vectors, truth).nearest(vectors)
    assert (said > 0).tolist() == truth.tolist()


def test_a_text_is_judged_alike_alone_and_among_others() -> None:
    bank = starter_bank(SPECS)
    together = margins_of(bank, SAID)
    alone = np.concatenate([margins_of(bank, (text,)) for text in SAID])
    assert together == pytest.approx(alone, abs=1e-4)


def test_what_is_held_out_for_calibration_does_not_hear_itself() -> None:
    apart = np.eye(10, 256, dtype=np.float32)  # like nothing but themselves
    truth = np.arange(10)[:, None] % 2 == np.arange(2)
    assert np.abs(Examples.taught(apart, truth).nearest(apart)).min() == 1
    none = np.zeros(0, dtype=np.int64)
    pairs = Pairs.of(apart, WordFeatures(none, none, none.astype(np.float32), 10))
    margins, judged = _left_out(pairs, truth, 1e-6, weight=OPINION)
    assert len(margins) == len(judged) == 10
    assert np.abs(margins).max() < 0.5 < OPINION


def test_a_latecomer_is_not_asked_and_changes_no_other_theme() -> None:
    many = tuple(
        replace(spec, examples=tuple(f"{said} Number {n}." for n in range(SCARCE) for said in spec.examples))
        for spec in SPECS
    )
    meals = ThemeSpec("meals", "Meals", "")
    before, after = starter_bank(many), starter_bank((*many[:1], meals, *many[1:]))
    others = [after.keys.index(spec.key) for spec in many]
    assert margins_of(after, SAID)[:, others] == pytest.approx(margins_of(before, SAID), abs=1e-4)
    assert not after.examples.of[:, after.keys.index("meals")].any()


def test_names_and_descriptions_alone_give_no_second_opinion() -> None:
    bank = starter_bank([replace(spec, examples=()) for spec in SPECS])
    assert np.array_equal(margins_of(bank, SAID), margins_of(silent(bank), SAID))


def test_one_theme_alone_is_never_in_doubt() -> None:
    bank = starter_bank((BILL,))
    assert np.array_equal(margins_of(bank, SAID), margins_of(silent(bank), SAID))


def test_a_head_learns_from_what_is_read_and_is_read_with_it_again() -> None:
    bank = starter_bank(SPECS)
    slate = opined(slate_of(SAID[:3], (1, 2, 3)), bank)
    gained = margins_of(bank, SAID[:3]) - margins_of(silent(bank), SAID[:3])
    assert slate.opinions["bill"] == pytest.approx(gained[:, 0], abs=1e-4)
    unmoved = teach_head(column_of(bank, BILL), slate, np.zeros(3, dtype=bool), np.zeros(3)).head
    assert margins_of(with_heads(bank, [unmoved]), SAID) == pytest.approx(margins_of(bank, SAID), abs=1e-3)
    assert with_heads(bank, [unmoved]).examples is bank.examples


def test_reasons_are_words_of_the_text() -> None:
    said = "We were billed twice for the card."
    for theme in load(SPECS).read([said])[0].themes:
        quotes = theme.reason.split("“")[1:]
        assert all(quote.split("”")[0] in said for quote in quotes)
