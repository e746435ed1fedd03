"""What came back on one question, client by client: the wall and the table that fill."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session, aliased

from voc.access.models import User
from voc.accounts.models import Account, Contact
from voc.analysis.models import Reading
from voc.checks.models import Answer, Ask, Check
from voc.intake.models import Comment
from voc.issues.queries import masked_words
from voc.web.wall import ORDER, Square

ANSWER_STATES = {
    "problem": "has_problem",
    "manages": "has_manages",
    "no": "has_not",
    "not_used": "not_applicable",
    "cannot_tell": "unclear",
}
"""Which square stands for an answer."""

_ASK_STATES = {
    "planned": "not_asked",
    "queued": "not_asked",
    "asked": "waiting",
    "bounced": "no_answer",
    "no_answer": "no_answer",
    "opted_out": "prefers_not",
}
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
    "left_out": "left out",
}
_PLACE = {state: place for place, state in enumerate((*ORDER, "not_applicable"))}


@dataclass(frozen=True, slots=True)
class AskRow:
    """One person of one client and what came back; `words` are masked where they name people."""

    client: str
    client_public_id: str
    site: str | None
    person: str
    how: str
    state: str
    says: str | None
    words: str | None
    comment_public_id: str | None
    colleague: str | None
    at: datetime | None
    by: str | None

    @property
    def square(self) -> str:
        """The state of the wall that this row stands for."""
        return ANSWER_STATES[self.says] if self.says else _ASK_STATES.get(self.state, "not_asked")

    @property
    def state_words(self) -> str:
        """What came back, in words."""
        return ANSWER_WORDS[self.says] if self.says else STATE_WORDS[self.state]


@dataclass(frozen=True, slots=True)
class ClientRow:
    """One client: its people, the best known state, and whether they differ."""

    client: str
    client_public_id: str
    square: str
    differ: bool
    people: tuple[AskRow, ...]


def client_rows(session: Session, check: Check) -> tuple[ClientRow, ...]:
    """Every client that this question goes to, in the wall's order."""
    people: dict[str, list[AskRow]] = defaultdict(list)
    for row in _asks(session, check):
        people[row.client_public_id].append(row)
    rows = [_client(rows) for rows in people.values()]
    return tuple(sorted(rows, key=lambda row: (_PLACE[row.square], row.client.casefold())))


def squares(rows: Sequence[ClientRow]) -> list[Square]:
    """The wall of one question; a square leads to the client's cell."""
    return [Square(row.client, row.square, f"?c={row.client_public_id}") for row in rows]


def _client(people: Sequence[AskRow]) -> ClientRow:
    said = {row.square for row in people if row.says and row.says != "cannot_tell"}
    has, has_not = said & {"has_problem", "has_manages"}, said & {"has_not", "not_applicable"}
    differ = bool(has and has_not)
    square = "unclear" if differ else min((row.square for row in people), key=_PLACE.__getitem__)
    return ClientRow(people[0].client, people[0].client_public_id, square, differ, tuple(people))


def _asks(session: Session, check: Check) -> list[AskRow]:
    group = aliased(Account)
    taker, owner = aliased(User), aliased(User)
    rows = session.execute(
        select(Ask, Answer, group, Account, Contact.name, Comment, Reading.masks, taker.name, owner.name)
        .join(group, group.id == Ask.group_id)
        .join(Account, Account.id == Ask.account_id)
        .join(Contact, (Contact.account_id == Ask.account_id) & (Contact.id == Ask.contact_id))
        .outerjoin(Answer, (Answer.account_id == Ask.account_id) & (Answer.ask_id == Ask.id))
        .outerjoin(Comment, (Comment.account_id == Ask.account_id) & (Comment.id == Answer.comment_id))
        .outerjoin(
            Reading, (Reading.account_id == Ask.account_id) & (Reading.comment_id == Answer.comment_id)
        )
        .outerjoin(taker, taker.id == Answer.taken_by_id)
        .outerjoin(owner, owner.id == Account.owner_id)
        .where(Ask.check_id == check.id, Ask.state != "left_out")
        .order_by(Ask.id)
    )
    return [_ask(row) for row in rows]


def _ask(row: Row[*tuple[Any, ...]]) -> AskRow:  # nine columns, named here
    ask, answer, group, account, person, comment, masks, taker, owner = row
    return AskRow(
        client=group.name,
        client_public_id=group.public_id,
        site=account.name if account.id != group.id else None,
        person=person,
        how=ask.how,
        state=ask.state,
        says=answer.says if answer else None,
        words=masked_words(comment.text, masks or []) if comment else None,
        comment_public_id=comment.public_id if comment else None,
        colleague=answer.colleague if answer else None,
        at=answer.answered_at if answer else ask.asked_at,
        by=taker or owner,
    )
