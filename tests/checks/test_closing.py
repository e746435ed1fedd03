"""One reminder, then a call, then the window closes; twice, halfway or late, the end is the same."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.checks.conftest import Book, later
from voc.breadth.models import Evidence
from voc.breadth.service import refresh
from voc.checks import closing, queries
from voc.checks.models import Ask, Check
from voc.core.config import Settings
from voc.db.session import Database
from voc.jobs import QuietDoorbell
from voc.mail.models import Batch, Delivery
from workers import checks
from workers.schedule import turn
from workers.scope import Scope

Move = Callable[..., None]


@pytest.fixture
def here(settings: Settings, database: Database, doorbell: QuietDoorbell) -> Scope:
    nobody: Any = None  # a turn only rings
    return Scope(settings, database, nobody, doorbell)  # type: ignore[arg-type]  # it keeps its rings


def test_who_did_not_answer_is_reminded_once_after_five_days(book: Book, here: Scope, at: Move) -> None:
    check = book.ask()
    book.answer(book.ask_of(check, book.clients[3]), "no")
    at(later(4.9))
    checks.turn(here)
    assert book.mails(check, "reminder") == []
    at(later(5))
    for _ in range(3):
        checks.turn(here)
    reminders = book.mails(check, "reminder")
    assert len(reminders) == 7
    assert book.clients[3].id not in {mail.account_id for mail in reminders}
    assert {mail.state for mail in reminders} == {"held"}
    assert book.session.query(Batch).count() == 2


def test_then_a_call_and_never_a_third_mail(book: Book, here: Scope, at: Move) -> None:
    check = book.ask()
    for day in (5, 10, 11, 13):
        at(later(day))
        checks.turn(here)
    assert len(book.session.scalars(select(Delivery)).all()) == 16
    assert len(book.calls("reminder")) == 8
    book.answer(book.ask_of(check, book.clients[3]), "no")
    assert len(book.calls("reminder")) == 7


def test_at_the_end_silence_is_noted_and_is_never_a_no(book: Book, here: Scope, at: Move) -> None:
    check = book.ask()
    book.answer(book.ask_of(check, book.clients[3]), "problem")
    at(later(14))
    for _ in range(2):
        checks.turn(here)
    book.session.expire_all()
    assert book.session.get_one(Check, check.id).state == "closed"
    assert (book.state(book.clients[3]), book.state(book.clients[4])) == ("has_problem", "no_answer")
    found = queries.coverage(book.session, check.id)
    assert (found.asked, found.answered, found.yes_problem, found.no_answer, found.waiting) == (8, 1, 1, 7, 0)
    assert book.calls("question") == book.calls("reminder") == []
    assert sum(says == "no_answer" for _, says in book.evidence(book.clients[4])) == 1


def test_killed_halfway_the_next_turn_ends_it(
    book: Book, here: Scope, at: Move, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = book.ask()
    at(later(14))
    assert closing.close_due(book.session, limit=3) == 3  # and then the process dies
    assert book.session.get_one(Check, check.id).state == "asking"
    monkeypatch.setattr(closing, "BLOCK", 2)
    checks.turn(here)
    book.session.expire_all()
    assert {one.state for one in book.asks(check)} == {"no_answer"}
    assert book.session.get_one(Check, check.id).state == "closed"
    silent = book.session.scalars(select(Evidence.account_id).where(Evidence.says == "no_answer")).all()
    assert len(silent) == len(set(silent)) == 8


def test_after_the_sweep_nothing_is_done_twice(book: Book, here: Scope, at: Move) -> None:
    check = book.ask()
    at(later(5))
    turn(here)
    turn(here)
    assert len(book.mails(check, "reminder")) == 7 + 1


def test_all_by_phone_it_opens_when_it_would_have_left(book: Book, here: Scope, at: Move) -> None:
    from voc.checks import asking  # noqa: PLC0415

    for person in book.people.values():
        person.email = None
    book.session.flush()
    check = book.draft()
    asking.send(book.session, check)
    checks.turn(here)
    assert (check.state, book.calls("question")) == ("leaving", [])
    at(later(0) + timedelta(minutes=10))
    checks.turn(here)
    book.session.refresh(check)
    assert (check.state, len(book.calls("question"))) == ("asking", 8)


def test_sums_after_a_close_are_those_of_a_fresh_look(book: Book, here: Scope, at: Move) -> None:
    check = book.ask()
    book.answer(book.ask_of(check, book.clients[3]), "manages")
    at(later(14))
    checks.turn(here)
    figures = book.sums().said_yes, book.sums().has_it, book.sums().applies
    refresh(book.session, [], also=[book.issue.id])
    assert (book.sums().said_yes, book.sums().has_it, book.sums().applies) == figures
    assert book.session.scalars(select(Ask).where(Ask.state == "asked")).all() == []
