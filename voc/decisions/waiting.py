"""What waits for a person today: promises due, decisions to look at again, visits without their next step."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from voc.core import clock
from voc.core.errors import NotFound
from voc.core.principal import Principal
from voc.decisions import commitments, queries, said, visits
from voc.decisions.models import Commitment, Decision, Visit
from voc.web.context import settings
from voc.web.owed import Owed, Queue, add_done, add_queue
from voc.web.panels import Rendered


def _today() -> date:
    return clock.today(settings().time_zone)


def _noon(day: date | None) -> datetime:
    return datetime.combine(day or _today(), time(12), UTC)


def _number_due(session: Session) -> int:
    return commitments.number_due(session, _today())


def _due(session: Session, limit: int) -> Sequence[Owed]:
    rows = commitments.commitments(session, commitments.is_due(_today()), limit=limit)
    return [Owed(row.public_id, said.say_to(row), _noon(row.next_due_on), row.words) for row in rows]


def _due_thing(session: Session, principal: Principal, key: str) -> Rendered:
    del principal
    rows = commitments.commitments(session, Commitment.public_id == key)
    if not rows:
        raise NotFound
    return Rendered("decisions/_due.html", rows[0])


def _number_again(session: Session) -> int:
    query = select(func.count()).select_from(Decision).where(queries.look_again_due(_today()))
    return session.scalar(query) or 0


def _again(session: Session, limit: int) -> Sequence[Owed]:
    rows = queries.due_for_a_look(session, _today(), limit)
    return [Owed(row.public_id, row.issue, _noon(row.look_again_on), row.choice_words) for row in rows]


def _again_thing(session: Session, principal: Principal, key: str) -> Rendered:
    del principal
    found = session.scalar(select(Decision).where(Decision.public_id == key))
    if found is None:
        raise NotFound
    return Rendered("decisions/_again.html", queries.decision_shown(session, found))


def _number_stuck(session: Session) -> int:
    return visits.number_stuck(session, _today())


def _stuck(session: Session, limit: int) -> Sequence[Owed]:
    rows = visits.visits(session, visits.is_stuck(_today()), limit=limit)
    return [
        Owed(row.public_id, row.client, _noon(row.planned_on), f"next: {NEXT_WORDS[row.step]}")
        for row in rows
    ]


def _stuck_thing(session: Session, principal: Principal, key: str) -> Rendered:
    del principal
    found = session.scalar(select(Visit).where(Visit.public_id == key))
    if found is None:
        raise NotFound
    return Rendered("decisions/_stuck.html", visits.visit_row(session, found))


NEXT_WORDS = {
    "go": "go there or call",
    "logic": "write down why they do it so",
    "commitment": "promise something, or say why not",
    "team": "tell the team",
    "checked": "check all clients",
    "done": "nothing",
}
_QUEUES = (
    ("promises-due", "Promises due", 22, "commitment:change", _number_due, _due, _due_thing),
    ("visits", "Visits waiting for their next step", 24, "visit:change", _number_stuck, _stuck, _stuck_thing),
    ("look-again", "Decisions to look at again", 26, "decision:list", _number_again, _again, _again_thing),
)
for _key, _title, _order, _permission, _count, _items, _thing in _QUEUES:
    add_queue(
        Queue(
            key=_key,
            title=_title,
            order=_order,
            permission=_permission,
            count=_count,
            items=_items,
            thing=_thing,
        )
    )
for _act, _one, _many in (
    ("commitment.prove", "proof of a promise kept", "proofs of promises kept"),
    ("decision.look_again", "decision looked at again", "decisions looked at again"),
    ("visit.went", "client visited or called", "clients visited or called"),
    ("decision.decide", "decision made", "decisions made"),
):
    add_done(_act, _one, _many)
