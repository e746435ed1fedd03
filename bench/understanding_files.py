"""The files that both sides read, cut from the data beside the checkout: columns text and label, nothing drawn at random."""

import csv
import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from nlp.evaluating.labelled import read_labelled

LABELS = Path(__file__).parents[1] / "tests" / "nlp" / "labels"
TEST_FOLDS = frozenset(range(4))
"""Of NLU++'s 20 folds these are asked, the others teach."""
_FIFTH = 5

Rows = Iterable[tuple[str, str]]


def prepare(data: Path, out: Path) -> Path:
    """The folder with all files whose data are there; written anew each time, the same for the same data."""
    out.mkdir(parents=True, exist_ok=True)
    if (data / "banking77").is_dir():
        _banking(data / "banking77", out)
    if (data / "cfpb").is_dir():
        _cfpb(next((data / "cfpb").glob("*.csv")), out)
    if (data / "nlupp").is_dir():
        _nlupp(data / "nlupp", out)
    return out


def chosen_on(labels: Iterable[str]) -> frozenset[str]:
    """The 38 of Banking77's 77 intents that settings may be chosen on: every second in the order of the alphabet."""
    return frozenset(sorted(set(labels))[1::2])


def _banking(folder: Path, out: Path) -> None:
    parts = {part: _read(folder / f"{part}.csv", "text", "category") for part in ("train", "test")}
    open_to_all = chosen_on(label for _, label in parts["train"])
    for part, rows in parts.items():
        _write(out / f"banking77-{part}.csv", rows)
        _write(out / f"other39-{part}.csv", [row for row in rows if row[1] not in open_to_all])


def _cfpb(path: Path, out: Path) -> None:
    """Narratives with their issue; a fifth of the companies, by the hash of their name, are only asked."""
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    parts: dict[str, list[tuple[str, str]]] = {"train": [], "test": []}
    for row in rows:
        unseen = hashlib.sha256(row["Company"].encode()).digest()[0] % _FIFTH == 0
        parts["test" if unseen else "train"].append((row["Consumer complaint narrative"], row["Issue"]))
    for part, found in parts.items():
        _write(out / f"cfpb-{part}.csv", found)
    _write(out / "cfpb-all.csv", parts["train"] + parts["test"])
    _write(out / "cfpb-400.csv", [*parts["train"], *parts["test"]][:400])


def _nlupp(folder: Path, out: Path) -> None:
    """Utterances of both fields with all their intents, | between them; those without an intent are left out."""
    rows = [
        json.loads(line)
        for name in ("banking", "hotels")
        for line in (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    for part, asked in (("train", False), ("test", True)):
        found = [
            (row["text"], "|".join(row["intents"]))
            for row in rows
            if row.get("intents") and (row["fold"] in TEST_FOLDS) == asked
        ]
        _write(out / f"nlupp-{part}.csv", found)


def sentiment_texts(data: Path, out: Path) -> None:
    """The labelled sentences as one column, for VADER."""
    _write(
        out / "sentiment.csv",
        [(row.text, "") for row in read_labelled(LABELS / "sentiment_test.jsonl", data)],
    )


def _read(path: Path, text: str, label: str) -> list[tuple[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return [(row[text], row[label]) for row in csv.DictReader(file)]


def _write(path: Path, rows: Rows) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(["text", "label"])
        out.writerows(rows)
