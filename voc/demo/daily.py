"""The regular work of a day, done at once in the demo instead of at the scheduler's next round."""

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from voc.checks import closing
from voc.closure import signing
from voc.closure.models import Update
from voc.core.principal import SYSTEM
from voc.db.session import Database
from voc.decisions.models import Decision
from voc.demo.records import Story
from voc.demo.subject import key_of

_ENDS = ("change", "keep")


def do_regular_work(database: Database, zone: str) -> None:
    """Questions open, remind, call and close, sign-offs close; each step is safe beside the scheduler's own."""
    steps: tuple[Callable[[Session], int], ...] = (
        closing.open_due,
        lambda session: closing.remind_due(session, zone=zone),
        closing.call_due,
        closing.close_due,
        signing.close_silent,
    )
    for step in steps:
        _while_there_is(database, step)


def _while_there_is(database: Database, step: Callable[[Session], int]) -> None:
    done = 1
    while done:
        with database.writing(SYSTEM) as session:
            done = step(session)


def settled(session: Session, story: Story) -> frozenset[str]:
    """The true issues about which clients have nothing more to say: decided for them, and they were told."""
    told = session.scalars(
        select(Decision.issue_id)
        .join(Update, Update.issue_id == Decision.issue_id)
        .where(Decision.choice.in_(_ENDS), Decision.undone_at.is_(None))
        .where(Update.left_at.is_not(None), Update.left_at >= Decision.decided_at)
    )
    return frozenset(key for issue in set(told) if (key := key_of(session, story, issue)) is not None)
