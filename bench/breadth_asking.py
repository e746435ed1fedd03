"""What choosing whom to ask is worth, and whether one loud client can still mislead."""

from collections.abc import Iterator
from dataclasses import replace
from types import ModuleType

import numpy as np

from bench.figure import Figure
from voc.breadth.estimate import (
    Audit,
    Estimate,
    Priors,
    chance_in_top,
    fit,
    fit_counts,
    learn_priors,
    lesson_from,
    next_asks,
)
from voc.breadth.estimating.windows import facts_of

_SHARES = (0.05, 0.15, 0.30, 0.50)
_BATCH = 10
_ENOUGH = 0.05  # half of the interval
_MOST = 300  # asks after which an issue counts as not settled


def measure(sim: ModuleType) -> Iterator[Figure]:
    """Error after 90 chosen asks of 300 clients, asks to five points of a thousand, and the story of a loud client."""
    error = _after_ninety(sim, range(301, 304))
    yield Figure("90 of 300 clients asked, chosen and by lot, error", 100 * error, 3.7, "points")
    asks, survey = _to_five_points(sim)
    print(f"        a plain survey would need {survey:.0f} asks to 5 points")
    yield Figure("asks to 5 points, 1,000 clients, median", asks, 75, "asks")
    before, after = _story(sim, range(301, 307))
    yield Figure("loud but alone: chance of the first five before asking", before, 0.2, "")
    yield Figure("loud but alone: still in the first five after 20 asks", after, 0, "of 6 stories")


def _refit(panel: object, issue: int, priors: Priors) -> Estimate:
    mentions = panel.mentions[issue]
    right, wrong = (float(one) for one in panel.audit[issue])
    return fit_counts(
        weeks_mentioned=(mentions > 0).sum(axis=1), mentions=mentions.sum(axis=1),
        others=panel.other[issue].sum(axis=1), segments=panel.segment, answers=panel.answers[issue],
        values=panel.revenue, audit=Audit(right, wrong, kept=wrong), priors=priors,
    )  # fmt: skip


def _taught(panel: object) -> Priors:
    return learn_priors([lesson_from(facts, Priors()) for facts in facts_of(panel)])


def _after_ninety(sim: ModuleType, seeds: range) -> float:
    scenario, errors = sim.SCENARIOS["base"], []
    for seed in seeds:
        panel, truth = sim.simulate(scenario, seed)
        sweeper, priors = sim.Sweeper(scenario, panel, truth, seed), _taught(panel)
        rng = np.random.default_rng(seed)
        for issue in range(scenario.n_issues):
            for _ in range(3):
                result = _refit(panel, issue, priors)
                sweeper.ask(issue, next_asks(result, panel.answers[issue], 30, rng))
        errors += [one.prevalence - real for one, real in zip(fit(panel), truth.prevalence, strict=True)]
    return float(np.sqrt(np.mean(np.square(errors))))


def _to_five_points(sim: ModuleType) -> tuple[float, float]:
    base = replace(sim.SCENARIOS["base"], n_accounts=1000)
    priors = _taught(sim.simulate(base, 399)[0])
    asked, plain = [], []
    for share in _SHARES:
        scenario = replace(base, prev_lo=share, prev_hi=share, n_issues=6)
        panel, truth = sim.simulate(scenario, 301)
        sweeper, rng = sim.Sweeper(scenario, panel, truth, 301), np.random.default_rng(301)
        asked += [_asks(panel, sweeper, issue, priors, rng) for issue in range(6)]
        plain.append(share * (1 - share) * (1.645 / 0.92 / _ENOUGH) ** 2 / 0.4)
    return float(np.median(asked)), float(np.median(plain))


def _asks(panel: object, sweeper: object, issue: int, priors: Priors, rng: np.random.Generator) -> int:
    """Asks until half the interval is five points, in batches of ten."""
    for asks in range(0, _MOST, _BATCH):
        result = _refit(panel, issue, priors)
        if (result.hi - result.lo) / 2 <= _ENOUGH:
            return asks
        sweeper.ask(issue, next_asks(result, panel.answers[issue], _BATCH, rng))
    return _MOST


def _story(sim: ModuleType, seeds: range) -> tuple[float, float]:
    """The narrowest issue, said by one client so often that it leads by comments."""
    scenario, chances, still = sim.SCENARIOS["base"], [], 0
    for seed in seeds:
        panel, truth = sim.simulate(scenario, seed)
        narrow = int(np.argmin(np.where(truth.prevalence > 0.005, truth.prevalence, 1)))
        loud = int(np.flatnonzero(truth.z[narrow])[0])
        panel.mentions[narrow, loud] += (
            1 + 2 * panel.mentions.sum(axis=(1, 2)).max() // panel.mentions.shape[2]
        )
        results = list(fit(panel))
        chances.append(float(chance_in_top(results, 5)[narrow]))
        sweeper, rng = sim.Sweeper(scenario, panel, truth, seed), np.random.default_rng(seed)
        sweeper.ask(narrow, next_asks(results[narrow], panel.answers[narrow], 20, rng))
        results[narrow] = _refit(panel, narrow, _taught(panel))
        order = np.argsort([-one.prevalence for one in results])
        still += int(narrow in order[:5])
    return float(np.max(chances)), float(still)
