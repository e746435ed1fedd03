"""What each address asked of us, or did: kept by address, so that no import and no new contact undoes it."""

import re
from collections.abc import Iterable

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from voc.core import clock
from voc.db.scope import principal_of
from voc.db.upsert import insert_ignoring
from voc.mail.models import RULES, AddressRule

_BLOCK = 500
_WRITABLE = re.compile(r"[^\s@<>()\[\],;:\\\"]{1,64}@[^\s@<>()\[\],;:\\\"]{1,255}")
_RESERVED = ("example", "test", "invalid", "localhost", "example.com", "example.org", "example.net")


def email_key(email: str) -> str:
    """What two spellings of one address share."""
    return email.strip().casefold()


def is_writable(email: str) -> bool:
    """Whether this is one plain address: no name, no list, no line break."""
    return wire_form(email) is not None


def wire_form(email: str) -> str | None:
    """The address as mail servers pass it on, its domain in ASCII; None when it is not one plain address."""
    local, _, domain = email.strip().rpartition("@")
    if (
        not _WRITABLE.fullmatch(f"{local}@{domain}")
        or ".." in local
        or local.startswith(".")
        or local.endswith(".")
    ):
        return None
    try:
        return f"{local}@{domain.encode('idna').decode('ascii')}" if local.isascii() else None
    except UnicodeError:
        return None


def is_reserved(email: str) -> bool:
    """Whether the address is at a name that stands for nobody (RFC 2606): no server ever gets such mail."""
    domain = email_key(email).rpartition("@")[2].rstrip(".")
    return domain.endswith(tuple(f".{name}" for name in _RESERVED)) or domain in _RESERVED


def rules_of(session: Session, emails: Iterable[str]) -> dict[str, frozenset[str]]:
    """The rules ("no_questions", "no_mail", "bounces") of each address that has any, by its case-folded form."""
    keys = sorted({email_key(email) for email in emails})
    found: dict[str, set[str]] = {}
    for start in range(0, len(keys), _BLOCK):
        block = keys[start : start + _BLOCK]
        rows = session.execute(
            select(AddressRule.email_key, AddressRule.rule).where(AddressRule.email_key.in_(block))
        )
        for key, rule in rows:
            found.setdefault(key, set()).add(rule)
    return {key: frozenset(rules) for key, rules in found.items()}


def set_rule(session: Session, email: str, rule: str) -> None:
    """Keeps `rule` for this address; setting it twice is fine."""
    if rule not in RULES:
        raise ValueError(f"“{rule}” is none of {', '.join(RULES)}")
    row = {
        "email_key": email_key(email),
        "rule": rule,
        "at": clock.now(),
        "by_id": principal_of(session).user_id,
    }
    insert_ignoring(session, AddressRule, [row])


def lift_rule(session: Session, email: str, rule: str) -> None:
    """Forgets `rule` for this address; lifting what is not there is fine."""
    session.execute(
        delete(AddressRule)
        .where(AddressRule.email_key == email_key(email), AddressRule.rule == rule)
        .execution_options(synchronize_session=False)
    )
