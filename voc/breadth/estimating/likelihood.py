"""The posterior of one issue's parameters, and its slope.

l = sum over cells c of n_c log(A_c + B_c), A the affected and B the others:

    A_c = psi P1[level, weeks] R1[level, answer] D1[answer],  B_c = (1 - psi) P0 R0 D0

logit psi = eta + sd_u u_segment + what staff and owners say: log(sens / (1 - spec)) for "has it",
log((1 - sens) / spec) for "has it not". Who is spoken about says nothing by itself, so witnesses enter
through the odds alone. A settled client is A or B alone. R is the chance of answering,
logit^-1(a0 + a1 x + delta z), x the standardised log talkativeness; D is what is answered, by
sensitivity and specificity; "not sure" carries only that there was an answer. The slope is
sum n_c [q_c dlog A_c + (1 - q_c) dlog B_c] with q = A / (A + B), summed table by table.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from voc.breadth.estimating.cells import ANSWERS, WEEKS_KEPT, Cells
from voc.breadth.estimating.detection import Mentioning, mentioning
from voc.breadth.estimating.facts import Floats, Ints
from voc.breadth.estimating.priors import PARTS, Part, Priors
from voc.breadth.estimating.wrong_tags import WrongTags

_ASKED = (
    Part.RESPONSE,
    Part.RESPONSE_TALK,
    Part.RESPONSE_HAS,
    Part.CLIENT_SENSITIVITY,
    Part.CLIENT_SPECIFICITY,
)
_NONE, _SAID_NO, _SAID_YES = 1, 0, 2  # of an opinion, as an index from 0
_NO_RESPONSE, _NO, _YES, _NOT_SURE = 1, 2, 3, 4  # of an answer, as an index from 0


@dataclass(frozen=True, slots=True)
class Model:
    """One issue's posterior, ready to be asked.

    Args:
        cells: the clients.
        mean, sd: (PARTS + segments,) of the normal priors, wrong tags with their offset.
        active: which of these this issue's evidence touches at all; the rest stay at their mean.
        talk_score: (J,) standardised log talkativeness.
        by_weeks, by_answer, by_odds: (C,) place of each cell in its tables; odds (K, 3) are segment, staff,
            owner in use together.
        segment_sd: spread of the segments' effects.
        tags: what f, wrong tags for each other comment, is made of.
        groups: (C, G) one-hot membership in the tables (level, weeks), (level, answer) and the odds.
    """

    cells: Cells
    mean: Floats
    sd: Floats
    active: Ints
    talk_score: Floats
    by_weeks: Ints
    by_answer: Ints
    by_odds: Ints
    odds: Ints
    groups: Floats
    segment_sd: float
    tags: WrongTags


def model_of(cells: Cells, *, tags: WrongTags, priors: Priors) -> Model:
    """The posterior of these cells under these priors."""
    mean = np.concatenate((priors.mean, np.zeros(cells.segments)))
    sd = np.concatenate((priors.sd, np.ones(cells.segments)))
    mean[Part.WRONG_TAGS], sd[Part.WRONG_TAGS] = tags.mean, tags.sd
    by_weeks = cells.level * WEEKS_KEPT + cells.weeks
    by_answer = cells.level * ANSWERS + cells.answer
    odds, by_odds = _odds_of(cells)
    levels = len(cells.talk.mean)
    sizes = (levels * WEEKS_KEPT, levels * ANSWERS, len(odds))
    groups = np.zeros((cells.count, sum(sizes)))
    rows = np.arange(cells.count)
    groups[rows, by_weeks] = 1
    groups[rows, sizes[0] + by_answer] = 1
    groups[rows, sizes[0] + sizes[1] + by_odds] = 1
    return Model(
        cells=cells, mean=mean, sd=sd, active=_active(cells), talk_score=_talk_score(cells),
        by_weeks=by_weeks, by_answer=by_answer, by_odds=by_odds, odds=odds, groups=groups,
        segment_sd=priors.segment_sd, tags=tags,
    )  # fmt: skip


def _odds_of(cells: Cells) -> tuple[Ints, Ints]:
    """(K, 3) segment, staff and owner in use together, and (C,) which of them a cell has."""
    key = (cells.segment * 3 + cells.staff) * 3 + cells.owner
    used, place = np.unique(key, return_inverse=True)
    return np.stack((used // 9, used // 3 % 3, used % 3), axis=1), place


def _active(cells: Cells) -> Ints:
    """The parts this issue's evidence touches, and the segments in use."""
    parts = {Part.BREADTH, Part.KAPPA, Part.FRAILTY, Part.EXPONENT, Part.WRONG_TAGS}
    if (cells.answer > 0).any():
        parts |= set(_ASKED)
    if (cells.staff != _NONE).any():
        parts |= {Part.STAFF_SENSITIVITY, Part.STAFF_SPECIFICITY}
    if (cells.owner != _NONE).any():
        parts |= {Part.OWNER_SENSITIVITY, Part.OWNER_SPECIFICITY}
    return np.array(sorted(parts) + [PARTS + one for one in np.unique(cells.segment)])


def _talk_score(cells: Cells) -> Floats:
    log_talk = np.log(cells.talk.mean)
    clients = np.bincount(cells.level, weights=cells.clients)
    middle = clients @ log_talk / clients.sum()
    spread = np.sqrt(clients @ (log_talk - middle) ** 2 / clients.sum())
    return np.asarray((log_talk - middle) / max(spread, 0.1))


@dataclass(frozen=True, slots=True)
class Split:
    """For B parameter sets: log posterior (B,), and of each cell log A+B and q = A / (A + B), (B, C); the slope (B, P) where asked for."""

    log_posterior: Floats
    has: Floats
    slope: Floats


def evaluate(model: Model, steps: Floats, *, slope: bool = False) -> Split:
    """The posterior at B points given in units of the prior's sd from its mean, (B, active)."""
    theta = np.repeat(model.mean[None], len(steps), axis=0)
    theta[:, model.active] += steps * model.sd[model.active]
    tables = _tables(model, theta, slope=slope)
    has, has_not = _parts(model, tables)
    total = has + has_not
    share = has / total
    log_posterior = np.log(total) @ model.cells.clients - 0.5 * (steps**2).sum(axis=1)
    if not slope:
        return Split(log_posterior=log_posterior, has=share, slope=np.zeros((len(steps), 0)))
    full = _slope(model, theta, tables, share)
    active = model.active
    return Split(log_posterior=log_posterior, has=share, slope=full[:, active] * model.sd[active] - steps)


@dataclass(frozen=True, slots=True)
class _Tables:
    mention: Mentioning
    psi: Floats  # (B, K)
    answers_has: Floats  # (B, J, ANSWERS)
    answers_not: Floats
    response_has: Floats  # (B, J)
    response_not: Floats
    witnesses: Floats  # (B, 6) sensitivity and specificity of client, staff, owner


def _tables(model: Model, theta: Floats, *, slope: bool) -> _Tables:
    mention = mentioning(
        model.cells.talk, theta[:, Part.KAPPA], theta[:, Part.FRAILTY], theta[:, Part.EXPONENT],
        log_wrong(model, theta), slopes=slope,
    )  # fmt: skip
    witnesses = expit(theta[:, Part.CLIENT_SENSITIVITY : PARTS])
    response = response_chance(model, theta)
    response_not, response_has = response[..., 0], response[..., 1]
    return _Tables(
        mention=mention,
        psi=expit(_log_odds(model, theta, witnesses)),
        answers_has=_answers(response_has, yes=witnesses[:, 0], no=1 - witnesses[:, 0]),
        answers_not=_answers(response_not, yes=1 - witnesses[:, 1], no=witnesses[:, 1]),
        response_has=response_has,
        response_not=response_not,
        witnesses=witnesses,
    )


def log_wrong(model: Model, theta: Floats) -> Floats:
    """(B,) log f, f = known + q unseen, q logit^-1 of its part."""
    return np.asarray(np.log(model.tags.known + model.tags.unseen * expit(theta[:, Part.WRONG_TAGS])))


def response_chance(model: Model, theta: Floats) -> Floats:
    """(B, J, 2) chance that a client answers when asked, without and with the issue."""
    logit = theta[:, Part.RESPONSE, None] + theta[:, Part.RESPONSE_TALK, None] * model.talk_score
    return np.stack((expit(logit), expit(logit + theta[:, Part.RESPONSE_HAS, None])), axis=-1)


def _log_odds(model: Model, theta: Floats, witnesses: Floats) -> Floats:
    segment, staff, owner = model.odds.T
    logit = theta[:, Part.BREADTH, None] + model.segment_sd * theta[:, PARTS + segment]
    for said, first in ((staff, 2), (owner, 4)):
        sens, spec = witnesses[:, first], witnesses[:, first + 1]
        shift = np.stack((np.log((1 - sens) / spec), np.zeros_like(sens), np.log(sens / (1 - spec))), axis=1)
        logit = logit + shift[:, said]
    return np.asarray(logit)


def _answers(response: Floats, *, yes: Floats, no: Floats) -> Floats:
    """P(each answer) at each level; not asked is certain, how often people are not sure tells nothing."""
    table = np.ones((*response.shape, ANSWERS))
    table[..., _NO_RESPONSE] = 1 - response
    table[..., _NO] = response * no[:, None]
    table[..., _YES] = response * yes[:, None]
    table[..., _NOT_SURE] = response
    return table


def _parts(model: Model, tables: _Tables) -> tuple[Floats, Floats]:
    """A and B of every cell, (B, C); the slope (B, P) where asked for."""
    sets = len(tables.psi)
    psi = tables.psi[:, model.by_odds]
    has = psi * tables.mention.has.reshape(sets, -1)[:, model.by_weeks]
    has_not = (1 - psi) * tables.mention.has_not.reshape(sets, -1)[:, model.by_weeks]
    if (model.cells.answer > 0).any():
        has *= tables.answers_has.reshape(sets, -1)[:, model.by_answer]
        has_not *= tables.answers_not.reshape(sets, -1)[:, model.by_answer]
    settled = model.cells.settled
    if (settled != _NONE).any():
        has *= settled != _SAID_NO
        has_not *= settled != _SAID_YES
    return has, has_not


def _slope(model: Model, theta: Floats, tables: _Tables, share: Floats) -> Floats:
    """(B, PARTS + segments) slope of the log likelihood, from the sums of q and 1 - q in each table."""
    sets = len(theta)
    has = (share * model.cells.clients) @ model.groups
    has_not = model.cells.clients @ model.groups - has
    levels = len(model.talk_score)
    ends = np.cumsum((levels * WEEKS_KEPT, levels * ANSWERS))
    slope = np.zeros_like(theta)
    weeks_shape, answer_shape = (sets, levels, WEEKS_KEPT), (sets, levels, ANSWERS)
    _slope_of_mentions(
        slope,
        _slope_of_wrong(model, theta),
        tables.mention,
        has[:, : ends[0]].reshape(weeks_shape),
        has_not[:, : ends[0]].reshape(weeks_shape),
    )
    _slope_of_answers(
        slope, model, tables,
        has[:, ends[0] : ends[1]].reshape(answer_shape), has_not[:, ends[0] : ends[1]].reshape(answer_shape),
    )  # fmt: skip
    excess = has[:, ends[1] :] - tables.psi * (has[:, ends[1] :] + has_not[:, ends[1] :])
    _slope_of_odds(slope, model, tables.witnesses, excess)
    return slope


def _slope_of_mentions(
    slope: Floats, by_wrong: Floats, mention: Mentioning, has: Floats, has_not: Floats
) -> None:
    parts = (Part.KAPPA, Part.FRAILTY, Part.EXPONENT, Part.WRONG_TAGS)
    for part, by in zip(parts, mention.slopes, strict=True):
        slope[:, part] = np.einsum("bjw,bjw->b", has, by)
    slope[:, Part.WRONG_TAGS] += np.einsum("bjw,bjw->b", has_not, mention.slope_not)
    slope[:, Part.WRONG_TAGS] *= by_wrong


def _slope_of_wrong(model: Model, theta: Floats) -> Floats:
    """(B,) slope of log f by logit q."""
    share = expit(theta[:, Part.WRONG_TAGS])
    wrong = model.tags.unseen * share
    return np.asarray(wrong * (1 - share) / (model.tags.known + wrong))


def _slope_of_answers(slope: Floats, model: Model, tables: _Tables, has: Floats, has_not: Floats) -> None:
    by_has = has[..., _NO:].sum(axis=2) - tables.response_has * has[..., _NO_RESPONSE:].sum(axis=2)
    by_not = has_not[..., _NO:].sum(axis=2) - tables.response_not * has_not[..., _NO_RESPONSE:].sum(axis=2)
    slope[:, Part.RESPONSE] = (by_has + by_not).sum(axis=1)
    slope[:, Part.RESPONSE_TALK] = (by_has + by_not) @ model.talk_score
    slope[:, Part.RESPONSE_HAS] = by_has.sum(axis=1)
    sens, spec = tables.witnesses[:, 0], tables.witnesses[:, 1]
    yes_has, no_has = has[..., _YES].sum(axis=1), has[..., _NO].sum(axis=1)
    yes_not, no_not = has_not[..., _YES].sum(axis=1), has_not[..., _NO].sum(axis=1)
    slope[:, Part.CLIENT_SENSITIVITY] = yes_has * (1 - sens) - no_has * sens
    slope[:, Part.CLIENT_SPECIFICITY] = no_not * (1 - spec) - yes_not * spec


def _slope_of_odds(slope: Floats, model: Model, witnesses: Floats, excess: Floats) -> None:
    """`excess` (B, K): clients counted as affected above what the odds alone expect."""
    segment, staff, owner = model.odds.T
    slope[:, Part.BREADTH] = excess.sum(axis=1)
    for one in np.unique(segment):
        slope[:, PARTS + one] = model.segment_sd * excess[:, segment == one].sum(axis=1)
    for said, part, first in ((staff, Part.STAFF_SENSITIVITY, 2), (owner, Part.OWNER_SENSITIVITY, 4)):
        yes, no = excess[:, said == _SAID_YES].sum(axis=1), excess[:, said == _SAID_NO].sum(axis=1)
        sens, spec = witnesses[:, first], witnesses[:, first + 1]
        slope[:, part] = yes * (1 - sens) - no * sens
        slope[:, part + 1] = yes * spec - no * (1 - spec)
