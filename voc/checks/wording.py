"""Says what keeps a question from being asked, and offers a better wording where one can be made."""

import itertools
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from voc.checks import lexicon
from voc.checks.repairing import repair
from voc.checks.screening import Problem, Screen
from voc.checks.sentences import clean_what, words_of
from voc.core.policy import DEFAULT


def wording_problems(
    what: str,
    since_on: date | None,
    *,
    words_of_clients: Sequence[str],
    names: Sequence[str],
    today: date,
    known_from_one: Sequence[str] = (),
    allowed: Sequence[str] = (),
) -> tuple[Problem, ...]:
    """Everything that keeps this wording from being asked; empty when it is fair.

    Args:
        what: the one thing asked about.
        since_on: where the period begins; None when nobody chose one.
        words_of_clients: what clients wrote, any case; runs of four words in them are refused.
        names: of every client, site, contact and colleague.
        today: the provider's date.
        known_from_one: terms that one client alone has used (see `telling_terms`).
        allowed: names that everybody may read, such as those of our services.
    """
    screen = Screen(words_of_clients, names, known_from_one, allowed)
    found = screen.look(clean_what(what), what)
    repaired = repair(clean_what(what), screen.is_told) if found else None
    # Only what is fair from end to end is offered: a proposal that is refused in turn helps nobody.
    better = repaired if repaired and not screen.look(repaired) else None
    told = [Problem(one.kind, _as_typed(one.found, what), one.why, better) for one in found]
    return (*told, *_period_problems(since_on, today))


def _as_typed(found: str, typed: str) -> str:
    place = typed.casefold().find(found.casefold())
    return typed[place : place + len(found)] if place >= 0 else found


def telling_terms(what: str) -> tuple[str, ...]:
    """Terms that could be one client's own name for a process: codes, and words before “procedure” and its like."""
    words = clean_what(what).split()
    found = [word.strip(",.;:()") for word in words if _is_code(word.strip(",.;:()"))]
    plain = words_of(what)
    found += [
        f"{before} {word}"
        for before, word in itertools.pairwise(plain)
        if word in lexicon.PROCESS_WORDS and before not in lexicon.PLAIN
    ]
    return tuple(dict.fromkeys(found))


def _is_code(word: str) -> bool:
    has_digit = any(mark.isdigit() for mark in word) and any(mark.isalpha() for mark in word)
    capitals = sum(mark.isupper() for mark in word)
    return has_digit or (capitals > 1 and word.casefold() not in lexicon.CALENDAR)


def _period_problems(since_on: date | None, today: date) -> Iterator[Problem]:
    usual = today - timedelta(weeks=DEFAULT.window_weeks // 2)
    first = today - timedelta(weeks=DEFAULT.window_weeks)
    if since_on is None:
        yield Problem(
            "period",
            "",
            "Say from which day on; without a period a yes can mean anything.",
            usual.isoformat(),
        )
    elif since_on > today:
        yield Problem(
            "period",
            since_on.isoformat(),
            "This day is still to come; nobody can have seen it.",
            usual.isoformat(),
        )
    elif since_on == today:
        yield Problem(
            "period", since_on.isoformat(), "From today on nothing can have happened yet.", usual.isoformat()
        )
    elif since_on < first:
        why = f"Longer ago than {DEFAULT.window_weeks} weeks people guess, and the answer would count as old."
        yield Problem("period", since_on.isoformat(), why, first.isoformat())
