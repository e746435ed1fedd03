"""The parts of the model: its slope, its tables, its cells."""

import numpy as np
import pytest

from tests.breadth.panels import book
from voc.breadth.estimating.cells import squash
from voc.breadth.estimating.detection import mentioning
from voc.breadth.estimating.exposure import shrink, talk_of
from voc.breadth.estimating.facts import checked_facts
from voc.breadth.estimating.fitting import find_peak
from voc.breadth.estimating.likelihood import Model, evaluate, model_of
from voc.breadth.estimating.priors import Priors
from voc.breadth.estimating.wrong_tags import wrong_tags


def witnessed(seed: int) -> Model:
    """A model in which everybody says something."""
    facts = book(seed, asked=0.5).facts
    rng = np.random.default_rng(seed)
    staff, owners, settled = (rng.choice([-1, 0, 1], facts.clients, p=[0.1, 0.8, 0.1]) for _ in range(3))
    known = checked_facts(
        weeks_mentioned=facts.weeks_mentioned, mentions=facts.mentions, others=facts.others, segments=facts.segments,
        answers=facts.answers, staff=staff, owners=owners, settled=settled, audit=facts.audit,
    )  # fmt: skip
    return model_of(squash(known), tags=wrong_tags(known, Priors()), priors=Priors())


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_slope_is_the_change_of_the_height(seed: int) -> None:
    model = witnessed(seed)
    size = len(model.active)
    at = np.random.default_rng(seed).normal(0, 0.7, (1, size))
    moves = 1e-5 * np.eye(size)
    change = evaluate(model, at + moves).log_posterior - evaluate(model, at - moves).log_posterior
    assert evaluate(model, at, slope=True).slope[0] == pytest.approx(change / 2e-5, abs=1e-5)


def test_the_top_is_flat() -> None:
    model = witnessed(4)
    peak = find_peak(model)
    slope = evaluate(model, peak.at[None], slope=True).slope[0]
    assert slope @ peak.covariance @ slope < 0.02
    assert (np.linalg.eigvalsh(peak.covariance) > 0).all()


def test_what_clients_say_of_the_issue_adds_up_to_one() -> None:
    talk, _ = talk_of(np.array([0, 1, 3, 9, 40]))
    found = mentioning(
        talk,
        np.array([-3.0, 0.5]),
        np.array([-1.0, 0.7]),
        np.array([1.0, 0.6]),
        np.array([-7.0, -5.0]),
        slopes=False,
    )
    assert found.has.sum(axis=2) == pytest.approx(1)
    assert found.has_not.sum(axis=2) == pytest.approx(1)
    assert (found.has[..., 3] > found.has_not[..., 3]).all()


def test_every_client_is_in_a_cell_with_its_like() -> None:
    facts = book(5, asked=0.3).facts
    cells = squash(facts)
    assert cells.clients.sum() == facts.clients
    assert cells.value.sum() == pytest.approx(facts.values.sum())
    assert (cells.segment[cells.of_client] == facts.segments).all()
    assert (cells.answer[cells.of_client] == facts.answers + 2).all()
    assert (cells.weeks[cells.of_client] == np.minimum(facts.weeks_mentioned, 3)).all()


def test_hundreds_of_segments_are_counted_as_well() -> None:
    facts = book(5).facts
    many = checked_facts(
        weeks_mentioned=facts.weeks_mentioned, mentions=facts.mentions, others=facts.others,
        segments=np.arange(facts.clients),
    )  # fmt: skip
    assert squash(many).count == facts.clients


def test_a_hundred_thousand_clients_fit_in_few_cells() -> None:
    assert squash(book(6, clients=100_000, asked=0.3).facts).count < 1500


def test_talkativeness_is_drawn_towards_the_other_clients() -> None:
    others = np.array([0.0, 1.0, 5.0, 60.0])
    mean, shape = shrink(others, np.array([50, 30, 15, 5]))
    assert (np.diff(mean) > 0).all()
    assert 0 < mean[0] < 1
    assert mean[3] < 60
    assert (np.diff(shape) > 0).all()
