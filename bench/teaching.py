"""What corrections are worth: on utterances and complaints nobody simulated, by a lead who corrects what is wrong.

The lead looks at N comments as the machine reads them by names and descriptions alone, adds what is missing
and takes away what is wrong. Judged on texts nobody looked at; of CFPB, of companies nobody looked at.
"""

import csv
import json
import time
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bench.beside import beside
from bench.figure import Figure
from nlp.heads import HeadArrays, ThemeSpec
from nlp.pipeline import background, starter_bank
from nlp.pooling import pooled
from nlp.theme_bank import ThemeBank, shots_of
from nlp.train import UNSPOKEN, Slate, column_of, opined, slate_of, teach_head

_LOOKED_AT = (10, 30, 100, 300)
_DRAWS = 3
_FEWEST = 40  # a theme of fewer texts is not scored
_WORSE = 0.02
_STILL = 300  # texts nobody looked at
_RETRAINED = {50: 1.0, 500: 3.0, 5_000: 20.0}  # labels to CPU seconds: "within seconds", in the background

Truth = NDArray[np.bool_]
Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _World:
    """Texts to learn from, then what the themes begin with; texts that judge; their truth: a row a text, a column a theme."""

    name: str
    specs: tuple[ThemeSpec, ...]
    learn: Slate
    learn_truth: Truth
    judge: Slate
    judge_truth: Truth


def measure() -> Iterator[Figure]:
    """F1 before and after, how many themes got worse, and what a retraining costs."""
    worlds = [world for world in (_nlupp("hotels"), _nlupp("banking"), _cfpb()) if world is not None]
    if not worlds:
        print("        teaching: the labelled sets are not beside the checkout (../shared/data); skipped")
        return
    for world in worlds:
        yield from _taught(world)
    yield from _cost(worlds[-1])


def _taught(world: _World) -> Iterator[Figure]:
    bank = starter_bank(world.specs)
    world = replace(world, learn=opined(world.learn, bank), judge=opined(world.judge, bank))
    starts = [column_of(bank, spec) for spec in world.specs]
    before = np.stack([_scores(start, world.judge) for start in starts], axis=1)
    said = (
        np.stack([_scores(start, world.learn) for start in starts], axis=1)[: len(world.learn_truth)]
        >= starts[0].threshold
    )
    known = _f1(before >= starts[0].threshold, world.judge_truth)
    print(f"        {world.name}: {len(starts)} themes, F1 by name and description alone {known.mean():.3f}")
    for looked_at in _LOOKED_AT:
        runs = [_one_lead(world, bank, said, looked_at, seed) for seed in range(_DRAWS)]
        after = np.concatenate([run - known for run in runs])
        mean = float(np.mean([run.mean() for run in runs]))
        worse = 100 * float((after < -_WORSE).mean())
        yield Figure(
            f"{world.name}: F1 after {looked_at} comments were looked at",
            mean,
            float(known.mean()),
            "",
            at_least=True,
        )
        yield Figure(f"{world.name}: themes that got worse by {_WORSE} after {looked_at}", worse, 12, "%")


def _one_lead(world: _World, bank: ThemeBank, said: Truth, looked_at: int, seed: int) -> Scores:
    """F1 of each theme on what judges, after this lead corrected what was wrong."""
    seen = np.random.default_rng(seed).permutation(len(said))[:looked_at]
    wrong = said[seen] != world.learn_truth[seen]
    seen, others = seen[wrong.any(axis=1)], np.setdiff1d(np.arange(len(said)), seen)
    rng = np.random.default_rng(seed)
    still = np.append(rng.permutation(others)[:_STILL], np.arange(len(said), len(world.learn.accounts)))
    slate = _part(world.learn, seen, still)
    scores = np.zeros(world.judge_truth.shape)
    for at, spec in enumerate(world.specs):
        head = column_of(bank, spec)
        spoken = said[seen, at] != world.learn_truth[seen, at]
        if spoken.any():
            weights = np.where(spoken, 1.0, UNSPOKEN)
            head = teach_head(head, slate, world.learn_truth[seen, at], weights).head
        scores[:, at] = _scores(head, world.judge)
    return _f1(scores >= column_of(bank, world.specs[0]).threshold, world.judge_truth)


def _part(slate: Slate, seen: NDArray[np.int64], still: NDArray[np.int64]) -> Slate:
    chosen = np.append(seen, still)
    place = np.full(len(slate.accounts), -1)
    place[chosen] = np.arange(len(chosen))
    rows = np.flatnonzero(place[slate.owners] >= 0)
    order = rows[np.argsort(place[slate.owners[rows]], kind="stable")]
    accounts = np.append(slate.accounts[seen], np.full(len(still), -1))
    return Slate(
        slate.features[order], place[slate.owners[order]], slate.lengths[order], accounts, len(still),
        {key: said[order] for key, said in slate.opinions.items()},
    )  # fmt: skip


def _scores(head: HeadArrays, slate: Slate) -> Scores:
    """Each text's score as it is read."""
    weights = np.zeros(slate.features.shape[1], dtype=np.float32)
    weights[: len(head.dense)] = head.dense
    weights[len(head.dense) + head.buckets] = head.weights
    margins = slate.features @ weights + head.bias + slate.opinions.get(head.theme, 0.0)
    scores = 1 / (1 + np.exp(-(head.scale * margins + head.offset)))
    firsts = np.unique(slate.owners, return_index=True)[1]
    return pooled(scores.astype(np.float32)[:, None], firsts, slate.lengths)[:, 0].astype(np.float64)


def _f1(said: Truth, truth: Truth) -> Scores:
    both = (said & truth).sum(axis=0)
    return np.asarray(2 * both / np.maximum(said.sum(axis=0) + truth.sum(axis=0), 1))


def _cost(world: _World) -> Iterator[Figure]:
    """CPU seconds of one theme's retraining, all lessons of this many labels new; texts are used several times."""
    texts = _cfpb_rows() or []
    bank = starter_bank(world.specs)
    key = world.specs[0].key
    for labels, limit in _RETRAINED.items():
        rows = [texts[at % len(texts)] for at in range(labels)]
        began = time.process_time()
        words = [row["Consumer complaint narrative"][:400] for row in rows]
        slate = opined(slate_of(words, [at % 300 for at in range(labels)], words[:_STILL]), bank)
        holds = np.array([row["Issue"] == key for row in rows])
        teach_head(column_of(bank, world.specs[0]), slate, holds, np.ones(labels))
        yield Figure(
            f"CPU of retraining one theme, {labels:,} labels", time.process_time() - began, limit, "s"
        )


def _nlupp(domain: str) -> _World | None:
    texts, intents = beside("data", "nlupp", f"{domain}.jsonl"), beside("data", "nlupp", "ontology.json")
    if texts is None or intents is None:
        return None
    described = json.loads(intents.read_text(encoding="utf-8"))["intents"]
    rows = [json.loads(line) for line in texts.read_text(encoding="utf-8").splitlines()]
    named = sorted({one for row in rows for one in row["intents"]})
    keys = [one for one in named if sum(one in row["intents"] for row in rows) >= _FEWEST]
    specs = tuple(ThemeSpec(one, one.replace("_", " "), described[one]["description"]) for one in keys)
    sides = [[row for row in rows if (row["fold"] >= 8) is later] for later in (True, False)]

    def truth(side: Sequence[dict[str, list[str]]]) -> Truth:
        return np.array([[key in row["intents"] for key in keys] for row in side])

    learn, judge = (
        slate_of([row["text"] for row in side], range(len(side)), shots)
        for side, shots in zip(sides, (_begins(specs), ()), strict=True)
    )
    return _World(f"NLU++ {domain}", specs, learn, truth(sides[0]), judge, truth(sides[1]))


def _begins(specs: Sequence[ThemeSpec]) -> tuple[str, ...]:
    return shots_of(specs, background()).texts


def _cfpb_rows() -> list[dict[str, str]] | None:
    path = beside("data", "cfpb", "cfpb_loan_narratives_2827.csv")
    if path is None:
        return None
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _cfpb() -> _World | None:
    rows = _cfpb_rows()
    if rows is None:
        return None
    issues = [row["Issue"] for row in rows]
    keys = sorted({one for one in issues if issues.count(one) >= _FEWEST})
    specs = tuple(ThemeSpec(key, key, "") for key in keys)
    sides: list[list[dict[str, str]]] = [[], []]
    for row in rows:
        sides[zlib.crc32(row["Company"].encode()) % 3 == 0].append(row)
    slates = [
        slate_of(
            [row["Consumer complaint narrative"] for row in side],
            [zlib.crc32(row["Company"].encode()) for row in side],
            shots,
        )
        for side, shots in zip(sides, (_begins(specs), ()), strict=True)
    ]
    truths = [np.array([[row["Issue"] == key for key in keys] for row in side]) for side in sides]
    return _World("CFPB", specs, slates[0], truths[0], slates[1], truths[1])
