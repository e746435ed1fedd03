"""Thanks the client who spoke first, without numbers or names: because you spoke up, we looked further."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from voc.breadth.changes import states_across
from voc.breadth.rules import HAS
from voc.checks.models import Check
from voc.closure import telling
from voc.closure.audience import Hearer
from voc.closure.models import Update
from voc.closure.readers import first_speaker
from voc.closure.telling import Wanted
from voc.core.errors import Conflict
from voc.issues.models import Issue
from voc.issues.queries import merged_into
from voc.issues.rules import family_of

WORDS = "Thank you for telling us. Because you spoke up, we looked further."
_NOBODY = "Nobody there has told us of this in writing, so there is nobody to thank yet."
_TWICE = "The one who spoke first is thanked already."


def thanked(session: Session, issue: Issue) -> Update | None:
    """The thanks that left, waits or is being written; None when there is none."""
    return session.scalar(
        select(Update).where(
            Update.issue_id.in_(sorted(family_of(issue.id, merged_into(session)))),
            Update.kind == "thanks",
            Update.stopped_at.is_(None),
        )
    )


def whom_to_thank(session: Session, issue: Issue) -> Hearer | None:
    """Who spoke first, once we looked further: a question about it has closed, or others turned out to have it.

    A question that found nobody earns the same thanks: hearing it tells a client nothing of any other.
    """
    first = first_speaker(session, issue)
    if first is None or thanked(session, issue) is not None:
        return None
    return first if _looked_further(session, issue, first) else None


def draft_thanks(session: Session, issue: Issue, words: str) -> Update:
    """Thanks to the one who spoke first; nothing leaves yet. Conflict when there is nobody, or it was done."""
    if first_speaker(session, issue) is None:
        raise Conflict(_NOBODY)
    if thanked(session, issue) is not None:
        raise Conflict(_TWICE)
    return telling.write(
        session, Update(issue_id=issue.id, kind="thanks"), Wanted(status="looking", words=words)
    )


def _looked_further(session: Session, issue: Issue, first: Hearer) -> bool:
    family = sorted(family_of(issue.id, merged_into(session)))
    asked = session.scalar(
        select(Check.id).where(Check.issue_id.in_(family), Check.state == "closed").limit(1)
    )
    others = states_across(session, issue.id).items()
    return asked is not None or any(state in HAS and group != first.account_id for group, state in others)
