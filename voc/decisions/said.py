"""Says decisions, promises and planned changes in sentences, for pages and frozen editions."""

from datetime import date

from voc.decisions.commitments import CommitmentRow
from voc.decisions.planned import PlanShown
from voc.decisions.queries import Change, DecisionShown
from voc.web.words import count_words, date_words


def say_decision(shown: DecisionShown, today: date) -> str:
    """What a decision changed: who, when, and the figures then and now."""
    row = shown.row
    decided = f"{row.issue}: {row.choice_words} ({row.owner}, by {date_words(row.due_on, today)})"
    if row.done_at is not None:
        done = f"done on {date_words(row.done_at, today)}"
    else:
        done = "overdue" if row.is_late(today) else "not done yet"
    return f"{decided}, {done}. {say_changes(shown.changes)}"


def say_changes(changes: tuple[Change, ...]) -> str:
    """The figures that moved; never added up."""
    moved = [f"{one.words} {one.before} then, {one.now} now" for one in changes if one.before != one.now]
    if not moved:
        return "Nothing has moved since."
    said = "; ".join(moved)
    return f"{said[0].upper()}{said[1:]}."


def say_commitment(row: CommitmentRow, today: date) -> str:
    """A promise that is due: to whom, who answers for it, since when."""
    due = date_words(row.next_due_on, today)
    when = f"was due {due}" if row.is_late(today) else f"due {due}"
    return f"{say_to(row)}: “{row.words}” ({row.owner}, {when})"


def say_to(row: CommitmentRow) -> str:
    """To whom a promise was made."""
    if row.clients <= 1:
        return "".join(row.to) or "nobody on the list any more"
    named = ", ".join(row.to)
    rest = row.clients - len(row.to)
    return f"{named} and {count_words(rest, 'more client')}" if rest else named


def say_dependants(shown: PlanShown) -> str:
    """Who depends on what would end, in one sentence, each number by itself."""
    found = shown.dependants
    parts = [
        f"{count_words(len(found.told), 'client')} told you",
        f"{len(found.said_yes) or 'none'} said so when asked",
        f"{len(found.seen)} were seen by our people" if found.seen else "",
        f"{count_words(shown.commitments, 'promise')}",
        f"{len(found.uses)} use the service" if shown.row.service else "",
        f"{len(found.unknown)} we do not know",
    ]
    said = ", ".join(part for part in parts if part)
    return f"{said[0].upper()}{said[1:]}."


def say_loud_and_wide(shown: PlanShown) -> str:
    """The one sentence leadership remembers: “1 told you, 18 depend on what you drop”."""
    told, depend = len(shown.dependants.told), len(shown.dependants.depend)
    who = f"{told} told you" if told else "Nobody told you"
    verb = "depends" if depend == 1 else "depend"
    return f"{who}, {depend or 'none that we know of'} {verb} on what you drop"
