"""News of an issue: somebody new has it; never that the same say it more often."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tests import factories
from tests.breadth.conftest import Town
from tests.conftest import NOW
from voc.accounts.book import Book, open_book
from voc.breadth import spread
from voc.breadth.service import follow_issues
from voc.core.errors import NotFound


@pytest.fixture
def book(town: Town) -> Book:
    return open_book(town.session, NOW.date())


def test_the_first_look_makes_no_news(town: Town, book: Book) -> None:
    town.told(town.loud)
    assert spread.watch(town.session, [town.issue.id], book) == 0
    assert spread.count_fresh(town.session) == 0


def test_a_new_client_of_a_new_kind_is_one_line_of_news(town: Town, book: Book) -> None:
    town.told(town.loud)
    spread.watch(town.session, [town.issue.id], book)
    town.told(town.parent)
    assert spread.watch(town.session, [town.issue.id], book) == 2
    (alert,) = spread.fresh_alerts(town.session, 9)
    assert alert.words == "New among south. New: Parent."


def test_more_of_the_same_is_no_news(town: Town, book: Book) -> None:
    town.told(town.loud)
    spread.watch(town.session, [town.issue.id], book)
    for _ in range(5):
        town.told(town.loud)
    assert spread.watch(town.session, [town.issue.id], book) == 0


def test_the_third_client_is_news_once(town: Town, book: Book) -> None:
    town.told(town.loud)
    spread.watch(town.session, [town.issue.id], book)
    town.told(town.quiet)
    town.told(town.parent)
    spread.watch(town.session, [town.issue.id], book)
    assert "It reached 3 clients." in spread.fresh_alerts(town.session, 9)[0].words
    assert spread.watch(town.session, [town.issue.id], book) == 0


def test_a_merge_makes_no_news_of_what_was_known(town: Town, book: Book) -> None:
    other = factories.issue(town.session)
    for issue in (town.issue, other):
        town.told(town.loud if issue is town.issue else town.parent, issue)
        spread.watch(town.session, [issue.id], book)
    other.merged_into_id = town.issue.id
    town.session.flush()
    follow_issues(town.session, [other.id, town.issue.id])
    assert spread.watch(town.session, [town.issue.id], book) == 0


def test_a_watched_issue_is_quiet_until_its_number(town: Town, book: Book) -> None:
    town.told(town.loud)
    spread.watch(town.session, [town.issue.id], book)
    town.issue.watch_until = 3
    town.told(town.quiet)
    assert spread.watch(town.session, [town.issue.id], book) == 0


def test_what_came_back_after_done_is_news(town: Town, book: Book) -> None:
    town.told(town.loud, said_at=NOW - timedelta(days=30))
    spread.watch(town.session, [town.issue.id], book)
    town.issue.set_state, town.issue.set_at = "done", NOW - timedelta(days=10)
    town.told(town.loud, said_at=NOW - timedelta(days=1))
    assert spread.watch(town.session, [town.issue.id], book) == 1
    assert spread.fresh_alerts(town.session, 9)[0].words == "It came back after it was done."


def test_news_that_was_seen_is_gone(town: Town, book: Book) -> None:
    town.told(town.loud)
    spread.watch(town.session, [town.issue.id], book)
    town.told(town.parent)
    spread.watch(town.session, [town.issue.id], book)
    (alert,) = spread.fresh_alerts(town.session, 9)
    assert spread.look_at(town.session, alert.public_id, None) == town.issue.public_id
    assert spread.count_fresh(town.session) == 0


def test_news_that_is_not_there_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        spread.look_at(session, "x" * 26, None)
