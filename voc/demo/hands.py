"""The demo's own people at work: one of them as somebody who is signed in."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import select
from sqlalchemy.orm import Session

from voc.access import permissions
from voc.access.models import User
from voc.access.service import email_key
from voc.core.principal import Principal, Role
from voc.db.scope import open_for, principal_of
from voc.demo.records import Story


def user_of(session: Session, story: Story, who: str) -> User:
    """The colleague who plays this part: lead, executive or admin."""
    email = email_key(story.people[who].email)
    return session.scalars(select(User).where(User.email_key == email)).one()


def person_of(session: Session, story: Story, who: str) -> Principal:
    """The same as somebody who is signed in."""
    user = user_of(session, story, who)
    roles = frozenset({Role(story.people[who].role)})
    allowed = permissions.permissions_of(roles)
    return Principal("user", user.name, user.id, roles, account_ids=None, permissions=allowed)


@contextmanager
def acting(session: Session, principal: Principal) -> Iterator[None]:
    """Opens the session for `principal` until the block ends."""
    before = principal_of(session)
    session.flush()
    open_for(session, principal)
    try:
        yield
        session.flush()
    finally:
        open_for(session, before)
