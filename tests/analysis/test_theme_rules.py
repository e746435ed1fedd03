"""What each wish makes of the themes, and what it may not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voc.analysis.themes import state, wishes
from voc.analysis.themes.returning import check_whole
from voc.analysis.themes.rules import changed
from voc.analysis.themes.sentences import differences, done, wished
from voc.analysis.themes.state import Taught, ThemeState, family_of, specs
from voc.analysis.themes.wishes import (
    Add,
    BringBack,
    Describe,
    Merge,
    Move,
    Part,
    Rename,
    Restore,
    Retire,
    Split,
    Wish,
)
from voc.core.errors import Conflict, Invalid, VocError

THEMES = {
    one.key: one
    for one in (
        ThemeState("billing", "Billing", "Money.", ("The bill is wrong.",)),
        ThemeState("late", "Late invoices", "Too late.", parent="billing"),
        ThemeState("people", "People", "Friendly or not."),
        ThemeState("old", "Old", is_retired=True),
        ThemeState("gone", "Gone", "Was one.", ("It is gone.",), is_retired=True, merged_into="people"),
    )
}
PARTS = (Part("Parking", "Cars."), Part("Canteen", taught_by=(Taught("c1", 0, 9),)))


def make(wish: Wish) -> dict[str, ThemeState]:
    return changed(THEMES, wish, {1: {"people": THEMES["people"]}, 2: THEMES})


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        (Add(" billing".strip()), "name"),
        (Add("Cars", under="late"), "under"),
        (Add("Cars", under="old"), "under"),
        (Add("Cars", under="nowhere"), "under"),
        (Rename("people", "BILLING"), "name"),
        (Rename("people", "People"), "name"),
        (Describe("people", "People", "Friendly or not."), "description"),
        (Move("people", "people"), "under"),
        (Move("people", "late"), "under"),
        (Move("billing", "people"), "under"),
        (Move("late", "billing"), "under"),
        (Merge("billing", "billing"), "into"),
        (Merge("billing", "late"), "into"),
        (Split("people", PARTS[:1], stays=True), "name_2"),
        (Split("late", PARTS, stays=True), "stays"),
        (Split("people", (PARTS[0], Part("parking", "x")), stays=True), "name_2"),
        (Split("people", (PARTS[0], Part("People", "x")), stays=True), "name_2"),
        (Split("people", (PARTS[0], Part("Canteen")), stays=True), "description_2"),
    ],
)
def test_what_cannot_be_wished_is_said_at_its_field(wish: Wish, field: str) -> None:
    with pytest.raises(Invalid) as error:
        make(wish)
    assert list(error.value.fields) == [field]
    assert error.value.message.endswith(".")


@pytest.mark.parametrize(
    "wish",
    [Move("old", "people"), Merge("old", "people"), Merge("people", "gone"), Retire("gone"), Restore("people"),
     Split("old", PARTS, stays=True), BringBack(2)],
)  # fmt: skip
def test_what_is_no_longer_as_it_was_is_a_conflict_in_words(wish: Wish) -> None:
    with pytest.raises(Conflict) as error:
        make(wish)
    assert "“" in error.value.message or "already" in error.value.message


def test_a_theme_stands_under_another_and_comes_out_again() -> None:
    under = make(Move("people", "billing"))
    assert under["people"].parent == "billing"
    assert changed(under, Move("people", None), {}) == THEMES


def test_a_merge_takes_those_under_it_along_and_keeps_earlier_merges() -> None:
    after = make(Merge("billing", "people"))
    assert (after["billing"].is_retired, after["late"].parent) == (True, "people")
    chain = changed(after, Merge("people", "late"), {}) if not state.children(after, "people") else after
    assert family_of(chain, "people") == ("billing", "gone", "late", "people")


def test_a_merged_theme_is_read_on_as_it_was_by_the_name_of_the_one_that_counts() -> None:
    gone, people = (row for row in specs(THEMES, {}) if row.called == "People")
    assert (gone.name, gone.examples, people.examples) == ("Gone", ("It is gone.",), ())
    before = {row.key: (row.name, row.description, row.examples) for row in specs(THEMES, {})}
    merged = specs(make(Merge("late", "people")), {})
    assert {row.key: (row.name, row.description, row.examples) for row in merged} == before


def test_a_theme_out_of_use_can_be_learned_on_unread_so_that_no_other_moves() -> None:
    after = make(Retire("billing"))
    assert [row.key for row in specs(after, {})] == ["gone", "late", "people"]
    assert [(row.key, row.is_read) for row in specs(after, {}, {"billing"})] == [
        ("billing", False), ("gone", True), ("late", True), ("people", True),
    ]  # fmt: skip


def test_a_split_stays_above_the_new_ones_or_goes() -> None:
    above, gone = make(Split("people", PARTS, stays=True)), make(Split("people", PARTS, stays=False))
    assert {above[key].parent for key in ("parking", "canteen")} == {"people"}
    assert gone["people"].is_retired
    assert {gone[key].parent for key in ("parking", "canteen")} == {None}
    beside = make(Split("late", PARTS, stays=False))
    assert beside["parking"].parent == "billing"


def test_a_new_name_alone_is_read_as_before() -> None:
    after = make(Rename("billing", "Invoices"))
    before, now = specs(THEMES, {})[0], specs(after, {})[0]
    assert (now.name, now.called) == ("Billing", "Invoices")
    assert (now.description, now.examples) == (before.description, before.examples)
    described = changed(after, Describe("billing", "Invoices", "Bills."), {})
    assert specs(described, {})[0].name == "Invoices"
    assert changed(after, Rename("billing", "Billing"), {}) == THEMES


def test_clients_words_teach_until_they_are_erased_or_forgotten() -> None:
    after = make(Split("people", PARTS, stays=False))
    said = {Taught("c1", 0, 9): "The soup."}
    assert [row.examples for row in specs(after, said) if row.key == "canteen"] == [("The soup.",)]
    assert [row.examples for row in specs(after, {}) if row.key == "canteen"] == [()]
    forgotten = changed(after, Describe("canteen", "Canteen", "", forgets=("c1",)), {})
    assert forgotten["canteen"].taught_by == ()


def test_an_earlier_version_comes_back_and_newer_themes_go_out_of_use() -> None:
    after = make(BringBack(1))
    assert [key for key, one in after.items() if not one.is_retired] == ["people"]
    assert "“Billing” is out of use" in differences(THEMES, after)


def test_a_retired_theme_lets_those_under_it_stand_by_themselves() -> None:
    after = make(Retire("billing"))
    assert after["late"].parent is None
    back = changed({**after, "late": ThemeState("late", "Late invoices")}, Restore("billing"), {})
    assert not back["billing"].is_retired


def test_a_theme_comes_back_by_itself_when_what_it_stood_under_cannot_hold_it() -> None:
    gone = changed(make(Retire("late")), Retire("billing"), {})
    assert changed(gone, Restore("late"), {})["late"].parent is None


@pytest.mark.parametrize(
    ("wish", "wanted", "was_done"),
    [
        (Add("Cars", under="billing"), "Add “Cars” under “Billing”", "added “Cars” under “Billing”"),
        (Rename("people", "Folk"), "Rename “People” to “Folk”", "renamed “People” to “Folk”"),
        (Describe("people", "Folk", "x"), "Describe “People” anew, calling it “Folk”", "described “People” anew, calling it “Folk”"),
        (Move("people", "billing"), "Put “People” under “Billing”", "put “People” under “Billing”"),
        (Move("late", None), "Take “Late invoices” out of “Billing”", "took “Late invoices” out of “Billing”"),
        (Merge("late", "people"), "Put “Late invoices” together with “People”", "put “Late invoices” together with “People”"),
        (
            Split("people", PARTS, stays=True),
            "Split “People”, which stays above them, into “Parking” and “Canteen”",
            "split “People”, which stays above them, into “Parking” and “Canteen”",
        ),
        (Retire("people"), "Take “People” out of use", "took “People” out of use"),
        (Restore("old"), "Put “Old” back in use", "put “Old” back in use"),
        (BringBack(1), "Bring back the themes as they were in version 1", "brought back the themes as they were in version 1"),
    ],
)  # fmt: skip
def test_every_wish_is_said_as_a_person_would(wish: Wish, wanted: str, was_done: str) -> None:
    assert (wished(THEMES, wish), done(THEMES, wish)) == (wanted, was_done)
    assert wishes.from_stored(wishes.to_stored(wish)) == wish


KEYS = st.sampled_from([*THEMES, "parking", "nowhere"])
WISHES = st.one_of(
    st.builds(Add, st.sampled_from(["Cars", "Billing", "Old"]), under=st.one_of(st.none(), KEYS)),
    st.builds(Rename, KEYS, st.sampled_from(["Cars", "Billing", "Old"])),
    st.builds(Move, KEYS, st.one_of(st.none(), KEYS)),
    st.builds(Merge, KEYS, KEYS),
    st.builds(Split, KEYS, st.just(PARTS), st.booleans()),
    st.builds(Retire, KEYS),
    st.builds(Restore, KEYS),
)


@given(st.lists(WISHES, max_size=12))
def test_whatever_is_wished_leaves_two_levels_and_one_theme_a_name(wanted: list[Wish]) -> None:
    themes = dict(THEMES)
    for wish in wanted:
        try:
            themes = changed(themes, wish, {})
        except VocError:
            continue
        check_whole(themes)
        assert set(THEMES) <= set(themes)
        assert state.from_stored(state.to_stored(themes)) == themes
