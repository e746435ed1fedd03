"""The plain survey beside the model: what the clients asked by lot say, with no model at all."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from voc.breadth.estimating.facts import Answer
from voc.breadth.estimating.result import Estimate

_FEWEST = 10  # yes and no answers under which a survey says nothing (policy)
_DISAGREE = 2.0  # standard errors (breadth.md 1.9)


@dataclass(frozen=True, slots=True)
class Survey:
    """Rogan and Gladen's share: (yes share + spec - 1) / (sens + spec - 1), cut to [0, 1], and its standard error."""

    share: float
    error: float
    answered: int


def survey_of(
    answers: ArrayLike, at_random: ArrayLike, *, sensitivity: float = 0.95, specificity: float = 0.97
) -> Survey | None:
    """The survey among the clients asked by lot, (N,) mask; None with fewer than ten yes and no answers."""
    said = np.asarray(answers)[np.asarray(at_random, dtype=bool)]
    yes, no = int((said == Answer.YES).sum()), int((said == Answer.NO).sum())
    answered = yes + no
    scale = sensitivity + specificity - 1
    if answered < _FEWEST or scale <= 0:
        return None
    share = yes / answered
    error = np.sqrt(max(share * (1 - share), 0.25 / answered) / answered) / scale
    return Survey(float(np.clip((share + specificity - 1) / scale, 0, 1)), float(error), answered)


def disagrees(result: Estimate, survey: Survey) -> bool:
    """Whether survey and model differ by more than two standard errors, so that a page shows both."""
    own = float(np.std(result.counts)) / max(result.clients, 1)
    return abs(survey.share - result.prevalence) > _DISAGREE * float(np.hypot(own, survey.error))
