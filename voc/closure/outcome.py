"""What came of a question: each person asked hears it once, in words for yes, for no and for no answer."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from voc.checks.models import Check
from voc.closure import telling
from voc.closure.asked import asked
from voc.closure.decided import standing_decision
from voc.closure.models import Update
from voc.closure.telling import Wanted
from voc.core.errors import Conflict, NotFound


def find_check(session: Session, public_id: str) -> Check:
    """The question of this public id; raises NotFound."""
    found = session.scalar(select(Check).where(Check.public_id == public_id))
    if found is None:
        raise NotFound
    return found


def told_before(session: Session, check: Check) -> Update | None:
    """The outcome of this question that left, waits or is being written; None when there is none."""
    return session.scalar(
        select(Update).where(
            Update.check_id == check.id, Update.kind == "outcome", Update.stopped_at.is_(None)
        )
    )


def is_owed(session: Session, check: Check) -> bool:
    """Whether those asked still wait to hear: the question is closed and nothing has been written."""
    return check.state == "closed" and check.outcome_told_at is None and told_before(session, check) is None


def draft_outcome(session: Session, check: Check, wanted: Wanted, *, for_no: str, for_none: str) -> Update:
    """The outcome for everybody asked; `wanted.words` are for those who said yes. Nothing leaves yet.

    Conflict while the question is open, when it was told before, or when nobody decided and the words
    do not say that nothing will change.
    """
    if check.state != "closed":
        raise Conflict("This question is still open. Its outcome can be told when it has closed.")
    if told_before(session, check) is not None:
        raise Conflict("The outcome of this question is written already: each person hears it once.")
    decision = standing_decision(session, check.issue_id)
    if decision is None and wanted.status != "not_now":
        raise Conflict(
            "Nobody has decided yet. Bring it to leadership, or say that nothing will change and why."
        )
    row = Update(
        issue_id=check.issue_id, check_id=check.id, kind="outcome",
        decision_id=decision.id if decision else None,
    )  # fmt: skip
    update = telling.write(session, row, wanted)
    by_group = {"yes": None, "no": for_no, "none": for_none}
    groups = {(one.account_id, one.contact_id): group for one, group in asked(session, check)}
    for told in telling.told_of(session, update):
        told.words = by_group[groups[told.account_id, told.contact_id]]
    session.flush()
    return update
