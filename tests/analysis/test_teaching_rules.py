"""What labels teach: spoken, left as it stood, or none of ours."""

from datetime import UTC, datetime, timedelta

from voc.analysis.rules import MergedTheme
from voc.analysis.teaching.rules import Said, Stamp, may_tell, stamps, stance_of

NOW = datetime(2026, 5, 4, tzinfo=UTC)


def said(number: int, value: str, *, holds: bool = True, shown: tuple[str, ...] = ()) -> Said:
    return Said(number, value, holds, NOW + timedelta(minutes=number), shown)


def test_the_newest_word_on_a_theme_counts() -> None:
    stance = stance_of([said(1, "billing"), said(2, "billing", holds=False)], {})
    assert stance.spoken == {"billing": False}


def test_what_a_person_left_as_the_machine_said_is_left_not_spoken() -> None:
    stance = stance_of([said(1, "billing", shown=("billing", "delivery"))], {})
    assert (stance.spoken, stance.left) == ({"billing": True}, frozenset({"delivery"}))


def test_none_fits_speaks_against_what_was_shown_and_ends_what_was_said_before() -> None:
    stance = stance_of([said(1, "price"), said(2, "", shown=("billing",)), said(3, "people")], {})
    assert stance.spoken == {"billing": False, "people": True}
    assert stance.left == frozenset()


def test_words_on_a_merged_theme_teach_the_one_that_counts() -> None:
    merged = {"bills": MergedTheme("billing", "Billing", NOW)}
    assert stance_of([said(1, "bills", shown=("bills",))], merged).spoken == {"billing": True}
    assert stamps([said(1, "bills"), said(2, "", shown=("bills",))], merged)["billing"] == Stamp(2, 2)


def test_a_merge_itself_teaches_nothing() -> None:
    labels = [said(1, "bills"), said(2, "billing", holds=False), said(3, "", shown=("bills",))]
    merged = {"bills": MergedTheme("billing", "Billing", NOW + timedelta(minutes=9))}
    assert stamps(labels, merged) == stamps(labels, {})


def test_a_merged_theme_keeps_what_it_was_taught_and_learns_a_no_to_the_one_that_counts() -> None:
    merged = {"bills": MergedTheme("billing", "Billing", NOW + timedelta(minutes=5))}
    assert stance_of([said(1, "bills")], merged).spoken == {"billing": True, "bills": True}
    assert stance_of([said(9, "billing", holds=False)], merged).spoken == {"billing": False, "bills": False}
    assert stance_of([said(9, "billing")], merged).spoken == {"billing": True}


def test_a_stamp_changes_when_a_label_is_taken_back() -> None:
    labels = [said(1, "billing"), said(2, "billing", holds=False)]
    assert stamps(labels, {}) != stamps(labels[:1], {}) != stamps(labels[1:], {})


def test_ten_of_each_side_are_needed_to_tell() -> None:
    assert may_tell(were=10, seen=20)
    assert not may_tell(were=9, seen=40)
    assert not may_tell(were=40, seen=49)
