"""Editions: frozen figures that never change, words that are masked when shown and may be erased."""

from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tests import factories
from tests.reports.conftest import Told
from voc.access.models import User
from voc.analysis.models import Reading
from voc.breadth.models import Cell, Evidence
from voc.core.principal import Role
from voc.intake.models import Comment
from voc.issues.models import Match
from voc.reports import editions
from voc.reports.models import Edition

Client = Callable[..., FlaskClient]
TODAY = date(2026, 5, 4)


def freeze(session: Session) -> Edition:
    return editions.freeze(session, today=TODAY, currency="EUR")


def test_an_edition_stays_as_it_was_when_everything_changes(
    session: Session, executive: User, told: Told
) -> None:
    issue = factories.issue(session, name="Late invoices")
    told(issue, 3)
    made = freeze(session)
    before = editions.open_edition(session, made.public_id)
    told(issue, 4)
    issue.name = "Something else"
    session.flush()
    after = editions.open_edition(session, made.public_id)
    assert after == before
    assert after.briefs[0].name == "Late invoices"
    assert after.briefs[0].told == 3
    assert after.title.replace("\xa0", " ") == "Week of 4 May 2026"


def test_no_word_of_a_client_is_stored_in_it(session: Session, executive: User, told: Told) -> None:
    (said,) = told(
        factories.issue(session), 1, text="The sesame word is here, we want somebody.", wants_senior=True
    )
    told(session.get_one(factories.Issue, session.scalars(select(Match.issue_id)).first()), 2)
    assert "sesame" not in str(freeze(session).content)
    opened = editions.open_edition(session, editions.editions(session)[0].public_id)
    assert any("sesame" in (quote.words or "") for quote in opened.quotes.values())
    assert said.public_id


def test_words_erased_since_say_so_and_the_figures_stay(
    client: Client, session: Session, executive: User, told: Told
) -> None:
    issue = factories.issue(session, name="Late invoices")
    said = told(issue, 2, text="The invoice came too late and nobody told us why.")
    made = freeze(session)
    for comment in said:
        erase(session, comment)
    opened = editions.open_edition(session, made.public_id)
    assert opened.briefs[0].told == 2
    assert all(quote.words is None for quote in opened.quotes.values())
    shown = client(Role.EXECUTIVE).get(f"/editions/{made.public_id}").text
    assert "These words were erased since." in shown
    assert "came too late" not in shown


def erase(session: Session, comment: Comment) -> None:
    for model in (Match, Evidence, Reading):
        session.execute(delete(model).where(model.comment_id == comment.id))
    session.execute(delete(Cell).where(Cell.account_id == comment.account_id))
    session.execute(delete(Comment).where(Comment.id == comment.id))
    session.flush()


def test_words_are_masked_by_what_is_known_today(session: Session, executive: User, told: Told) -> None:
    issue = factories.issue(session)
    (first, _) = told(issue, 2, text="Please call Marek Olin about the late invoice.")
    made = freeze(session)
    account = session.get_one(factories.Account, first.account_id)
    factories.contact(session, account, name="Marek Olin")
    words = [quote.words for quote in editions.open_edition(session, made.public_id).quotes.values()]
    assert "Please call [name] about the late invoice." in words


def test_an_edition_of_an_older_release_still_opens(session: Session, executive: User, told: Told) -> None:
    told(factories.issue(session), 2)
    made = freeze(session)
    content = dict(made.content)
    lines = [{**one, "of_a_later_release": 1} for one in content["lines"]]  # type: ignore[attr-defined]  # JSON
    for one in lines:
        del one["is_decided"]
    made.content = content | {"lines": lines}
    session.flush()
    assert editions.open_edition(session, made.public_id).briefs[0].told == 2


def test_leaders_keep_the_page_by_a_button_and_find_it_in_the_list(
    client: Client, told: Told, session: Session
) -> None:
    told(factories.issue(session, name="Late invoices"), 2)
    browser = client(Role.LEAD)
    assert "Nothing was kept yet" in browser.get("/editions").text
    answer = browser.post("/editions")
    assert answer.status_code == 303
    assert "Late invoices" in browser.get(answer.headers["Location"]).text
    assert "Week of 4" in browser.get("/editions").text
    assert browser.get("/editions/" + "a" * 26).status_code == 404


@pytest.mark.parametrize("role", [Role.AGENT, Role.ADMIN, Role.CLIENT_ADMIN])
def test_nobody_else_reads_or_keeps_editions(client: Client, role: Role) -> None:
    browser = client(role)
    assert browser.get("/editions").status_code == 403
    assert browser.post("/editions").status_code == 403


def test_the_page_and_its_editions_print_by_a_style_of_their_own(client: Client, session: Session) -> None:
    browser = client(Role.EXECUTIVE)
    assert 'class="staff one-a4"' in browser.get("/this-week").text
    with browser.get("/static/app.css") as styles:
        assert "@page brief { size: A4" in styles.text
        assert ".one-a4 { page: brief" in styles.text
