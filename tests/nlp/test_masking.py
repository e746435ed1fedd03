"""What is masked on the frozen half of a made set, and what stays readable."""

import hashlib
from pathlib import Path

import pytest

from nlp.evaluating.labelled import read_labelled
from nlp.evaluating.masks import masking_figures
from nlp.personal import personal_spans, settle
from nlp.pipeline import load

LABELS = Path(__file__).parent / "labels"
FROZEN = {
    "masking_test.jsonl": "61376b4b0b08b54f7830dd94d2c66af3e5e0591bbf8730986950ff97505f4adc",
    "masking_starts_test.jsonl": "0947bec0ff2ee5f33d287120a0d564086d5089d96848a34689b115fa74fba0be",
    "masking_forms_test.jsonl": "094fb2095880a611094034e02815f7dedfa711c2df8ea65ea5f9505b269d94bf",
}
SETS = [
    ("masking_tune.jsonl", "masking_names.txt", "masking_clients.txt"),
    ("masking_test.jsonl", "masking_names.txt", "masking_clients.txt"),
    ("masking_starts_tune.jsonl", "masking_starts_people.txt", "masking_starts_clients.txt"),
    ("masking_starts_test.jsonl", "masking_starts_people.txt", "masking_starts_clients.txt"),
]
RECALL, PRECISION = 0.95, 0.90


def masked(said: str) -> list[str]:
    return [said[mask.start : mask.end] for mask in settle(personal_spans(said))]


@pytest.mark.parametrize("half", FROZEN)
def test_frozen_half_is_untouched(half: str) -> None:
    assert hashlib.sha256((LABELS / half).read_bytes()).hexdigest() == FROZEN[half]


@pytest.mark.parametrize(("half", "people", "clients"), SETS)
def test_masks_of_the_made_sets_hold(half: str, people: str, clients: str) -> None:
    told = [(LABELS / name).read_text(encoding="utf-8").splitlines() for name in (people, clients)]
    reader = load((), known_names=told[0], known_clients=told[1])
    figures = masking_figures(read_labelled(LABELS / half), reader)
    recall, precision = figures["recall"], figures["precision"]
    assert isinstance(recall, float)
    assert isinstance(precision, float)
    assert (recall >= RECALL, precision >= PRECISION) == (True, True)


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("Hi Will, where is it?", ["Will"]),
        ("Will it arrive in May?", []),
        ("According to Anna Kowalska it is late.", ["Anna Kowalska"]),
        ("The Charlotte Depot is closed.", []),
        ("Order 4711023 is late.", []),
        ("My account number is 4711023.", ["4711023"]),
        ("Anna Berg and Tom were kind.", ["Anna Berg", "Tom"]),
        ("Version 10.2.3.4 is slow", []),
        ("Part 624.887.47 broke.", []),
        ("Regards,\nAnna Berg\nHarbour Foods", ["Anna Berg"]),
        ("- Paper missing\n- Driver rude", []),
        ("Maybe called twice. Points from your list are gone.", []),
        ("Thanks\nStill waiting", []),
        ("The only way to get a human is Sabine's mobile.", ["Sabine's"]),
        ("Dear Mr Short, it is late.", ["Short"]),
        ("R. Amberling has the key.", ["R. Amberling"]),
        ("It came in May.", []),
        ("My name is Đặng Thị Hương.", ["Đặng Thị Hương"]),
        ("Ask Tomás O’Brien-Núñez for it.", ["Tomás O’Brien-Núñez"]),
        ("Thanks,\nNguye\u0302\u0303n Ba\u0309o", ["Nguye\u0302\u0303n Ba\u0309o"]),
        ("Regards,\nJOHN ABERCROMBIE\nHead of stores", ["JOHN ABERCROMBIE"]),
        ("Mit freundlichen Grüßen\nTjorven Aalderink", ["Tjorven Aalderink"]),
        ("Regards,\nTHE WHOLE TEAM", []),
    ],
)
def test_names_and_numbers_are_told_apart(said: str, wanted: list[str]) -> None:
    assert masked(said) == wanted


def test_both_lists_of_ordinary_words_are_the_same() -> None:
    root = LABELS.parents[2]
    lists = [root / "nlp" / "config" / "ordinary_words.txt", root / "voc" / "core" / "ordinary_words.txt"]
    assert lists[0].read_bytes() == lists[1].read_bytes()
