"""The links inside our mails: signed in the address, their state in the database. Looking changes nothing."""

import hashlib
from datetime import datetime

from itsdangerous import BadSignature, Signer
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from voc.core import clock, ids
from voc.core.config import Settings
from voc.core.principal import Principal
from voc.mail.models import Link

PURPOSES = ("answer", "point", "solved", "stop-asking")
STOP_ASKING = "stop-asking"
_LONGEST = 200


def make_link(
    session: Session, *, purpose: str, account_id: int, contact_id: int, thing: str, expires_at: datetime
) -> Link:
    """A link for one person of one client; `thing` is the public id of what it opens."""
    if purpose not in PURPOSES:
        raise ValueError(f"“{purpose}” is none of {', '.join(PURPOSES)}")
    link = Link(
        account_id=account_id, id=ids.new_id(), public_id=ids.new_public_id(), purpose=purpose,
        contact_id=contact_id, thing=thing, expires_at=expires_at, revoked_at=None, made_at=clock.now(),
    )  # fmt: skip
    session.add(link)
    session.flush()
    return link


def link_url(link: Link, settings: Settings) -> str:
    """The address of `link`, from our own settings only: never from a request."""
    return address_of(link.purpose, link.public_id, settings)


def stop_url(link: Link, settings: Settings) -> str:
    """The “do not ask me again” address of the mail that carries `link`; it outlives the link's last day."""
    return address_of(STOP_ASKING, link.public_id, settings)


def address_of(purpose: str, public_id: str, settings: Settings) -> str:
    """As `link_url`, for a link of which only the public id is known."""
    token = _signer(purpose, settings).sign(public_id).decode("ascii")
    return f"{settings.public_url}/{purpose}/{token}"


def open_link(session: Session, token: str, purpose: str, settings: Settings) -> Link | None:
    """The link that `token` opens for `purpose`; None when it is wrong, expired, revoked or for another purpose.

    The session is the system's. A mail's link also opens "stop-asking", by a token signed for that
    alone, and for that it never expires: whoever wants no more questions is always heard.
    """
    if purpose not in PURPOSES or len(token) > _LONGEST or not token.isascii():
        return None
    try:
        public_id = _signer(purpose, settings).unsign(token).decode("ascii")
    except BadSignature:
        return None
    link = session.scalar(select(Link).where(Link.public_id == public_id, Link.revoked_at.is_(None)))
    if link is None or purpose == STOP_ASKING:
        return link
    return link if link.purpose == purpose and link.expires_at > clock.now() else None


def revoke_links(
    session: Session, *, account_id: int, contact_id: int | None = None, thing: str | None = None
) -> None:
    """Closes the open links of a client's person, or those to one thing, for ever."""
    closing = update(Link).where(Link.account_id == account_id, Link.revoked_at.is_(None))
    if contact_id is not None:
        closing = closing.where(Link.contact_id == contact_id)
    if thing is not None:
        closing = closing.where(Link.thing == thing)
    session.execute(closing.values(revoked_at=clock.now()).execution_options(synchronize_session="fetch"))


def by_link(link: Link) -> Principal:
    """Whoever holds `link`: its client and its person alone, and no more than an answer."""
    return Principal(
        kind="link",
        account_ids=frozenset({link.account_id}),
        contact_ids=frozenset({link.contact_id}),
        permissions=frozenset({"public:read", "public:write", "answer:send"}),
        own_threads_only=True,
    )


def _signer(purpose: str, settings: Settings) -> Signer:
    return Signer(
        settings.secret_key, salt=f"link:{purpose}", key_derivation="hmac", digest_method=hashlib.sha256
    )
