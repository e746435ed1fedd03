"""A chance is kept before its question leaves, and set beside the answer when the question is over."""

import re
from collections.abc import Callable, Mapping

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.checks.conftest import Book, later
from voc.breadth import estimates
from voc.breadth.estimates import Fitted, pack_keys, pack_shares
from voc.breadth.service import follow_matches
from voc.checks import answering, asking
from voc.checks.calibration import Foreseen, bands_of, calibration, foreseen_of, foretell, unforeseen
from voc.checks.models import Check
from voc.core import clock
from voc.core.principal import Role
from voc.issues.models import Match

Client = Callable[..., FlaskClient]


def foresee(
    session: Session,
    issue_id: int,
    chances: Mapping[int, float],
    *,
    low: int = 1,
    next_asks: tuple[int, ...] = (),
) -> None:
    """Keeps an estimate with these chances of the groups."""
    groups = sorted(chances)
    number = len(groups)
    estimates.store(session, [Fitted(
        issue_id=issue_id, clients=number, unheard=number, count_mean=2, count_low=1, count_high=4,
        likely_mean=max(2, low), likely_low=low, likely_high=max(4, low), value_mean_cents=0, value_low_cents=0, value_high_cents=0,
        flag="ok", is_borrowed=False, has_skill=True, ask_more=None, next_asks=list(next_asks), witnesses=[],
        groups=pack_keys(groups), shares=pack_shares([chances[group] for group in groups]),
        speaks=pack_shares([0.0] * number), draws=b"",
    )], {})  # fmt: skip


def close(book: Book, check: Check) -> None:
    check.state = "closed"
    book.session.flush()


def test_each_ask_keeps_its_clients_chance_from_before_it_left(book: Book) -> None:
    chances = {one.id: 0.1 * place for place, one in enumerate(book.clients[2:9])}
    foresee(book.session, book.issue.id, chances)
    check = book.draft()
    asking.send(book.session, check)
    foresee(book.session, book.issue.id, dict.fromkeys(chances, 0.9))
    kept = {ask.group_id: ask.predicted_share for ask in book.asks(check)}
    assert kept[book.clients[9].id] is None
    assert {group: share for group, share in kept.items() if share is not None} == pytest.approx(
        chances, abs=1e-4
    )


def test_without_an_estimate_nothing_is_foreseen(book: Book) -> None:
    check = book.ask()
    assert {ask.predicted_share for ask in book.asks(check)} == {None}
    close(book, check)
    assert foreseen_of(book.session, check.id) is None


def test_a_colleague_who_was_named_answers_for_the_same_chance(book: Book) -> None:
    foresee(book.session, book.issue.id, {book.clients[3].id: 0.25})
    check = book.ask()
    new = answering.pass_on(book.session, book.ask_of(check, book.clients[3]), name="Anna Ash", email=None)
    assert new.predicted_share == pytest.approx(0.25, abs=1e-4)


def test_bands_are_ten_points_wide_and_certainty_is_in_the_last() -> None:
    bands = bands_of(
        [Foreseen(0.0, said_yes=False), Foreseen(0.1, said_yes=True), Foreseen(1.0, said_yes=True)]
    )
    assert [(band.low, band.high, band.clients, band.yes) for band in bands] == [
        (0.0, 0.1, 1, 0), (0.1, 0.2, 1, 1), (0.9, 1.0, 1, 1),
    ]  # fmt: skip
    assert bands_of([]) == ()


def test_only_a_clear_yes_or_no_of_a_finished_question_counts(book: Book) -> None:
    foresee(book.session, book.issue.id, {one.id: 0.75 for one in book.clients})
    check = book.ask()
    for client, says in zip(
        book.clients[2:], ("problem", "manages", "no", "cannot_tell", "not_used"), strict=False
    ):
        book.answer(book.ask_of(check, client), says)
    assert calibration(book.session).clients == 0
    close(book, check)
    found = calibration(book.session)
    assert (found.questions, found.clients) == (1, 3)
    assert [(band.low, band.clients, band.yes) for band in found.bands] == [(0.7, 3, 2)]
    assert (
        foreseen_of(book.session, check.id)
        == "Before it left we foresaw 2 yes of the 3 who said yes or no. 2 said yes."
    )


def test_the_page_says_it_in_one_sentence_and_before_that_what_will_stand_there(
    client: Client, book: Book
) -> None:
    executive = client(Role.EXECUTIVE)
    assert "No question with a forecast is finished yet" in executive.get("/how-sure").text
    foresee(book.session, book.issue.id, {one.id: 0.75 for one in book.clients})
    check = book.ask()
    book.answer(book.ask_of(check, book.clients[2]), "problem")
    book.answer(book.ask_of(check, book.clients[3]), "no")
    close(book, check)
    shown = executive.get("/how-sure").text
    assert re.search(r"Of the 2 clients we gave 70 to 80 %, 50.% said yes", shown)
    assert "Before it left we foresaw 1 yes of the 2" in executive.get(f"/checks/{check.public_id}").text


def test_an_estimate_that_may_know_what_came_later_foretells_nothing(book: Book) -> None:
    with clock.frozen(later(3)):
        foresee(book.session, book.issue.id, {one.id: 0.5 for one in book.clients})
    check = book.ask()
    assert {ask.predicted_share for ask in book.asks(check)} == {None}


def test_a_finished_question_nobody_foresaw_is_looked_at_once_and_says_when_it_was_reckoned(
    book: Book,
) -> None:
    check = book.ask()
    book.answer(book.ask_of(check, book.clients[2]), "problem")
    assert unforeseen(book.session) == ()
    close(book, check)
    assert [one.check_id for one in unforeseen(book.session)] == [check.id]
    foretell(book.session, check.id, {one.id: 0.75 for one in book.clients})
    assert unforeseen(book.session) == ()
    found = calibration(book.session)
    assert (found.questions, found.clients, found.afterwards) == (1, 1, 1)
    said = foreseen_of(book.session, check.id) or ""
    assert said.startswith("Reckoned afterwards from what clients had said by the day it left")


def test_a_chance_that_was_kept_as_the_question_left_is_never_reckoned_anew(book: Book) -> None:
    foresee(book.session, book.issue.id, {book.clients[2].id: 0.25})
    check = book.ask()
    close(book, check)
    assert unforeseen(book.session) == ()
    foretell(book.session, check.id, {book.clients[2].id: 0.9})
    assert book.ask_of(check, book.clients[2]).predicted_share == pytest.approx(0.25, abs=1e-4)


def test_each_band_opens_the_clients_behind_it(client: Client, book: Book) -> None:
    foresee(book.session, book.issue.id, {one.id: 0.75 for one in book.clients})
    check = book.ask()
    book.answer(book.ask_of(check, book.clients[2]), "problem")
    book.answer(book.ask_of(check, book.clients[3]), "no")
    close(book, check)
    executive = client(Role.EXECUTIVE)
    assert "/how-sure/asked?band=7" in executive.get("/how-sure").text
    shown = executive.get("/how-sure/asked?band=7").text
    assert book.clients[2].name in shown
    assert book.clients[3].name in shown
    assert "No finished question" in executive.get("/how-sure/asked?band=2").text
    assert executive.get("/how-sure/asked?band=11").status_code == 404
    assert executive.get("/how-sure/asked?band=x").status_code == 404


@given(shares=st.lists(st.floats(0, 1), max_size=30))
def test_every_chance_is_in_the_band_that_its_link_opens(shares: list[float]) -> None:
    bands = bands_of([Foreseen(share, said_yes=False) for share in shares])
    assert sum(band.clients for band in bands) == len(shares)
    assert all(band.place == int(10 * band.low + 0.5) for band in bands)


def test_an_open_question_says_when_its_answers_settle_the_threshold(client: Client, book: Book) -> None:
    check = book.ask()
    lead = client(Role.LEAD)
    assert "you can close the question" not in lead.get(f"/checks/{check.public_id}").text
    for account in book.clients[2:5]:
        book.answer(book.ask_of(check, account), "problem")
    shown = lead.get(f"/checks/{check.public_id}").text
    assert "Surely above: 5 clients have it, and we act from 5. Whatever else is answered" in shown


@pytest.mark.parametrize("is_seen", [True, False])
def test_an_estimate_settles_an_open_question_only_where_somebody_looked_at_the_issue(
    client: Client, book: Book, *, is_seen: bool
) -> None:
    if not is_seen:
        matches = book.session.scalars(select(Match)).all()
        for match in matches:
            match.state = "machine"
        follow_matches(book.session, [(one.account_id, one.comment_id, one.issue_id) for one in matches])
    foresee(book.session, book.issue.id, {one.id: 0.6 for one in book.clients[2:]}, low=6)
    check = book.ask()
    shown = client(Role.LEAD).get(f"/checks/{check.public_id}").text
    assert ("Surely above" in shown) is is_seen
