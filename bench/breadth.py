"""How far the estimate of breadth is off on simulated clients whose truth is known, beside simpler ways of counting."""

import importlib
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from types import ModuleType

import numpy as np
from scipy.stats import kendalltau

from bench import breadth_asking, breadth_cfpb, breadth_worlds
from bench.beside import beside
from bench.figure import Figure
from voc.breadth.estimate import fit, fit_counts
from voc.breadth.estimating.windows import facts_of

_MANY, _FEW = range(2001, 2011), range(2001, 2006)  # judged once; 601 to 618 were for tuning
_FULL = ("base", "quiet", "nonignorable", "shy")
_SHARES = (0.0, 0.3)
_LIMITS = {
    ("base", 0.0): 5.4,
    ("base", 0.1): 5.0,
    ("base", 0.3): 4.1,
    ("quiet", 0.0): 8.0,
    ("quiet", 0.3): 5.3,
}
_HEAD = (
    f"        {'scenario':16}{'asked':>6}  {'model':>17}  {'told us = votes':>17}  {'by value':>8}  {'survey':>10}"
    "  order: model, by value, votes, comments\n"
    "        (bias, root mean square error, share of 90 % intervals that hold the truth; order: Kendall's tau)"
)


@dataclass(frozen=True, slots=True)
class Score:
    """Of many issues: errors, whether intervals held, and per panel how well issues were ordered."""

    error: np.ndarray
    held: np.ndarray
    tau: float = np.nan
    ndcg: float = np.nan
    turned: float = np.nan

    @property
    def rmse(self) -> float:
        return float(np.sqrt(np.nanmean(self.error**2)))

    @property
    def said(self) -> str:
        return f"{np.nanmean(self.error):+.3f} {self.rmse:.3f} {np.nanmean(self.held):.2f}"


@dataclass(frozen=True, slots=True)
class Row:
    """One scenario, asked of one share of clients: each way's score, and the model's chances beside the truth."""

    ways: dict[str, Score]
    chance: np.ndarray
    truth: np.ndarray

    @property
    def calibration(self) -> float:
        """Mean distance of ten bands of chances from what was so."""
        band = np.minimum((self.chance * 10).astype(int), 9)
        far = [abs(float((self.chance - self.truth)[band == one].sum())) for one in range(10)]
        return sum(far) / len(band)


@cache
def simulator() -> ModuleType | None:
    """The simulator beside the checkout, or None."""
    folder = beside("prevalence")
    if folder is None:
        return None
    sys.path.insert(0, str(folder))
    return importlib.import_module("sim")


def measure() -> Iterator[Figure]:
    """Simulated panels, worlds of another make, whom to ask, CPU, real text: all one after the other."""
    for part in PARTS.values():
        yield from part()


def _with_simulator(part: Callable[[ModuleType], Iterator[Figure]]) -> Callable[[], Iterator[Figure]]:
    def measured() -> Iterator[Figure]:
        sim = simulator()
        if sim is None:
            print("        breadth: the simulator is not beside the checkout (../shared/prevalence); skipped")
            return
        yield from part(sim)

    return measured


def _panels(sim: ModuleType) -> Iterator[Figure]:
    """Every scenario of the simulator, and the table of what is to be reached on them."""
    print(_HEAD)
    rows = {}
    for name in sim.SCENARIOS:
        if name in {"mid", "large"}:
            continue
        for asked in (0.0, 0.1, 0.3) if name == "base" else _SHARES:
            drawn = _drawn(sim, name, _MANY if name in _FULL else _FEW, asked)
            row = rows[name, asked] = scored(drawn)
            print(_said(name, asked, row.ways), flush=True)
    yield from _table(rows)


def _worlds(sim: ModuleType) -> Iterator[Figure]:
    """Mechanisms that the model does not know: nearer than the share who told us, and honest."""
    print(_HEAD)
    for name in breadth_worlds.WORLDS:
        for asked in _SHARES:
            row = scored(breadth_worlds.drawn(sim, name, _FEW, asked))
            print(_said(name, asked, row.ways), flush=True)
            against = row.ways["model"].rmse / row.ways["told us" if not asked else "survey"].rmse
            yield Figure(f"{name}, {asked:.0%} asked: error against the simpler way", against, 1, "×")
            held = float(row.ways["model"].held.mean())
            yield Figure(f"{name}, {asked:.0%} asked: intervals that hold", held, 0.84, "", at_least=True)


def _said(name: str, asked: float, ways: dict[str, Score]) -> str:
    survey = ways["survey"]
    plain = f"{survey.rmse:.3f} {np.nanmean(survey.held):.2f}" if asked else "-"
    order = " ".join(f"{ways[way].tau:.2f}" for way in ("model", "votes by value", "told us", "comments"))
    return (
        f"        {name:16}{asked:>6.0%}  {ways['model'].said:>17}  {ways['told us'].said:>17}"
        f"  {ways['votes by value'].rmse:>8.3f}  {plain:>10}  {order}"
    )


def _drawn(sim: ModuleType, name: str, seeds: Sequence[int], asked: float) -> Iterator[tuple[object, object]]:
    """A panel with its truth for each seed, so many of its clients asked by lot."""
    for seed in seeds:
        panel, truth = sim.simulate(sim.SCENARIOS[name], seed)
        if asked:
            sim.random_sweep(sim.SCENARIOS[name], panel, truth, seed, asked)
        yield panel, truth


def scored(drawn: Iterable[tuple[object, object]]) -> Row:
    """The scores of every way of counting over these panels, each with its truth."""
    found: dict[str, list[tuple[np.ndarray, np.ndarray, np.ndarray]]] = {}
    orders: dict[str, list[tuple[float, float, float]]] = {}
    chances, truths = [], []
    for panel, truth in drawn:
        results = fit(panel)
        chances.append(np.concatenate([one.p for one in results]))
        truths.append(truth.z.ravel())
        ours = np.array([[one.prevalence, one.lo, one.hi] for one in results]).T
        for way, (share, low, high) in ({"model": ours} | _simpler(panel)).items():
            found.setdefault(way, []).append((share, low, high))
            orders.setdefault(way, []).append(_ordered(share, truth.prevalence))
        found.setdefault("truth", []).append((truth.prevalence,) * 3)
    real = np.concatenate([one[0] for one in found.pop("truth")])
    ways = {}
    for way, parts in found.items():
        share, low, high = (np.concatenate(part) for part in zip(*parts, strict=True))
        held = np.where(np.isnan(share), np.nan, (low - 1e-9 <= real) & (real <= high + 1e-9))
        ways[way] = Score(share - real, held, *(float(one) for one in np.mean(orders[way], axis=0)))
    return Row(ways, np.concatenate(chances), np.concatenate(truths))


def _simpler(panel: object) -> dict[str, tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Share, low and high of each issue by votes, votes weighed by yearly value, comments, and a survey."""
    mentions, answers = panel.mentions.sum(axis=2), panel.answers
    told = (mentions > 0).mean(axis=1)
    half = 1.645 * np.sqrt(told * (1 - told) / mentions.shape[1])
    yes, no = (answers == 1).sum(axis=1), (answers == 0).sum(axis=1)
    said = np.where(yes + no > 0, yes + no, np.nan)
    share = np.clip((yes / said + 0.97 - 1) / 0.92, 0, 1)
    wide = 1.645 * np.sqrt(np.maximum(yes / said * no / said, 0.25 / said) / said) / 0.92
    value = (mentions > 0) @ panel.revenue / panel.revenue.sum()
    comments = mentions.sum(axis=1) / mentions.sum()
    return {
        "told us": (told, told - half, told + half),
        "survey": (share, share - wide, share + wide),
        "votes by value": (value, value, value),
        "comments": (comments, comments, comments),
    }


def _ordered(score: np.ndarray, truth: np.ndarray) -> tuple[float, float, float]:
    """Kendall's tau, NDCG at ten, and the share of pairs, twice apart in truth, that stand the wrong way."""
    if np.isnan(score).any():
        return np.nan, np.nan, np.nan
    weight = 1 / np.log2(np.arange(2, 12))
    first = truth[np.argsort(-score, kind="stable")[:10]]
    twice = truth[:, None] >= 2 * truth[None]
    wrong = (score[:, None] < score[None])[twice].mean()
    return (
        kendalltau(score, truth)[0],
        float(first @ weight / (np.sort(truth)[::-1][:10] @ weight)),
        float(wrong),
    )


def _table(rows: dict[tuple[str, float], Row]) -> Iterator[Figure]:
    models = {key: row.ways["model"] for key, row in rows.items()}
    for (name, asked), limit in _LIMITS.items():
        yield Figure(f"{name}, {asked:.0%} asked, error", 100 * models[name, asked].rmse, limit, "points")
    held = {key: float(one.held.mean()) for key, one in models.items()}
    pooled = float(np.mean([one for (name, _), one in held.items() if name != "liars"]))
    yield Figure("intervals that hold the truth, all scenarios", pooled, 0.88, "", at_least=True)
    yield Figure("intervals that hold the truth, not too wide", pooled, 0.94, "")
    least = min((one, key) for key, one in held.items() if key[0] != "liars")
    yield Figure(
        f"the least of one scenario ({least[1][0]}, {least[1][1]:.0%} asked)",
        least[0],
        0.84,
        "",
        at_least=True,
    )
    yield Figure(
        "liars, 30% asked (no limit set: 0.84 of the others)", held["liars", 0.3], 0.84, "", at_least=True
    )
    for name in ("nonignorable", "shy"):
        bias = abs(float(models[name, 0.3].error.mean()))
        yield Figure(f"{name}: who answers depends on having it, bias", 100 * bias, 2.0, "points")
        yield Figure(f"{name}: intervals that hold", held[name, 0.3], 0.88, "", at_least=True)
    yield from _clients(rows)
    yield from _orders(rows["base", 0.0].ways)


def _clients(rows: dict[tuple[str, float], Row]) -> Iterator[Figure]:
    for asked, least in ((0.0, 0.35), (0.3, 0.41)):
        row = rows["base", asked]
        plain = _plain_brier(row)
        skill = 1 - float(((row.chance - row.truth) ** 2).mean()) / plain
        yield Figure(
            f"base, {asked:.0%} asked: Brier skill of single clients", skill, least, "", at_least=True
        )
        yield Figure(
            f"base, {asked:.0%} asked: calibration of single clients", 100 * row.calibration, 3, "points"
        )


def _plain_brier(row: Row) -> float:
    """What the true share of each issue would score, said of every client alike."""
    clients = len(row.truth) // len(row.ways["model"].error)
    share = row.truth.reshape(-1, clients).mean(axis=1)
    return float((share * (1 - share)).mean())


def _orders(ways: dict[str, Score]) -> Iterator[Figure]:
    for way in ("told us", "votes by value", "comments"):
        one = ways[way]
        print(
            f"        order by {way:15} tau {one.tau:.2f}, NDCG {one.ndcg:.2f}, turned round {one.turned:.1%}"
        )
    model = ways["model"]
    yield Figure("order, Kendall's tau", model.tau, 0.78, "", at_least=True)
    yield Figure("order, NDCG of the first ten", model.ndcg, 0.95, "", at_least=True)
    yield Figure("order, pairs twice apart that stand the wrong way", 100 * model.turned, 5, "%")


def _cpu(sim: ModuleType) -> Iterator[Figure]:
    for clients, limit in ((5_000, 50), (100_000, 100)):
        scenario = replace(sim.SCENARIOS["base"], n_accounts=clients, n_issues=4)
        panel, truth = sim.simulate(scenario, 301)
        sim.random_sweep(scenario, panel, truth, 301, 0.3)
        spent = [_milliseconds(lambda facts=facts: _again(facts)) for facts in facts_of(panel)]
        yield Figure(
            f"CPU of one issue, {clients:,} clients, 30% asked", float(np.median(spent)), limit, "ms"
        )


def _again(facts: object) -> None:
    names = ("weeks_mentioned", "mentions", "others", "segments", "answers", "values", "audit")
    fit_counts(**{name: getattr(facts, name) for name in names})


def _milliseconds(work: Callable[[], None]) -> float:
    best = np.inf
    for _ in range(5):
        began = time.process_time()
        work()
        best = min(best, time.process_time() - began)
    return 1000 * float(best)


PARTS = {
    "breadth-panels": _with_simulator(_panels),
    "breadth-worlds": _with_simulator(_worlds),
    "breadth-asking": _with_simulator(breadth_asking.measure),
    "breadth-cpu": _with_simulator(_cpu),
    "breadth-text": breadth_cfpb.measure,
}
