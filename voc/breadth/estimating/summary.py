"""From draws to the frozen estimate: shares, ranges, flags, witnesses."""

import numpy as np
from scipy.special import expit

from voc.breadth.estimating.cells import Cells
from voc.breadth.estimating.facts import Answer, Audit, Facts, Floats, Ints
from voc.breadth.estimating.fitting import Peak
from voc.breadth.estimating.likelihood import Model
from voc.breadth.estimating.posterior import DRAWS, Draws, count_totals, even, sample_of, value_total
from voc.breadth.estimating.priors import PARTS, Lesson, Part
from voc.breadth.estimating.result import Estimate, Flag, Origin, Range, Witness, range_of

_WIDE, _INSUFFICIENT = 0.20, 0.40  # of the interval's width; with their errors in breadth.md 1.6
_FEW_DRAWS = 40  # effective draws under which the interval itself is rough (breadth.md 1.6)
_BORROWED = 0.5  # of the prior's variance of log kappa is left: this issue hardly spoke (breadth.md 1.6)
_SKILL = 0.05  # expected Brier skill under which single clients' chances say nothing (very quiet: -.05)
_NARROWED = 0.97  # of the prior's sd: a witness whose doubt shrank taught something
_CONTRADICTIONS = 5  # clients who told us and then said no; fewer may be slips (policy)
_NO_ROOM = 1e-9  # of a share that is 0 or 1: there is nothing to be skilled about
_NAMES = ("client", "staff", "owner")


def summarise(facts: Facts, model: Model, peak: Peak, draws: Draws) -> Estimate:
    """The estimate of these facts from the draws of their model."""
    cells = model.cells
    counts, unheard = count_totals(draws, np.stack((cells.clients, _unheard(facts, cells)), axis=1))
    values = value_total(draws, cells.clients, counts, cells.value, cells.value_squared)
    share = range_of(counts.realised / facts.clients, draws.weights)
    has = np.clip(draws.weights @ draws.has, 0.0, 1.0)
    mean = float(has @ cells.clients) / facts.clients
    skill = _skill(has, cells.clients, mean, counts.mean / facts.clients, draws.weights)
    same = _shuffled(facts, even(draws.weights, DRAWS))
    return Estimate(
        prevalence=mean, lo=max(min(share.low, mean), 0.0), hi=min(max(share.high, mean), 1.0),
        p=has[cells.of_client],
        unheard=range_of(unheard.realised, draws.weights),
        value=range_of(values, draws.weights),
        flag=_flag(facts, share, draws.effective), origin=_origin(model, draws),
        skill=skill, has_skill=skill >= _SKILL,
        counts=counts.realised[same], values=values[same],
        witnesses=_witnesses(model, draws), lesson=lesson_of(model, peak, facts.audit),
        facts=facts, cells=cells, sample=sample_of(model, draws),
    )  # fmt: skip


def nothing_known(facts: Facts) -> Estimate:
    """The estimate for a book without clients: no figure at all."""
    none = Range(0.0, 0.0, 0.0)
    silent = Lesson(np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros((0, 0)), facts.audit)
    return Estimate(
        prevalence=0.0, lo=0.0, hi=1.0, p=np.zeros(0), unheard=none, value=none,
        flag=Flag.INSUFFICIENT, origin=Origin.BORROWED, skill=0.0, has_skill=False,
        counts=np.zeros(DRAWS), values=np.zeros(DRAWS), witnesses=(),
        lesson=silent, facts=facts,
    )  # fmt: skip


def lesson_of(model: Model, peak: Peak, audit: Audit) -> Lesson:
    """What this fit teaches the others: its likelihood near the top, with what the audit said of wrong tags.

    In natural form the likelihood is the posterior less the prior: with the posterior N(at, covariance)
    and the prior N(0, 1) in prior sds, precision and slope are differences, then turned into the parts'
    own units. The prior of wrong tags holds the audit, which is put back as n tags of which w were wrong:
    slope w - n q and precision n q (1 - q) by logit q.
    """
    active = model.active
    own = active < PARTS
    scale = np.where(own, model.sd[active], model.segment_sd)
    middle = np.where(own, model.mean[active], 0.0)
    at = middle + scale * peak.at
    posterior = np.linalg.inv(peak.covariance) / np.outer(scale, scale)
    values, vectors = np.linalg.eigh(posterior - np.diag(scale**-2.0))
    precision = (vectors * np.maximum(values, 1e-6)) @ vectors.T
    slope = precision @ at + (at - middle) / scale**2
    place = int(np.flatnonzero(active == Part.WRONG_TAGS)[0])
    looked, wrong = audit.right + audit.wrong, float(expit(at[place]))
    precision[place, place] += looked * wrong * (1 - wrong)
    slope[place] += audit.wrong - looked * wrong + looked * wrong * (1 - wrong) * at[place]
    return Lesson(active, slope, precision, audit)


def _shuffled(facts: Facts, places: Ints) -> Ints:
    """The places in an order of their own, so that draws of different issues pair by chance when ranked."""
    seed = [facts.clients, int(facts.mentions.sum()), int(facts.others.sum()), int((facts.answers + 2).sum())]
    return np.random.default_rng(seed).permutation(places)


def _flag(facts: Facts, share: Range, effective: float) -> Flag:
    """How far to use it; a silence that nobody was asked about is no evidence, however narrow the model is."""
    width = share.high - share.low
    if width > _INSUFFICIENT or not _anything_said(facts):
        return Flag.INSUFFICIENT
    return Flag.WIDE if width > _WIDE or effective < _FEW_DRAWS or _is_contradicted(facts) else Flag.OK


def _anything_said(facts: Facts) -> bool:
    answered = (facts.answers == Answer.YES) | (facts.answers == Answer.NO) | (facts.settled != 0)
    return bool((facts.weeks_mentioned > 0).any() or answered.any())


def _is_contradicted(facts: Facts) -> bool:
    """Whether many who told us said no when asked: then tags or answers are wrong, and the model cannot tell which."""
    told = facts.weeks_mentioned > 0
    no, yes = (told & (facts.answers == Answer.NO)).sum(), (told & (facts.answers == Answer.YES)).sum()
    return bool(no >= _CONTRADICTIONS and no > yes)


def _origin(model: Model, draws: Draws) -> Origin:
    """Borrowed where the draws of log kappa keep more than half of the variance that the prior gave them."""
    kappa = draws.steps[:, int(np.flatnonzero(model.active == Part.KAPPA)[0])]
    left = float(draws.weights @ (kappa - draws.weights @ kappa) ** 2)
    return Origin.BORROWED if left > _BORROWED else Origin.OWN


def _skill(has: Floats, clients: Floats, mean: float, shares: Floats, weights: Floats) -> float:
    """1 - E[(p - z)^2] / E[S (1 - S)], both as the draws expect them."""
    unsure = float((has * (1 - has)) @ clients) / clients.sum()
    plain = mean * (1 - mean) - float(weights @ (shares - mean) ** 2)
    return 1 - unsure / plain if plain > _NO_ROOM else 0.0


def _unheard(facts: Facts, cells: Cells) -> Floats:
    """(C,) clients of whom nothing is known: silent, no yes or no, not seen, not settled."""
    known = np.bincount(cells.of_client, weights=facts.heard, minlength=cells.count)
    return np.where(known > 0, 0.0, cells.clients)


def _witnesses(model: Model, draws: Draws) -> tuple[Witness, ...]:
    found = []
    for name, part in zip(_NAMES, range(Part.CLIENT_SENSITIVITY, PARTS, 2), strict=True):
        places = np.flatnonzero((model.active == part) | (model.active == part + 1))
        if len(places):
            logit = model.mean[model.active[places]] + draws.steps[:, places] * model.sd[model.active[places]]
            sensitivity, specificity = (range_of(one, draws.weights) for one in expit(logit).T)
            spread = np.sqrt(
                draws.weights @ (draws.steps[:, places] - draws.weights @ draws.steps[:, places]) ** 2
            )
            found.append(Witness(name, sensitivity, specificity, is_learned=bool((spread < _NARROWED).any())))
    return tuple(found)
