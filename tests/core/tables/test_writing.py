"""Tables that leave the house: real types, and nothing that a spreadsheet would run (acceptance.md B48)."""

import csv
from datetime import date
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.tables.sheets import cells_of
from voc.core.errors import TooLarge
from voc.core.tables.writing import MOST_ROWS, Table, as_csv, as_xlsx, safe, unquote

FORMULAS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "＝1",
    "＋1",
    "－1",
    "＠x",
    '=HYPERLINK("http://e")',
)


def table(*cells: object) -> Table:
    return Table("One", ("Name", "Words"), [[*cells]])  # type: ignore[list-item]  # values as a test gives them


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(content.decode("utf-8-sig"))))


@pytest.mark.parametrize("words", FORMULAS)
def test_no_cell_of_a_csv_begins_like_a_formula(words: str) -> None:
    assert rows_of(as_csv(table("a", words)))[1][1] == f"'{words}"


@pytest.mark.parametrize("words", FORMULAS)
def test_no_cell_of_a_workbook_is_a_formula_or_begins_like_one(words: str) -> None:
    shown = cells_of(as_xlsx([table("a", words)]))["B2"]
    assert shown.kind == "text"
    assert shown.value.startswith("'")


def test_a_columns_name_is_guarded_too() -> None:
    named = Table("One", ("=Name",), [])
    assert rows_of(as_csv(named)) == [["'=Name"]]
    assert cells_of(as_xlsx([named]))["A1"].value == "'=Name"


def test_numbers_and_days_keep_their_type() -> None:
    cells = cells_of(as_xlsx([Table("One", ("a", "b", "c", "d"), [[3, 1.5, date(2026, 5, 4), None]])]))
    assert (cells["A2"].kind, cells["A2"].value) == ("number", "3")
    assert (cells["B2"].kind, cells["B2"].value) == ("number", "1.5")
    assert (cells["C2"].kind, cells["C2"].value) == ("number", "46146")  # days since 1900, shown as a date
    assert "D2" not in cells


def test_what_is_not_known_is_empty_and_never_zero() -> None:
    assert rows_of(as_csv(table("a", None)))[1] == ["a", ""]


def test_days_and_yes_are_written_plainly_in_a_csv() -> None:
    assert rows_of(as_csv(table(True, date(2026, 5, 4))))[1] == ["yes", "2026-05-04"]


@given(
    st.text(alphabet=st.characters(blacklist_categories=("Cs",), blacklist_characters="\x00"), max_size=40)
)
def test_the_guard_comes_off_again_and_leaves_no_formula(words: str) -> None:
    assert unquote(safe(words)) == words
    assert not safe(words).startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"))


def test_a_sheets_name_holds_nothing_a_spreadsheet_refuses() -> None:
    assert as_xlsx([Table("[All]: a/b\\c*? and much more than thirty-one letters", ("a",), [])])


def test_more_rows_than_we_write_are_refused_with_a_way_out() -> None:
    with pytest.raises(TooLarge, match="Narrow the list"):
        as_csv(Table("One", ("a",), [["x"]] * (MOST_ROWS + 1)))
