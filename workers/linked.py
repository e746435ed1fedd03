"""Which issues people have tied something to: no machine forms these anew."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from voc.breadth.models import Evidence
from voc.breadth.rules import Source
from voc.checks.models import Check
from voc.closure.models import Update
from voc.decisions.models import Commitment, Decision, PlannedChange, Visit
from voc.issues import queries
from voc.issues.rules import root_of

_TIED = (Check, Decision, Visit, Commitment, PlannedChange, Update)


def held_issues(session: Session) -> frozenset[int]:
    """Issues that people named, did anything with, asked or decided about, visited for, or told clients of."""
    merged = queries.merged_into(session)
    tied = {one for model in _TIED for one in session.scalars(select(model.issue_id).distinct())}
    said = select(Evidence.issue_id).where(Evidence.source != Source.MACHINE).distinct()
    tied |= set(session.scalars(said))
    return queries.touched_issues(session) | {root_of(one, merged) for one in tied if one is not None}
