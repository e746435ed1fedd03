"""Signing in: each step its own short transaction, so that no password is hashed while a lock is held."""

from dataclasses import dataclass

from sqlalchemy import select

from voc.access import limits, passwords, sessions
from voc.access.audit import record
from voc.access.models import User
from voc.access.service import email_key, spend_signin_link
from voc.core.principal import SYSTEM
from voc.db.session import Database


@dataclass(frozen=True, slots=True)
class _Person:
    user_id: int
    public_id: str
    password_hash: str | None


def by_password(
    database: Database, email: str, password: str, *, came_from: str, before: str | None
) -> str | None:
    """The new session's cookie, or None; the same answer and time for a wrong and an unknown one.

    Raises TooMany after five tries for one person from one address. `before` is the cookie that this
    browser had: its session ends.
    """
    whom = f"{email_key(email)}|{came_from}"
    person = _try(database, email, whom, came_from)
    verdict = passwords.verify(person.password_hash if person else None, password)
    if person is None or not verdict.opens:
        _note_refusal(database, person, came_from)
        return None
    with database.writing(SYSTEM) as session:
        limits.forgive(session, limits.SIGN_IN, whom)
        if verdict.fresh_hash:
            session.get_one(User, person.user_id).password_hash = verdict.fresh_hash
        if before:
            sessions.end_session(session, before)
        session.info["came_from"] = came_from
        record(session, "session.begin", f"user {person.public_id}", by_id=person.user_id)
        return sessions.start_session(session, person.user_id)


def by_link(database: Database, token: str, *, came_from: str, before: str | None) -> str | None:
    """The new session's cookie, and the link is spent; None when it opens nothing.

    Raises TooMany after ten wrong links from one address.
    """
    with database.writing(SYSTEM) as session:
        limits.attempt(session, limits.LINK, came_from)
    with database.writing(SYSTEM) as session:
        user = spend_signin_link(session, token)
        if user is None:
            return None
        limits.forgive(session, limits.LINK, came_from)
        if before:
            sessions.end_session(session, before)
        session.info["came_from"] = came_from
        record(session, "session.begin_by_link", f"user {user.public_id}", by_id=user.id)
        return sessions.start_session(session, user.id)


def _try(database: Database, email: str, whom: str, came_from: str) -> _Person | None:
    with database.writing(SYSTEM) as session:
        limits.attempt(session, limits.SIGN_IN, whom)
        limits.attempt(session, limits.SIGN_IN_FROM, came_from)
        found = session.execute(
            select(User.id, User.public_id, User.password_hash).where(
                User.email_key == email_key(email), User.is_active
            )
        ).first()
    return _Person(*found) if found else None


def _note_refusal(database: Database, person: _Person | None, came_from: str) -> None:
    with database.writing(SYSTEM) as session:
        session.info["came_from"] = came_from
        record(session, "session.refuse", f"user {person.public_id}" if person else "user unknown")
