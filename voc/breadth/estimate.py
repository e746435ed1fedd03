"""How many of ALL clients have an issue: the estimator's public face."""

import numpy as np

from voc.breadth.estimating.cells import squash
from voc.breadth.estimating.facts import Facts, checked_facts, Audit
from voc.breadth.estimating.fitting import Peak, find_peak
from voc.breadth.estimating.likelihood import Model, model_of
from voc.breadth.estimating.posterior import draw
from voc.breadth.estimating.priors import Learned, Priors, learn_priors
from voc.breadth.estimating.result import Estimate
from voc.breadth.estimating.summary import learned_of, nothing_known, summarise
from voc.breadth.estimating.wrong_tags import wrong_tags


def model_for(facts, priors):
    mean, sd = wrong_tags(facts, priors)
    return model_of(squash(facts), false_mean=mean, false_sd=sd, priors=priors)


def fit_facts(facts, priors, start=None):
    if facts.clients == 0:
        return nothing_known(facts, priors)
    model = model_for(facts, priors)
    peak = find_peak(model, start=start)
    return summarise(facts, model, peak, draw(model, peak), priors)


def fit(panel, priors=None, rounds=2):
    K = len(panel.mentions)
    facts = [facts_of(panel, k) for k in range(K)]
    priors = priors or Priors()
    base = priors
    for _ in range(rounds):
        ls = []
        for f in facts:
            m = model_for(f, priors); pk = find_peak(m)
            ls.append(learned_of(m, pk, f, priors))
        priors = learn_priors(ls, default=base)
    return [fit_facts(f, priors) for f in facts]


def facts_of(panel, k):
    m = panel.mentions[k]
    return checked_facts(weeks_mentioned=(m > 0).sum(1), mentions=m.sum(1), others=panel.other[k].sum(1), segments=panel.segment,
        answers=panel.answers[k], values=panel.revenue, window_weeks=m.shape[1], audit=Audit(*map(float, panel.audit[k])))
