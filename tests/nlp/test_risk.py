"""Departure and escalation on the frozen half of the labels, and how a pattern stands in its sentence."""

import hashlib
import json
from pathlib import Path

import pytest

from nlp.evaluating import Figures
from nlp.evaluating.labelled import read_labelled, sentences
from nlp.evaluating.risk import risk_figures
from nlp.pipeline import Reader, load

LABELS = Path(__file__).parent / "labels"
FROZEN = "5267c293db12202c229271af490098504270789fb195b588555939c93b5f43be"

FLOORS = {"departure": (0.90, 0.82), "escalation": (0.92, 0.85)}
"""Precision and recall that the frozen half has reached (2026-11-23: 0.902 at 0.835, 0.929 at 0.867); the goal is 0.90
at 0.85, so recall of departure still has to grow."""
PLAIN_FLOOR = (0.85, 0.70)
"""The same of departure in plain sentences of business clients that nothing has learned (0.889 at 0.727)."""


@pytest.fixture(scope="module")
def plain_reader() -> Reader:
    return load(())


@pytest.fixture(scope="module")
def figures(labelled: Path, plain_reader: Reader) -> Figures:
    return risk_figures(read_labelled(LABELS / "risk_test.jsonl", labelled), plain_reader)


def test_frozen_half_is_the_one_written_before_the_rules_were_seen() -> None:
    assert hashlib.sha256((LABELS / "risk_test.jsonl").read_bytes()).hexdigest() == FROZEN


def test_training_half_holds_no_comment_of_the_frozen_half() -> None:
    def comments(name: str) -> set[tuple[object, ...]]:
        rows = [json.loads(line) for line in (LABELS / name).read_text(encoding="utf-8").splitlines()]
        return {(row.get("text"), row.get("file"), row.get("row"), row.get("sentence")) for row in rows}

    assert not comments("risk_test.jsonl") & comments("risk_train.jsonl")


@pytest.mark.parametrize("kind", ["departure", "escalation"])
def test_what_is_said_of_the_frozen_half_holds(figures: Figures, kind: str) -> None:
    found = figures[kind]
    assert isinstance(found, dict)
    assert found["precision"] >= FLOORS[kind][0]
    assert found["recall"] >= FLOORS[kind][1]


def test_what_is_said_of_plain_departures_holds(labelled: Path, plain_reader: Reader) -> None:
    found = risk_figures(read_labelled(LABELS / "leaving_probe.jsonl", labelled), plain_reader)
    departure, severity = found["departure"], found["severity"]
    assert isinstance(departure, dict)
    assert isinstance(severity, dict)
    assert departure["precision"] >= PLAIN_FLOOR[0]
    assert departure["recall"] >= PLAIN_FLOOR[1]
    assert severity["n"] == 0


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("Please cancel our maintenance contract.", "cancel"),
        ("Good day. All is well. I want to close my account today.", "close my account"),
    ],
)
def test_evidence_of_departure_is_the_words_that_say_it(plain_reader: Reader, said: str, words: str) -> None:
    departure = plain_reader.read([said])[0].departure
    assert departure is not None
    assert departure.span is not None
    assert words in said[departure.span.start : departure.span.end]
    assert departure.reason.endswith(".")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("All is well. If this goes on we will leave.", "If this goes on we will leave"),
        ("We will leave if this goes on.", "We will leave if this goes on"),
        ("Mend it by Friday or we will leave.", "Mend it by Friday or we will leave"),
        ("One more late delivery and we will cancel the contract.", "One more late delivery and we will cancel"),
        ("Should this happen again, we will terminate the contract.", "Should this happen again, we will terminate"),
    ],
)  # fmt: skip
def test_a_threat_keeps_its_condition(plain_reader: Reader, said: str, words: str) -> None:
    departure = plain_reader.read([said])[0].departure
    assert departure is not None
    assert departure.reason.startswith(f"“{words}")


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("All is well here. You will not see another order from us.", "“not see another order”: says that it was the last time."),
        ("Kindly release us from the remaining term of the lease.",
         "“release us from the remaining term”: asks how to get out or to be let go."),
    ],
)  # fmt: skip
def test_a_phrase_of_leaving_is_quoted_with_what_it_means(
    plain_reader: Reader, said: str, reason: str
) -> None:
    departure = plain_reader.read([said])[0].departure
    assert departure is not None
    assert departure.reason == reason


def test_an_if_that_sets_no_condition_is_not_quoted(plain_reader: Reader) -> None:
    departure = plain_reader.read(["We asked if you could help, and now we will cancel the contract."])[
        0
    ].departure
    assert departure is not None
    assert departure.reason.startswith("“will cancel")


def test_a_wish_for_someone_senior_keeps_its_condition(plain_reader: Reader) -> None:
    escalation = plain_reader.read(["If nobody calls back I want to speak to your director."])[0].escalation
    assert escalation is not None
    assert escalation.reason.startswith("“If nobody calls back I want to speak to your director")


@pytest.mark.parametrize(
    "said",
    [
        "Thank you, your manager was very kind.",
        "The court is next to your office.",
        "Please cancel the appointment on Friday.",
        "We are very disappointed.",
        "The invoice was wrong again.",
    ],
)
def test_what_only_sounds_like_risk_is_none(plain_reader: Reader, said: str) -> None:
    reading = plain_reader.read([said])[0]
    assert reading.departure is None
    assert reading.escalation is None


def test_sentences_are_counted_as_the_labels_count_them() -> None:
    assert sentences("One. Two!\n\nThree? four") == ["One.", "Two!", "Three?", "four"]
