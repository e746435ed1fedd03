"""Every change makes a version, which can be looked at and brought back."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.analysis.wishing import applied, look_at, looked, press, the_wish, undo_url
from tests.conftest import NOW
from voc.analysis.models import Theme, ThemeVersion
from voc.analysis.queries import theme_choices
from voc.analysis.service import ensure_starter_themes
from voc.analysis.themes import versions, writing
from voc.core.errors import Conflict
from voc.core.principal import Role

Signed = Callable[..., FlaskClient]


@pytest.fixture
def billing(session: Session) -> Theme:
    return factories.theme(session, key="billing", name="Billing", description="Money.")


def test_before_the_first_change_the_page_says_so(client: Signed, billing: Theme) -> None:
    browser = client(Role.LEAD)
    assert "Nothing was changed yet" in browser.get("/theme-versions").text
    assert browser.get("/theme-versions/1").status_code == 404


def test_a_version_shows_the_themes_as_they_were_on_its_day(
    client: Signed, session: Session, billing: Theme
) -> None:
    browser = client(Role.LEAD, name="Ana Leal")
    press(browser, f"/themes/{billing.public_id}", name="Invoices", description="Money.")
    press(browser, f"/themes/{billing.public_id}", name="Bills", description="Money.")
    page = browser.get("/theme-versions/2").text
    assert "The themes as they were on 4\u00a0May" in page
    assert "<b><bdi>Invoices</bdi></b>" in page
    assert "“Bills” is called “Invoices”" in page
    rows = browser.get("/theme-versions").text
    assert rows.index("Version 3") < rows.index("Version 2") < rows.index("Version 1")
    assert "as they were at the beginning" in rows


def test_an_earlier_version_is_brought_back_through_the_preview(
    client: Signed, session: Session, billing: Theme
) -> None:
    browser = client(Role.LEAD)
    press(browser, f"/themes/{billing.public_id}", name="Invoices", description="Money.")
    press(browser, "/themes", name="Parking")
    applied(browser, session)
    press(browser, "/theme-versions/1/bring-back")
    page = look_at(browser, the_wish(session))
    assert "Bring back the themes as they were in version 1, on 4\u00a0May" in page
    applied(browser, session)
    session.expire_all()
    assert [one.name for one in theme_choices(session)] == ["Billing"]
    assert versions.current_number(session) == 4
    assert browser.post("/theme-versions/4/bring-back").status_code == 409


@pytest.mark.parametrize("number", ["0", "1", "9", "x", "99999999999999999999", "²"])
def test_a_version_that_never_was_is_not_there(client: Signed, billing: Theme, number: str) -> None:
    browser = client(Role.LEAD)
    assert browser.get(f"/theme-versions/{number}").status_code == 404
    assert browser.post(f"/theme-versions/{number}/undo").status_code == 404


def test_the_first_version_cannot_be_taken_back(client: Signed, session: Session, billing: Theme) -> None:
    browser = client(Role.LEAD)
    press(browser, f"/themes/{billing.public_id}", name="Invoices", description="Money.")
    assert browser.post("/theme-versions/1/undo").status_code == 404
    assert "Take back just this change" not in browser.get("/theme-versions/1").text


def test_two_in_one_moment_make_one_version(
    session: Session, billing: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    themes = versions.current(session).themes
    session.add(
        ThemeVersion(
            number=2, act="add", words="added “x”", themes=[], by_id=None, at=NOW, was_looked_at=True
        )
    )
    session.flush()
    monkeypatch.setattr(versions, "current_number", lambda _: 1)
    with pytest.raises(Conflict, match="very moment"), session.begin_nested():
        writing.write(session, themes, act="add", words="added “y”")


def test_themes_of_a_new_release_are_kept_as_a_version_of_their_own(session: Session) -> None:
    ensure_starter_themes(session)
    assert session.scalars(select(ThemeVersion)).all() == []
    writing.write(session, versions.current(session).themes, act="rename", words="did nothing")
    gone = session.scalars(select(Theme).where(Theme.key == "privacy")).one()
    session.delete(gone)
    session.flush()
    assert ensure_starter_themes(session) == 1
    newest = versions.history(session, limit=1)[0]
    assert (newest.number, newest.words, newest.by) == (3, "brought new themes with a release", None)


def test_taking_back_an_older_version_is_looked_at_first(
    client: Signed, session: Session, billing: Theme
) -> None:
    browser = client(Role.LEAD)
    press(browser, "/themes", name="Parking")
    undo = undo_url(applied(browser, session))
    press(browser, f"/themes/{billing.public_id}", name="Invoices", description="Money.")
    press(browser, "/theme-versions/2/take-back")
    session.expire_all()
    assert {one.name for one in theme_choices(session)} == {"Invoices", "Parking"}
    looked(session)
    assert "Take back version 2: added “Parking”" in look_at(browser, the_wish(session))
    assert "Not applied yet" in press(browser, undo)
    assert {one.name for one in theme_choices(session)} == {"Invoices", "Parking"}
    assert "you took back version 2: added “Parking”" in applied(browser, session)
    assert {one.name for one in theme_choices(session)} == {"Invoices"}


def test_a_page_past_the_last_version_shows_the_last_page(
    client: Signed, session: Session, billing: Theme
) -> None:
    browser = client(Role.LEAD)
    press(browser, f"/themes/{billing.public_id}", name="Invoices", description="Money.")
    page = browser.get("/theme-versions?page=7").text
    assert "Nothing was changed yet" not in page
    assert "Version 2" in page
