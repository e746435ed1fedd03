"""A belief about a share of wrong tags, as numbers of right and wrong ones or as a normal on its logit."""

import numpy as np
from scipy.special import digamma, polygamma

_ROUNDS = 25  # of Newton's steps; five are enough but for the oddest pairs


def logit_of(right: float, wrong: float) -> tuple[float, float]:
    """Mean and sd of logit q where q ~ Beta(wrong, right)."""
    spread = polygamma(1, wrong) + polygamma(1, right)
    return float(digamma(wrong) - digamma(right)), float(np.sqrt(spread))


def beta_of(mean: float, sd: float) -> tuple[float, float]:
    """Right and wrong of the Beta whose logit has this mean and sd, by Newton's steps on their logarithms."""
    share = 1 / (1 + np.exp(-mean))
    strength = max(1 / (sd**2 * share * (1 - share)), 0.5)
    at = np.log(((1 - share) * strength, share * strength))
    for _ in range(_ROUNDS):
        right, wrong = np.exp(at)
        off = np.array(
            (digamma(wrong) - digamma(right) - mean, polygamma(1, wrong) + polygamma(1, right) - sd**2)
        )
        turn = np.array((
            (-polygamma(1, right) * right, polygamma(1, wrong) * wrong),
            (polygamma(2, right) * right, polygamma(2, wrong) * wrong),
        ))  # fmt: skip
        at = np.clip(at - np.clip(np.linalg.solve(turn, off), -1, 1), -4, 9)
    right, wrong = np.exp(at)
    return float(right), float(wrong)
