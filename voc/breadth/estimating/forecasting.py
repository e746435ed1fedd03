"""Which clients will say it unasked, and how soon."""

import numpy as np

from voc.breadth.estimating.cells import Cells
from voc.breadth.estimating.detection import rates
from voc.breadth.estimating.facts import Facts, Floats
from voc.breadth.estimating.posterior import Sample
from voc.breadth.estimating.priors import Part
from voc.core.errors import Invalid

_DRAWS = 64  # a mean over so many is far inside what a forecast can be scored to
_MOST = 60  # distinct weeks; more say no more


def speaks(facts: Facts, cells: Cells, sample: Sample, weeks: float) -> Floats:
    """(N,) chance of at least one mention within `weeks`, in the state of things of the window.

    An affected client's rate, after d weeks with a mention, is gamma with shape 1/v + d and rate
    1/(v m) + 1 per window; over h windows it stays silent with ((1/(v m) + 1) / (1/(v m) + 1 + h))^(1/v + d).
    Wrong tags fall on anybody: silent with exp(-f o h). No new outbreak and no cure are foreseen.
    """
    if not np.isfinite(weeks) or weeks <= 0:
        raise Invalid(
            f"A forecast over {weeks} weeks cannot be made.", fields={"weeks": "must be more than 0"}
        )
    windows = weeks / facts.window_weeks
    told = np.minimum(facts.weeks_mentioned, _MOST)
    pairs, place = np.unique(cells.of_client * (_MOST + 1) + told, return_inverse=True)
    cell, count = pairs // (_MOST + 1), pairs % (_MOST + 1)
    level = cells.level[cell]
    kept = slice(None, None, max(len(sample.theta) // _DRAWS, 1))
    theta = sample.theta[kept]
    m, v = rates(cells.talk, theta[:, Part.KAPPA], theta[:, Part.FRAILTY], theta[:, Part.EXPONENT])
    rate, shape = 1 / (v * m)[:, level] + 1, 1 / v[:, level] + count
    quiet = np.exp(-shape * np.log1p(windows / rate))
    wrong = sample.wrong[kept, None] * cells.talk.others[level] * windows
    has = sample.has[kept][:, cell]
    silent = (has * quiet + 1 - has) * np.exp(-wrong)
    return np.asarray(1 - silent.mean(axis=0))[place]
