"""How bad it is: said by phrases and by sentences like those that people labelled, and never by courtesy."""

import pytest

from nlp.pipeline import load
from nlp.reading import Signal


def severity(text: str) -> Signal | None:
    return load(()).read([text])[0].severity


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("Nobody came, so we closed two rooms for the night.", 4),
        ("A trainee pricked herself with a needle.", 4),
        ("My people do it by hand now, half an hour every day.", 2),
        ("The van came at four instead of nine.", 2),
        ("The hold music is dreadful.", 1),
    ],
)
def test_harm_is_noticed_without_a_word_that_names_it(text: str, level: int) -> None:
    found = severity(text)
    assert found is not None
    assert found.level == level


@pytest.mark.parametrize(
    "text",
    [
        "Thank you for the minutes, see you on Monday.",
        "There was a flood in the lounge and your people were here at once, thank you.",
        "Could we have the list as a spreadsheet?",
        "I suggest that your planners spend a day with us.",
        "The fire drill is on the fifth of May.",
        "My colleague starts on the fourth of May.",
    ],
)
def test_thanks_wishes_and_notices_hurt_nobody(text: str) -> None:
    assert severity(text) is None


def test_the_worst_sentence_counts_and_is_the_evidence() -> None:
    text = "Thank you for calling. The label is crooked. Two patients had to be sent home because of it."
    found = severity(text)
    assert found is not None
    assert found.level == 4
    assert text[found.span.start : found.span.end].strip().startswith("Two patients")


def test_a_reason_quotes_the_phrase_that_says_it() -> None:
    found = severity("We have been waiting for three weeks.")
    assert found is not None
    assert found.reason.startswith("“")
    assert "costs them time or work" in found.reason


def test_a_long_sentence_is_quoted_in_part() -> None:
    found = severity(
        "Nobody came, so we had to close two wards and send all patients home " + "with a taxi " * 6
    )
    assert found is not None
    assert "…" in found.reason
    assert len(found.reason) < 160
