"""What a reader of another client sees of names in unusual spellings, on sets labelled before the rules were written."""

import json
from itertools import pairwise
from pathlib import Path

import pytest

from nlp.pipeline import Reader, load
from voc.core.names import Names
from voc.core.text import masked_spans

LABELS = Path(__file__).parents[1] / "nlp" / "labels"
RECALL, PRECISION = 0.95, 0.95
SETS = {
    "masking_test.jsonl": ("masking_names.txt", "masking_clients.txt"),
    "masking_starts_test.jsonl": ("masking_starts_people.txt", "masking_starts_clients.txt"),
    "masking_forms_tune.jsonl": ("masking_forms_people.txt", "masking_forms_clients.txt"),
    "masking_forms_test.jsonl": ("masking_forms_people.txt", "masking_forms_clients.txt"),
}


@pytest.fixture(scope="module")
def reader() -> Reader:
    """As a worker reads: it is told no name, since names change from day to day."""
    return load(())


def _shown(said: str, reader: Reader, names: Names) -> list[tuple[int, int]]:
    """What is hidden, where masks meet as one."""
    spans = [(start, end) for start, end, _ in masked_spans(said, reader.read([said])[0].masks, names)]
    hidden = {at for start, end in spans for at in range(start, end)}
    edges = sorted({*hidden} ^ {at + 1 for at in hidden})
    return [(start, end) for start, end in list(pairwise(edges))[::2]]


@pytest.mark.parametrize("half", SETS)
def test_what_others_see_names_nobody_and_stays_readable(half: str, reader: Reader) -> None:
    people, clients = ((LABELS / name).read_text(encoding="utf-8").splitlines() for name in SETS[half])
    names = Names.of(people, clients)
    wanted = met = said = right = 0
    for line in (LABELS / half).read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        hidden = _shown(row["text"], reader, names)
        wanted += len(row["masks"])
        met += sum(
            any(low <= start and end <= high for low, high in hidden) for start, end, _ in row["masks"]
        )
        said += len(hidden)
        right += sum(
            any(low < end and start < high for start, end, _ in row["masks"]) for low, high in hidden
        )
    assert (met / wanted >= RECALL, right / said >= PRECISION) == (True, True)
