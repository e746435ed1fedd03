"""Who of our people signs each message: the one its receipt named, else who looks after the client."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from voc.access.models import Membership, User
from voc.accounts.models import Account
from voc.core.principal import Role
from voc.intake.models import Thread

Row = tuple[int, int | None]  # (account_id, thread_id or None)


def who_signs(session: Session, rows: Sequence[Row]) -> dict[Row, User | None]:
    """Our person for each row; never somebody from whom the thread is kept. None where we have nobody."""
    accounts = _owners(session, {account for account, _ in rows})
    threads: dict[Row, Thread] = {
        (thread.account_id, thread.id): thread
        for thread in session.scalars(
            select(Thread).where(Thread.id.in_(sorted({thread for _, thread in rows if thread is not None})))
        )
    }
    lead_ids = session.scalars(
        select(Membership.user_id).where(Membership.role == Role.LEAD).order_by(Membership.user_id)
    ).all()
    choices = {row: _choices(row, threads.get(row), accounts, lead_ids) for row in rows}
    wanted = {user_id for row in choices.values() for user_id in row}
    people = {
        user.id: user
        for user in session.scalars(select(User).where(User.id.in_(sorted(wanted)), User.is_active))
    }
    return {
        row: next((people[one] for one in found if one in people), None) for row, found in choices.items()
    }


def _choices(
    row: Row, thread: Thread | None, owners: dict[int, list[int]], lead_ids: Sequence[int]
) -> list[int]:
    named = [thread.named_user_id] if thread is not None and thread.named_user_id else []
    hidden = thread.hidden_from_id if thread is not None else None
    return [one for one in [*named, *owners.get(row[0], []), *lead_ids] if one != hidden]


def _owners(session: Session, account_ids: set[int]) -> dict[int, list[int]]:
    """The owner of each account, then its group's."""
    rows = session.execute(
        select(Account.id, Account.owner_id, Account.group_id).where(Account.id.in_(sorted(account_ids)))
    ).all()
    groups = dict(
        session.execute(
            select(Account.id, Account.owner_id).where(Account.id.in_(sorted({row.group_id for row in rows})))
        ).all()
    )
    return {
        row.id: [one for one in (row.owner_id, groups.get(row.group_id)) if one is not None] for row in rows
    }
