"""Made-up books of clients with a known truth, small enough for tests."""

from dataclasses import dataclass

import numpy as np

from voc.breadth.estimate import Answer
from voc.breadth.estimating.facts import Audit, Bools, Facts, Floats, Ints, checked_facts


@dataclass(frozen=True)
class Book:
    """What is seen of one issue, and who really has it."""

    facts: Facts
    has: Bools

    @property
    def share(self) -> float:
        return float(self.has.mean())


@dataclass(frozen=True)
class Window:
    """A panel as `fit` takes it."""

    mentions: Ints
    other: Ints
    segment: Ints
    revenue: Floats
    answers: Ints
    audit: Ints


def book(
    seed: int, *, clients: int = 300, share: float = 0.3, ratio: float = 0.2, asked: float = 0.0
) -> Book:
    """Talk is lognormal, who has it mentions it `ratio` times as often as everything else."""
    rng = np.random.default_rng([seed, 5])
    talk = 6.5 * np.exp(1.1 * rng.standard_normal(clients))
    has = rng.random(clients) < share
    told = rng.poisson(ratio * talk * has * rng.gamma(2, 0.5, clients))
    answers = np.where(rng.random(clients) < 0.95, has, ~has).astype(int)
    answers[rng.random(clients) > 0.4] = Answer.NO_RESPONSE
    answers[rng.random(clients) > asked] = Answer.NOT_ASKED
    facts = checked_facts(
        weeks_mentioned=np.minimum(told, 20), mentions=told, others=rng.poisson(talk), answers=answers,
        segments=rng.integers(0, 3, clients), values=rng.lognormal(8, 0.7, clients), audit=Audit(20, 0),
    )  # fmt: skip
    return Book(facts, has)


def window(seed: int, *, issues: int = 6, clients: int = 80, weeks: int = 12) -> Window:
    """A panel of a few issues; the last row of each array is a client like any other."""
    rng = np.random.default_rng([seed, 6])
    talk = 0.4 * np.exp(rng.standard_normal(clients))
    has = rng.random((issues, clients)) < rng.uniform(0.05, 0.5, issues)[:, None]
    mentions = rng.poisson(0.2 * talk[None, :, None] * has[..., None], (issues, clients, weeks))
    other = rng.poisson(talk[None, :, None], (issues, clients, weeks))
    return Window(
        mentions=mentions, other=other, segment=np.zeros(clients, dtype=np.int64), revenue=np.ones(clients),
        answers=np.full((issues, clients), -2), audit=np.tile([20, 0], (issues, 1)),
    )  # fmt: skip
