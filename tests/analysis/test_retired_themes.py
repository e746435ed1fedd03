"""Themes out of use: what is still known of them, and that nobody gives them any more."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tests import factories
from tests.analysis.wishing import applied, press
from tests.conftest import NOW
from voc.analysis.models import Label, ReadingTheme, Rereading, Theme, ThemeMove
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
    row = Rereading(id=factories.ids.new_id(), everything=False, wanted_at=NOW, ended_at=ended, done=1, total=1)
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
    listed = browser.get("/comments?theme=soap&by=until_then").text
    assert "2 comments" in listed
    assert "Soap one." not in listed
    assert "Soap two." in listed


def test_where_nobody_kept_it_no_number_is_said(client: Signed, session: Session, soap: Theme) -> None:
    soap.retired_at = NOW
    session.flush()
    page = client(Role.LEAD).get("/themes").text
    assert "since 4\u00a0May</span>" in page
