"""Who is silent, who really has which issue, how much each client talks, how each person answers."""

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from voc.demo.book import Book, uses
from voc.demo.grammar import chance
from voc.demo.parts import ISSUE_PARTS, PARTS, SILENT_BY_SEGMENT
from voc.demo.records import Account, Behaviour, Temper, TrueIssue
from voc.demo.words import IssueWords, load_cast

DEPENDENTS = 17
DEPENDENTS_SILENT = 9
UNREACHABLE = 9
UNREACHABLE_SILENT = 6
_STOPPED_HAS = ("linen_short", "cold_meals", "new_face", "dispensers_empty", "closed_unrepaired")
_SOLVED_WEEKS_AGO = 16
_BACK_WEEKS_AGO = 6
CHANGED_DAYS_AGO = 35  # what was asked, decided and changed before you came
_UNSOLVED = 2
_REMINDED_AFTER_DAYS = 5


@dataclass(frozen=True, slots=True)
class Casting:
    """Which groups never speak and which cannot be written to."""

    silent: frozenset[str]
    unreachable: frozenset[str]


def cast_groups(seed: int) -> Casting:
    """31 silent groups and 9 unreachable ones, 6 of them silent; named parts keep their voice."""
    rng = random.Random(f"{seed}-cast")
    quiet = PARTS["quiet_client"]
    silent = {quiet}
    for segment in load_cast()["segment"]:
        free = [name for name in segment["groups"] if name not in PARTS.values()]
        wanted = SILENT_BY_SEGMENT[segment["name"]] - (quiet in segment["groups"])
        silent |= set(rng.sample(free, wanted))
    talkers = [name for segment in load_cast()["segment"] for name in segment["groups"] if name not in silent]
    unreachable = rng.sample(sorted(silent - {quiet}), UNREACHABLE_SILENT)
    unreachable += rng.sample(
        [n for n in talkers if n not in PARTS.values()], UNREACHABLE - UNREACHABLE_SILENT
    )
    return Casting(frozenset(silent), frozenset(unreachable))


def draw_issues(
    book: Book, words: Mapping[str, IssueWords], casting: Casting, seed: int, today: date
) -> dict[str, TrueIssue]:
    """Each issue with the groups that really have it; the same seed and day give the same truth."""
    rng = random.Random(f"{seed}-fate")
    trouble = {account.name: rng.lognormvariate(0, 0.4) for account in book.groups()}
    return {
        key: _draw_issue(words[key], book, casting, trouble, today=today, rng=rng) for key in sorted(words)
    }


def _draw_issue(
    words: IssueWords,
    book: Book,
    casting: Casting,
    trouble: Mapping[str, float],
    *,
    today: date,
    rng: random.Random,
) -> TrueIssue:
    applies = [account for account in book.groups() if uses(account, words.services, today)]
    fits = [account for account in applies if not words.segments or account.segment in words.segments]
    has = _who_has(words, fits, casting, trouble, rng)
    manages = frozenset(name for name in sorted(has - set(PARTS.values())) if chance(rng, words.manages))
    came_back = words.key == ISSUE_PARTS["came_back"]
    changed = words.key == ISSUE_PARTS["wide_quiet"]
    speak = sorted(has - manages - casting.silent - set(PARTS.values()))
    return TrueIssue(
        key=words.key,
        title=words.title,
        services=words.services,
        applies=frozenset(account.name for account in applies),
        problem=has - manages,
        manages=manages,
        sites=_sites(has, book, words, today, rng),
        since=today - timedelta(weeks=words.since_weeks),
        solved_on=_solved_on(today, came_back=came_back, changed=changed),
        came_back_on=today - timedelta(weeks=_BACK_WEEKS_AGO) if came_back else None,
        unsolved=frozenset(speak[:_UNSOLVED]) if changed else frozenset(),
    )


def _solved_on(today: date, *, came_back: bool, changed: bool) -> date | None:
    if came_back:
        return today - timedelta(weeks=_SOLVED_WEEKS_AGO)
    return today - timedelta(days=CHANGED_DAYS_AGO) if changed else None


def _who_has(
    words: IssueWords, fits: list[Account], casting: Casting, trouble: Mapping[str, float], rng: random.Random
) -> frozenset[str]:
    names = [account.name for account in fits]
    if words.key == ISSUE_PARTS["dropped_process"]:
        return _dependents(names, casting, rng)
    if words.key == ISSUE_PARTS["loud_alone_issue"]:
        return frozenset((PARTS["loud_alone"],))
    forced = [PARTS["stopped"]] if words.key in _STOPPED_HAS and PARTS["stopped"] in names else []
    others = [name for name in names if name not in forced and name != PARTS["quiet_client"]]
    ranked = sorted(others, key=lambda name: rng.random() ** (1 / trouble[name]), reverse=True)
    chosen = (forced + ranked)[: words.breadth]
    mute = casting.silent | {PARTS["stopped"], PARTS["loud_alone"]}
    if mute.issuperset(chosen):
        chosen[-1] = next(name for name in ranked if name not in mute)
    return frozenset(chosen)


def _dependents(names: list[str], casting: Casting, rng: random.Random) -> frozenset[str]:
    quiet = PARTS["quiet_client"]
    free = [name for name in names if name not in PARTS.values()]
    silent = rng.sample([name for name in free if name in casting.silent], DEPENDENTS_SILENT - 1)
    heard = rng.sample([name for name in free if name not in casting.silent], DEPENDENTS - DEPENDENTS_SILENT)
    return frozenset((PARTS["loud_client"], quiet, *silent, *heard))


def _sites(
    has: Iterable[str], book: Book, words: IssueWords, today: date, rng: random.Random
) -> dict[str, tuple[str, ...]]:
    concerned: dict[str, tuple[str, ...]] = {}
    for group in sorted(has):
        sites = [site.name for site in book.sites_of(group) if uses(site, words.services, today)]
        if sites:
            concerned[group] = tuple(rng.sample(sites, rng.randint(1, len(sites))))
    return concerned


def draw_talk(book: Book, casting: Casting, seed: int) -> dict[str, float]:
    """How much each group talks: 0 for the silent, else lognormal with a ceiling, most of them quiet."""
    rng = random.Random(f"{seed}-talk")
    drawn = {account.name: min(3.5, rng.lognormvariate(-0.6, 1.15)) for account in book.groups()}
    fixed = {
        PARTS["loud_client"]: 1.5,
        PARTS["loud_alone"]: 0.3,
        PARTS["usage_up"]: 0.5,
        PARTS["termination"]: 0.5,
    }
    heard = {**drawn, **fixed, PARTS["named_colleague"]: 0.4}
    return {name: 0.0 if name in casting.silent else talk for name, talk in heard.items()}


def draw_behaviour(
    book: Book, issues: Mapping[str, TrueIssue], casting: Casting, seed: int
) -> dict[str, Behaviour]:
    """How each contact with an e-mail behaves when asked; every temper occurs, and colleagues who differ."""
    rng = random.Random(f"{seed}-answers")
    group_of = {account.name: account.group or account.name for account in book.accounts}
    people = [(each.email, group_of[each.account]) for each in book.contacts if each.email]
    named: dict[int, Temper] = {20: "not_me", 30: "angry", 40: "bounces"}
    differing = set(rng.sample(range(len(people)), 14))
    behaviour = {}
    for place, (email, group) in enumerate(people):
        temper = named.get(place) or _temper(silent_group=group in casting.silent, rng=rng)
        touched = [key for key in sorted(issues) if group in issues[key].applies]
        differs = rng.sample(touched, min(3, len(touched))) if place in differing else []
        days = min(13, int(rng.expovariate(0.35)))
        behaviour[email] = Behaviour(
            email, group, temper, days, days > _REMINDED_AFTER_DAYS, frozenset(differs)
        )
    quiet = next(each.email for each in book.contacts_of(PARTS["quiet_client"]) if each.email)
    loud = next(each.email for each in book.contacts_of(PARTS["loud_client"]) if each.email)
    for email in (quiet, loud):
        behaviour[email] = Behaviour(email, behaviour[email].group, "answers", 1, False, frozenset())
    return behaviour


def _temper(*, silent_group: bool, rng: random.Random) -> Temper:
    weights = (0.55, 0.4, 0.03, 0.01, 0.01) if silent_group else (0.7, 0.24, 0.02, 0.02, 0.02)
    tempers: tuple[Temper, ...] = ("answers", "silent", "bounces", "not_me", "angry")
    return rng.choices(tempers, weights)[0]
