"""Reasons in the client's own words."""

import pytest

from nlp.because import quoted, reason_of
from nlp.reading import Mask


@pytest.mark.parametrize(
    ("said", "words", "wanted"),
    [
        ("We check line by line what you called off.", ["check", "line", "off"], ["check line", "off"]),
        ("Receipt LQ-8321 shows it.", ["lq", "receipt"], ["Receipt"]),
        ("It didn't work.", ["didn"], ["didn't"]),
        ("Online only.", ["line"], []),
        ("Late, wrong.", ["late", "wrong"], ["Late", "wrong"]),
    ],
)
def test_the_clients_own_words_are_quoted(said: str, words: list[str], wanted: list[str]) -> None:
    assert quoted(said, 0, len(said), words, ()) == wanted


def test_what_is_masked_is_no_reason() -> None:
    said = "Since Sabine left nobody calls."
    assert quoted(said, 0, len(said), ["sabine", "calls"], [Mask(6, 12, "name")]) == ["calls"]


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (["check", "line", "items"], "It says “check”, “line” and “items”."),
        (["line by line"], "It says “line by line”."),
        ([], "Sounds like Invoices as a whole."),
    ],
)
def test_a_reason_is_a_sentence(said: list[str], reason: str) -> None:
    assert reason_of(said, "Invoices") == reason
