"""How often a comment on something else is tagged with this issue by mistake."""

import numpy as np

from voc.breadth.estimating.facts import Facts
from voc.breadth.estimating.priors import Priors

_ROUGH = 0.35  # sd on the log scale for wrong tags not falling evenly on all comments (breadth.md 1.5)


def wrong_tags(facts: Facts, priors: Priors) -> tuple[float, float]:
    """Mean and sd of log f: the expected share of wrong tags times ALL tagged mentions, for each other comment.

    All mentions, not distinct weeks: with those the share of clients is off by 1 to 3 points more.
    """
    right = priors.right + facts.audit.right
    wrong = priors.wrong + facts.audit.wrong
    share = wrong / (right + wrong)
    sd = np.sqrt(right / (wrong * (right + wrong + 1)))
    rate = share * (facts.mentions.sum() + 0.5) / max(float(facts.others.sum()), 1.0)
    return float(np.log(rate)), float(sd + _ROUGH)
