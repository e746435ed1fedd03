"""What the pages of access show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import column, select, table
from sqlalchemy.orm import Session

from voc.access.models import ApiToken, User
from voc.core import clock

_account = table("account", column("id"), column("public_id"), column("name"))


@dataclass(frozen=True, slots=True)
class TokenRow:
    """One token as its list shows it."""

    public_id: str
    name: str
    scope: str
    account: str | None
    made_by: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether it still opens anything."""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > clock.now())


def tokens(session: Session) -> Sequence[TokenRow]:
    """All tokens, the newest first."""
    rows = session.execute(
        select(
            ApiToken.public_id, ApiToken.name, ApiToken.scope, _account.c.name, User.name,
            ApiToken.created_at, ApiToken.expires_at, ApiToken.revoked_at,
        )
        .join(User, User.id == ApiToken.created_by_id)
        .outerjoin(_account, _account.c.id == ApiToken.account_id)
        .order_by(ApiToken.id.desc())
    )  # fmt: skip
    return [TokenRow(*row) for row in rows]


def accounts_by_name(session: Session) -> Sequence[tuple[str, str]]:
    """(public id, name) of every account, to choose one for a token."""
    rows = session.execute(select(_account.c.public_id, _account.c.name).order_by(_account.c.name))
    return [(public_id, name) for public_id, name in rows]


def account_id_of(session: Session, public_id: str) -> int | None:
    """The key of the account with this public id; None when there is none."""
    found: int | None = session.scalar(select(_account.c.id).where(_account.c.public_id == public_id))
    return found


def user(session: Session, user_id: int) -> User:
    """The user with this key, who is known to exist."""
    return session.get_one(User, user_id)
