"""Worlds of another make than the model: whether the estimate holds where its assumptions do not.

Each starts from a panel of the simulator, whose clients, segments and truth it keeps or spreads anew, and
writes all mentions of every issue from a mechanism that the model does not know:

- on and off: who has an issue has it in some weeks only, by a chain that comes and goes;
- contagion: having it spreads from client to client inside a segment, so clients are not independent;
- the mute: a third of those who have it never say so, whatever they talk about, another third rarely;
- storms: in a few weeks everybody talks five times as much, in others hardly at all;
- favourite themes: each client spreads its comments over themes by a share of its own, and has an issue when
  it would ever say it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from types import ModuleType

import numpy as np

_MUTE, _RARELY = 1 / 3, 0.2
_STAYS_ON, _STAYS_OFF = 0.8, 0.85  # week by week: on four weeks in seven, in spells of five
_STORM, _LULL, _STORMY = 5.0, 0.5, 0.12
_PULL = 6.0  # by how much a neighbour who has it raises the chance, in the shares of a segment
_ADDICTED = 0.8  # shape of a client's own share of a theme: below 1, most say nearly nothing of it


@dataclass(frozen=True, slots=True)
class World:
    """What is written anew of a panel: who has each issue, (K, N), and the mean of mentions, (K, N, T)."""

    has: np.ndarray
    mean: np.ndarray


def _rates(
    sim: ModuleType, panel: object, truth: object, has: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """(K, N, T) mean mentions as the simulator has them, before anything of a world."""
    base = sim.SCENARIOS["base"]
    weeks = panel.mentions.shape[2]
    each = (
        truth.kappa[:, None] * truth.talk[None] * has * rng.gamma(1 / base.frailty, base.frailty, has.shape)
    )
    return np.repeat(each[..., None], weeks, axis=2)


def _on_and_off(sim: ModuleType, panel: object, truth: object, rng: np.random.Generator) -> World:
    mean = _rates(sim, panel, truth, truth.z, rng)
    state = rng.random(truth.z.shape) < (1 - _STAYS_OFF) / (2 - _STAYS_OFF - _STAYS_ON)
    for week in range(mean.shape[2]):
        stays = np.where(state, _STAYS_ON, _STAYS_OFF)
        state = np.where(rng.random(state.shape) < stays, state, ~state)
        mean[..., week] *= 2 * state
    ever = mean.sum(axis=2) > 0
    return World(truth.z & ever, mean)


def _contagion(sim: ModuleType, panel: object, truth: object, rng: np.random.Generator) -> World:
    """An urn in each segment: the more of it have the issue, the likelier the next client has it."""
    issues, clients = truth.z.shape
    has = np.zeros((issues, clients), dtype=bool)
    for issue in range(issues):
        wanted = truth.z[issue].mean()
        held: dict[int, list[float]] = {}
        for client in rng.permutation(clients):
            urn = held.setdefault(int(panel.segment[client]), [_PULL * wanted, _PULL * (1 - wanted)])
            has[issue, client] = rng.random() < urn[0] / sum(urn)
            urn[0 if has[issue, client] else 1] += 1.0
        if not has[issue].any():
            has[issue, rng.integers(clients)] = True
    return World(has, _rates(sim, panel, truth, has, rng))


def _mute(sim: ModuleType, panel: object, truth: object, rng: np.random.Generator) -> World:
    mean = _rates(sim, panel, truth, truth.z, rng)
    kind = rng.random(truth.z.shape)
    willing = np.where(kind < _MUTE, 0.0, np.where(kind < 2 * _MUTE, _RARELY, 2.0))
    return World(truth.z, mean * willing[..., None])


def _storms(sim: ModuleType, panel: object, truth: object, rng: np.random.Generator) -> World:
    mean = _rates(sim, panel, truth, truth.z, rng)
    stormy = rng.random((truth.z.shape[0], 1, mean.shape[2])) < _STORMY
    return World(truth.z, mean * np.where(stormy, _STORM, _LULL))


def _favourites(_sim: ModuleType, panel: object, truth: object, rng: np.random.Generator) -> World:
    """No chatter in common: what a client says of an issue has nothing to do with what it says of others."""
    issues, clients = truth.z.shape
    own = rng.gamma(_ADDICTED, 1 / _ADDICTED, (issues, clients))
    level = truth.kappa * np.exp(np.log(truth.talk).mean() + 0.5)
    mean = np.repeat((level[:, None] * own * truth.z)[..., None], panel.mentions.shape[2], axis=2)
    return World(truth.z, mean)


WORLDS: dict[str, Callable[..., World]] = {
    "on and off": _on_and_off,
    "contagion": _contagion,
    "the mute": _mute,
    "storms": _storms,
    "favourites": _favourites,
}


def panel_of(sim: ModuleType, name: str, seed: int) -> tuple[object, object]:
    """The panel and the truth of one world, nobody asked yet; tags are nine in ten right and twenty looked at."""
    scenario = sim.SCENARIOS["base"]
    panel, truth = sim.simulate(scenario, seed)
    rng = np.random.default_rng([seed, 31])
    world = WORLDS[name](sim, panel, truth, rng)
    said = rng.poisson(world.mean)
    chatter = rng.poisson(np.repeat(truth.talk[:, None], said.shape[2], axis=1))
    every = chatter + said.sum(axis=0)
    mentions, other, audit = said.copy(), np.zeros_like(said), np.zeros((len(said), 2), dtype=np.int64)
    for issue in range(len(said)):
        rest = every - said[issue]
        wrong = rng.binomial(rest, min((said[issue].sum() + 0.5) / 9 / max(rest.sum(), 1), 0.3))
        mentions[issue] += wrong
        other[issue] = rest - wrong
        looked = min(20, mentions[issue].sum())
        bad = rng.hypergeometric(wrong.sum(), said[issue].sum(), looked) if looked else 0
        audit[issue] = looked - bad, bad
    panel.mentions, panel.other, panel.audit = mentions, other, audit
    truth.z, truth.prevalence = world.has, world.has.mean(axis=1)
    return panel, truth


def drawn(sim: ModuleType, name: str, seeds: Sequence[int], asked: float) -> Iterator[tuple[object, object]]:
    """A panel of the world with its truth for each seed, so many of its clients asked by lot."""
    for seed in seeds:
        panel, truth = panel_of(sim, name, seed)
        if asked:
            sim.random_sweep(sim.SCENARIOS["base"], panel, truth, seed, asked)
        yield panel, truth
