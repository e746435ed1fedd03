"""Decides about an issue: a row that is never rewritten, undone only until the first message about it has left."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from voc.access.audit import record
from voc.breadth import changes
from voc.breadth.models import IssueSum
from voc.core import clock, ids
from voc.core.errors import Conflict, Invalid, NotFound
from voc.db.scope import principal_of
from voc.decisions.forms import DecisionForm
from voc.decisions.models import Decision
from voc.decisions.people import find_colleague
from voc.issues import curate
from voc.issues.models import Issue
from voc.issues.queries import merged_into
from voc.issues.rules import root_of

_FIGURES = ("has_it", "told", "said_yes", "seen", "reported", "has_not", "applies", "comments", "value_cents")


def find_decision(session: Session, public_id: str) -> Decision:
    """The decision of this public id; raises NotFound."""
    found = session.scalar(select(Decision).where(Decision.public_id == public_id))
    if found is None:
        raise NotFound
    return found


def decide(session: Session, issue: Issue, form: DecisionForm) -> Decision:
    """Keeps a decision with the issue's figures of today; "not now" sets the issue aside until looked at again."""
    by_id = principal_of(session).user_id
    if by_id is None:
        raise Invalid("Only a signed-in person can decide.")
    owner = find_colleague(session, form.owner, "owner")
    before: dict[str, object] = {**figures_now(session, [issue])[issue.id]}
    if form.choice == "not_now":
        before["set_aside_by"] = curate.set_state(session, issue, "not_now").public_id
    decision = Decision(
        id=ids.new_id(), public_id=ids.new_public_id(), issue_id=issue.id, choice=form.choice, words=form.words,
        message=form.message, owner_id=owner.id, due_on=form.due_on, look_again_on=form.look_again_on,
        before=before, decided_by_id=by_id, decided_at=clock.now(),
    )  # fmt: skip
    session.add(decision)
    session.flush()
    record(session, "decision.decide", f"decision {decision.public_id}", choice=form.choice)
    return decision


def figures_now(session: Session, issues: Sequence[Issue]) -> dict[int, dict[str, int]]:
    """The figures of these issues as they stand, counted with the issue they were merged into."""
    merged = merged_into(session)
    wanted = {issue.id: root_of(issue.id, merged) for issue in issues}
    rows = session.scalars(select(IssueSum).where(IssueSum.issue_id.in_(wanted.values())))
    sums = {row.issue_id: {name: int(getattr(row, name)) for name in _FIGURES} for row in rows}
    return {issue: sums.get(root, dict.fromkeys(_FIGURES, 0)) for issue, root in wanted.items()}


def undo(session: Session, decision: Decision) -> None:
    """Takes a decision back; Conflict when it was undone before or a message about it has left."""
    if decision.undone_at is not None:
        raise Conflict("This was undone before.")
    if decision.told_at is not None:
        raise Conflict("Clients have heard of this decision, so it stays. A newer decision can change it.")
    set_aside = decision.before.get("set_aside_by")
    if isinstance(set_aside, str):
        _put_back(session, set_aside)
    _take_change_back(session, decision)
    decision.undone_at = clock.now()
    session.flush()
    record(session, "decision.undo", f"decision {decision.public_id}")


def _put_back(session: Session, act_public_id: str) -> None:
    act = curate.find_act(session, act_public_id, may_change_issues=True)
    try:
        curate.undo(session, act)
    except Conflict:
        return  # a person set the issue's state since: that newer word stands


def mark_done(session: Session, decision: Decision) -> None:
    """The owner says that it is done; Conflict when it was said before or the decision was undone.

    Where something was changed, what was known of the issue before says nothing about after.
    """
    _refuse_undone(decision)
    if decision.done_at is not None:
        raise Conflict("This was marked as done before.")
    decision.done_at = clock.now()
    session.flush()
    if decision.choice == "change":
        changes.note_change(session, decision.issue_id, decision.done_at)
    record(session, "decision.done", f"decision {decision.public_id}")


def take_done_back(session: Session, decision: Decision) -> None:
    """It is not done after all."""
    _take_change_back(session, decision)
    decision.done_at = None
    session.flush()
    record(session, "decision.done_back", f"decision {decision.public_id}")


def _take_change_back(session: Session, decision: Decision) -> None:
    if decision.done_at is not None and decision.choice == "change":
        changes.take_change_back(session, decision.issue_id, decision.done_at)


def look_again(session: Session, decision: Decision) -> None:
    """Somebody compared what it was with what it is; the date stops being owed."""
    _refuse_undone(decision)
    if decision.looked_again_at is not None:
        raise Conflict("Somebody looked again before.")
    decision.looked_again_at = clock.now()
    session.flush()
    record(session, "decision.look_again", f"decision {decision.public_id}")


def take_look_back(session: Session, decision: Decision) -> None:
    """Nobody has looked again after all."""
    decision.looked_again_at = None
    session.flush()
    record(session, "decision.look_back", f"decision {decision.public_id}")


def mark_told(session: Session, decision_id: int) -> None:
    """A message about it left the house; called by closure, and does nothing the second time."""
    decision = session.get(Decision, decision_id)
    if decision is not None and decision.told_at is None:
        decision.told_at = clock.now()
        session.flush()


def _refuse_undone(decision: Decision) -> None:
    if decision.undone_at is not None:
        raise Conflict("This decision was undone. Decide anew.")
