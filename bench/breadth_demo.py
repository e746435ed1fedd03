"""Whether the estimate holds on the demo's own truth, over many stories: nobody asked, tags as good as our reader's."""

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from statistics import median_low

from bench.figure import Figure
from voc.breadth.estimate import Audit, Estimate, Priors, fit_counts, learn_priors, lesson_from, weigh_audit
from voc.breadth.estimating.facts import Facts, checked_facts
from voc.demo.parts import ISSUE_PARTS
from voc.demo.records import Story, TrueIssue
from voc.demo.story import tell

_SEEDS = range(101, 121)
_TODAY = date(2026, 11, 22)
_WRONG = 0.09  # of the tags, on the demo as read, 2026-11-22: 8.7 of 100 looked at were refused
_LOOKED = 0.75  # of the tags the demo's lead finds time for
_WEEKS = 26


def measure() -> Iterator[Figure]:
    """Truth inside the 90 % interval, and how often the issue of one loud client is among the five widest."""
    held = issues = loud = 0
    for seed in _SEEDS:
        story = tell(seed, _TODAY)
        facts, worst = _facts(story, random.Random(seed))
        priors = learn_priors([lesson_from(one, Priors()) for one in facts.values()], default=Priors())
        found = {key: _estimate(one, priors) for key, one in facts.items()}
        for key, one in found.items():
            truth = story.truth.issues[key]
            held += one.count.low - 0.5 <= len(_has(truth)) <= one.count.high + 0.5
            issues += 1
        ranked = sorted(found, key=lambda key: -found[key].count.mean * worst[key])
        loud += ISSUE_PARTS["loud_alone_issue"] in ranked[:5]
    yield Figure(
        f"true number inside the interval, {issues} issues of {len(_SEEDS)} demos",
        100 * held / issues,
        85,
        "%",
        at_least=True,
    )
    yield Figure("demos in which one loud client's issue is among the five first", loud, 0, "")


def _has(truth: TrueIssue) -> frozenset[str]:
    return truth.has & truth.applies


def _estimate(facts: Facts, priors: Priors) -> Estimate:
    return fit_counts(
        weeks_mentioned=facts.weeks_mentioned, mentions=facts.mentions, others=facts.others,
        segments=facts.segments, settled=facts.settled, values=facts.values, window_weeks=_WEEKS,
        audit=facts.audit, priors=priors,
    )  # fmt: skip


def _facts(story: Story, rng: random.Random) -> tuple[dict[str, Facts], dict[str, int]]:
    """Each issue that still stands, as a reader that is wrong now and then would hand it over."""
    standing = {
        key: one for key, one in story.truth.issues.items() if one.solved_on is None or one.came_back_on
    }
    since = _TODAY - timedelta(weeks=_WEEKS)
    group_of = {account.name: account.group or account.name for account in story.accounts}
    said = [one for one in story.comments if since <= one.said_at.date() < _TODAY]
    tags: dict[str, dict[str, list[tuple[int, bool]]]] = {key: defaultdict(list) for key in standing}
    hurts: dict[str, dict[str, int]] = {key: defaultdict(lambda: 1) for key in standing}
    totals: dict[str, int] = defaultdict(int)
    for one in said:
        group, week = group_of[one.account], (_TODAY - one.said_at.date()).days // 7
        totals[group] += 1
        about = [key for key in story.truth.about.get(one.source_id, ()) if key in standing]
        for key in about:
            tags[key][group].append((week, True))
            hurts[key][group] = max(hurts[key][group], one.hurt or 1)
        if about and rng.random() < _WRONG:
            tags[rng.choice(sorted(standing))][group].append((week, False))
    groups = {account.name: account for account in story.accounts if account.group is None}
    kinds = {kind: place for place, kind in enumerate(sorted({one.segment for one in groups.values()}))}
    facts = {}
    for key, truth in standing.items():
        names = sorted(truth.applies)
        looked = {name: [right for _, right in tags[key][name] if rng.random() < _LOOKED] for name in names}
        kept = {name: _kept(tags[key][name], looked[name]) for name in names}
        facts[key] = checked_facts(
            weeks_mentioned=[len(set(kept[name])) for name in names],
            mentions=[len(kept[name]) for name in names],
            others=[totals[name] - len(kept[name]) for name in names],
            segments=[kinds[groups[name].segment] for name in names],
            settled=[int(any(looked[name])) for name in names],
            values=[(groups[name].yearly_value_cents or 0) / 100 for name in names],
            window_weeks=_WEEKS,
            audit=_audit(looked, tags[key]),
        )
    return facts, {key: median_low([*hurts[key].values()] or [1]) for key in standing}


def _kept(tags: list[tuple[int, bool]], looked: list[bool]) -> list[int]:
    """The weeks of the tags that stand: a refused one is gone."""
    refused = looked.count(False)
    wrong = [week for week, right in tags if not right][refused:]
    return [week for week, right in tags if right] + wrong


def _audit(looked: Mapping[str, list[bool]], tags: Mapping[str, list[tuple[int, bool]]]) -> Audit:
    seen = [(any(rights), max(len(tags[name]), 1)) for name, rights in looked.items() if rights]
    return weigh_audit([right for right, _ in seen], [number for _, number in seen])
