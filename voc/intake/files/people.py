"""Finds the accounts, contacts and colleagues that rows name."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from voc.access.models import Membership, User
from voc.accounts.models import Contact
from voc.accounts.service import find_or_add_unlisted, known_accounts
from voc.core.tables.reading import Problem
from voc.core.text import name_key
from voc.intake.files.drafts import Draft
from voc.intake.service import Incoming


@dataclass(frozen=True, slots=True)
class Known:
    """Drafts and what intake gets of them, in the same order."""

    drafts: list[Draft]
    incoming: list[Incoming]


class People:
    """Remembers who was looked up before in this run."""

    def __init__(self, session: Session) -> None:
        staff = session.execute(
            select(User.name, User.email_key, User.id).where(
                User.id.in_(select(Membership.user_id).where(Membership.role.not_like("client_%")))
            )
        )
        self._accounts: dict[str, int] = {}
        self._staff: dict[str, set[int]] = {}
        for name, email, user_id in staff:
            for key in (name_key(name), email):
                self._staff.setdefault(key, set()).add(user_id)

    def knows_accounts(self, session: Session, drafts: Sequence[Draft]) -> bool:
        """Whether each client that these rows name is there: then nothing needs to be added for them."""
        missing = {draft.account for draft in drafts if name_key(draft.account) not in self._accounts}
        self._accounts |= known_accounts(session, missing) if missing else {}
        return all(name_key(name) in self._accounts for name in missing)

    def look_up(self, session: Session, drafts: Sequence[Draft]) -> tuple[Known, list[tuple[Draft, Problem]]]:
        """What intake gets, and the rows that name a colleague we do not know: those must stay out."""
        known, refused = Known([], []), []
        accounts = self._find_accounts(session, drafts)
        contacts = _contacts(session, drafts, accounts)
        for draft in drafts:
            hidden = self._staff.get(name_key(draft.not_seen_by), set()) if draft.not_seen_by else set()
            if draft.not_seen_by and len(hidden) != 1:
                refused.append((draft, _unknown_colleague(draft.not_seen_by, len(hidden))))
                continue
            account_id = accounts[name_key(draft.account)]
            email = draft.contact_email.casefold() if draft.contact_email else ""
            known.drafts.append(draft)
            known.incoming.append(
                _incoming(draft, account_id, contacts.get((account_id, email)), next(iter(hidden), None))
            )
        self._accounts |= accounts
        return known, refused

    def _find_accounts(self, session: Session, drafts: Sequence[Draft]) -> dict[str, int]:
        named = {
            name_key(draft.account): draft.account for draft in reversed(drafts)
        }  # the first spelling stays
        missing = [name for key, name in named.items() if key not in self._accounts]
        found = find_or_add_unlisted(session, missing) if missing else {}
        return {key: self._accounts.get(key) or found[key] for key in named}


def _contacts(
    session: Session, drafts: Sequence[Draft], accounts: dict[str, int]
) -> dict[tuple[int, str], int]:
    emails = {draft.contact_email.casefold() for draft in drafts if draft.contact_email}
    if not emails:
        return {}
    rows = session.execute(
        select(Contact.account_id, Contact.email_key, Contact.id).where(
            Contact.email_key.in_(emails), Contact.account_id.in_(set(accounts.values()))
        )
    )
    return {(account_id, email): contact_id for account_id, email, contact_id in rows if email}


def _incoming(draft: Draft, account_id: int, contact_id: int | None, hidden_from_id: int | None) -> Incoming:
    return Incoming(
        account_id=account_id,
        channel="import",
        text=draft.text,
        sender_key=draft.sender_key,
        body=draft.body,
        content_type="application/json",
        contact_id=contact_id,
        kind=draft.kind,
        source=draft.source,
        hurt=draft.hurt,
        touches=draft.touches,
        would_solve=draft.would_solve,
        wants_senior=draft.wants_senior,
        may_ask_others=draft.may_ask_others,
        hidden_from_id=hidden_from_id,
        sender_email=None if contact_id else draft.contact_email,
        said_at=draft.said_at,
        promise=False,
    )


def _unknown_colleague(name: str, found: int) -> Problem:
    what = (
        "More than one colleague has this name." if found else "We know no colleague of this name or e-mail."
    )
    return Problem("not_seen_by", name, what, "Write the colleague’s e-mail address, so that this stays hidden from the right person.")  # fmt: skip
