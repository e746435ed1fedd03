"""All names that words are masked by: of clients, of their people and of ours, and where their mail is, as they stand today."""

from functools import lru_cache
from typing import Any

from sqlalchemy import event, func, select
from sqlalchemy.orm import ORMExecuteState, Session

from voc.access.models import User
from voc.accounts.models import Account, Contact
from voc.core.names import Names
from voc.db.scope import principal_of

_SIGN, _KEPT = "\n", "known_names"
_ANYBODYS = frozenset(["gmail.com", "googlemail.com", "outlook.com", "outlook.de", "hotmail.com", "hotmail.co.uk", "live.com", "msn.com", "yahoo.com", "yahoo.co.uk", "yahoo.de", "icloud.com", "me.com", "mac.com", "aol.com", "gmx.de", "gmx.net", "gmx.at", "gmx.ch", "gmx.com", "web.de", "t-online.de", "freenet.de", "posteo.de", "mailbox.org", "proton.me", "protonmail.com", "mail.com", "mail.ru", "yandex.ru", "orange.fr", "free.fr", "laposte.net", "wanadoo.fr", "libero.it", "ziggo.nl", "kpnmail.nl", "xs4all.nl", "bluewin.ch", "btinternet.com", "sky.com", "comcast.net", "fastmail.com", "zoho.com"])  # fmt: skip
"""Hosts where everybody has mail: they say nothing about a client."""


def known_names(session: Session) -> Names:
    """The names of today; the lookup is built again only when one of them changed.

    The database hands them over as one long string for each kind, which takes 4 ms for 5,000 clients
    with 15,000 people and is itself what tells whether anything changed. A session asks once, until it writes.
    """
    asker, kept = principal_of(session), session.info.get(_KEPT)
    if kept is not None and kept[0] == asker:
        names: Names = kept[1]
        return names
    contacts, mail = _listed(session, Contact, Contact.name), _listed(session, Contact, Contact.email_key)
    users, own = _listed(session, User, User.name), _listed(session, User, User.email_key)
    names = _built(f"{contacts}{_SIGN}{users}", _listed(session, Account, Account.name), mail, own)
    session.info[_KEPT] = (asker, names)
    return names


def _listed(session: Session, model: type[Account | Contact | User], column: Any) -> str:  # of words
    """All values of a column as one string, the same as long as none changes.

    PostgreSQL hands a row that was written to after all others: clients would come in another order whenever one said
    something, and each time the lookup, which takes .2 s, and all that was masked by it would be made anew. SQLite
    leaves rows where they are.
    """
    listed = func.aggregate_strings(column, _SIGN)
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    ranked = listed.aggregate_order_by(model.id) if is_postgresql else listed
    return session.scalar(select(ranked).select_from(model)) or ""


@lru_cache(maxsize=4)  # who reads for a few clients only has a few names
def _built(people: str, clients: str, mail: str, own: str) -> Names:
    return Names.of(people.split(_SIGN), clients.split(_SIGN), _hosts(mail) - _hosts(own) - _ANYBODYS)


def _hosts(mail: str) -> set[str]:
    """Where these addresses of mail are."""
    return {host for one in mail.split(_SIGN) for host in (one.rpartition("@")[2],) if host}


@event.listens_for(Session, "after_flush")
@event.listens_for(Session, "after_commit")
@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, *_: object) -> None:
    session.info.pop(_KEPT, None)


@event.listens_for(Session, "do_orm_execute")
def _forget_where_written(state: ORMExecuteState) -> None:
    if not state.is_select:
        state.session.info.pop(_KEPT, None)
