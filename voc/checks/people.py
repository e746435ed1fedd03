"""Knows the people of clients as the choice of whom to ask sees them."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from voc.accounts.book import Book
from voc.accounts.models import Contact
from voc.checks.models import Ask
from voc.checks.rules import Person, refusal
from voc.core.policy import DEFAULT
from voc.intake.models import Comment
from voc.mail.addresses import is_writable, rules_of

_BLOCK = 500
_ASKED = ("queued", "asked", "answered", "bounced", "passed", "no_answer", "opted_out")


def blocks(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    """`keys` in blocks that one statement takes."""
    for start in range(0, len(keys), _BLOCK):
        yield keys[start : start + _BLOCK]


def people_of(session: Session, account_ids: Sequence[int], today: date) -> dict[int, list[Person]]:
    """The contacts of these accounts, with what they asked of us and when we last asked them."""
    wanted = sorted(set(account_ids))
    rows = [row for block in blocks(wanted) for row in session.execute(_contacts(block))]
    spoke = dict(row for block in blocks(wanted) for row in session.execute(_spoke(block)))
    asked = _asked(session, today)
    by_address = rules_of(session, [row.email for row in rows if row.email])
    # Somebody who stands in two accounts is one person: what one was asked counts for both.
    by_key: dict[object, list[date]] = defaultdict(list)
    for row in rows:
        by_key[row.email_key or row.id] += asked.get(row.id, [])
    found: dict[int, list[Person]] = defaultdict(list)
    for row in rows:
        days = sorted(by_key[row.email_key or row.id])
        found[row.account_id].append(
            Person(
                id=row.id, account_id=row.account_id, name=row.name, role=row.role,
                has_email=bool(row.email and is_writable(row.email.strip())), has_phone=bool(row.phone),
                may_be_asked=row.may_be_asked, rules=by_address.get(row.email_key or "", frozenset()),
                asked_on=days[-1] if days else None, asked_this_round=len(days),
                round_began_on=days[0] if days else None, spoke_on=_day(spoke.get(row.id)),
                public_id=row.public_id, email=row.email,
            )
        )  # fmt: skip
    return found


def _contacts(block: Sequence[int]) -> Select[*tuple[Any, ...]]:  # nine columns, read by name
    return select(
        Contact.account_id, Contact.id, Contact.name, Contact.role, Contact.email, Contact.email_key,
        Contact.phone, Contact.may_be_asked, Contact.public_id,
    ).where(Contact.account_id.in_(block))  # fmt: skip


def _spoke(block: Sequence[int]) -> Select[*tuple[Any, ...]]:  # contact and moment
    return (
        select(Comment.contact_id, func.max(Comment.said_at))
        .where(Comment.account_id.in_(block), Comment.contact_id.is_not(None), Comment.sender_confirmed)
        .group_by(Comment.contact_id)
    )


def _asked(session: Session, today: date) -> dict[int, list[date]]:
    """The days each contact was asked in the last quarter; what is on its way counts as today."""
    since = datetime.combine(today - timedelta(weeks=DEFAULT.round_weeks), time.min, tzinfo=UTC)
    found: dict[int, list[date]] = defaultdict(list)
    rows = session.execute(
        select(Ask.contact_id, Ask.asked_at, Ask.state).where(
            Ask.state.in_(_ASKED), (Ask.asked_at >= since) | Ask.asked_at.is_(None)
        )
    )
    for contact, asked_at, state in rows:
        if asked_at is not None:
            found[contact].append(asked_at.date())
        elif state == "queued":
            found[contact].append(today)
    return found


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def resting_groups(session: Session, book: Book, today: date) -> frozenset[int]:
    """The clients nobody of whom may be asked today: asked lately, or asked us not to. Whom we know nobody of is not among them."""
    people = people_of(
        session, sorted({one for group in book.groups.values() for one in group.members}), today
    )
    known = {
        key: [person for member in group.members for person in people.get(member, ())]
        for key, group in book.groups.items()
    }
    return frozenset(
        key for key, found in known.items() if found and all(refusal(person, today) for person in found)
    )
