"""“This is not what I meant”: a client takes its point out, staff see it, and may put it back."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from voc.access.audit import record
from voc.closure.models import TakenOut
from voc.closure.rules import next_word
from voc.closure.sight import seeing_all
from voc.core import clock, ids
from voc.core.errors import Conflict, NotFound
from voc.db.scope import principal_of
from voc.intake.models import Comment, Thread
from voc.issues.models import Match
from voc.jobs import tell

REASON = "The client says that this is not what they meant."
_State = dict[str, Any]  # one match as JSON: comment, issue, state, reasons


def take_out(session: Session, thread: Thread, *, zone: str) -> TakenOut | None:
    """The client refuses every link of this thread; evidence goes with it. None when there was no link.

    A person reads it again: a word is owed by a day. Doing it twice changes nothing more.
    """
    with seeing_all(session):
        matches = _standing(session, thread)
        if not matches:
            return None
        before: list[_State] = []
        for match in matches:
            before.append(
                {"comment": match.comment_id, "issue": match.issue_id, "state": match.state,
                 "reasons": list(match.reasons)}
            )  # fmt: skip
            match.state, match.reasons = "refused", [*match.reasons, REASON]
        session.flush()
        row = TakenOut(
            account_id=thread.account_id, id=ids.new_id(), public_id=ids.new_public_id(), thread_id=thread.id,
            before=before, at=clock.now(),
        )  # fmt: skip
        session.add(row)
        thread.next_word_by = next_word(clock.now(), zone)
        session.flush()
        _tell(session, row)
    record(session, "point.take_out", f"taken_out {row.public_id}")
    return row


def find_taken_out(session: Session, public_id: str) -> TakenOut:
    """The note of this public id; raises NotFound."""
    found = session.scalar(select(TakenOut).where(TakenOut.public_id == public_id))
    if found is None:
        raise NotFound
    return found


def look_at(session: Session, row: TakenOut) -> None:
    """One of us has seen it: it leaves the list of today and stays out."""
    row.looked_at, row.looked_by_id = clock.now(), principal_of(session).user_id
    session.flush()
    record(session, "point.looked", f"taken_out {row.public_id}")


def put_back(session: Session, row: TakenOut) -> None:
    """Undoes it: the links stand as before. Conflict when it was done, or somebody changed a link since."""
    if row.undone_at is not None:
        raise Conflict("This was put back before.")
    for state in row.before:
        match = session.get(Match, (row.account_id, state["comment"], state["issue"]))
        if match is None or match.state != "refused" or REASON not in match.reasons:
            raise Conflict("Something newer stands on this. The issue's history shows it.")
        match.state, match.reasons = str(state["state"]), list(state["reasons"])  # type: ignore[call-overload]  # JSON as take_out wrote it
    row.undone_at = row.looked_at = clock.now()
    row.looked_by_id = principal_of(session).user_id
    session.flush()
    _tell(session, row)
    record(session, "point.put_back", f"taken_out {row.public_id}")


def _standing(session: Session, thread: Thread) -> list[Match]:
    return list(
        session.scalars(
            select(Match)
            .join(Comment, (Comment.account_id == Match.account_id) & (Comment.id == Match.comment_id))
            .where(Comment.account_id == thread.account_id, Comment.thread_id == thread.id)
            .where(Match.state != "refused")
        )
    )


def _tell(session: Session, row: TakenOut) -> None:
    tell(session, "matches_changed", [(row.account_id, one["comment"], one["issue"]) for one in row.before])
