"""What came back on one question, client by client: the wall and the table that fill."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from voc.checks.models import Check
from voc.checks.queries import AskRow, asks_of
from voc.web.wall import ORDER, Square

ANSWER_STATES = {
    "problem": "has_problem",
    "manages": "has_manages",
    "no": "has_not",
    "not_used": "not_applicable",
    "cannot_tell": "unclear",
}
"""Which square stands for an answer."""

ASK_STATES = {
    "planned": "not_asked",
    "queued": "not_asked",
    "asked": "waiting",
    "passed": "waiting",
    "bounced": "no_answer",
    "no_answer": "no_answer",
    "opted_out": "prefers_not",
}
"""Which square stands for somebody who did not answer."""

ANSWER_WORDS = {
    "problem": "has it, a problem",
    "manages": "has it and manages",
    "no": "does not have it",
    "not_used": "does not use this",
    "cannot_tell": "cannot tell",
}
STATE_WORDS = {
    "planned": "not asked yet",
    "queued": "leaves soon",
    "asked": "asked, waiting",
    "answered": "answered",
    "bounced": "the mail came back",
    "passed": "passed to a colleague",
    "no_answer": "no answer",
    "opted_out": "prefers not to be asked",
}
_PLACE = {state: place for place, state in enumerate((*ORDER, "not_applicable"))}


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person and what came back, with the square and the words for it."""

    ask: AskRow
    square: str
    state_words: str


@dataclass(frozen=True, slots=True)
class ClientRow:
    """One client: its people, the best known state, and whether they differ."""

    client: str
    client_public_id: str
    square: str
    differ: bool
    people: tuple[PersonRow, ...]


def client_rows(session: Session, check: Check) -> tuple[ClientRow, ...]:
    """Every client that this question goes to, in the wall's order; who was left out is not among them."""
    people: dict[str, list[PersonRow]] = defaultdict(list)
    for ask in asks_of(session, check):
        if ask.state != "left_out":
            people[ask.account_public_id].append(_person(ask))
    rows = [_client(rows) for rows in people.values()]
    return tuple(sorted(rows, key=lambda row: (_PLACE[row.square], row.client.casefold())))


def squares(rows: Sequence[ClientRow]) -> list[Square]:
    """The wall of one question; a square leads to the client's cell."""
    return [Square(row.client, row.square, f"?c={row.client_public_id}") for row in rows]


def _person(ask: AskRow) -> PersonRow:
    if ask.says:
        return PersonRow(ask, ANSWER_STATES[ask.says], ANSWER_WORDS[ask.says])
    if ask.has_written:
        return PersonRow(ask, "waiting", "wrote back, waits to be read")
    words = "on the phone list" if ask.how == "call" and ask.state == "queued" else STATE_WORDS[ask.state]
    return PersonRow(ask, ASK_STATES[ask.state], words)


def _client(people: Sequence[PersonRow]) -> ClientRow:
    said = {row.square for row in people if row.ask.says}
    differ = bool(said & {"has_problem", "has_manages"}) and "has_not" in said
    clear = [row for row in people if row.ask.says and row.ask.says != "cannot_tell"] or people
    square = "unclear" if differ else min((row.square for row in clear), key=_PLACE.__getitem__)
    first = people[0].ask
    return ClientRow(first.account, first.account_public_id, square, differ, tuple(people))
