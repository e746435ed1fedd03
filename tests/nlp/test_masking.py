"""What is masked on the frozen half of a made set, and what stays readable."""

import hashlib
from pathlib import Path

import pytest

from nlp.evaluating.labelled import read_labelled
from nlp.evaluating.masks import masking_figures
from nlp.personal import personal_spans, settle
from nlp.pipeline import load

LABELS = Path(__file__).parent / "labels"
FROZEN = "61376b4b0b08b54f7830dd94d2c66af3e5e0591bbf8730986950ff97505f4adc"
RECALL, PRECISION = 0.95, 0.90


def masked(said: str) -> list[str]:
    return [said[mask.start : mask.end] for mask in settle(personal_spans(said))]


def test_frozen_half_is_untouched() -> None:
    assert hashlib.sha256((LABELS / "masking_test.jsonl").read_bytes()).hexdigest() == FROZEN


@pytest.mark.parametrize("half", ["masking_tune.jsonl", "masking_test.jsonl"])
def test_masks_of_the_made_set_hold(half: str) -> None:
    names = (LABELS / "masking_names.txt").read_text(encoding="utf-8").splitlines()
    figures = masking_figures(read_labelled(LABELS / half), load((), known_names=names))
    recall, precision = figures["recall"], figures["precision"]
    assert isinstance(recall, float)
    assert isinstance(precision, float)
    assert (recall >= RECALL, precision >= PRECISION) == (True, True)


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("Hi Will, where is it?", ["Will"]),
        ("Will it arrive in May?", []),
        ("According to Anna Kowalska it is late.", ["Anna Kowalska"]),
        ("The Charlotte Depot is closed.", []),
        ("Order 4711023 is late.", []),
        ("My account number is 4711023.", ["4711023"]),
        ("Anna Berg and Tom were kind.", ["Anna Berg", "Tom"]),
        ("Version 10.2.3.4 is slow", []),
        ("Part 624.887.47 broke.", []),
        ("Regards,\nAnna Berg\nHarbour Foods", ["Anna Berg"]),
    ],
)
def test_names_and_numbers_are_told_apart(said: str, wanted: list[str]) -> None:
    assert masked(said) == wanted
