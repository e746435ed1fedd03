"""One act on several comments that stand in no issue; each is done as `curate` does it with one."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from voc.access.audit import record
from voc.analysis.labels import find_comments
from voc.core import clock, ids
from voc.core.errors import Invalid
from voc.db.among import among
from voc.db.scope import principal_of
from voc.intake.models import Comment
from voc.issues import curate
from voc.issues.models import Act, Issue, NoProblem
from voc.issues.ungrouped import waiting_keys


@dataclass(frozen=True, slots=True)
class Chosen:
    """Those of the ticked comments that still stand in no issue; how many were settled meanwhile, or are gone."""

    comments: tuple[Comment, ...]
    settled: int
    gone: int


def choose(session: Session, public_ids: Sequence[str]) -> Chosen:
    """Which of these an act may settle, held until it is stored; NotFound when none is this principal's to see."""
    found = find_comments(session, public_ids)
    asked = among(session, (Comment.account_id, Comment.id), [(one.account_id, one.id) for one in found])
    waits = {comment for _, comment in session.execute(waiting_keys().where(asked))}
    stay = tuple(one for one in found if one.id in waits)
    return Chosen(stay, len(found) - len(stay), len(set(public_ids)) - len(found))


def put(session: Session, chosen: Chosen, target: Issue) -> Act | None:
    """Confirms them in an issue; None when none waits any more."""
    return curate.put_with(session, chosen.comments, target) if chosen.comments else None


def found(session: Session, chosen: Chosen, name: str) -> tuple[Issue, Act] | None:
    """Makes a new issue of them; None when none waits any more."""
    return curate.found_issue(session, chosen.comments, name) if chosen.comments else None


def say_no_problem(session: Session, chosen: Chosen) -> str | None:
    """Keeps a person's word that these need no issue; gives the act's name for undo, None when none waits any more."""
    by = principal_of(session).user_id
    if by is None:
        raise Invalid("Only a signed-in person can do this.")
    if not chosen.comments:
        return None
    together = ids.new_public_id()
    for one in chosen.comments:
        session.add(
            NoProblem(
                account_id=one.account_id, comment_id=one.id, together=together, by_id=by, at=clock.now()
            )
        )
        record(session, "comment.no_problem", f"comment {one.public_id}", done_as=together)
    return together


def take_back(session: Session, together: str) -> int:
    """Takes back one act that said that comments are no problem; gives of how many that was so still."""
    own = (Comment.account_id == NoProblem.account_id) & (Comment.id == NoProblem.comment_id)
    said = session.scalars(select(Comment).join(NoProblem, own).where(NoProblem.together == together)).all()
    return _wait_again(session, said)


def let_wait(session: Session, public_ids: Sequence[str]) -> int:
    """Takes back that these are no problem, whoever said so and when; gives of how many that was so still."""
    return _wait_again(session, find_comments(session, public_ids))


def _wait_again(session: Session, comments: Sequence[Comment]) -> int:
    rows = [session.get(NoProblem, (one.account_id, one.id)) for one in comments]
    for one, row in zip(comments, rows, strict=True):
        if row is not None:
            session.delete(row)
            record(session, "comment.no_problem_back", f"comment {one.public_id}", said_by=row.by_id)
    session.flush()
    return sum(row is not None for row in rows)
