"""How often a comment on something else is tagged with this issue by mistake."""

from dataclasses import dataclass

import numpy as np
from scipy.special import digamma, polygamma

from voc.breadth.estimating.facts import Facts
from voc.breadth.estimating.priors import Priors

_ROUGH = 0.35  # sd on the log scale for wrong tags not falling evenly on all comments (breadth.md 1.5)


@dataclass(frozen=True, slots=True)
class WrongTags:
    """Belief about the share q of tags that are wrong: logit q ~ N(mean, sd); f = q * most.

    `most` is wrong tags for each other comment if every tag were wrong: ALL tagged mentions over all
    other comments. With distinct weeks in place of mentions the figure is off by 1 to 3 points more.
    """

    mean: float
    sd: float
    most: float


def wrong_tags(facts: Facts, priors: Priors) -> WrongTags:
    """The belief after the audit: q ~ Beta(wrong, right), whose logit has mean digamma(w) - digamma(r)."""
    right, wrong = priors.right + facts.audit.right, priors.wrong + facts.audit.wrong
    sd = float(np.sqrt(polygamma(1, wrong) + polygamma(1, right)))
    most = (facts.mentions.sum() + 0.5) / max(float(facts.others.sum()), 1.0)
    return WrongTags(mean=float(digamma(wrong) - digamma(right)), sd=sd + _ROUGH, most=float(most))
