"""Says in sentences what the leadership page decides on: read aloud, none needs a word of explanation."""

from datetime import date

from voc.breadth.said import those
from voc.checks.who_else import Headline
from voc.reports.asked import Asked
from voc.reports.queries import Call, Line
from voc.reports.rules import Proposal
from voc.web.words import count_words, date_words, money_words


def say_asked(asked: Asked | None, today: date) -> str:
    """What was asked about it, and how many answered."""
    if asked is None or not asked.asked:
        return "Nobody was asked about it yet."
    answered = f"{asked.answered} of {asked.asked} answered"
    when = f"Asked on {date_words(asked.on, today)}" if asked.on else "Asked"
    return f"{when}: {answered}{' so far' if asked.is_open else ''}."


def say_proposal(line: Line, today: date) -> str:
    """What the page proposes: the plan written before asking, where there is one."""
    asked = line.asked
    if line.proposal is Proposal.LOOK_FURTHER and not (line.row.is_seen and line.verdict.ask):
        return "Look at the comments first: nobody has confirmed yet that they are about this."
    if line.proposal is Proposal.LOOK_FURTHER and asked and asked.is_open:
        return "Wait for the answers that are still to come."
    if line.proposal is Proposal.LOOK_FURTHER:
        return f"Look further: ask {those(line.verdict.ask, line.known.unknown)}."
    if line.proposal is Proposal.NOT_NOW:
        return "Leave it for now; it comes back when more clients say so."
    if asked and asked.if_many:
        who = f" {asked.decider} decides by {date_words(asked.decide_by, today)}." if asked.decider else ""
        return f"We wrote before asking: if many say yes we would {_lower(asked.if_many)}.{who}"
    return "Decide: change it, or keep it and tell them why."


def _lower(words: str) -> str:
    plain = words.strip().rstrip(".")
    return plain[:1].lower() + plain[1:]


def say_headline(headline: Headline) -> str:
    """How long an answer on "who else?" takes, and what is open."""
    if headline.median_days is None:
        said = "From the first loud comment to the answer on “who else has it?”: none is answered yet"
    else:
        said = f"From the first loud comment to the answer on “who else has it?”: {count_words(round(headline.median_days), 'day')}"
    waits = f"; {headline.open} still open" if headline.open else ""
    late = f", {headline.overdue} overdue" if headline.overdue else ""
    return f"{said}{waits}{late}."


def say_call(call: Call, today: date, currency: str) -> tuple[str, str]:
    """Two sentences of why this client and no other."""
    return _why_waits(call, today), _why_matters(call, currency)


def _why_waits(call: Call, today: date) -> str:
    one = call.owed
    if one is None:
        return f"{call.client} never asked for anybody, and stands in {_of_the_issues(call)} below."
    if one.by_us:
        why = "it may leave after what it said" if one.leaves else "someone senior should see what it said"
        spoke = date_words(one.said_at, today)
        return f"Our people say that {why} on {spoke}, and nobody has talked with it since."
    said = "It gave notice" if one.leaves else "It asked for someone senior"
    often = f" {one.times} times, last" if one.times > 1 else ""
    return f"{said}{often} on {date_words(one.said_at, today)}, and nobody has talked with it since."


def _why_matters(call: Call, currency: str) -> str:
    worth = f"its yearly value is {money_words(call.value_cents, currency)}"
    if call.value_cents is None:
        worth = "its yearly value we do not know"
    if call.owed is None or not call.issues:
        return f"{worth[0].upper()}{worth[1:]}."
    return f"It stands in {_of_the_issues(call)} below, and {worth}."


def _of_the_issues(call: Call) -> str:
    return "one of the issues" if len(call.issues) == 1 else f"{len(call.issues)} of the issues"
