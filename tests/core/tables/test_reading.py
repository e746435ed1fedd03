"""Files as people have them."""

from pathlib import Path

import pytest

from voc.core.errors import Invalid, TooLarge
from voc.core.tables.reading import look_at, rows
from voc.core.tables.writing import safe, unquote


def written(folder: Path, content: bytes, name: str = "list.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "cp932"]
)
def test_letters_are_read_in_the_encoding_they_are_written_in(tmp_path: Path, encoding: str) -> None:
    words = (
        "請求書が遅れています。電話に誰も出ません。"
        if encoding == "cp932"
        else "Café Zürich – „naïve“ façade"
    )
    path = written(tmp_path, ("name,text\n" + f"one,{words}\n" * 20).encode(encoding))
    found = list(rows(path, look_at(path)))
    assert [row.values[1] for row in found] == [words] * 20


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found(tmp_path: Path, separator: str) -> None:
    path = written(tmp_path, f"a{separator}b\n1{separator}2\n".encode())
    assert look_at(path).separator == separator


def test_a_row_with_broken_letters_is_refused_and_the_others_are_read(tmp_path: Path) -> None:
    path = written(tmp_path, "n,text\n1,Café crème brûlée\n2,".encode() + b"caf\xe9" + "\n3,señor\n".encode())
    found = list(rows(path, look_at(path)))
    assert [bool(row.problem) for row in found] == [False, True, False]
    assert found[1].line == 3


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_is_one(tmp_path: Path, end: str) -> None:
    path = written(tmp_path, f'a,b{end}1,"x{end}y"{end}2,z{end}'.encode())
    found = list(rows(path, look_at(path)))
    assert [row.line for row in found] == [2, 4]


def test_ragged_rows_and_a_repeated_header_are_row_errors(tmp_path: Path) -> None:
    path = written(tmp_path, b"a,b\n1,2\n1\n1,2,3\na,b\n\n3,4\n")
    found = list(rows(path, look_at(path)))
    assert [bool(row.problem) for row in found] == [False, True, True, True, False]


def test_a_field_of_200k_characters_is_read(tmp_path: Path) -> None:
    path = written(tmp_path, b"a,b\n1," + b"x" * 200_000 + b"\n2,y\n")
    assert [len(row.values[1]) for row in rows(path, look_at(path))] == [200_000, 1]


def test_a_quote_that_never_closes_is_a_row_error(tmp_path: Path) -> None:
    path = written(tmp_path, b'a,b\n1,"' + b"x" * 3_000_000)
    assert all(row.problem for row in rows(path, look_at(path)))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"  \n",
        b"PK\x03\x04zip",
        b"%PDF-1.7",
        b"\x7fELF",
        b"GIF89a",
        b"<!DOCTYPE html><p>",
        b"[1, 2]",
        b"MZ\x90",
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(Invalid):
        look_at(written(tmp_path, content))


def test_five_thousand_columns_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TooLarge):
        look_at(written(tmp_path, ",".join(f"c{n}" for n in range(5_000)).encode() + b"\n"))


def test_json_lines_are_read_and_bad_ones_are_row_errors(tmp_path: Path) -> None:
    lines = [
        '{"a": "x", "b": 1}',
        '{"a": "y", "a": "z"}',
        '{"a": NaN}',
        "[" * 100_000,
        "7",
        '{"b": null, "a": "q"}',
    ]
    path = written(tmp_path, "\n".join(lines).encode(), "list.jsonl")
    found = list(rows(path, look_at(path)))
    assert [list(row.values) for row in found if not row.problem] == [["x", "1"], ["q", ""]]
    assert sum(bool(row.problem) for row in found) == 4


@pytest.mark.parametrize(
    "cell", ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "'=1", "plain", ""]
)
def test_cells_are_safe_for_spreadsheets_and_come_back_as_they_were(cell: str) -> None:
    assert not safe(cell).startswith(("=", "+", "-", "@", "\t", "\r", "＝"))
    assert unquote(safe(cell)) == cell
