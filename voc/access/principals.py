"""Builds the asker of a request from its cookie or its token."""

import re
from dataclasses import dataclass

from flask import Request, g
from sqlalchemy import Select, bindparam, column, or_, select, table
from sqlalchemy.orm import Session

from voc.access import sessions
from voc.access.models import ApiToken, Membership, User
from voc.access.permissions import EVERYBODY, OF_SCOPE, permissions_of
from voc.core import clock
from voc.core.principal import SYSTEM, Principal, Role
from voc.web import cookies
from voc.web.context import database
from voc.web.permit import later

NOBODY = Principal(kind="anonymous", permissions=EVERYBODY)
_OVER_ALL = frozenset({Role.LEAD, Role.EXECUTIVE, Role.ADMIN})
_BEARER = re.compile(r"Bearer (voc_[\w-]{20,200})", re.ASCII)
# Built once: programs post by the hundred in a second.
_BY_HASH = select(
    ApiToken.id, ApiToken.public_id, ApiToken.name, ApiToken.scope, ApiToken.account_id,
    ApiToken.expires_at, ApiToken.revoked_at,
).where(ApiToken.token_hash == bindparam("token_hash"))  # fmt: skip
# Accounts are a later stage; only the columns that say who is whose are named here.
_account = table("account", column("id"), column("group_id"), column("owner_id"))
_deputy = table("deputy", column("account_id"), column("user_id"))
_contact = table("contact", column("id"), column("user_id"))


@dataclass(frozen=True, slots=True)
class Token:
    """An open token, as views find it in `g.api_token`."""

    id: int
    public_id: str
    name: str
    scope: str
    account_id: int | None


def load_principal(session: Session, request: Request) -> Principal:  # noqa: ARG001 - the loaders share one shape
    """Who this browser's cookie stands for; nobody when it stands for no one any more."""
    token = cookies.read(cookies.SESSION)
    found = sessions.user_of(session, token) if token else None
    if token is None or found is None:
        return NOBODY
    user, last_seen_at = found
    if sessions.is_to_be_noted(last_seen_at):
        later(lambda: _note_seen(token))
    return principal_of_user(session, user)


def principal_of_user(session: Session, user: User) -> Principal:
    """What is open to this user; the session must be open for the system."""
    held = session.execute(
        select(Membership.role, Membership.account_id).where(Membership.user_id == user.id)
    ).all()
    roles = frozenset(Role(role) for role, _ in held)
    given = sorted({account_id for _, account_id in held if account_id is not None})
    staff = roles - {Role.CLIENT_VIEWER, Role.CLIENT_ADMIN}
    return Principal(
        kind="user",
        name=user.name,
        user_id=user.id,
        roles=roles,
        account_ids=None if roles & _OVER_ALL else _accounts_of(session, user.id, given, roles),
        contact_ids=frozenset(session.scalars(_contacts_of(user.id))) if not staff else frozenset(),
        permissions=permissions_of(roles),
        own_threads_only=not staff and Role.CLIENT_ADMIN not in roles,
    )


def load_caller(session: Session, request: Request) -> Principal:
    """Which program's token this is; nobody when it is missing, unknown, revoked or expired."""
    principal, token = caller_of(session, request.headers.get("Authorization", ""))
    g.api_token = token
    return principal


def caller_of(session: Session, authorization: str) -> tuple[Principal, Token | None]:
    """As `load_caller`, from the header alone."""
    sent = _BEARER.fullmatch(authorization)
    token = _token(session, sent.group(1)) if sent else None
    if token is None:
        return NOBODY, None
    principal = Principal(
        kind="token",
        name=token.name,
        account_ids=None if token.account_id is None else with_sites(session, [token.account_id]),
        permissions=OF_SCOPE[token.scope],
    )
    return principal, token


def with_sites(session: Session, account_ids: list[int]) -> frozenset[int]:
    """These accounts and, where one is a group, its sites."""
    mine = or_(_account.c.id.in_(account_ids), _account.c.group_id.in_(account_ids))
    return frozenset(session.scalars(select(_account.c.id).where(mine)))


def _accounts_of(session: Session, user_id: int, given: list[int], roles: frozenset[Role]) -> frozenset[int]:
    if Role.AGENT not in roles:
        return with_sites(session, given) if given else frozenset()
    owned = session.scalars(select(_account.c.id).where(_account.c.owner_id == user_id))
    deputised = session.scalars(select(_deputy.c.account_id).where(_deputy.c.user_id == user_id))
    return with_sites(session, sorted({*given, *owned, *deputised}))


def _contacts_of(user_id: int) -> Select[int]:
    return select(_contact.c.id).where(_contact.c.user_id == user_id)


def _token(session: Session, secret: str) -> Token | None:
    row = session.execute(_BY_HASH, {"token_hash": sessions.hashed(secret)}).first()
    if row is None or row.revoked_at is not None:
        return None
    if row.expires_at is not None and row.expires_at <= clock.now():
        return None
    return Token(row.id, row.public_id, row.name, row.scope, row.account_id)


def _note_seen(token: str) -> None:
    with database().writing(SYSTEM) as session:
        sessions.note_seen(session, token)
