"""What a stored match says beside the words that tie it: how sure the machine was, and a person's word."""

import re

_SAID_BEFORE = re.compile(r"^Says .*?, as others here do; (.)")
_SAID_TOO = re.compile(r"(?:; says .* as they do|, though it shares no telling word with them)\.$")
BY_PERSON = "A person put it here."


def how_sure(reason: str) -> str:
    """A stored reason without the words that it named: what a comment shares today is told beside it.

    Reasons stored until 2026-11-22 begin or end with such words.
    """
    cut = _SAID_BEFORE.sub(lambda found: found[1].upper(), reason)
    return _SAID_TOO.sub(".", cut)


def word_of_person(state: str, by: str | None, *, was_put: bool, is_you: bool) -> str:
    """Who put a comment here, confirmed it or took it out; "" where no person did."""
    if state == "machine" or by is None:
        return ""
    if is_you:
        return "You put it here." if was_put and state == "confirmed" else f"You {_YOURS[state]}."
    return f"Put here by {by}." if was_put and state == "confirmed" else f"{_THEIRS[state]} by {by}."


_YOURS = {"confirmed": "confirmed it", "refused": "took it out"}
_THEIRS = {"confirmed": "Confirmed", "refused": "Taken out"}
