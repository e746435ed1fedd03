"""Themes out of use: what is still known of them, and that nobody gives them any more."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tests import factories
from tests.analysis.wishing import applied, press
from tests.conftest import NOW
from voc.analysis.comments import THEME_KEYS, letters_of
from voc.analysis.models import Label, ReadingTheme, Rereading, Theme, ThemeMove
from voc.analysis.queries import ThemeAge
from voc.core import ids
from voc.core.principal import Role
from voc.intake.models import Comment

Signed = Callable[..., FlaskClient]


@pytest.fixture
def soap(session: Session) -> Theme:
    theme: Theme = factories.theme(session, key="soap", name="Soap")
    return theme


def read_without(session: Session, comment: Comment, theme: Theme, *, ended_after_hours: int) -> None:
    """Has the machine read a comment again that has a theme no more."""
    ended = NOW + timedelta(hours=ended_after_hours)
    row = Rereading(id=ids.new_id(), everything=False, wanted_at=NOW, ended_at=ended, done=1, total=1)
    session.add(row)
    session.flush()
    place = {"account_id": comment.account_id, "comment_id": comment.id, "theme_id": theme.id}
    session.execute(delete(ReadingTheme).filter_by(**place))
    session.add(ThemeMove(**place, rereading_id=row.id, gained=False))
    session.flush()


def test_a_theme_out_of_use_says_how_often_it_stood_until_then(
    client: Signed, session: Session, soap: Theme
) -> None:
    earlier, read, unread = (factories.comment(session, text=f"Soap {n}.") for n in ("one", "two", "three"))
    for one in (earlier, read, unread):
        factories.reading(session, one, themes=(soap,))
    read_without(session, earlier, soap, ended_after_hours=-2)
    browser = client(Role.LEAD)
    press(browser, f"/themes/{soap.public_id}/retire")
    applied(browser, session)
    read_without(session, read, soap, ended_after_hours=1)
    page = browser.get("/themes").text
    assert "in 2 comments until then" in page
    assert "seen no times" not in page
    assert 'href="/comments?theme=soap&amp;by=until_then"' in browser.get(f"/themes/{soap.public_id}").text
    listed = browser.get("/comments?theme=soap&by=until_then").text
    assert "2 comments" in listed
    assert "Soap one." not in listed
    assert "Soap two." in listed


def test_where_nobody_kept_it_no_number_is_said(client: Signed, session: Session, soap: Theme) -> None:
    soap.retired_at = NOW
    session.flush()
    page = client(Role.LEAD).get("/themes").text
    assert "since 4\u00a0May</span>" in page


def test_a_theme_out_of_use_is_not_given_from_a_page_opened_before(
    client: Signed, session: Session, soap: Theme
) -> None:
    comment, browser = factories.comment(session), client(Role.LEAD)
    soap.retired_at = NOW
    session.flush()
    answer = browser.post(f"/comments/{comment.public_id}/labels", data={"label": "theme:soap:yes"})
    assert (answer.status_code, "“Soap” is out of use by now" in answer.text) == (409, True)
    assert session.scalars(select(Label)).all() == []


def test_a_merged_theme_is_not_given_and_the_other_is_named(
    client: Signed, session: Session, soap: Theme
) -> None:
    comment, browser = factories.comment(session), client(Role.LEAD)
    soap.retired_at, soap.merged_into_id = NOW, factories.theme(session, name="Linen").id
    session.flush()
    answer = browser.post(f"/comments/{comment.public_id}/labels", data={"label": "theme:soap:yes"})
    assert (answer.status_code, "counts as “Linen” by now" in answer.text) == (409, True)


def test_what_people_said_with_a_theme_out_of_use_says_that_it_is(
    client: Signed, session: Session, soap: Theme
) -> None:
    comment, browser = factories.comment(session), client(Role.LEAD)
    browser.post(f"/comments/{comment.public_id}/labels", data={"label": "theme:soap:yes"})
    soap.retired_at = NOW
    session.flush()
    page = browser.get(f"/comments/{comment.public_id}").text
    assert '<b>Soap</b> <span class="chip">out of use</span>' in page
    assert "it is about Soap, which is out of use" in page


def keys_of(browser: FlaskClient, comment: Comment) -> dict[str, str]:
    page = browser.get(f"/comments/{comment.public_id}").text
    return dict(re.findall(r'value="theme:(\w+):yes"[^>]*data-key="(\w)"', page))


def test_a_theme_keeps_its_key_when_another_goes_and_comes_back(
    client: Signed, session: Session, soap: Theme
) -> None:
    factories.theme(session, key="linen", name="Linen")
    comment, browser = factories.comment(session), client(Role.LEAD)
    assert keys_of(browser, comment) == {"soap": "1", "linen": "2"}
    soap.retired_at = NOW
    session.flush()
    assert keys_of(browser, comment) == {"linen": "2"}
    factories.theme(session, key="towels", name="Towels")
    assert keys_of(browser, comment) == {"linen": "2", "towels": "3"}


def test_when_keys_run_out_a_new_theme_takes_that_of_one_out_of_use() -> None:
    ages = [ThemeAge(str(place), NOW, None) for place in range(len(THEME_KEYS))]
    ages[1] = ThemeAge("1", NOW, NOW + timedelta(days=1))
    assert "new" not in letters_of([*ages, ThemeAge("new", NOW, None)])
    letters = letters_of([*ages, ThemeAge("new", NOW + timedelta(days=2), None)])
    assert (letters["new"], "1" in letters) == (THEME_KEYS[1], False)


def test_no_key_stands_for_two_acts_on_the_page_of_a_comment(client: Signed, session: Session) -> None:
    for number in range(len(THEME_KEYS) + 1):
        factories.theme(session, name=f"Theme {number}")
    comment = factories.comment(
        session, text="We leave. I want your director.", sender_confirmed=False, sender_email="a@b.example"
    )
    factories.reading(session, comment)
    browser = client(Role.LEAD)
    confirmed = factories.comment(session, thread=None)
    factories.reading(session, confirmed)
    for one in (comment, confirmed):
        keys = re.findall(r'data-key="(\w)"', browser.get(f"/comments/{one.public_id}").text)
        assert len(keys) == len(set(keys)), sorted(keys)
    assert not set(THEME_KEYS) & set("awxvbcmgosdfljkynu")
