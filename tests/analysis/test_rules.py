"""What counts as a reading: people over the client's word over the machine."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import NOW
from voc.analysis.rules import (
    NO_THEME,
    MergedTheme,
    PersonLabel,
    Signal,
    ThemeShown,
    marks,
    risk_shown,
    severity_shown,
    themes_shown,
)

SEEN = ThemeShown("billing", "Billing", 0.9, 3, 9, "Sounds like Billing.", by_person=False)
LEAVING = Signal(1, 0.8, 0, 4, "“quit”: may leave.")


def said(kind: str, value: str = "", *, holds: bool = True, minutes: int = 0) -> PersonLabel:
    return PersonLabel(
        kind, value, value.title(), holds, "Ana", NOW + timedelta(minutes=minutes), f"h{minutes}"
    )


def test_without_labels_the_machine_is_shown() -> None:
    assert themes_shown([SEEN], []) == (SEEN,)


def test_a_person_takes_a_theme_away_for_ever() -> None:
    assert themes_shown([SEEN], [said("theme", "billing", holds=False)]) == ()


def test_a_persons_theme_keeps_the_evidence_that_the_machine_saw() -> None:
    (shown,) = themes_shown([SEEN], [said("theme", "billing")])
    assert (shown.by_person, shown.score, shown.starts_at) == (True, None, 3)


def test_the_newest_word_on_a_theme_wins_also_within_one_moment() -> None:
    labels = [said("theme", "billing", holds=False), said("theme", "billing")]
    assert [theme.key for theme in themes_shown([], labels)] == ["billing"]


def test_no_theme_fits_ends_what_was_said_before_and_not_what_comes_after() -> None:
    labels = [said("theme", "people"), said("theme", NO_THEME, minutes=1)]
    assert themes_shown([SEEN], labels) == ()
    assert [one.key for one in themes_shown([SEEN], [*labels, said("theme", "price", minutes=2)])] == [
        "price"
    ]


MERGED = {"billing": MergedTheme("money", "Money", NOW + timedelta(minutes=5))}


def test_what_the_machine_saw_of_a_merged_theme_counts_for_the_other_once() -> None:
    other = ThemeShown("money", "Money", 0.7, 0, 1, "Sounds like Money.", by_person=False)
    (shown,) = themes_shown([other, SEEN], [], MERGED)
    assert (shown.key, shown.name, shown.score) == ("money", "Money", 0.9)


def keys_said(*labels: PersonLabel) -> list[str]:
    return [theme.key for theme in themes_shown([SEEN], labels, MERGED)]


def test_what_people_said_of_a_merged_theme_counts_for_the_other() -> None:
    assert keys_said(said("theme", "billing")) == ["money"]
    assert keys_said(said("theme", "billing", holds=False)) == []


def test_a_yes_to_either_of_two_merged_themes_is_a_yes() -> None:
    yes, no = said("theme", "money"), said("theme", "billing", holds=False, minutes=1)
    assert keys_said(yes, no) == ["money"]
    assert keys_said(said("theme", "billing"), said("theme", "money", holds=False, minutes=1)) == ["money"]


def test_what_is_said_since_the_merge_ends_what_was_said_before() -> None:
    before, since = said("theme", "billing"), said("theme", "money", holds=False, minutes=9)
    assert keys_said(before, since) == []
    assert keys_said(before, said("theme", "billing", holds=False, minutes=9)) == []


def test_severity_is_our_persons_word_then_the_clients_then_the_machines() -> None:
    machine = Signal(2, 0.7, None, None, "slow")
    levels = [
        severity_shown(machine, [said("severity", "8")], hurt=4),
        severity_shown(machine, [], hurt=4),
        severity_shown(machine, [], hurt=None),
    ]
    assert [(one.level, one.is_proposal) for one in levels if one] == [(8, False), (4, False), (2, True)]
    assert severity_shown(None, [], hurt=None) is None


def test_what_the_client_declared_stands_whatever_anybody_says() -> None:
    shown = risk_shown("escalation", None, [said("escalation", holds=False)], declared=True)
    assert shown is not None
    assert not shown.is_proposal


def test_a_person_denies_what_the_machine_proposes() -> None:
    assert risk_shown("departure", LEAVING, [said("departure", holds=False)], declared=False) is None
    proposed = risk_shown("departure", LEAVING, [], declared=False)
    assert proposed is not None
    assert proposed.is_proposal


def test_overlapping_evidence_becomes_pieces_with_all_reasons() -> None:
    assert marks([(0, 6, "a"), (4, 9, "b"), (None, None, "c")], 8) == (
        (0, 4, "a"),
        (4, 6, "a · b"),
        (6, 8, "b"),
    )


SPAN = st.tuples(st.integers(0, 40), st.integers(0, 40), st.sampled_from("abc"))


@given(st.lists(SPAN, max_size=6), st.integers(0, 30))
def test_pieces_follow_each_other_and_stay_inside_the_text(
    spans: list[tuple[int, int, str]], length: int
) -> None:
    ends = 0
    for start, end, why in marks(spans, length):
        assert ends <= start < end <= length
        assert why
        ends = end
