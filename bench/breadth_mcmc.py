"""Makes the fixtures that hold the fast estimate to a slow, exact one: `python -m bench.breadth_mcmc`.

The same posterior, written again client by client from docs/statistics.md without the squashing, the
slopes and the importance weights, is sampled by an affine-invariant ensemble (Goodman and Weare 2010).
Only the talkativeness and the belief about wrong tags are taken from the estimator: both are inputs of
the model. Each draw also tosses who has it, so the share is the realised one.
"""

import json
import sys
from pathlib import Path

import numpy as np
from scipy.special import expit
from scipy.stats import nbinom, poisson

from voc.breadth.estimating.exposure import talk_of
from voc.breadth.estimating.facts import Audit, Facts, checked_facts
from voc.breadth.estimating.priors import PARTS, Part, Priors
from voc.breadth.estimating.wrong_tags import wrong_tags

_FILE = Path(__file__).resolve().parent.parent / "tests" / "breadth" / "breadth_mcmc.json"
_WALKERS = 96
_STEPS, _WARMUP = 6000, 2000
_BOOKS = (  # clients, share, mentions for each other comment, share asked, tags audited, staff seen
    (150, 0.30, 0.20, 0.0, 20, 0.0),
    (150, 0.10, 0.20, 0.3, 20, 0.0),
    (300, 0.30, 0.15, 0.3, 20, 0.0),
    (300, 0.05, 0.30, 0.0, 40, 0.0),
    (300, 0.50, 0.05, 0.3, 10, 0.0),
    (200, 0.20, 0.10, 0.6, 0, 0.1),
    (60, 0.25, 0.25, 1.0, 10, 0.0),
    (250, 0.40, 0.30, 0.1, 30, 0.1),
)


def main() -> None:
    """Makes the fixtures of all books, or of those whose numbers are given, and prints what the chains found."""
    found = json.loads(_FILE.read_text(encoding="utf-8")) if _FILE.exists() else [{}] * len(_BOOKS)
    for seed in [int(one) for one in sys.argv[1:]] or range(len(_BOOKS)):
        facts = _facts(seed, *_BOOKS[seed])
        shares, drift = _chain(facts, np.random.default_rng([seed, 99]))
        ends = {"mean": shares.mean(), "low": np.quantile(shares, 0.05), "high": np.quantile(shares, 0.95)}
        found[seed] = _written(facts) | {name: round(float(one), 5) for name, one in ends.items()}
        said = {name: f"{one:.4f}" for name, one in ends.items()}
        print(seed, _BOOKS[seed], said, f"halves differ by {drift:.4f}", flush=True)
        _FILE.write_text(json.dumps(found, separators=(",", ":")) + "\n", encoding="utf-8")


def _facts(
    seed: int, clients: int, share: float, ratio: float, asked: float, audited: int, seen: float
) -> Facts:
    rng = np.random.default_rng([seed, 98])
    segments = rng.integers(0, 3, clients)
    talk = 6.5 * np.exp(1.1 * rng.standard_normal(clients))
    has = rng.random(clients) < share * np.array([0.6, 1.0, 1.4])[segments]
    others = rng.poisson(talk)
    told = rng.poisson(ratio * talk * has * rng.gamma(2, 0.5, clients)) + rng.poisson(0.005 * others)
    answers = np.where(rng.random(clients) < 0.95, has, ~has).astype(int)
    answers[rng.random(clients) > 0.45] = -1
    answers[rng.random(clients) < 0.05] = 2
    answers[rng.random(clients) > asked] = -2
    staff = np.where(rng.random(clients) < seen, np.where(rng.random(clients) < 0.85, has, ~has) * 2 - 1, 0)
    right = round(0.95 * audited)
    return checked_facts(
        weeks_mentioned=np.minimum(told, 20), mentions=told, others=others, segments=segments, answers=answers,
        staff=staff, audit=Audit(right, audited - right),
    )  # fmt: skip


def _written(facts: Facts) -> dict[str, object]:
    names = ("weeks_mentioned", "mentions", "others", "segments", "answers", "staff")
    counts: dict[str, object] = {name: getattr(facts, name).tolist() for name in names}
    return counts | {"audit": [facts.audit.right, facts.audit.wrong]}


class _Posterior:
    """The posterior of one issue, client by client, for W parameter sets at once."""

    def __init__(self, facts: Facts) -> None:
        self.facts, self.priors = facts, Priors()
        self.talk, self.level = talk_of(facts.others)
        tags = wrong_tags(facts, self.priors)
        self.known, self.unseen = tags.known, tags.unseen
        self.mean, self.sd = np.array(self.priors.mean), np.array(self.priors.sd)
        self.mean[Part.WRONG_TAGS], self.sd[Part.WRONG_TAGS] = tags.mean, tags.sd
        self.size = PARTS + int(facts.segments.max()) + 1
        log_talk = np.log(self.talk.mean)[self.level]
        self.score = (log_talk - log_talk.mean()) / max(log_talk.std(), 0.1)

    def sides(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(W, N) likelihood of each client with and without the issue, its chance of it included."""
        theta = self.mean + x[:, :PARTS] * self.sd
        logit = theta[:, [Part.BREADTH]] + self.priors.segment_sd * x[:, PARTS:][:, self.facts.segments]
        sens, spec = expit(theta[:, [Part.STAFF_SENSITIVITY]]), expit(theta[:, [Part.STAFF_SPECIFICITY]])
        logit = logit + np.where(self.facts.staff == 1, np.log(sens / (1 - spec)), 0)
        logit = logit + np.where(self.facts.staff == -1, np.log((1 - sens) / spec), 0)
        with_it, without = self._mentions(theta)
        yes, no = self._answers(theta)
        return expit(logit) * with_it * yes, expit(-logit) * without * no

    def _mentions(self, theta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        relative = np.log(self.talk.mean / self.talk.reference)
        m = self.talk.reference * np.exp(theta[:, [Part.KAPPA]] + theta[:, [Part.EXPONENT]] * relative)
        size = 1 / ((1 + 1 / self.talk.shape) * (1 + np.exp(theta[:, [Part.FRAILTY]])) - 1)
        wrong = (self.known + expit(theta[:, [Part.WRONG_TAGS]]) * self.unseen) * self.talk.others
        true = [nbinom.pmf(k, size, size / (size + m)) for k in range(3)]
        false = [poisson.pmf(k, wrong) for k in range(3)]
        with_it = [sum(true[j] * false[k - j] for j in range(k + 1)) for k in range(3)]
        tables = []
        for few in (with_it, false):
            table = np.stack([*few, np.maximum(1 - sum(few), 1e-13)], axis=-1)
            tables.append(table[:, self.level, np.minimum(self.facts.weeks_mentioned, 3)])
        return tables[0], tables[1]

    def _answers(self, theta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        logit = theta[:, [Part.RESPONSE]] + theta[:, [Part.RESPONSE_TALK]] * self.score
        sens, spec = expit(theta[:, [Part.CLIENT_SENSITIVITY]]), expit(theta[:, [Part.CLIENT_SPECIFICITY]])
        sides = []
        for answering, yes in (
            (expit(logit + theta[:, [Part.RESPONSE_HAS]]), sens),
            (expit(logit), 1 - spec),
        ):
            answers = self.facts.answers
            said = np.where(answers == 1, yes, np.where(answers == 0, 1 - yes, 1.0)) * answering
            sides.append(np.where(answers == -2, 1.0, np.where(answers == -1, 1 - answering, said)))
        return sides[0], sides[1]

    def height(self, x: np.ndarray) -> np.ndarray:
        """(W,) log posterior."""
        has, has_not = self.sides(x)
        return np.log(has + has_not).sum(axis=1) - 0.5 * (x**2).sum(axis=1)


def _chain(facts: Facts, rng: np.random.Generator) -> tuple[np.ndarray, float]:
    """Draws of the realised share, and by how much the means of the chain's two halves differ."""
    posterior = _Posterior(facts)
    x = 0.3 * rng.standard_normal((_WALKERS, posterior.size))
    height, shares, half = posterior.height(x), [], _WALKERS // 2
    for step in range(_STEPS):
        for moving, still in ((slice(None, half), slice(half, None)), (slice(half, None), slice(None, half))):
            stretch = (1 + rng.random(half)) ** 2 / 2  # g(z) ~ 1 / sqrt(z) on [1/2, 2]
            other = x[still][rng.permutation(half)]
            proposed = other + stretch[:, None] * (x[moving] - other)
            there = posterior.height(proposed)
            taken = np.log(rng.random(half)) < (posterior.size - 1) * np.log(stretch) + there - height[moving]
            x[moving] = np.where(taken[:, None], proposed, x[moving])
            height[moving] = np.where(taken, there, height[moving])
        if step >= _WARMUP and step % 10 == 0:
            has, has_not = posterior.sides(x)
            shares.append((rng.random(has.shape) < has / (has + has_not)).mean(axis=1))
    drawn = np.array(shares)
    middle = len(drawn) // 2
    return drawn.ravel(), float(drawn[:middle].mean() - drawn[middle:].mean())


if __name__ == "__main__":
    main()
