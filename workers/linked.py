"""Which issues people have tied something to: no machine forms these anew."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from voc.breadth.models import Evidence
from voc.breadth.rules import Source
from voc.checks.models import Check
from voc.closure.models import Update
from voc.decisions.models import Commitment, Decision, PlannedChange, Visit
from voc.issues import queries
from voc.issues.rules import root_of

_TIED = (Check, Decision, Visit, Commitment, PlannedChange, Update)


def held_issues(session: Session, *, only: Collection[int] | None = None) -> frozenset[int]:
    """Issues that people named, did anything with, asked or decided about, visited for, or told clients of.

    With `only` at least those among these, found without a look at all that was ever said.
    """
    if only is not None and not only:
        return frozenset()
    merged = queries.merged_into(session)
    family = None if only is None else {*only, *(one for one in merged if root_of(one, merged) in only)}

    def asked(of: InstrumentedAttribute[Any]) -> Select[Any]:
        return select(of).distinct() if family is None else select(of).distinct().where(of.in_(family))

    tied = {one for model in _TIED for one in session.scalars(asked(model.issue_id))}
    tied |= set(session.scalars(asked(Evidence.issue_id).where(Evidence.source != Source.MACHINE)))
    return queries.touched_issues(session) | {root_of(one, merged) for one in tied if one is not None}
