"""Clients who compare all that they see learn nothing of a third (acceptance.md P1, P2)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from apiflask import APIFlask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.checks.conftest import Book, make_book
from tests.conftest import new_browser, signed_in
from voc.access.permissions import permissions_of
from voc.accounts.models import Contact
from voc.checks import rules
from voc.closure import others, telling
from voc.closure.models import OthersSaidSo
from voc.closure.others import SENTENCE
from voc.closure.telling import Wanted
from voc.core import clock
from voc.core.config import Settings
from voc.core.principal import SYSTEM, Principal, Role
from voc.db.scope import open_for
from voc.intake.models import Thread
from voc.mail.links import link_url
from voc.mail.models import Batch, Delivery, Link
from voc.mail.rendering import preview
from voc.mail.sending import leave_due

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)  # words are the same on both
LOUD, ASKED = (
    (0, 1),
    7,
)  # places in the book of those who compare; 2 to 6 are the ones they ask themselves about
_THEIR_OWN = re.compile(r"\b[a-z2-7]{26}(?:\.[\w-]+)?|\b[0-9A-Z]{4}-[0-9A-Z]{4}\b|value=\"[\w-]{20,}\"")
Seen = Mapping[str, str]


@dataclass(frozen=True)
class Case:
    """How a world is: how many others have it, whether the sentence is allowed, what the asked client answers."""

    others: int = 0
    is_on: bool = False
    says: str = "problem"


@pytest.fixture
def live(
    app: APIFlask, session: Session, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Case], Seen]:
    """`live(case)`: all that the three see in that world, which is gone afterwards."""
    monkeypatch.setattr(rules, "halves", lambda number, _seed: [False] * number)

    def run(case: Case) -> Seen:
        point = session.begin_nested()
        seen = _seen(app, session, settings, _world(session, case))
        point.rollback()
        session.expire_all()
        open_for(session, SYSTEM)
        return seen

    return run


def _world(session: Session, case: Case) -> Book:
    book = make_book(session, clients=14)
    for place in LOUD:
        person = book.people[book.clients[place].id]
        book.told(
            book.clients[place], contact_id=person.id, text="The paper came without our number, once more."
        )
    for place in range(2, 2 + case.others):
        book.told(
            book.clients[place],
            text="Our blue crane fell on it.",
            contact_id=book.people[book.clients[place].id].id,
        )
    boss = factories.user(session, Role.EXECUTIVE, name="Eve Exec")
    if case.is_on:
        session.add(
            OthersSaidSo(issue_id=book.issue.id, is_on=True, is_true=False, by_id=boss.id, at=clock.now())
        )
        session.flush()
    others.look(session)
    check = book.ask()
    assert len(book.asks(check)) >= 5
    book.answer(book.ask_of(check, book.clients[ASKED]), case.says)
    _tell(book)
    return book


def _tell(book: Book) -> None:
    roles = frozenset({Role.LEAD})
    lead = Principal(
        kind="user", user_id=book.lead.id, roles=roles, account_ids=None, permissions=permissions_of(roles)
    )
    open_for(book.session, lead)
    wanted = Wanted(
        status="done", words="It stands on every paper now.", cause="A list was old.", action="One list."
    )
    update = telling.draft(book.session, book.issue, wanted)
    telling.send(book.session, update, zone="UTC")
    book.session.get_one(Batch, update.batch_id).leaves_at = clock.now()
    book.session.flush()
    open_for(book.session, SYSTEM)
    leave_due(book.session)
    book.session.expire_all()


def _seen(app: APIFlask, session: Session, settings: Settings, book: Book) -> Seen:
    """Every page and mail of the three, without what is their own by chance: ids, tokens, receipts."""
    seen = {}
    for place in (*LOUD, ASKED):
        person = book.people[book.clients[place].id]
        for name, words in (
            _pages(app, session, settings, person) | _mails(session, settings, person)
        ).items():
            seen[f"{place} {name}"] = _THEIR_OWN.sub("OWN", words)
    assert len(seen) > 15
    return seen


def _pages(app: APIFlask, session: Session, settings: Settings, person: Contact) -> dict[str, str]:
    user = factories.user(session, name="The Reader")
    factories.membership(session, user, Role.CLIENT_ADMIN, account=book_account(session, person))
    person = session.get_one(Contact, (person.account_id, person.id))
    person.user_id = user.id
    session.flush()
    browser, stranger = signed_in(app, session, user.id), new_browser(app)
    threads = session.scalars(
        select(Thread).where(Thread.account_id == person.account_id).order_by(Thread.id)
    ).all()
    found = {}
    for number, path in enumerate(["/points", "/say", *(f"/points/{one.public_id}" for one in threads)]):
        answer = browser.get(path)
        assert answer.status_code == 200
        found[f"page {number}"] = answer.text
    links = session.scalars(
        select(Link).where(Link.account_id == person.account_id).order_by(Link.purpose, Link.id)
    ).all()
    for number, link in enumerate(links):
        answer = stranger.get(urlsplit(link_url(link, settings)).path)
        assert answer.status_code == 200
        found[f"{link.purpose} {number}"] = answer.text
    return found


def book_account(session: Session, person: Contact) -> object:
    """The client of this person."""
    from voc.accounts.models import Account  # noqa: PLC0415 - for this alone

    return session.get_one(Account, person.account_id)


def _mails(session: Session, settings: Settings, person: Contact) -> dict[str, str]:
    rows = session.scalars(
        select(Delivery)
        .where(Delivery.account_id == person.account_id)
        .order_by(Delivery.template, Delivery.id)
    ).all()
    assert rows
    shown = [(row, preview(session, row, settings)) for row in rows]
    return {
        f"mail {row.template} {part}": words
        for row, one in shown
        for part, words in (
            ("subject", one.subject),
            ("text", one.text),
            ("html", one.html),
            ("from", one.sender),
        )
    }


def test_whether_five_others_have_it_shows_nowhere(live: Callable[[Case], Seen]) -> None:
    assert _differ(live(Case()), live(Case(others=5))) == []


def test_below_the_threshold_allowed_reads_as_alone(live: Callable[[Case], Seen]) -> None:
    assert _differ(live(Case(is_on=True)), live(Case(others=3, is_on=True))) == []


def test_from_the_threshold_on_one_sentence_and_nothing_else_is_new(live: Callable[[Case], Seen]) -> None:
    alone, with_five = live(Case(is_on=True)), live(Case(others=5, is_on=True))
    new = _differ(alone, with_five)
    assert new, "the sentence is nowhere"
    assert {name.split()[0] for name, _, _ in new} <= {"0", "1", str(ASKED)}
    for name, before, after in new:
        assert SENTENCE in after, name
        assert _bare(after) == _bare(before), name


def test_a_flipped_answer_changes_nothing_for_those_who_compare(live: Callable[[Case], Seen]) -> None:
    for is_on, number in ((False, 5), (True, 4), (True, 5)):
        yes, no = (live(Case(number, is_on, says)) for says in ("problem", "no"))
        loud = [name for name in yes if name.startswith(("0 ", "1 "))]
        assert _differ({name: yes[name] for name in loud}, {name: no[name] for name in loud}) == []


def _differ(first: Seen, second: Seen) -> list[tuple[str, str, str]]:
    assert first.keys() == second.keys()
    return [(name, first[name], second[name]) for name in first if first[name] != second[name]]


def _bare(words: str) -> str:
    """Words without the sentence, its own element, and white space."""
    return re.sub(r"\s+|<(p)\b[^>]*></\1>", "", words.replace(SENTENCE, ""))
