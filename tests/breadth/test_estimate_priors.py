"""What issues teach each other."""

import json

import numpy as np
import pytest

from tests.breadth.panels import book
from tests.breadth.test_estimate import estimate
from voc.breadth.estimate import Lesson, Priors, learn_priors, lesson_from
from voc.breadth.estimating.priors import Part
from voc.core.errors import Invalid


def lessons(count: int, *, ratio: float = 0.2, asked: float = 0.0) -> list[Lesson]:
    return [lesson_from(book(seed, ratio=ratio, asked=asked).facts, Priors()) for seed in range(count)]


def test_fewer_than_five_issues_teach_nothing() -> None:
    assert learn_priors(lessons(4)) == Priors()


def test_quiet_issues_teach_that_clients_are_quiet() -> None:
    quiet, loud = learn_priors(lessons(8, ratio=0.03)), learn_priors(lessons(8, ratio=0.6))
    assert quiet.mean[Part.KAPPA] < loud.mean[Part.KAPPA] - 0.5
    assert quiet.issues == 8


def test_what_no_issue_touches_stays_as_it_was() -> None:
    assert learn_priors(lessons(6)).mean[Part.STAFF_SENSITIVITY] == pytest.approx(
        Priors().mean[Part.STAFF_SENSITIVITY]
    )


def test_finished_questions_teach_who_answers() -> None:
    learned = learn_priors(lessons(8, asked=0.8))
    assert learned.sd[Part.RESPONSE] < Priors().sd[Part.RESPONSE]


def test_audited_tags_are_pooled() -> None:
    learned = learn_priors(lessons(8))
    assert learned.right / (learned.right + learned.wrong) > 0.97


def test_learned_priors_bring_the_figure_nearer() -> None:
    """Ten in a hundred clients have it and seldom say so: less than the defaults expect."""
    learned = learn_priors(
        [lesson_from(book(seed, ratio=0.04, share=0.1).facts, Priors()) for seed in range(12)]
    )
    errors = {name: [] for name in ("default", "learned")}
    for seed in range(100, 112):
        one = book(seed, ratio=0.04, share=0.1)
        errors["default"].append(estimate(one.facts).prevalence - one.share)
        errors["learned"].append(estimate(one.facts, priors=learned).prevalence - one.share)
    rms = {name: float(np.sqrt(np.mean(np.square(found)))) for name, found in errors.items()}
    assert rms["learned"] < rms["default"]


def test_an_issue_without_clients_teaches_nothing() -> None:
    empty = estimate(book(1, clients=0).facts).lesson
    assert learn_priors([*lessons(6), empty]) == learn_priors(lessons(6))


def test_priors_are_stored_as_plain_values() -> None:
    learned = learn_priors(lessons(6))
    assert Priors.from_json(json.loads(json.dumps(learned.to_json()))) == learned


@pytest.mark.parametrize(
    "wrong", [{}, {"mean": [0.0]}, {"sd": [-1.0] * 14}, {"right": "many"}, {"segment_sd": None}]
)
def test_priors_of_another_release_are_refused(wrong: dict[str, object]) -> None:
    stored = Priors().to_json() | wrong if wrong else {}
    with pytest.raises(Invalid, match="learn them anew"):
        Priors.from_json(stored)
