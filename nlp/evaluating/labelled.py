"""Labelled comments: own words, or a place in the data beside the checkout that is read when asked."""

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

BESIDE = Path(__file__).resolve().parents[3] / "shared" / "data"
"""Where the data lies when it is beside the checkout."""
_END = re.compile(r"(?<=[.!?])\s+|\n+")
_CSV_TEXT = ("text", "Consumer complaint narrative")


@dataclass(frozen=True, slots=True)
class Labelled:
    """One comment with its labels (None where one was not judged); `real` when it comes from the data."""

    text: str
    labels: dict[str, object]
    real: bool


def sentences(text: str) -> list[str]:
    """The sentences of a text as the label files count them; this never changes, or the labels move."""
    return [piece.strip() for piece in _END.split(text) if piece.strip()]


def read_labelled(path: Path, folder: Path = BESIDE) -> list[Labelled]:
    """All comments of a CSV or JSON-lines file; stops where the data that it names is absent."""
    if path.suffix == ".csv":
        with path.open(newline="", encoding="utf-8") as file:
            rows: list[dict[str, object]] = [dict(row) for row in csv.DictReader(file)]
    else:
        lines = path.read_text(encoding="utf-8").splitlines()
        rows = [json.loads(line) for line in lines if line.strip()]
    return [_labelled(row, folder) for row in rows]


def marked(label: object) -> bool:
    """Whether a label says yes, as CSV and JSON write it."""
    return str(label).strip().lower() in {"1", "true", "yes"}


def _labelled(row: dict[str, object], folder: Path) -> Labelled:
    if "file" not in row:
        return Labelled(str(row["text"]), row, real=False)
    text = texts_of(folder / str(row["file"]))[int(str(row["row"]))]
    at = row.get("sentence")
    return Labelled(text if at is None else sentences(text)[int(str(at))], row, real=True)


@cache
def texts_of(path: Path) -> tuple[str, ...]:
    """All comments of a file of the data, in order; stops where it is absent."""
    if not path.is_file():
        raise SystemExit(f"{path} is not there; name the folder of the data with --data.")
    with path.open(newline="", encoding="utf-8") as file:
        return tuple(_READERS[path.suffix](file))


def _csv_texts(file: Iterable[str]) -> Iterator[str]:
    for row in csv.DictReader(file):
        yield next(row[name] for name in _CSV_TEXT if name in row)


def _tsv_texts(file: Iterable[str]) -> Iterator[str]:
    return (line.split("\t")[0] for line in file)


def _json_texts(file: Iterable[str]) -> Iterator[str]:
    return (json.loads(line)["text"] for line in file)


_READERS: dict[str, Callable[[Iterable[str]], Iterator[str]]] = {
    ".csv": _csv_texts,
    ".tsv": _tsv_texts,
    ".jsonl": _json_texts,
}
