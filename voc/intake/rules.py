"""What a comment may be, and when its sender hears next."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from voc.core.errors import Invalid
from voc.core.policy import DEFAULT, Policy, add_working_days

HURT = {1: "It annoys us", 2: "It slows us down", 4: "It stops our work", 8: "We may leave over this"}
SOURCES = frozenset({"unasked", "prompted", "answer", "staff_note"})
KINDS = frozenset({"comment", "escalation", "praise", "suggestion", "termination", "answer"})
CHANNELS = frozenset({"form", "link", "email", "staff_note", "api", "import"})
_END_OF_DAY = time(17, 0)


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
