"""Users, roles, sign-in links, passwords and tokens: one verb each, with its audit row."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from voc.access import passwords
from voc.access.audit import record
from voc.access.models import ApiToken, Membership, SigninLink, User
from voc.access.sessions import end_all_sessions, hashed
from voc.core import clock, ids
from voc.core.errors import Conflict, Invalid, NotFound
from voc.core.principal import Role
from voc.core.text import clean_text
from voc.db.scope import principal_of

LINK_LASTS = timedelta(minutes=30)
SCOPES = {
    "ingest": "Send comments to us",
    "read": "Read comments",
    "write": "Send and read comments",
}
_NAME_LIMIT = 200


def email_key(email: str) -> str:
    """What two spellings of one address share."""
    return email.strip().casefold()


def create_user(session: Session, name: str, email: str, *, phone: str | None = None) -> User:
    """A person who may sign in; Conflict when the address has one already."""
    key = email_key(clean_text(email, "email", limit=_NAME_LIMIT))
    if session.scalar(select(User.id).where(User.email_key == key)) is not None:
        raise Conflict(f"“{email}” signs in already; change that person instead.", code="email_taken")
    user = User(
        id=ids.new_id(), public_id=ids.new_public_id(), name=clean_text(name, "name", limit=_NAME_LIMIT),
        email_key=key, password_hash=None, phone=phone, created_at=clock.now(),
    )  # fmt: skip
    session.add(user)
    session.flush()
    record(session, "user.create", f"user {user.public_id}")
    return user


def give_role(session: Session, user: User, role: Role, *, account_id: int | None = None) -> None:
    """Adds a role, for one client account or for the installation; having it already is fine.

    Every browser of the user signs in anew, so that no old page keeps an old role.
    """
    has_it = session.scalar(
        select(Membership.id).where(
            Membership.user_id == user.id, Membership.role == role, Membership.account_id.is_not_distinct_from(account_id)
        )
    )  # fmt: skip
    if has_it is not None:
        return
    session.add(Membership(id=ids.new_id(), user_id=user.id, role=role, account_id=account_id))
    end_all_sessions(session, user.id)
    record(session, "user.give_role", f"user {user.public_id}", role=role, account_id=account_id)


def deactivate(session: Session, user: User) -> None:
    """Closes every door to this person, at once."""
    user.is_active = False
    end_all_sessions(session, user.id)
    record(session, "user.deactivate", f"user {user.public_id}")


def make_signin_link(session: Session, user: User, *, public_url: str, lasts: timedelta = LINK_LASTS) -> str:
    """An address that signs this user in, once, within `lasts`."""
    token = ids.new_token()
    session.add(SigninLink(token_hash=hashed(token), user_id=user.id, expires_at=clock.now() + lasts))
    record(session, "user.make_link", f"user {user.public_id}")
    return f"{public_url}/sign-in/{token}"


def spend_signin_link(session: Session, token: str) -> User | None:
    """The user whose link this is, and the link is used up; None when it opens nothing (any more)."""
    now = clock.now()
    user_id = session.scalar(
        update(SigninLink)
        .where(SigninLink.token_hash == hashed(token), SigninLink.used_at.is_(None))
        .where(SigninLink.expires_at > now)
        .values(used_at=now)
        .returning(SigninLink.user_id)
        .execution_options(synchronize_session=False)
    )
    found = session.get(User, user_id) if user_id is not None else None
    return found if found is not None and found.is_active else None


def set_password(session: Session, user: User, password: str) -> None:
    """Sets a new password and signs every browser of this user out; Invalid for a weak one."""
    passwords.check_new(password, about=(user.email_key.partition("@")[0], *user.name.split()))
    user.password_hash = passwords.hash_password(password)
    end_all_sessions(session, user.id)
    record(session, "user.set_password", f"user {user.public_id}", by_id=user.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewToken:
    """What a token is to open; `account_id` None means every account."""

    name: str
    scope: str
    account_id: int | None = None
    expires_at: datetime | None = None


def create_token(session: Session, wanted: NewToken) -> str:
    """Makes a token for a program and gives its secret: the only time that anybody sees it."""
    if wanted.scope not in SCOPES:
        raise Invalid("Choose what the token may do.", fields={"scope": "Choose one of the three."})
    made_by = principal_of(session).user_id
    if made_by is None:
        raise Invalid("A token needs a person who answers for it.")
    secret = f"voc_{ids.new_token()}"
    token = ApiToken(
        id=ids.new_id(), public_id=ids.new_public_id(), token_hash=hashed(secret),
        name=clean_text(wanted.name, "name", limit=_NAME_LIMIT), scope=wanted.scope,
        account_id=wanted.account_id, created_by_id=made_by, created_at=clock.now(),
        expires_at=wanted.expires_at, revoked_at=None,
    )  # fmt: skip
    session.add(token)
    record(session, "token.create", f"token {token.public_id}", scope=wanted.scope)
    return secret


def revoke_token(session: Session, public_id: str) -> None:
    """Closes a token for good; NotFound when there is none. Twice is fine."""
    token = session.scalar(select(ApiToken).where(ApiToken.public_id == public_id))
    if token is None:
        raise NotFound
    if token.revoked_at is None:
        token.revoked_at = clock.now()
        record(session, "token.revoke", f"token {token.public_id}")


def find_user(session: Session, email: str) -> User:
    """The person who signs in with this address; Invalid naming the way out when there is none."""
    user = session.scalar(select(User).where(User.email_key == email_key(email)))
    if user is None:
        raise Invalid(
            f"Nobody signs in as “{email}”. Add the person: voc link {email} --name NAME --role ROLE."
        )
    return user
