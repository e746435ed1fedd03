"""Signed-in browsers: a random cookie, its hash in the database, gone after 30 minutes of rest or 8 hours."""

from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from voc.access.models import User, UserSession
from voc.core import clock, ids

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=8)
_NOTED_EVERY = timedelta(minutes=1)


def hashed(token: str) -> str:
    """What is stored of a secret that we made ourselves: its SHA-256."""
    return sha256(token.encode()).hexdigest()


def start_session(session: Session, user_id: int) -> str:
    """Signs a user in on one browser and gives the cookie's value; old sessions of all users are swept."""
    now = clock.now()
    token = ids.new_token()
    session.execute(
        delete(UserSession).where((UserSession.created_at < now - LONGEST) | (UserSession.last_seen_at < now - IDLE))
    )  # fmt: skip
    session.add(UserSession(token_hash=hashed(token), user_id=user_id, created_at=now, last_seen_at=now))
    session.flush()
    return token


def end_session(session: Session, token: str) -> None:
    """Signs this browser out."""
    session.execute(delete(UserSession).where(UserSession.token_hash == hashed(token)))


def end_all_sessions(session: Session, user_id: int) -> None:
    """Signs the user out everywhere, at the next request of each browser."""
    session.execute(delete(UserSession).where(UserSession.user_id == user_id))


def user_of(session: Session, token: str) -> tuple[User, datetime] | None:
    """The active user of this cookie and when the browser was last seen; None when it opens nothing."""
    now = clock.now()
    found = session.execute(
        select(User, UserSession.last_seen_at)
        .join(UserSession, UserSession.user_id == User.id)
        .where(UserSession.token_hash == hashed(token), User.is_active)
        .where(UserSession.created_at > now - LONGEST, UserSession.last_seen_at > now - IDLE)
    ).first()
    return (found[0], found[1]) if found else None


def is_to_be_noted(last_seen_at: datetime) -> bool:
    """Whether it is time to write down that this browser is still there."""
    return clock.now() - last_seen_at >= _NOTED_EVERY


def note_seen(session: Session, token: str) -> None:
    """Writes down that this browser is still there."""
    session.execute(
        update(UserSession).where(UserSession.token_hash == hashed(token)).values(last_seen_at=clock.now())
    )
