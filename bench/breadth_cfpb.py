"""The estimate on complaints nobody simulated: company = client, the consumer's own Issue label = the match.

A client's kind is the loan (Sub-product) it is complained about most, as a provider would know it.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import numpy as np

from bench.beside import beside
from bench.figure import Figure
from voc.breadth.estimate import Audit, Estimate, Priors, fit_counts, learn_priors, lesson_from
from voc.breadth.estimating.facts import Facts, checked_facts

_FILE = ("data", "cfpb", "cfpb_loan_narratives_2827.csv")
_PAST = 0.6  # of the file's rows, by time
_SHARES = (0.15, 0.30, 0.50)
_SEEDS = 5
_COMPANIES = 10  # an issue of fewer companies is not scored
_BANDS = (0.0, 0.1, 0.2, 1.0)
_LABELLED = Audit(200, 0)  # the consumers' own labels are taken as right


@dataclass(frozen=True, slots=True)
class Complaints:
    """Rows of the file: day from the first; company, issue and kind of loan as numbers."""

    day: np.ndarray
    company: np.ndarray
    issue: np.ndarray
    loan: np.ndarray

    @property
    def days(self) -> int:
        return int(self.day.max()) + 1


def measure() -> Iterator[Figure]:
    """Forecasts of newly reporting companies, and what thinned files say of the whole."""
    path = beside(*_FILE)
    if path is None:
        print(
            "        breadth on real text: the CFPB file is not beside the checkout (../shared/data/cfpb); skipped"
        )
        return
    complaints = read(path)
    yield from _forecast(complaints)
    yield from _thinned(complaints)


def read(path: Path) -> Complaints:
    """The file as numbers."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    on = np.array([datetime.strptime(row["Date received"], "%m/%d/%y").toordinal() for row in rows])  # noqa: DTZ007
    numbered = [
        np.unique([row[name] for row in rows], return_inverse=True)[1]
        for name in ("Company", "Issue", "Sub-product")
    ]
    return Complaints(on - on.min(), *numbered)


def _kinds(every: Complaints, rows: np.ndarray, companies: np.ndarray) -> np.ndarray:
    """The loan each company is complained about most in these rows: its segment; one more where there is none."""
    counts = np.zeros((int(every.company.max()) + 1, int(every.loan.max()) + 2))
    counts[:, -1] = 0.5
    np.add.at(counts, (every.company[rows], every.loan[rows]), 1)
    return np.unique(counts.argmax(axis=1)[companies], return_inverse=True)[1]


def _facts(every: Complaints, rows: np.ndarray, companies: np.ndarray, issue: int, days: int) -> Facts:
    """One issue among these companies, from the rows of a mask, in a window of so many days."""
    kinds = _kinds(every, rows, companies)
    rows = rows & np.isin(every.company, companies)
    place = np.searchsorted(companies, every.company[rows])
    told = every.issue[rows] == issue
    mentions = np.bincount(place[told], minlength=len(companies))
    pairs = np.unique(place[told] * 1000 + every.day[rows][told] // 7)
    return checked_facts(
        weeks_mentioned=np.bincount(pairs // 1000, minlength=len(companies)), mentions=mentions,
        others=np.bincount(place[~told], minlength=len(companies)), segments=kinds, window_weeks=days / 7,
        audit=_LABELLED,
    )  # fmt: skip


def _estimates(every: list[Facts]) -> list[Estimate]:
    priors = learn_priors([lesson_from(facts, Priors()) for facts in every])
    names = ("weeks_mentioned", "mentions", "others", "segments", "window_weeks", "audit")
    return [fit_counts(**{name: getattr(facts, name) for name in names}, priors=priors) for facts in every]


def _forecast(complaints: Complaints) -> Iterator[Figure]:
    """Trained on the first 60 % of rows; then which companies heard so far newly report each issue in the rest."""
    cut = int(np.sort(complaints.day)[int(_PAST * len(complaints.day))])
    past = complaints.day < cut
    companies = np.unique(complaints.company[past])
    issues = [k for k in np.unique(complaints.issue) if _reach(complaints, past, k) >= _COMPANIES]
    facts = [_facts(complaints, past, companies, int(issue), cut) for issue in issues]
    weeks, reported = (
        (complaints.days - cut) / 7,
        sum((one.weeks_mentioned > 0).astype(float) for one in facts),
    )
    own = 1 - np.exp(-(complaints.days - cut) / cut * (reported + 0.5) / (len(issues) + 1))
    chance, truth, habit = [], [], []
    for one, issue, result in zip(facts, issues, _estimates(facts), strict=True):
        new = one.weeks_mentioned == 0
        chance.append(result.speaks(weeks)[new])
        truth.append(np.isin(companies, complaints.company[~past & (complaints.issue == issue)])[new])
        habit.append(own[new])
    yield from _scored(*(np.concatenate(part).astype(float) for part in (chance, truth, habit)))


def _reach(complaints: Complaints, rows: np.ndarray, issue: int) -> int:
    return len(np.unique(complaints.company[rows & (complaints.issue == issue)]))


def _scored(chance: np.ndarray, truth: np.ndarray, habit: np.ndarray) -> Iterator[Figure]:
    base = np.full(len(truth), truth.mean())
    brier = [float(((way - truth) ** 2).mean()) for way in (chance, base, habit)]
    logs = [-float(np.log(np.where(truth == 1, way, 1 - way)).mean()) for way in (chance, base, habit)]
    print(
        f"        CFPB, {len(truth):,} forecasts of a company newly reporting an issue; {truth.mean():.1%} did"
    )
    for low, high in pairwise(_BANDS):
        band = (chance >= low) & (chance < high)
        print(
            f"        said {chance[band].mean():.3f}, was {truth[band].mean():.3f} ({band.sum()} forecasts)"
        )
        far = 100 * abs(chance[band].mean() - truth[band].mean())
        yield Figure(f"CFPB forecasts from {low:.0%}: said against was", float(far), 5, "points")
    yield Figure("CFPB Brier score against the base rate", brier[0] / brier[1], 1, "×")
    yield Figure("CFPB Brier score against the company's own past rate", brier[0] / brier[2], 1, "×")
    yield Figure("CFPB log score against the base rate", logs[0] / logs[1], 1, "×")
    yield Figure("CFPB log score against the company's own past rate", logs[0] / logs[2], 1, "×")


def _thinned(complaints: Complaints) -> Iterator[Figure]:
    """Companies of ten rows and more; what a thinned file leads us to expect of the whole file, and the share itself."""
    companies = np.flatnonzero(np.bincount(complaints.company) >= _COMPANIES)
    whole = {
        int(k): np.isin(companies, complaints.company[complaints.issue == k])
        for k in np.unique(complaints.issue)
    }
    whole = {issue: shown for issue, shown in whole.items() if shown.sum() >= _COMPANIES}
    print("        CFPB thinned: error (bias) of the share of companies that the whole file shows")
    for share in _SHARES:
        found = [_of_thinned(complaints, companies, whole, share, seed) for seed in range(_SEEDS)]
        expected, have, told = np.concatenate(found, axis=1)
        said = ", ".join(
            f"{name} {np.sqrt((one**2).mean()):.3f} ({one.mean():+.3f})"
            for name, one in (("expected to show", expected), ("have it", have), ("told us", told))
        )
        print(f"        {share:.0%} of the rows: {said}")
        against = float(np.sqrt((expected**2).mean() / (told**2).mean()))
        yield Figure(f"CFPB thinned to {share:.0%}: expected to show, error against told us", against, 1, "×")


def _of_thinned(
    complaints: Complaints, companies: np.ndarray, whole: dict[int, np.ndarray], share: float, seed: int
) -> np.ndarray:
    """(3, issues) errors against what the whole file shows: expected to show, have it, told us."""
    rows = np.random.default_rng(seed).random(len(complaints.day)) < share
    facts = [_facts(complaints, rows, companies, issue, complaints.days) for issue in whole]
    errors = []
    for one, result, shown in zip(facts, _estimates(facts), whole.values(), strict=True):
        told = one.weeks_mentioned > 0
        more = result.speaks(one.window_weeks * (1 - share) / share)
        expected = np.where(told, 1.0, more).mean()
        errors.append(np.array([expected, result.prevalence, told.mean()]) - shown.mean())
    return np.array(errors).T
