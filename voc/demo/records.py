"""What the demo's story consists of: frozen records, the same whoever reads them."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

Channel = Literal["form", "email", "staff_note", "api"]
Kind = Literal["comment", "escalation", "praise", "suggestion", "termination"]
Temper = Literal["answers", "silent", "bounces", "not_me", "angry"]
Answer = Literal["no", "problem", "manages", "not_used", "cannot_tell", "silence", "bounce", "not_me"]
SignsOff = Literal["yes", "no", "silence"]


@dataclass(frozen=True, slots=True)
class Provider:
    """The firm whose clients speak."""

    name: str
    domain: str
    timezone: str
    currency: str


@dataclass(frozen=True, slots=True)
class Staff:
    """A colleague at the provider; `role` is one of agent, lead, executive, admin."""

    name: str
    email: str
    role: str
    job: str


@dataclass(frozen=True, slots=True)
class Person:
    """One of the five people the demo prints a sign-in link for; `account` is None for staff."""

    name: str
    email: str
    role: str
    account: str | None


@dataclass(frozen=True, slots=True)
class ServiceUse:
    """A service one client buys, from a day and, when it has ended, to a day."""

    name: str
    from_on: date
    to_on: date | None


@dataclass(frozen=True, slots=True)
class Account:
    """A client: a group when `group` is None, else a site of it. A site has no value of its own (None)."""

    import_id: str
    name: str
    group: str | None
    segment: str
    services: tuple[ServiceUse, ...]
    yearly_value_cents: int | None
    currency: str
    owner: str
    owner_email: str


@dataclass(frozen=True, slots=True)
class Contact:
    """A client's person; without an e-mail nobody can write to them."""

    account: str
    name: str
    role: str
    email: str | None
    phone: str | None


@dataclass(frozen=True, slots=True)
class Usage:
    """How much of one service a group used in the ISO week that starts on `week_on` (a Monday)."""

    account: str
    service: str
    week_on: date
    quantity: int
    unit: str


@dataclass(frozen=True, slots=True)
class DemoComment:
    """One thing said; `contact` is an e-mail, `not_seen_by` a colleague's e-mail."""

    source_id: str
    said_at: datetime
    account: str
    contact: str | None
    channel: Channel
    kind: Kind
    text: str
    hurt: int | None
    touches: str | None
    would_solve: str | None
    wants_senior: bool
    may_ask_others: bool
    not_seen_by: str | None


@dataclass(frozen=True, slots=True)
class TrueIssue:
    """One issue as it really is: which groups have it, and at which of their sites.

    `unsolved` are those for whom it never ended, whatever happened on `solved_on`.
    """

    key: str
    title: str
    services: tuple[str, ...]
    applies: frozenset[str]
    problem: frozenset[str]
    manages: frozenset[str]
    sites: Mapping[str, tuple[str, ...]]
    since: date
    solved_on: date | None
    came_back_on: date | None
    unsolved: frozenset[str] = frozenset()

    @property
    def has(self) -> frozenset[str]:
        """All groups that have it, whether it is a problem or they manage."""
        return self.problem | self.manages

    def is_over_for(self, group: str, since_on: date) -> bool:
        """Whether this group has not met it any more since that day."""
        over = self.solved_on is not None and self.came_back_on is None and since_on >= self.solved_on
        return over and group not in self.unsolved


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How one contact behaves when asked: temper, days, and the issues seen unlike the colleagues."""

    email: str
    group: str
    temper: Temper
    days_to_answer: int
    needs_reminder: bool
    differs_on: frozenset[str]


@dataclass(frozen=True, slots=True)
class Truth:
    """What nobody in the demo knows: who has what, what each comment is about, who would answer how.

    `about` gives issue keys by source id; `personal` the names, numbers and addresses that stand in a text
    (those of our own colleagues too); `talk` is 0 for groups that never speak; `moments` says who plays what.
    """

    issues: Mapping[str, TrueIssue]
    about: Mapping[str, tuple[str, ...]]
    personal: Mapping[str, tuple[str, ...]]
    language: Mapping[str, str]
    talk: Mapping[str, float]
    behaviour: Mapping[str, Behaviour]
    moments: Mapping[str, str]

    def answer(self, email: str, issue_key: str, since_on: date | None = None) -> Answer:
        """What this contact answers about this issue since that day; a reminder changes only the day."""
        behaviour = self.behaviour[email]
        if behaviour.temper in ("silent", "bounces", "not_me"):
            return _MUTE[behaviour.temper]
        issue = self.issues[issue_key]
        if (
            since_on is not None
            and behaviour.group in issue.applies
            and issue.is_over_for(behaviour.group, since_on)
        ):
            return "no"
        return _said(issue, behaviour)

    def signs_off(self, email: str, issue_key: str) -> SignsOff:
        """What this contact says when told that it is solved; where nothing is known one in six says no."""
        behaviour = self.behaviour[email]
        if behaviour.temper in ("silent", "bounces", "not_me"):
            return "silence"
        issue = self.issues[issue_key]
        if issue.solved_on is not None and issue.came_back_on is None:
            return "no" if behaviour.group in issue.unsolved else "yes"
        return "yes" if _drawn(behaviour.group, issue_key, 6) else "no"

    def satisfaction(self, email: str, issue_key: str) -> int:
        """How this contact found the way we went about it, 1 (bad) to 5 (good)."""
        is_content = self.signs_off(email, issue_key) == "yes"
        return (
            (3, 4, 4, 5)[_drawn(email, issue_key, 4)] if is_content else (1, 2)[_drawn(email, issue_key, 2)]
        )


_MUTE: Mapping[Temper, Answer] = {"silent": "silence", "bounces": "bounce", "not_me": "not_me"}


def _drawn(who: str, what: str, sides: int) -> int:
    """A die that falls the same way for the same two words."""
    return zlib.crc32(f"{who} {what}".encode()) % sides


def _said(issue: TrueIssue, behaviour: Behaviour) -> Answer:
    group = behaviour.group
    if group not in issue.applies:
        return "not_used"
    if issue.key in behaviour.differs_on:
        return "no" if group in issue.has else "cannot_tell"
    if group in issue.problem:
        return "problem"
    return "manages" if group in issue.manages else "no"


@dataclass(frozen=True, slots=True)
class Story:
    """The whole demo; `people` has loud_client, quiet_client, lead, executive, admin."""

    provider: Provider
    staff: tuple[Staff, ...]
    services: tuple[str, ...]
    accounts: tuple[Account, ...]
    contacts: tuple[Contact, ...]
    usage: tuple[Usage, ...]
    comments: tuple[DemoComment, ...]
    truth: Truth
    people: Mapping[str, Person]
    told_on: date
