"""From draws to the frozen estimate: shares, ranges, flags, witnesses."""

import numpy as np
from scipy.special import expit

from voc.breadth.estimating.facts import Facts, Floats
from voc.breadth.estimating.fitting import Peak
from voc.breadth.estimating.likelihood import Model
from voc.breadth.estimating.posterior import DRAWS, Draws, count_draws, even, value_draws
from voc.breadth.estimating.priors import PARTS, Learned, Part, Priors
from voc.breadth.estimating.result import Estimate, Flag, Origin, Range, Witness, range_of

_WIDE, _INSUFFICIENT = 0.20, 0.40  # of the interval's width; with their errors in breadth.md 1.6
_FEW_DRAWS = 40  # effective draws under which the interval itself is rough (breadth.md 1.6)
_BORROWED = 0.5  # of the prior's variance of log kappa is left: this issue hardly spoke (breadth.md 1.6)
_SKILL = 0.05  # expected Brier skill under which single clients' chances say nothing (very quiet: -.05)
_NARROWED = 0.97  # of the prior's sd: a witness whose doubt shrank taught something
_NAMES = ("client", "staff", "owner")


def summarise(facts: Facts, model: Model, peak: Peak, draws: Draws, priors: Priors) -> Estimate:
    """The estimate of these facts from the draws of their model."""
    cells = model.cells
    counts = count_draws(draws, cells.clients)
    values = value_draws(draws, counts, cells.value, cells.value_squared)
    share = range_of(counts.realised / facts.clients, draws.weights)
    has = draws.weights @ draws.has
    mean = float(has @ cells.clients) / facts.clients
    skill = _skill(has, cells.clients, mean, counts.mean / facts.clients, draws.weights)
    same = even(draws.weights, DRAWS)
    unheard = _unheard(model)
    return Estimate(
        prevalence=mean, lo=min(share.low, mean), hi=max(share.high, mean),
        p=has[cells.of_client],
        unheard=range_of(count_draws(draws, unheard).realised, draws.weights),
        value=range_of(values, draws.weights),
        flag=_flag(share, draws.effective), origin=_origin(model, peak),
        skill=skill, has_skill=skill >= _SKILL,
        counts=counts.realised[same], values=values[same],
        witnesses=_witnesses(model, draws), learned=learned_of(model, peak, facts, priors),
        facts=facts, cells=cells, draws=draws,
    )  # fmt: skip


def nothing_known(facts: Facts, priors: Priors) -> Estimate:
    """The estimate for a book without clients: no figure at all."""
    none = Range(0.0, 0.0, 0.0)
    silent = np.full(PARTS, np.nan)
    return Estimate(
        prevalence=0.0, lo=0.0, hi=1.0, p=np.zeros(0), unheard=none, value=none,
        flag=Flag.INSUFFICIENT, origin=Origin.BORROWED, skill=0.0, has_skill=False,
        counts=np.zeros(DRAWS), values=np.zeros(DRAWS), witnesses=(),
        learned=Learned(silent, silent, priors, priors.segment_sd**2, facts.audit), facts=facts,
    )  # fmt: skip


def learned_of(model: Model, peak: Peak, facts: Facts, priors: Priors) -> Learned:
    """What this fit teaches the others: its top and doubt in each part it touches."""
    mode, sd = np.full(PARTS, np.nan), np.full(PARTS, np.nan)
    spread = np.sqrt(np.diag(peak.covariance))
    own = model.active < PARTS
    parts = model.active[own]
    mode[parts] = model.mean[parts] + peak.at[own] * model.sd[parts]
    sd[parts] = np.minimum(spread[own], 1.0) * model.sd[parts]
    effects = peak.at[~own] ** 2 + spread[~own] ** 2
    return Learned(mode, sd, priors, float(priors.segment_sd**2 * effects.mean()), facts.audit)


def _flag(share: Range, effective: float) -> Flag:
    width = share.high - share.low
    if width > _INSUFFICIENT:
        return Flag.INSUFFICIENT
    return Flag.WIDE if width > _WIDE or effective < _FEW_DRAWS else Flag.OK


def _origin(model: Model, peak: Peak) -> Origin:
    place = int(np.flatnonzero(model.active == Part.KAPPA)[0])
    return Origin.BORROWED if peak.covariance[place, place] > _BORROWED else Origin.OWN


def _skill(has: Floats, clients: Floats, mean: float, shares: Floats, weights: Floats) -> float:
    """1 - E[(p - z)^2] / E[S (1 - S)], both as the draws expect them."""
    unsure = float((has * (1 - has)) @ clients) / clients.sum()
    plain = mean * (1 - mean) - float(weights @ (shares - mean) ** 2)
    return 1 - unsure / plain if plain > 1e-9 else 0.0


def _unheard(model: Model) -> Floats:
    """(C,) clients of whom nothing is known: silent, no yes or no, not seen, not settled."""
    cells = model.cells
    quiet = (cells.weeks == 0) & (cells.staff == 1) & (cells.settled == 1)
    return np.where(quiet & (cells.answer != 2) & (cells.answer != 3), cells.clients, 0.0)


def _witnesses(model: Model, draws: Draws) -> tuple[Witness, ...]:
    found = []
    for name, part in zip(_NAMES, range(Part.CLIENT_SENSITIVITY, PARTS, 2), strict=True):
        places = np.flatnonzero((model.active == part) | (model.active == part + 1))
        if len(places):
            logit = model.mean[model.active[places]] + draws.steps[:, places] * model.sd[model.active[places]]
            sensitivity, specificity = (range_of(one, draws.weights) for one in expit(logit).T)
            spread = np.sqrt(draws.weights @ (draws.steps[:, places] - draws.weights @ draws.steps[:, places]) ** 2)
            found.append(Witness(name, sensitivity, specificity, is_learned=bool((spread < _NARROWED).any())))
    return tuple(found)
