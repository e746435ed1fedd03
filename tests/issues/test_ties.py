"""What ties a comment to an issue: spans that lie in its words, sentences that can be counted, nothing masked."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voc.issues.ties.rules import Elsewhere, Others, Tie, excerpt_of, tie
from voc.issues.ties.sentences import how_sure, word_of_person
from voc.issues.ties.words import blanked, said_in, stem, uses

INVOICES = (
    "The missing order number again",
    "An order number was missing",
    "Missing order numbers on three invoices",
    "We pay late. Your invoice has no order number.",
)
FIELD = ("The gate stays shut", "Coffee was cold", "A number of chairs", "Late on Monday")


def others(
    *said: str, field: tuple[str, ...] = FIELD, marking: frozenset[str] = frozenset(), **kind: bool
) -> Others:
    words = tuple(map(said_in, said))
    elsewhere = Elsewhere(uses(map(said_in, field)), {}, len(field))
    return Others(
        words, uses(words), elsewhere, kind.get("is_newest", False), marking, kind.get("is_in", True)
    )


def quoted(text: str, found: Tie) -> list[str]:
    return [text[start:end] for start, end in found.spans]


def test_the_words_it_shares_are_marked_and_those_who_share_them_counted() -> None:
    text = "Good morning. This time the missing order number cost us a day."
    found = tie(text, others(*INVOICES))
    assert quoted(text, found) == ["missing order number"]
    assert found.words == "Says “missing order number”, as 3 of the 4 others here do."


def test_words_that_few_say_together_are_counted_apart() -> None:
    said = (*("The linen came late",) * 6, *("The trolley is broken",) * 5)
    found = tie("Linen and a broken trolley", others(*said))
    assert found.words == "Says “Linen”, as 6 of the 11 others here do, and “broken trolley”, as 5 do."


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (("The gate is locked",), "Says “gate”, as the other one here does."),
        (("The gate is locked", "No gate"), "Says “gate”, as both others here do."),
        (("The gate is locked", "No gate", "Gates"), "Says “gate”, as all 3 others here do."),
        (("The gate is locked", "Soup", "Milk"), "Says “gate”, as 1 of the 3 others here does."),
        ((), "No other comment that you see stands here."),
        (("Soup",), "It shares no telling word with the others here."),
    ],
)
def test_every_number_has_its_words(said: tuple[str, ...], words: str) -> None:
    assert tie("That gate", others(*said, field=("Rain",))).words == words


def test_of_an_issue_it_could_go_to_the_comments_are_there_not_here() -> None:
    found = tie("That gate", others("No gate", "Gates", "Soup", field=("Rain",), is_in=False, is_newest=True))
    assert found.words == "Says “gate”, as 2 of the 3 newest comments there do."


def test_a_word_that_is_said_everywhere_ties_nothing() -> None:
    everywhere = ("Our delivery was fine", "A delivery at noon", "The delivery note") * 20
    found = tie("The delivery", others("Delivery of soup", "Delivery of milk", field=everywhere))
    assert found.spans == ()


def test_what_one_of_many_says_too_is_no_tie() -> None:
    assert tie("A purple door", others("A purple van", *("Soup",) * 9)).spans == ()


def test_a_tie_with_few_is_told_as_a_weak_one() -> None:
    found = tie("A purple door", others(*("A purple van",) * 2, *(f"Soup {'x' * at}" for at in range(30))))
    assert found.words == "Shares little with the others here: only “purple”, as 2 of the 32 others here do."
    assert found.is_weak


def test_what_marks_the_issue_speaks_where_no_other_comment_does() -> None:
    named = frozenset().union(*said_in("Order numbers are missing"))
    found = tie("No order number", others(marking=named))
    assert found.words == "Says “order” and “number”, which mark this issue."


def test_what_is_masked_is_neither_marked_nor_named() -> None:
    text = "Ask [name] Blaskowitz about the [name] trolley, or 0123trolley"
    start = text.index("Blaskowitz")
    blank = blanked(text, [(start, start + len("Blaskowitz"))])
    found = tie(blank, others("The name Blaskowitz", "A name and Blaskowitz", "Trolley of Blaskowitz"))
    assert len(blank) == len(text)
    assert quoted(text, found) == ["trolley"]
    assert "Blaskowitz" not in found.words
    assert "[name]" not in found.words


@pytest.mark.parametrize(
    "text",
    [
        "😀😀 the gate 😀 is shut",
        "البوابة مغلقة gate مرة أخرى",
        "İİİ GATE’s ﬁrst",
        "ga\u0301te gate\u200dgate",
        "x" * 5000 + " gate",
        "gate\n\n\n;;;gate",
        "",
        "·[…]",
    ],
)
def test_odd_words_keep_their_places(text: str) -> None:
    found = tie(blanked(text), others("The gate", "A gate", "Gates", field=("Rain",)))
    assert all(text[start:end].lower() == "gate" for start, end in found.spans if text[start:end].isalpha())
    assert all(0 <= start < end <= len(text) for start, end in found.spans)


@given(st.text(max_size=200), st.lists(st.text(max_size=60), max_size=6))
def test_spans_lie_in_the_text_apart_from_each_other(text: str, said: list[str]) -> None:
    found = tie(blanked(text), others(*said, text, field=()))
    assert found.words.endswith(".")
    assert all(0 <= start < end <= len(text) for start, end in found.spans)
    assert all(left[1] <= right[0] for left, right in pairwise(found.spans))


@given(st.text(max_size=900), st.integers(1, 300), st.integers(0, 800), st.integers(1, 40))
def test_an_excerpt_keeps_the_words_of_the_tie(text: str, most: int, start: int, size: int) -> None:
    span = (min(start, len(text)), min(start + size, len(text)))
    shown, (found,) = excerpt_of(text, [Tie("", (span,) if span[0] < span[1] else ())], most)
    assert all(shown[low:high] == text[slice(*span)] for low, high in found.spans)
    assert len(shown) <= most + 4


def test_a_long_text_is_shown_where_it_says_why() -> None:
    text = "Now then. " * 200 + "The missing order number again. " + "And so on. " * 200
    shown, (found,) = excerpt_of(text, [tie(text, others(*INVOICES))], 200)
    assert quoted(shown, found) == ["missing order number"]
    assert shown.startswith("… ")
    assert shown.endswith(" …")


def test_a_very_long_text_takes_no_time() -> None:
    text = "The missing order number came late, as it did in spring and autumn. " * 1500
    begun = time.process_time()
    tie(blanked(text), others(*INVOICES))
    assert time.process_time() - begun < 1


@pytest.mark.parametrize(
    "words", ["invoice invoices invoiced", "carry carries", "stop stopping stopped", "box boxes"]
)
def test_forms_of_a_word_count_as_one(words: str) -> None:
    assert len(set(map(stem, words.split()))) == 1


@pytest.mark.parametrize(
    ("stored", "words"),
    [
        ("Nearly all of the comments most like it stand here.",) * 2,
        (
            "Says “soap” and “towel”, as others here do; all the comments most like it stand here.",
            "All the comments most like it stand here.",
        ),
        (
            "Some of the comments most like it stand here, though it shares no telling word with them.",
            "Some of the comments most like it stand here.",
        ),
        (
            "Reads like the 4 comments that people confirmed here; says “soap” as they do.",
            "Reads like the 4 comments that people confirmed here.",
        ),
        ("The client says that this is not what was meant.",) * 2,
    ],
)
def test_a_reason_of_before_says_only_how_sure_it_was(stored: str, words: str) -> None:
    assert how_sure(stored) == words


@pytest.mark.parametrize(
    ("state", "was_put", "is_you", "words"),
    [
        ("confirmed", False, True, "You confirmed it."),
        ("confirmed", True, True, "You put it here."),
        ("confirmed", True, False, "Put here by Ada."),
        ("confirmed", False, False, "Confirmed by Ada."),
        ("refused", True, False, "Taken out by Ada."),
        ("refused", False, True, "You took it out."),
        ("machine", False, False, ""),
    ],
)
def test_a_persons_word_is_told(state: str, words: str, *, was_put: bool, is_you: bool) -> None:
    assert word_of_person(state, "Ada", was_put=was_put, is_you=is_you) == words
