"""A question to 5,000 clients: put in line at once, answered by all of them within a minute."""

import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select, update

from bench.figure import Figure
from bench.site import database_on
from tests import factories
from voc.access.models import User
from voc.accounts.models import Account, Contact
from voc.breadth.models import Cell, IssueSum
from voc.breadth.service import follow_matches, refresh
from voc.checks import answering, asking, closing, drafting
from voc.checks.audience import audience
from voc.checks.models import SAYS, Answer, Ask, Check
from voc.core import clock, ids
from voc.core.errors import Unavailable
from voc.core.principal import SYSTEM, Principal, Role
from voc.core.text import name_key
from voc.db.session import Database
from voc.db.upsert import insert_rows
from voc.issues.models import Issue
from voc.jobs import tell
from voc.mail import house
from voc.mail.models import Delivery

_CLIENTS = 5_000
_AT_ONCE = 4


def measure() -> Iterator[Figure]:
    """Seconds to look through, to queue, to note delivered, to take all answers, to close; and the grid's differences."""
    for kind in ("sqlite", "postgresql"):
        with tempfile.TemporaryDirectory() as folder, database_on(kind, Path(folder)) as (_, database):
            check_id, lead = _fill(database)
            with database.writing(lead) as session:
                check = session.get_one(Check, check_id)
                began = time.perf_counter()
                found = audience(session, check)
                yield Figure(
                    f"look whom to ask, {len(found.rows):,}, {kind}", time.perf_counter() - began, 2, "s"
                )
            with database.writing(lead) as session:
                began = time.perf_counter()
                asking.send(session, session.get_one(Check, check_id))
            yield Figure(f"queue {_CLIENTS:,} asks, {kind}", time.perf_counter() - began, 2, "s")
            yield Figure(f"note {_CLIENTS:,} delivered, 100 at a time, {kind}", _deliver(database), 20, "s")
            yield Figure(f"take {_CLIENTS:,} answers, {kind}", _answer(database), 60, "s")
            yield Figure(f"answers and cells missing or wrong, {kind}", _wrong(database), 0, "")
            with database.writing(SYSTEM) as session:
                session.execute(update(Check).values(closes_at=clock.now() - timedelta(seconds=1)))
            began = time.perf_counter()
            while _closed(database):
                pass
            yield Figure(f"close it, {kind}", time.perf_counter() - began, 20, "s")


def _fill(database: Database) -> tuple[int, Principal]:
    """5,000 clients with a person each, an issue two of them told us of, and a question that may go."""
    with database.writing(SYSTEM) as session:
        owner, lead = factories.user(session, Role.AGENT), factories.user(session, Role.LEAD)
        issue = factories.issue(session)
        rows = [_account(number, owner) for number in range(_CLIENTS + 2)]
        insert_rows(session, Account, rows)
        insert_rows(session, Contact, [_contact(number, row["id"]) for number, row in enumerate(rows)])
        house.practise(session)
        for row in rows[:2]:
            _told(session, row["id"], issue)
    asker = Principal(kind="user", user_id=lead.id, account_ids=None, roles=frozenset({Role.LEAD}))
    with database.writing(asker) as session:
        today = clock.now().date()
        what, since_on = "an invoice came without your order number", today - timedelta(days=60)
        check = drafting.draft(session, session.get_one(Issue, issue.id), what=what, since_on=since_on)
        drafting.plan(
            session, check, if_many="We print it on every invoice.", decider_public_id=lead.public_id,
            decide_by=today + timedelta(days=30),
        )  # fmt: skip
        return check.id, asker


def _account(number: int, owner: User) -> dict[str, object]:
    key, name = ids.new_id(), f"Bench client number {number}"
    return {
        "id": key, "public_id": ids.new_public_id(), "group_id": key, "name": name, "name_key": name_key(name),
        "segment": f"s{number % 5}", "yearly_value_cents": 100, "owner_id": owner.id, "is_listed": True,
        "created_at": clock.now(),
    }  # fmt: skip


def _contact(number: int, account_id: object) -> dict[str, object]:
    email = f"person{number}@client{number}.example"
    return {
        "account_id": account_id, "id": ids.new_id(), "public_id": ids.new_public_id(), "name": f"Zyx Person{number}",
        "role": "Accounts payable", "email": email, "email_key": email, "may_be_asked": True,
        "created_at": clock.now(),
    }  # fmt: skip


def _told(session: object, account_id: int, issue: Issue) -> None:
    account = session.get_one(Account, account_id)  # type: ignore[attr-defined]  # a Session
    said_at = clock.now() - timedelta(days=5)
    comment = factories.comment(session, account, said_at=said_at, text="Your paper is not as agreed.")  # type: ignore[arg-type]
    match = factories.match(session, comment, issue, state="confirmed")  # type: ignore[arg-type]
    follow_matches(session, [(match.account_id, match.comment_id, match.issue_id)])  # type: ignore[arg-type]


def _deliver(database: Database) -> float:
    with database.writing(SYSTEM) as session:
        session.execute(update(Delivery).values(state="sent", sent_at=clock.now()))
        keys = [tuple(row) for row in session.execute(select(Delivery.account_id, Delivery.id))]
    began = time.perf_counter()
    for start in range(0, len(keys), 100):
        with database.writing(SYSTEM) as session:
            tell(session, "mail_sent", keys[start : start + 100])
    return time.perf_counter() - began


def _answer(database: Database) -> float:
    with database.reading(SYSTEM) as session:
        keys = [tuple(row) for row in session.execute(select(Ask.account_id, Ask.id).order_by(Ask.id))]

    def post(place: int) -> None:
        try:
            with database.writing(SYSTEM) as session:
                ask = session.get_one(Ask, keys[place])
                words = "It costs us an hour each week." if place % 5 == 0 else None
                answering.answer(session, ask, says=SAYS[place % 5], words=words, colleague=None)
        except Unavailable:
            post(place)  # nothing was stored: the same request goes again, as our answer says

    began = time.perf_counter()
    with ThreadPoolExecutor(_AT_ONCE) as people:
        list(people.map(post, range(len(keys))))
    return time.perf_counter() - began


def _wrong(database: Database) -> float:
    with database.writing(SYSTEM) as session:
        given = session.execute(
            select(Answer.says, Cell.state)
            .join(Ask, (Ask.account_id == Answer.account_id) & (Ask.id == Answer.ask_id))
            .outerjoin(Cell, Cell.account_id == Ask.group_id)
        ).all()
        wrong = (
            _CLIENTS
            - len(given)
            + sum(
                answering.EVIDENCE[says] != (state or "").replace("unclear", "unsure")
                for says, state in given
            )
        )
        issue = session.scalars(select(IssueSum.issue_id)).one()
        before = _sums(session)
        refresh(session, [], also=[issue])
        return (
            wrong
            + (before != _sums(session))
            + (session.scalar(select(func.count()).select_from(Answer)) != _CLIENTS)
        )


def _sums(session: object) -> tuple[object, ...]:
    columns = [column for column in IssueSum.__table__.columns if column.name != "summed_at"]
    return tuple(session.execute(select(*columns)).one())  # type: ignore[attr-defined]  # a Session


def _closed(database: Database) -> int:
    with database.writing(SYSTEM) as session:
        return closing.close_due(session)
