"""Who says what, when: the turns of the story, before anybody has found the words."""

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from voc.demo.fate import Casting
from voc.demo.grammar import chance
from voc.demo.parts import ISSUE_PARTS, PARTS
from voc.demo.records import TrueIssue

WEEKS = 26
COMMENTS = 1800
_DAYS = WEEKS * 7
_LOUD_TURNS = 96
_ALONE_TURNS = 40
_STOPPED_LAST = 64
_TERMINATED = 38
_HURT_VOICE = {1: 0.7, 2: 1.0, 4: 1.25, 8: 1.5}
_MANNERS = {"praise": 76, "suggestion": 58, "vague": 40, "chatter": 300}
_TWO_ISSUES = 0.06
_SATURDAY = 5
_BEFORE_THE_END = timedelta(weeks=2)  # whoever was told that it will end has nothing more to say
_EARLIER_WEEKS = 12
_MOST_TURNS = 85
_SPARED = frozenset(PARTS[part] for part in ("stopped", "loud_alone", "named_colleague"))


@dataclass(frozen=True, slots=True)
class Turn:
    """One group speaks on one day: about issues, or in a manner of no issue (then `manner` is its name)."""

    group: str
    on: date
    issues: tuple[str, ...]
    manner: str | None = None


@dataclass(frozen=True, slots=True)
class Plot:
    """What the turns are drawn from."""

    today: date
    issues: Mapping[str, TrueIssue]
    hurts: Mapping[str, int]
    talk: Mapping[str, float]
    casting: Casting


def draw_turns(plot: Plot, seed: int, written: int) -> list[Turn]:
    """All turns but the written-out ones, so that both together are 1,800."""
    rng = random.Random(f"{seed}-plot")
    turns = [
        *_loud(plot, rng),
        *_alone(plot, rng),
        *_stopped(plot, rng),
        *_once(plot, rng),
        *_cold(plot, rng),
    ]
    turns += [*_at_least_one(plot, turns, rng), *_each_issue(plot, rng)]
    turns += _manners(plot, rng)
    return turns + _ordinary(plot, COMMENTS - written - len(turns), rng)


def _day(plot: Plot, rng: random.Random, since: date, until_days_ago: int = 1) -> date:
    first = max(since, plot.today - timedelta(days=_DAYS - 1))
    last = plot.today - timedelta(days=until_days_ago)
    day = first + timedelta(days=rng.randrange(max(1, (last - first).days + 1)))
    weekend = day.weekday() >= _SATURDAY and chance(rng, 0.75)
    return max(first, day - timedelta(days=2)) if weekend else day


def _loud(plot: Plot, rng: random.Random) -> Iterator[Turn]:
    key = ISSUE_PARTS["dropped_process"]
    for _ in range(_LOUD_TURNS):
        yield Turn(PARTS["loud_client"], _day(plot, rng, plot.issues[key].since), (key,))


def _alone(plot: Plot, rng: random.Random) -> Iterator[Turn]:
    key = ISSUE_PARTS["loud_alone_issue"]
    for _ in range(_ALONE_TURNS):
        yield Turn(PARTS["loud_alone"], _day(plot, rng, plot.issues[key].since), (key,))


def _stopped(plot: Plot, rng: random.Random) -> Iterator[Turn]:
    group = PARTS["stopped"]
    own = [
        key
        for key in sorted(plot.issues)
        if group in plot.issues[key].has and key not in ISSUE_PARTS.values()
    ]
    start = plot.today - timedelta(days=_DAYS)
    monday = start + timedelta(days=7 - start.weekday())
    for week in range(WEEKS - _STOPPED_LAST // 7 - 1):
        on = monday + timedelta(days=7 * week + rng.randrange(5))
        due = [key for key in own if plot.issues[key].since <= on]
        manner = "chatter" if not due or chance(rng, 0.15) else None
        yield Turn(group, on, () if manner else (rng.choice(due),), manner)


def _once(plot: Plot, rng: random.Random) -> Iterator[Turn]:
    dropped, wide = ISSUE_PARTS["dropped_process"], ISSUE_PARTS["wide_quiet"]
    for key, share in ((dropped, 1.0), (wide, 0.75)):
        for group in sorted(plot.issues[key].has - {PARTS["loud_client"], PARTS["stopped"]}):
            if group not in plot.casting.silent and chance(rng, share):
                on = _day(plot, rng, plot.issues[key].since, _quiet_days(group))
                yield Turn(group, _while_it_lasted(plot.issues[key], group, on), (key,))


def _while_it_lasted(issue: TrueIssue, group: str, on: date) -> date:
    """The day itself, or one well before the end for those for whom the issue has ended."""
    over = issue.is_over_for(group, on + _BEFORE_THE_END)
    return on - _BEFORE_THE_END - timedelta(weeks=_EARLIER_WEEKS) if over else on


def _cold(plot: Plot, rng: random.Random) -> Iterator[Turn]:
    issue = plot.issues[ISSUE_PARTS["came_back"]]
    for group in sorted(issue.has):
        if plot.talk[group] == 0 or group == PARTS["stopped"]:
            continue
        for _ in range(rng.randint(2, 5)):
            days = rng.randrange(112, _DAYS)
            yield Turn(group, plot.today - timedelta(days=days), (issue.key,))
        if chance(rng, 0.6):
            yield Turn(group, plot.today - timedelta(days=rng.randrange(90, 108)), (), "thanks_fixed")
        yield Turn(
            group,
            _day(plot, rng, plot.today - timedelta(days=41), _quiet_days(group)),
            (issue.key,),
            "back_again",
        )
        for _ in range(rng.randint(0, 2)):
            yield Turn(
                group, _day(plot, rng, plot.today - timedelta(days=38), _quiet_days(group)), (issue.key,)
            )


def _quiet_days(group: str) -> int:
    return {PARTS["stopped"]: _STOPPED_LAST, PARTS["termination"]: _TERMINATED}.get(group, 1)


def _at_least_one(plot: Plot, turns: Sequence[Turn], rng: random.Random) -> list[Turn]:
    spoke = {turn.group for turn in turns}
    start = plot.today - timedelta(days=_DAYS)
    return [
        Turn(group, _day(plot, rng, start, _quiet_days(group)), (), "chatter")
        for group in sorted(plot.talk)
        if plot.talk[group] > 0 and group not in spoke
    ]


def _each_issue(plot: Plot, rng: random.Random) -> Iterator[Turn]:
    for key, issue in sorted(plot.issues.items()):
        heard = [name for name in sorted(issue.has) if plot.talk[name] > 0 and name != PARTS["stopped"]]
        if key not in ISSUE_PARTS.values() and heard:
            for group in rng.sample(heard, min(2, len(heard))):
                yield Turn(group, _day(plot, rng, issue.since, _quiet_days(group)), (key,))


def _manners(plot: Plot, rng: random.Random) -> list[Turn]:
    start = plot.today - timedelta(days=_DAYS)
    free = [group for group in sorted(plot.talk) if group not in _SPARED]
    weights = [plot.talk[group] ** 0.7 for group in free]
    names = [name for name, count in _MANNERS.items() for _ in range(count)]
    groups = rng.choices(free, weights, k=len(names))
    return [
        Turn(group, _day(plot, rng, start, _quiet_days(group)), (), name)
        for group, name in zip(groups, names, strict=True)
    ]


def _ordinary(plot: Plot, count: int, rng: random.Random) -> list[Turn]:
    pairs, weights = who_says_what(plot)
    turns: list[Turn] = []
    for group, key in _capped(rng.choices(pairs, weights, k=3 * count), count):
        others = [other for other_group, other in pairs if other_group == group and other != key]
        both = (key, rng.choice(others)) if others and chance(rng, _TWO_ISSUES) else (key,)
        since = max(plot.issues[each].since for each in both)
        turns.append(Turn(group, _day(plot, rng, since, _quiet_days(group)), both))
    return turns


def _capped(drawn: Sequence[tuple[str, str]], count: int) -> Iterator[tuple[str, str]]:
    said: Counter[str] = Counter()
    for group, key in drawn:
        if said[group] < _MOST_TURNS and said.total() < count:
            said[group] += 1
            yield group, key


def who_says_what(plot: Plot) -> tuple[list[tuple[str, str]], list[float]]:
    """Each group with each ordinary issue that it has, and how much it says about it."""
    pairs, weights = [], []
    for key, issue in sorted(plot.issues.items()):
        if key in ISSUE_PARTS.values():
            continue
        weeks = min(WEEKS, (plot.today - issue.since).days / 7)
        for group in sorted(issue.has - {PARTS["stopped"], PARTS["loud_alone"]}):
            manages = 0.35 if group in issue.manages else 1.0
            weight = plot.talk[group] * _HURT_VOICE[plot.hurts[key]] * manages * weeks / WEEKS
            if weight > 0:
                pairs.append((group, key))
                weights.append(weight)
    return pairs, weights
