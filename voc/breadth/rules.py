"""Decides each cell from its evidence: one pure, versioned rule (model.md, cell)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from voc.core.policy import DEFAULT

RULE_VERSION = "cells-3"


class Source(StrEnum):
    """Where evidence comes from, strongest first."""

    PERSON = "person"  # a lead settled it
    ANSWER = "answer"  # the client answered a question
    CONFIRMED = "confirmed"  # a comment whose link a person confirmed
    STAFF = "staff"  # our people saw it
    MACHINE = "machine"  # a comment matched by machine only
    SIGN_OFF = "sign_off"  # the client says it is solved
    ASKING = "asking"  # a question was delivered, or came back without an answer


class Says(StrEnum):
    """What evidence says of the account."""

    HAS_PROBLEM = "has_problem"
    HAS_MANAGES = "has_manages"
    HAS_NOT = "has_not"
    UNSURE = "unsure"
    SOLVED = "solved"
    NOT_APPLICABLE = "not_applicable"
    PREFERS_NOT = "prefers_not"
    ASKED = "asked"
    NO_ANSWER = "no_answer"
    WITHDRAWN = "withdrawn"  # takes back what the same source said of the same comment


class CellState(StrEnum):
    """What we know of one client about one issue; product.md has the words for pages."""

    HAS_PROBLEM = "has_problem"
    HAS_MANAGES = "has_manages"
    HAS_NOT = "has_not"
    REPORTED = "reported"
    UNCLEAR = "unclear"
    SOLVED = "solved"
    WAITING = "waiting"
    NO_ANSWER = "no_answer"
    PREFERS_NOT = "prefers_not"
    NOT_ASKED = "not_asked"
    NOT_APPLICABLE = "not_applicable"


HAS = frozenset({CellState.HAS_PROBLEM, CellState.HAS_MANAGES})
_POSITIVE = frozenset({Says.HAS_PROBLEM, Says.HAS_MANAGES})
_ASKING = frozenset({Says.ASKED, Says.NO_ANSWER})
_CLIENT_SAYS = frozenset({Source.ANSWER, Source.SIGN_OFF})


@dataclass(frozen=True, slots=True)
class Fact:
    """One piece of evidence as plain values; `account_id` is the site or group it is about.

    `unasked`: no question brought it forth, as far as the comment itself tells; `decide_cell` looks at
    the questions among the facts too.
    """

    id: int  # rises with the time it was recorded
    account_id: int
    source: Source
    says: Says
    observed_at: datetime
    comment_id: int | None = None
    contact_id: int | None = None
    unasked: bool = True
    issue_id: int = 0  # the issue it was recorded for: merged issues keep their own words


@dataclass(frozen=True, slots=True)
class Limits:
    """“We act from N clients or € X”; without a value only clients count."""

    groups: int
    value_cents: int | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """A cell: its state, by which evidence, and how it counts in reach."""

    state: CellState
    evidence_id: int | None = None
    observed_at: datetime | None = None
    reach: str | None = None


NOT_ASKED = Decided(CellState.NOT_ASKED)


def decide_cell(
    facts: Sequence[Fact],
    *,
    group_id: int,
    sites: int,
    now: datetime,
    weeks: int,
    changed_at: datetime | None = None,
) -> Decided:
    """The cell of one group from all evidence of it and its sites.

    Args:
        facts: evidence in any order; what was withdrawn, what is older than `weeks` and what lies
            before `changed_at` (a change that touched the issue) does not count.
        group_id: the group itself; a "no" of one of its sites never answers for the others.
        sites: how many sites the group has.
        now: the end of the window.
        weeks: how long evidence lives (policy).
        changed_at: the last change touching the issue, or None.
    """
    facts = mark_prompted(facts)
    since = max(now - timedelta(weeks=weeks), changed_at or now - timedelta(weeks=weeks))
    alive = [fact for fact in not_withdrawn(facts) if fact.observed_at >= since]
    solved = _newest([fact for fact in alive if fact.says is Says.SOLVED])
    said = [fact for fact in alive if fact.says not in _ASKING]
    standing = _after_solved(said, group_id=group_id)
    decided = _from_standing(standing, group_id=group_id, sites=sites)
    if decided.state is not CellState.NOT_ASKED:
        return decided
    return _as_said(solved) if solved else _from_asking(alive)


def mark_prompted(facts: Sequence[Fact], *, weeks: int = DEFAULT.prompted_weeks) -> list[Fact]:
    """The facts, comments of the weeks after the client was asked no longer taken for told unasked.

    A question that never arrived prompted nobody.
    """
    asked = asked_moments(facts)
    return [
        replace(fact, unasked=False) if is_prompted(fact.observed_at, asked, weeks) else fact
        for fact in facts
    ]


def asked_moments(facts: Sequence[Fact]) -> list[datetime]:
    """When a question reached the client; one that was taken back (it bounced, say) is not among them."""
    reached: list[Fact] = []
    for fact in sorted((one for one in facts if one.source is Source.ASKING), key=lambda one: one.id):
        if fact.says is Says.ASKED:
            reached.append(fact)
        elif fact.says is Says.WITHDRAWN:
            same = [
                one
                for one in reached
                if (one.account_id, one.contact_id) == (fact.account_id, fact.contact_id)
            ]
            reached = [one for one in reached if one is not same[-1]] if same else reached
    return [fact.observed_at for fact in reached]


def is_prompted(said_at: datetime, asked: Sequence[datetime], weeks: int = DEFAULT.prompted_weeks) -> bool:
    """Whether something said then may answer a question: it came within `weeks` after one."""
    return any(moment < said_at <= moment + timedelta(weeks=weeks) for moment in asked)


def _from_asking(facts: Sequence[Fact]) -> Decided:
    """Where nobody has said anything: whether a question is out, or came back without an answer."""
    newest = _newest([fact for fact in facts if fact.says in _ASKING])
    if newest is None:
        return NOT_ASKED
    state = CellState.WAITING if newest.says is Says.ASKED else CellState.NO_ANSWER
    return Decided(state, newest.id, newest.observed_at)


def not_withdrawn(facts: Sequence[Fact]) -> list[Fact]:
    """The last word of each source on each comment (or by each person), unless it takes the word back."""
    last: dict[tuple[object, ...], Fact] = {}
    for fact in sorted(facts, key=lambda fact: fact.id):
        about: object = fact.account_id, fact.contact_id
        if fact.comment_id is not None:
            about = fact.comment_id, fact.issue_id
        last[fact.source, about] = fact
    return [fact for fact in last.values() if fact.says is not Says.WITHDRAWN]


def _after_solved(facts: Sequence[Fact], *, group_id: int) -> list[Fact]:
    """What was observed after the account, or its whole group, called it solved: no evidence crosses that."""
    solved = [fact for fact in facts if fact.says is Says.SOLVED]
    return [
        fact
        for fact in facts
        if fact.says is not Says.SOLVED
        and not any(
            one.observed_at >= fact.observed_at and one.account_id in {fact.account_id, group_id}
            for one in solved
        )
    ]


def _from_standing(standing: Sequence[Fact], *, group_id: int, sites: int) -> Decided:
    setting = _newest([fact for fact in standing if fact.source is Source.PERSON])
    if setting and any(_contradicts(fact, setting) for fact in standing):
        return Decided(CellState.UNCLEAR, setting.id, setting.observed_at)
    if setting:
        return _as_said(setting)
    answers = [fact for fact in standing if fact.source in _CLIENT_SAYS]
    return _from_clients(standing, answers, group_id=group_id, sites=sites)


def _contradicts(fact: Fact, setting: Fact) -> bool:
    """Whether a client said, since a person's setting, something else than it; more of the same is no doubt."""
    if fact.observed_at <= setting.observed_at:
        return False
    if fact.source is Source.CONFIRMED:
        return setting.says not in _POSITIVE
    return fact.source in _CLIENT_SAYS and fact.says is not setting.says


def _newest(facts: Sequence[Fact]) -> Fact | None:
    return max(facts, key=lambda fact: (fact.observed_at, fact.id), default=None)


def _from_clients(standing: Sequence[Fact], answers: Sequence[Fact], *, group_id: int, sites: int) -> Decided:
    newest = sorted(answers, key=lambda fact: (fact.observed_at, fact.id), reverse=True)
    spoken = [fact for fact in newest if fact.says is not Says.UNSURE]
    yes = [fact for fact in spoken if fact.says in _POSITIVE]
    no = [fact for fact in spoken if fact.says is Says.HAS_NOT]
    if yes and any(fact.account_id == group_id or fact.account_id == yes[0].account_id for fact in no):
        return Decided(CellState.UNCLEAR, newest[0].id, newest[0].observed_at)
    if yes:
        return _as_said(yes[0])
    covered = {fact.account_id for fact in no}
    if no and (group_id in covered or len(covered - {group_id}) >= max(sites, 1)):
        return _as_said(no[0])
    rest = next((fact for fact in spoken if fact not in no), None)
    if rest:
        return _as_said(rest)
    return _from_comments(standing, unsure=next(iter(newest), None))


def _from_comments(standing: Sequence[Fact], *, unsure: Fact | None) -> Decided:
    for source in (Source.CONFIRMED, Source.STAFF):
        fact = _newest([fact for fact in standing if fact.says in _POSITIVE and fact.source is source])
        if fact:
            return _as_said(fact)
    machine = _newest([fact for fact in standing if fact.source is Source.MACHINE])
    if machine:
        return Decided(CellState.REPORTED, machine.id, machine.observed_at)
    # A staff "no" never counts as a client's no: it leaves the client unknown.
    return Decided(CellState.UNCLEAR, unsure.id, unsure.observed_at) if unsure else NOT_ASKED


def _as_said(fact: Fact) -> Decided:
    state = CellState.UNCLEAR if fact.says is Says.UNSURE else CellState(fact.says)
    return Decided(state, fact.id, fact.observed_at, _reach(fact) if state in HAS else None)


def _reach(fact: Fact) -> str:
    if fact.source is Source.STAFF or fact.source is Source.PERSON:
        return "seen"
    return "told" if fact.source is Source.CONFIRMED and fact.unasked else "said_yes"
