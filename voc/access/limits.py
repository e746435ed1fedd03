"""How often something may be tried; counted in the database, so that no restart forgets it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from voc.access.models import Attempt
from voc.core import clock
from voc.core.errors import TooMany
from voc.db.upsert import insert_ignoring


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` times in each window of this length."""

    name: str
    most: int
    window: timedelta


SIGN_IN = Limit("sign_in", 5, timedelta(minutes=15))  # per person and address (acceptance.md S7)
SIGN_IN_FROM = Limit("sign_in_from", 50, timedelta(minutes=15))  # per address, whoever it tries
LINK = Limit("link", 10, timedelta(minutes=15))  # wrong links per address (acceptance.md B30)
FORM = Limit("form", 10, timedelta(minutes=1))  # public form, per address (acceptance.md S7)
FORM_TOTAL = Limit("form_total", 200, timedelta(hours=1))  # public form, per form (acceptance.md S7)


def attempt(session: Session, limit: Limit, whom: str) -> None:
    """Counts one try of `whom`; TooMany, and with the rollback nothing counted, when the window is full."""
    starts_at = _window(limit)
    row = {"key": _key(limit, whom), "window_starts_at": starts_at, "number": 0}
    insert_ignoring(session, Attempt, [row])
    # The update holds the row until the commit: two tries at once never count as one.
    tries = session.scalar(
        update(Attempt)
        .where(Attempt.key == row["key"], Attempt.window_starts_at == starts_at)
        .values(number=Attempt.number + 1)
        .returning(Attempt.number)
        .execution_options(synchronize_session=False)
    )
    if (tries or 0) > limit.most:
        ends_at = starts_at + limit.window
        raise TooMany(
            "That was tried too often. Please wait a few minutes and try again.",
            retry_after_seconds=max(1, int((ends_at - clock.now()).total_seconds())),
        )


def forgive(session: Session, limit: Limit, whom: str) -> None:
    """Forgets the tries of `whom`, after one that was right; sweeps windows of past days on the way."""
    session.execute(delete(Attempt).where(Attempt.key == _key(limit, whom)))
    session.execute(delete(Attempt).where(Attempt.window_starts_at < clock.now() - timedelta(days=1)))


def _key(limit: Limit, whom: str) -> str:
    return f"{limit.name}:{whom[:300]}"


def _window(limit: Limit) -> datetime:
    length = int(limit.window.total_seconds())
    return datetime.fromtimestamp(int(clock.now().timestamp()) // length * length, UTC)
