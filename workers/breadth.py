"""The estimate worker: how many of all clients have each issue, anew whenever something is learned."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # it has no stubs

from voc.accounts.book import open_book
from voc.breadth import estimates, forecasts, spread
from voc.breadth.estimate import (
    Audit,
    Estimate,
    Priors,
    against_clients,
    choose_asks,
    fit_counts,
    learn_priors,
    lesson_from,
    weigh_audit,
)
from voc.breadth.estimates import FULL_SHARE, Fitted, pack_keys
from voc.breadth.estimating.facts import Facts, checked_facts
from voc.breadth.gathering import Gathered, gather, ground
from voc.breadth.limits import current_limits
from voc.breadth.queries import issues_some_have, severities
from voc.checks import calibration
from voc.checks.people import resting_groups
from voc.core import clock, ids
from voc.core.principal import SYSTEM
from voc.intake.queries import window_end
from voc.issues.queries import is_looking, merged_into
from voc.jobs import ESTIMATE
from workers.asking import Budget, worth_of
from workers.scope import Scope, scope

_AT_ONCE = 25
_ASKS = 12
_DRAWS = 256
_LEAST_ISSUES = 5  # fewer teach each other nothing (breadth.md 1.7)
_TOP = 5
_GROWN = 1.5  # so many times more issues have something new to teach (policy)


def drain() -> int:
    """Estimates what is due; gives the number of issues.

    Rung by whatever changes an issue's grid, and by the sweeper. Safe to run twice: an estimate is
    replaced as a whole, and an issue that changed meanwhile stays due. Returns at once when none is.
    """
    here = scope()
    here.redis.delete(f"voc:rung:{ESTIMATE}")
    return drain_with(here)


def drain_with(here: Scope) -> int:
    """As `drain`, with the scope given. While all comments are looked over, what is due waits for the end."""
    if _is_looking(here):
        return 0
    with threadpool_limits(
        limits=1
    ):  # an issue's arrays are small: a second thread only waits, and burns a core
        done = rank_due(here)
        if done:
            if not _has_learned(here):
                learn(here)
                done += rank_due(here)
            look_ahead(here)
            look_back(here)
        return done


def rank_due(here: Scope) -> int:
    """Estimates what is due and ranks the issues anew; gives the number of issues estimated."""
    done, budget, stands, read_at = 0, Budget(), None, 0
    while True:
        here.beat()
        if done and _is_looking(here):
            break
        with here.database.reading(SYSTEM) as session:
            marks = estimates.due(session, limit=_AT_ONCE)
            merged = merged_into(session)
            act_from = current_limits(session).groups
            if not marks:
                break
            worst = severities(session)
            if stands is None or max(marks.values()) > read_at:  # something changed since it was read
                read_at = ids.new_id()
                stands = ground(session)
            if not done:
                budget = Budget(resting_groups(session, stands.book, clock.now().date()))
            budget.know(estimates.all_asks(session), worst)
            found = [gather(session, issue, stands) for issue in marks if issue not in merged]
        priors = shared_priors(here)
        fitted = [
            _fitted(one, priors, here, _Aims(act_from, worst.get(one.issue_id, 1), budget)) for one in found
        ]
        with here.database.writing(SYSTEM) as session:
            estimates.store(session, fitted, marks)
            estimates.forget_merged(session, [issue for issue in marks if issue in merged])
            spread.watch(session, [one.issue_id for one in found], stands.book)
        done += len(marks)
    if done:
        _keep_places(here)
    return done


def _is_looking(here: Scope) -> bool:
    """Whether the group worker looks over all comments: it changes each issue, so that each would be estimated again."""
    with here.database.reading(SYSTEM) as session:
        return is_looking(session)


@dataclass(frozen=True, slots=True)
class _Aims:
    """What an estimate is for: from how many clients leadership acts, how much it hurts, who may be asked."""

    act_from: int
    severity: int
    budget: Budget


def shared_priors(here: Scope) -> Priors:
    """What the issues last taught each other; the defaults before the first lesson."""
    with here.database.reading(SYSTEM) as session:
        newest = estimates.newest_prior(session)
        return Priors.from_json(newest.content) if newest is not None else Priors()


def _has_learned(here: Scope) -> bool:
    """Whether the issues taught each other within a day, and are not half as many more since."""
    with here.database.reading(SYSTEM) as session:
        newest, issues = estimates.newest_prior(session), len(severities(session))
        if newest is None:
            return issues < _LEAST_ISSUES
        return newest.learned_at > clock.now() - timedelta(days=1) and issues < _GROWN * newest.issues


def learn(here: Scope) -> Priors:
    """Lets all issues teach each other and keeps the lesson; the defaults while there are fewer than five."""
    with here.database.reading(SYSTEM) as session:
        stands = ground(session)
        found = [gather(session, issue, stands) for issue in severities(session)]
    told = [facts_of(one) for one in found]
    if len(told) < _LEAST_ISSUES:
        return Priors()
    start = Priors()
    lessons = []
    for facts in told:
        here.beat()
        lessons.append(lesson_from(facts, start))
    priors = learn_priors(lessons, default=start)
    with here.database.writing(SYSTEM) as session:
        estimates.keep_prior(session, priors.to_json(), len(told))
        estimates.make_due(session, [one.issue_id for one in found])
    return priors


def look_ahead(here: Scope) -> int:
    """Freezes the forecast of each month that has none and scores those that are over; gives what was scored.

    Called by `drain` when its estimates are done. A month that began before this installation knew of it
    is foretold from what clients had said by its first day, and from nothing later.
    """
    with here.database.reading(SYSTEM) as session:
        months = forecasts.wanted_months(session)
        issues = list(severities(session))
    for month in months:
        foreseen = _foreseen(here, month, issues)
        with here.database.writing(SYSTEM) as session:
            forecasts.freeze(session, month, foreseen)
    with here.database.writing(SYSTEM) as session:
        return forecasts.score_due(session, open_book(session, window_end(session).date()).group_of)


def look_back(here: Scope) -> int:
    """Foretells finished questions that left before anything could be foreseen of them; gives their number.

    From what clients had said by the day a question left and from nothing later, and marked as reckoned
    afterwards. Called by `drain` when its estimates are done; a question is looked at once.
    """
    with here.database.reading(SYSTEM) as session:
        waiting = calibration.unforeseen(session)
        issues = list(severities(session)) if waiting else []
    for one in waiting:
        shares = _chances_then(here, one, issues)
        with here.database.writing(SYSTEM) as session:
            calibration.foretell(session, one.check_id, shares)
    return len(waiting)


def _chances_then(here: Scope, one: calibration.Unforeseen, issues: Sequence[int]) -> dict[int, float]:
    """Each group's chance as the question left; empty where nobody had spoken of it by then."""
    found, priors = _known_by(here, one.left_at, issues)
    mine = next((each for each in found if each.issue_id == one.issue_id), None)
    if mine is None:
        return {}
    shares = fit_counts(priors=priors, **_arrays(mine)).p.tolist()  # type: ignore[arg-type]  # as facts_of
    return dict(zip(mine.groups, shares, strict=True))


def _known_by(here: Scope, moment: datetime, issues: Sequence[int]) -> tuple[list[Gathered], Priors]:
    """Those issues somebody had spoken of by then, and what they teach each other."""
    with here.database.reading(SYSTEM) as session:
        stands = ground(session, as_of=moment)
        found = [gather(session, issue, stands) for issue in issues]
    found = [one for one in found if one.groups and any(one.mentions)]
    priors = Priors()
    if len(found) >= _LEAST_ISSUES:
        priors = learn_priors([lesson_from(facts_of(one), priors) for one in found], default=priors)
    return found, priors


def _foreseen(here: Scope, month: date, issues: Sequence[int]) -> dict[int, tuple[list[int], list[float]]]:
    found, priors = _known_by(here, forecasts.starts_at(month), issues)
    foreseen = {}
    for one in found:
        here.beat()
        chances = fit_counts(priors=priors, **_arrays(one)).speaks(float(forecasts.FORECAST_WEEKS))  # type: ignore[arg-type]  # as facts_of
        quiet = [place for place, number in enumerate(one.mentions) if not number]
        foreseen[one.issue_id] = (
            [one.groups[place] for place in quiet],
            [float(chances[place]) for place in quiet],
        )
    return foreseen


def facts_of(one: Gathered) -> Facts:
    """The estimator's own form of what was gathered."""
    return checked_facts(**_arrays(one))  # type: ignore[arg-type]  # one mapping for both callers


def _arrays(one: Gathered) -> dict[str, object]:
    return {
        "weeks_mentioned": one.weeks_mentioned, "mentions": one.mentions, "others": one.others,
        "segments": one.segments, "answers": one.answers, "staff": one.staff, "owners": one.owners,
        "settled": one.settled, "values": one.values, "window_weeks": one.window_weeks, "audit": audit_of(one),
    }  # fmt: skip


def audit_of(one: Gathered) -> Audit:
    """What a lead's confirmations and refusals say of the machine's tags: one outcome a client."""
    return weigh_audit([right for right, _ in one.audit], [mentions for _, mentions in one.audit])


def _fitted(one: Gathered, priors: Priors, here: Scope, aims: _Aims) -> Fitted:
    here.beat()
    found = fit_counts(priors=priors, **_arrays(one))  # type: ignore[arg-type]  # as facts_of
    likely = found.among(np.asarray(one.is_unknown, dtype=bool))
    ask_more = against_clients(found, aims.act_from, one.answers).asks
    return Fitted(
        issue_id=one.issue_id,
        clients=len(one.groups),
        unheard=sum(one.is_unknown),
        count_mean=found.count.mean, count_low=found.count.low, count_high=found.count.high,
        likely_mean=likely.mean, likely_low=likely.low, likely_high=likely.high,
        value_mean_cents=round(100 * found.value.mean),
        value_low_cents=round(100 * found.value.low),
        value_high_cents=round(100 * found.value.high),
        flag=found.flag.value,
        is_borrowed=found.origin.name == "BORROWED",
        has_skill=found.has_skill,
        ask_more=ask_more,
        next_asks=_next_asks(one, found, aims, decides=ask_more is not None),
        witnesses=_witnesses(found),
        groups=pack_keys(one.groups),
        shares=_packed(found.p),
        speaks=_packed(found.speaks(float(forecasts.FORECAST_WEEKS))) if len(one.groups) else b"",
        draws=_thinned(found),
    )  # fmt: skip


def _next_asks(one: Gathered, found: Estimate, aims: _Aims, *, decides: bool) -> list[int]:
    worth = worth_of(found.count.low, found.count.high, aims.severity, decides=decides)
    allowed = aims.budget.allowed(one.issue_id, worth, one.groups)
    rng = np.random.default_rng(one.issue_id)  # the same batch while nothing changes
    asks = choose_asks(found, one.answers, _ASKS, rng, allowed=allowed).all
    groups = [one.groups[int(place)] for place in asks]
    aims.budget.take(one.issue_id, worth, groups)
    return groups


def _witnesses(found: Estimate) -> list[dict[str, object]]:
    return [
        {
            "name": one.name, "is_learned": one.is_learned,
            "yes": [one.sensitivity.mean, one.sensitivity.low, one.sensitivity.high],
            "no": [one.specificity.mean, one.specificity.low, one.specificity.high],
        }
        for one in found.witnesses
    ]  # fmt: skip


def _packed(shares: NDArray[np.float64]) -> bytes:
    """As `pack_shares`, for thousands of clients at once."""
    return np.rint(np.clip(shares, 0, 1) * FULL_SHARE).astype("<u2").tobytes()


def _thinned(found: Estimate) -> bytes:
    places = np.linspace(0, max(len(found.counts) - 1, 0), _DRAWS).astype(int)
    counts = found.counts[places] if len(found.counts) else np.zeros(_DRAWS)
    return np.asarray(counts, dtype="<f4").tobytes()


def _keep_places(here: Scope) -> None:
    """Each issue's chance to be among the five widest, weighed by how much it hurts.

    Only among issues that some client is known to have: a heap that nobody looked at takes no other's place.
    """
    with here.database.reading(SYSTEM) as session:
        stored, worst = estimates.stored_draws(session), severities(session)
        known = issues_some_have(session)
    issues = [issue for issue in stored if issue in worst and issue in known]
    shares: dict[int, float | None] = dict.fromkeys(stored)
    if issues:
        chances = _chances([stored[issue] for issue in issues], [worst[issue] for issue in issues])
        shares |= dict(zip(issues, chances, strict=True))
    with here.database.writing(SYSTEM) as session:
        estimates.keep_top_shares(session, shares)


def _chances(stored: Sequence[bytes], weights: Sequence[int]) -> list[float]:
    draws = np.stack([np.frombuffer(one, dtype="<f4") for one in stored])
    scores = draws * np.asarray(weights, dtype=np.float64)[:, None]
    places = np.argsort(np.argsort(-scores, axis=0, kind="stable"), axis=0)
    return [float(one) for one in (places < _TOP).mean(axis=1)]
