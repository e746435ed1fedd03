"""The demo's story: `tell` gives the whole of it, the same for the same seed and day."""

import random
from dataclasses import replace
from datetime import date, timedelta

from voc.demo.book import Book, read_usage, write_book
from voc.demo.fate import cast_groups, draw_behaviour, draw_issues, draw_talk
from voc.demo.parts import ISSUE_PARTS, LOUD_NAME, PARTS, QUIET_NAME
from voc.demo.plot import WEEKS, Plot, draw_turns
from voc.demo.records import (
    Account,
    Behaviour,
    Contact,
    DemoComment,
    Person,
    Provider,
    ServiceUse,
    Staff,
    Story,
    TrueIssue,
    Truth,
    Usage,
)
from voc.demo.telling import Teller, Told
from voc.demo.words import load_wordbook

__all__ = [
    "DEFAULT_TODAY", "Account", "Behaviour", "Contact", "DemoComment", "Person", "Provider", "ServiceUse",
    "Staff", "Story", "TrueIssue", "Truth", "Usage", "tell",
]  # fmt: skip

DEFAULT_TODAY = date(2026, 11, 20)
_HANDS = {"lead": "lead", "executive": "executive", "admin": "admin"}


def tell(seed: int = 26, today: date = DEFAULT_TODAY) -> Story:
    """The story whose 26 weeks end on `today` (exclusive): client list, usage, comments, the truth."""
    words = load_wordbook()
    casting = cast_groups(seed)
    book = write_book(seed, today, casting.unreachable)
    issues = draw_issues(book, words.issues, casting, seed, today)
    talk = draw_talk(book, casting, seed)
    plot = Plot(today, issues, {key: each.hurt for key, each in words.issues.items()}, talk, casting)
    turns = draw_turns(plot, seed, len(words.moments))
    teller = Teller(book, words, issues, random.Random(f"{seed}-words"))
    told = _in_order([*teller.moments(today), *teller.tell(turns)], seed, today)
    truth = _truth(told, issues, talk, draw_behaviour(book, issues, casting, seed))
    return Story(
        book.provider, book.staff, book.services, book.accounts, book.contacts, read_usage(book, seed, today),
        tuple(each.comment for each in told), truth, _people(book), today,
    )  # fmt: skip


def _in_order(told: list[Told], seed: int, today: date) -> list[Told]:
    first = today - timedelta(weeks=WEEKS)
    if any(not first <= each.comment.said_at.date() < today for each in told):
        raise ValueError(f"A comment lies outside the {WEEKS} weeks before {today}: look at the plot's days.")
    ordered = sorted(told, key=lambda each: (each.comment.said_at, each.comment.account, each.comment.text))
    return [
        replace(each, comment=replace(each.comment, source_id=f"demo-{seed}-{number:04d}"))
        for number, each in enumerate(ordered, 1)
    ]


def _truth(
    told: list[Told], issues: dict[str, TrueIssue], talk: dict[str, float], behaviour: dict[str, Behaviour]
) -> Truth:
    return Truth(
        issues=issues,
        about={each.comment.source_id: each.issues for each in told},
        personal={each.comment.source_id: each.personal for each in told if each.personal},
        language={each.comment.source_id: each.language for each in told},
        talk=talk,
        behaviour=behaviour,
        moments={**PARTS, **ISSUE_PARTS},
    )


def _people(book: Book) -> dict[str, Person]:
    people = {key: _hand(book, role) for key, role in _HANDS.items()}
    for key, name in (("loud_client", LOUD_NAME), ("quiet_client", QUIET_NAME)):
        contact = next(each for each in book.contacts if each.name == name)
        people[key] = Person(contact.name, contact.email or "", "client_admin", contact.account)
    return people


def _hand(book: Book, role: str) -> Person:
    colleague = next(each for each in book.staff if each.role == role)
    return Person(colleague.name, colleague.email, role, None)
