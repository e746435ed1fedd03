"""What a comment may be, and when its sender hears next."""

from collections.abc import Mapping
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from voc.core.errors import Invalid
from voc.core.policy import DEFAULT, Policy, add_working_days
from voc.core.text import name_key

HURT = {1: "It annoys us", 2: "It slows us down", 4: "It stops our work", 8: "We may leave over this"}
SOURCES = frozenset({"unasked", "prompted", "answer", "staff_note"})
KINDS = frozenset({"comment", "escalation", "praise", "suggestion", "termination", "answer"})
CHANNELS = frozenset({"form", "link", "email", "staff_note", "api", "import"})
KIND_WORDS = {
    "comment": "Something that happened",
    "escalation": "Someone senior should see this",
    "praise": "Praise",
    "suggestion": "A suggestion",
    "termination": "They end the contract",
    "answer": "An answer to a question",
}
NOTED = ("comment", "escalation", "praise", "suggestion", "termination")
CHANNEL_WORDS = {
    "form": "signed in",
    "link": "public link",
    "email": "e-mail",
    "staff_note": "told one of us",
    "api": "another program",
    "import": "from a file",
}
HOW = {"call": "On a call", "visit": "On a visit", "other": "Some other way"}
_END_OF_DAY = time(17, 0)
_NOON = time(12, 0)


def check(kind: str, source: str, channel: str, hurt: int | None) -> None:
    """Raises Invalid naming the first value that no comment may have."""
    wrong = {
        "kind": kind not in KINDS and f"“{kind}” is none of {', '.join(sorted(KINDS))}.",
        "source": source not in SOURCES and f"“{source}” is none of {', '.join(sorted(SOURCES))}.",
        "channel": channel not in CHANNELS and f"“{channel}” is none of {', '.join(sorted(CHANNELS))}.",
        "hurt": hurt is not None
        and hurt not in HURT
        and f"“{hurt}” is none of 1, 2, 4, 8; leave it out if unknown.",
    }
    fields = {name: message for name, message in wrong.items() if message}
    if fields:
        raise Invalid(" ".join(fields.values()), fields=fields)


def next_word_by(received_at: datetime, zone: str, *, senior: bool, policy: Policy = DEFAULT) -> datetime:
    """When the client hears from us at the latest: five in the afternoon of a working day in `zone`."""
    days = policy.escalation_working_days if senior else policy.next_update_working_days
    here = ZoneInfo(zone)
    day = add_working_days(received_at.astimezone(here).date(), days)
    return datetime.combine(day, _END_OF_DAY, tzinfo=here)


def hurt_choices() -> list[tuple[str, str]]:
    """How much something may hurt, as a form offers it."""
    return [(str(key), words) for key, words in HURT.items()]


def noon_of(day: date, zone: str, now: datetime) -> datetime:
    """The moment we give to something said on `day`: now when that is today, else noon in `zone`."""
    here = ZoneInfo(zone)
    return now if day == now.astimezone(here).date() else datetime.combine(day, _NOON, tzinfo=here)


def who_is_meant(typed: str, near: Mapping[int, str], everyone: Mapping[int, str]) -> int | None:
    """The id of the one person of ours whom a typed name means; None when it fits nobody, or several.

    A whole name decides; else part of a name, first among those who look after the client.
    """
    wanted = name_key(typed)
    whole = [key for key, name in everyone.items() if name_key(name) == wanted]
    if whole:
        return whole[0] if len(whole) == 1 else None
    for people in (near, everyone):
        found = [key for key, name in people.items() if set(wanted.split()) <= set(name_key(name).split())]
        if found:
            return found[0] if len(found) == 1 else None
    return None


def could_be(name: str, typed: str) -> bool:
    """Whether `typed` may mean the person called `name`: they share a word."""
    return bool(set(name_key(name).split()) & set(name_key(typed).split()))
