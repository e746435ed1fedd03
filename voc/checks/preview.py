"""How a question reads while it is being worded: the sentence, the answers, what stands in its way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from voc.access.models import Membership, User
from voc.checks import drafting, rules
from voc.checks.rules import Problem
from voc.core.principal import Role
from voc.web.context import settings

Span = tuple[int, int, str]  # start, end, why: as macros/words.html evidence takes them


@dataclass(frozen=True, slots=True)
class Preview:
    """The question as a client will read it; `spans` mark in `what` the words that stand in its way."""

    question: str | None
    answers: tuple[str, ...]
    what: str
    spans: tuple[Span, ...]
    problems: tuple[Problem, ...]
    better: str | None


def preview(session: Session, what: str, since_on: date | None, today: date) -> Preview:
    """How this wording reads; without words or a day there is nothing to read yet."""
    answers = tuple(rules.SAYS_WORDS[says] for says in rules.answer_order(no_first=True))
    if not what or since_on is None:
        return Preview(None, answers, what, (), (), None)
    problems = drafting.problems_of(session, what, since_on, zone=settings().time_zone)
    better = next((one.better for one in problems if one.better), None)
    return Preview(
        rules.question(what, since_on, today), answers, what, marked(what, problems), problems, better
    )


def marked(what: str, problems: Sequence[Problem]) -> tuple[Span, ...]:
    """Where the found words stand in `what`, sorted and without overlaps."""
    spans: list[Span] = []
    for one in problems:
        start = what.casefold().find(one.found.casefold()) if one.found else -1
        if start >= 0:
            spans.append((start, start + len(one.found), one.why))
    kept: list[Span] = []
    for span in sorted(spans):
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return tuple(kept)


def deciders(session: Session) -> list[tuple[str, str]]:
    """Who may decide, as (public id, name): executives first, then leads."""
    rows = session.execute(
        select(User.public_id, User.name, Membership.role)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.role.in_((Role.EXECUTIVE, Role.LEAD)), User.is_active)
        .order_by(Membership.role, User.name)
    )
    return list({public_id: name for public_id, name, _ in rows}.items())
