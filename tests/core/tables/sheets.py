"""Reads a workbook back without a spreadsheet: a zip of XML."""

import re
from dataclasses import dataclass
from html import unescape
from io import BytesIO
from zipfile import ZipFile

_CELL = re.compile(
    r'<c r="(?P<place>[A-Z]+[0-9]+)"(?P<attributes>[^>]*?)(?:/>|>(?P<inside>.*?)</c>)', re.DOTALL
)


@dataclass(frozen=True)
class Shown:
    """One cell: text, number or formula."""

    kind: str
    value: str


def cells_of(content: bytes, sheet: int = 1) -> dict[str, Shown]:
    """Place (A1) to cell of one sheet."""
    with ZipFile(BytesIO(content)) as book:
        xml = book.read(f"xl/worksheets/sheet{sheet}.xml").decode()
        names = book.namelist()
        strings = book.read("xl/sharedStrings.xml").decode() if "xl/sharedStrings.xml" in names else ""
    shared = [unescape("".join(re.findall(r"<t[^>]*>(.*?)</t>", one, re.DOTALL))) for one in re.findall(r"<si>(.*?)</si>", strings, re.DOTALL)]  # fmt: skip
    found = {}
    for match in _CELL.finditer(xml):
        inside = match["inside"]
        if not inside:
            continue
        value = re.search(r"<v>(.*?)</v>", inside, re.DOTALL)
        if "<f>" in inside:
            found[match["place"]] = Shown("formula", inside)
        elif 't="s"' in match["attributes"] and value:
            found[match["place"]] = Shown("text", shared[int(value[1])])
        elif value:
            found[match["place"]] = Shown("number", value[1])
    return found


def sheet_names(content: bytes) -> list[str]:
    """The names of the sheets, in order."""
    with ZipFile(BytesIO(content)) as book:
        return re.findall(r'<sheet name="([^"]*)"', book.read("xl/workbook.xml").decode())
