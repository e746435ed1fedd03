"""How many of ALL clients have an issue, the silent ones included: the estimator's public face.

Workers call it; the web process never loads it. `fit_counts` estimates one issue from plain arrays,
`learn_priors` lets issues teach each other (`Estimate.lesson` of each fit), `next_asks` says whom to
ask. The model is in the modules of `estimating/`, in words and equations in `docs/statistics.md`.
"""

from typing import Unpack

import numpy as np
from numpy.typing import ArrayLike

from voc.breadth.estimating.asking import Asks, choose_asks
from voc.breadth.estimating.cells import squash
from voc.breadth.estimating.deciding import Decision, Verdict, against_clients, against_value
from voc.breadth.estimating.facts import (
    Answer,
    Audit,
    Facts,
    Given,
    Ints,
    Opinion,
    checked_facts,
    weigh_audit,
)
from voc.breadth.estimating.fitting import Peak, find_peak
from voc.breadth.estimating.likelihood import Model, model_of
from voc.breadth.estimating.posterior import draw
from voc.breadth.estimating.priors import Lesson, Priors, learn_priors
from voc.breadth.estimating.ranking import chance_in_top
from voc.breadth.estimating.result import Estimate, Flag, Origin, Range, Witness
from voc.breadth.estimating.summary import lesson_of, nothing_known, summarise
from voc.breadth.estimating.survey import Survey, disagrees, survey_of
from voc.breadth.estimating.windows import Panel, facts_of
from voc.breadth.estimating.wrong_tags import wrong_tags

__all__ = [
    "Answer", "Asks", "Audit", "Decision", "Estimate", "Facts", "Flag", "Given", "Lesson", "Opinion", "Origin", "Panel",
    "Priors", "Range", "Survey", "Verdict", "Witness", "against_clients", "against_value", "chance_in_top",
    "checked_facts", "choose_asks", "disagrees", "fit", "fit_counts", "learn_priors", "lesson_from", "next_asks", "survey_of",
    "weigh_audit",
]  # fmt: skip

MODEL_VERSION = "breadth-2"  # stored beside every frozen prediction


def fit_counts(*, priors: Priors | None = None, **given: Unpack[Given]) -> Estimate:
    """How many of the N clients to whom one issue applies have it.

    Args:
        priors: learned from the other issues; the defaults without.
        given: one array place for each client, named and explained in `Given`.

    Raises:
        Invalid: naming the array that holds something unusable.
    """
    return _estimate(checked_facts(**given), priors or Priors())


def fit(panel: Panel, priors: Priors | None = None) -> tuple[Estimate, ...]:
    """The estimate of each of K issues of one book of clients, each taught by the others from five issues on."""
    every = facts_of(panel)
    start = priors or Priors()
    taught = learn_priors([lesson_from(facts, start) for facts in every], default=start)
    return tuple(_estimate(facts, taught) for facts in every)


def lesson_from(facts: Facts, priors: Priors) -> Lesson:
    """What one issue teaches the others, without the cost of its whole estimate."""
    if facts.clients == 0:
        return nothing_known(facts).lesson
    model, peak = _peak(facts, priors)
    return lesson_of(model, peak, facts.audit)


def next_asks(result: Estimate, answers: ArrayLike, count: int, rng: np.random.Generator) -> Ints:
    """Places of up to `count` clients to ask next: the most telling first, then at least three in ten by lot.

    `choose_asks` gives the two apart and takes a mask of who may be asked.
    """
    return choose_asks(result, answers, count, rng).all


def _estimate(facts: Facts, priors: Priors) -> Estimate:
    if facts.clients == 0:
        return nothing_known(facts)
    model, peak = _peak(facts, priors)
    return summarise(facts, model, peak, draw(model, peak))


def _peak(facts: Facts, priors: Priors) -> tuple[Model, Peak]:
    model = model_of(squash(facts), tags=wrong_tags(facts, priors), priors=priors)
    return model, find_peak(model)
