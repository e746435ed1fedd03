"""Decides in which step a client's point stands, and when a sign-off closes: pure, on plain values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from voc.core.policy import DEFAULT, Policy, add_working_days

STEPS = (
    "We have it",
    "A person has read it",
    "We are looking into it",
    "Decided",
    "Being changed",
    "Done, is it solved?",
    "Closed",
)
STATUS_WORDS: dict[str, str] = {
    "looking": "We are looking into it",
    "decided": "Decided",
    "changing": "Being changed",
    "done": "Done",
    "not_now": "Not now",
}
SIGNED_WORDS: dict[str, str] = {
    "yes": "Closed: you told us it is solved",
    "no": "Open again: you told us it is not solved",
    "none": "Closed without your answer",
}
TAKEN_OUT = "You told us that this is not what you meant: a person reads it again"
ASKED = "We think it is done: is it solved for you?"
HAD, READ, LOOKING, DECIDED, CHANGING, DONE, CLOSED = range(len(STEPS))
_STEP_OF = {"looking": LOOKING, "decided": DECIDED, "changing": CHANGING, "done": DONE, "not_now": DECIDED}
_STEP_SIGNED = {"yes": CLOSED, "none": CLOSED, "no": LOOKING}
_SILENT_KINDS = frozenset({"thanks"})  # they say thank you and move nothing
_END_OF_DAY = time(17, 0)
_FIRST_WORDS = 90
SATISFACTION: dict[int, str] = {1: "Badly", 2: "Not well", 3: "So-so", 4: "Well", 5: "Very well"}


@dataclass(frozen=True, slots=True)
class Message:
    """One message that the client has: what it said of the matter, and when."""

    kind: str
    status: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a step follows from: one account, one matter, and nothing of anybody else.

    `read_at` is when a person first put or confirmed it somewhere, `looking_at` when we began to look
    into it, `says` what the client answered to “is it solved?” and when, `taken_out_at` when the client
    told us that we had misunderstood.
    """

    opened_at: datetime
    read_at: datetime | None = None
    looking_at: datetime | None = None
    messages: tuple[Message, ...] = ()
    says: tuple[str, datetime] | None = None
    taken_out_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a point stands: its step, the day each step came, and words where the step alone says too little."""

    current: int
    dates: tuple[datetime | None, ...]
    words: str | None = None


def stand(facts: Facts) -> Stand:
    """The step of one point. What we told the client last decides; only their own yes closes it as solved."""
    moves = [(facts.opened_at, HAD), *_looks(facts)]
    told = sorted((one for one in facts.messages if one.kind not in _SILENT_KINDS), key=lambda one: one.at)
    last = told[-1] if told else None
    if facts.taken_out_at is not None and (last is None or facts.taken_out_at >= last.at):
        return Stand(HAD, _dates(moves, HAD), TAKEN_OUT)
    moves += [(message.at, _STEP_OF[message.status]) for message in told]
    current = _STEP_OF[last.status] if last else max(step for _, step in moves)
    words = {"not_now": "Not now", "done": ASKED}.get(last.status) if last else None
    if facts.says is not None and (last is None or facts.says[1] >= last.at):
        says, at = facts.says
        moves.append((at, _STEP_SIGNED[says]))
        current, words = _STEP_SIGNED[says], SIGNED_WORDS[says]
    return Stand(current, _dates(moves, current), words)


def _looks(facts: Facts) -> list[tuple[datetime, int]]:
    found = [(facts.read_at, READ), (facts.looking_at, LOOKING)]
    return [(max(at, facts.opened_at), step) for at, step in found if at is not None]


def _dates(moves: Sequence[tuple[datetime, int]], current: int) -> tuple[datetime | None, ...]:
    """The day of each step up to the current one; the current step carries the last time it was reached."""
    dates: list[datetime | None] = [None] * len(STEPS)
    for at, step in sorted(moves):
        if step <= current and (dates[step] is None or step == current):
            dates[step] = at
    return tuple(dates)


def first_words(text: str) -> str:
    """How a client began, on one line: the only title its point ever has."""
    line = " ".join(text.split())
    if len(line) <= _FIRST_WORDS:
        return line
    return f"{line[:_FIRST_WORDS].rsplit(' ', 1)[0].rstrip(' ,;:.')}…"


def is_true_of_others(groups: int, *, policy: Policy = DEFAULT) -> bool:
    """Whether each of `groups` clients who told us the same has enough others beside it (acceptance.md P1)."""
    return groups - 1 >= policy.others_groups


def next_word(now: datetime, zone: str, *, policy: Policy = DEFAULT) -> datetime:
    """When a client hears from us next at the latest, where nobody chose a day."""
    here = ZoneInfo(zone)
    day = add_working_days(now.astimezone(here).date(), policy.next_update_working_days)
    return end_of(day, zone)


def end_of(day: date, zone: str) -> datetime:
    """Five in the afternoon of `day`: until then a word of that day is in time."""
    return datetime.combine(day, _END_OF_DAY, tzinfo=ZoneInfo(zone))
