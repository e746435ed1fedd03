"""What a change would do, counted and said."""

import pytest

from voc.analysis.themes.comparing import (
    MOST_SHOWN,
    Evidence,
    ReadTwice,
    compare,
    from_stored,
    to_stored,
)
from voc.analysis.themes.sentences import found_words, theme_words
from voc.analysis.themes.state import ThemeState

WORDS = Evidence(0, 4, "Sounds like it.")
TODAY = {"billing": ThemeState("billing", "Billing"), "late": ThemeState("late", "Late", parent="billing")}
WISHED = {**TODAY, "cars": ThemeState("cars", "Parking")}


def read(number: int, today: str = "", wished: str = "", *, has_labels: bool = False) -> ReadTwice:
    return ReadTwice(
        f"c{number}", dict.fromkeys(today.split(), WORDS), dict.fromkeys(wished.split(), WORDS), has_labels
    )


def test_gains_losses_and_what_stays_are_counted_each_comment_once() -> None:
    comments = [
        read(1, "", "cars"),
        read(2, "billing", "cars"),
        read(3, "billing", "billing", has_labels=True),
    ]
    found = compare(comments, TODAY, WISHED)
    assert (found.comments, found.stay, found.with_labels) == (3, 1, 1)
    assert [(one.name, one.gets, one.loses) for one in found.themes] == [("Parking", 2, 0), ("Billing", 0, 1)]
    assert [one.comment for one in found.themes[0].gained] == ["c1", "c2"]
    assert from_stored(to_stored(found)) == found


def test_a_theme_above_others_counts_what_stands_under_it() -> None:
    found = compare([read(1, "late", ""), read(2, "billing", "late")], TODAY, TODAY)
    assert {one.key: (one.gets, one.loses) for one in found.themes} == {"late": (1, 1), "billing": (0, 1)}
    billing = next(one for one in found.themes if one.key == "billing")
    assert (billing.lost[0].starts_at, billing.holds_others) == (0, True)
    assert theme_words(billing) == "1 comment would no longer count under it"


def test_at_most_ten_comments_are_shown_a_side() -> None:
    found = compare([read(place, "", "cars") for place in range(30)], TODAY, WISHED)
    assert (found.themes[0].gets, len(found.themes[0].gained)) == (30, MOST_SHOWN)


@pytest.mark.parametrize(
    ("comments", "words"),
    [
        ([], "No client has said anything yet, so nothing would be read differently."),
        ([read(1)], "The one comment there is stays as it is. It shows in what comes in from now on."),
        ([read(1, "", "cars")], "The one comment there is would get “Parking”."),
        (
            [read(1, "", "cars"), read(2, "", "cars")],
            "Of the last 2 comments, 2 would get “Parking” and none stays as it is.",
        ),
        (
            [read(1), read(2)],
            "All of the last 2 comments stay as they are. It shows in what comes in from now on.",
        ),
        (
            [
                read(1, "", "cars"),
                read(2, "", "cars"),
                read(3, "billing", "cars"),
                *map(read, range(4, 1_001)),
            ],
            "Of the last 1,000 comments, 3 would get “Parking”, 1 would no longer count under “Billing”, and 997 stay as they are.",
        ),
    ],
)
def test_what_was_found_is_one_sentence(comments: list[ReadTwice], words: str) -> None:
    assert found_words(compare(comments, TODAY, WISHED)) == words


def test_the_theme_that_is_wished_comes_first_even_when_no_comment_would_get_it() -> None:
    found = compare([read(1, "billing", ""), read(2)], TODAY, WISHED)
    words = found_words(found, [("cars", "Parking")])
    assert words == (
        "Of the last 2 comments, none would get “Parking” and 1 stays as it is. "
        "It moves other themes too: 1 would no longer count under “Billing”. 1 more would have no theme."
    )
