"""What was learned, how well, and how far reading again is: on the pages of themes."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.conftest import NOW
from voc.analysis.models import Label, Rereading, Theme, ThemeHead, ThemeMove
from voc.analysis.teaching import lessons
from voc.core import ids
from voc.core.principal import Role
from voc.jobs import READ, QuietDoorbell

Signed = Callable[..., FlaskClient]


@pytest.fixture
def billing(session: Session) -> Theme:
    theme: Theme = factories.theme(session, key="billing", name="Billing")
    return theme


def learned(session: Session, theme: Theme, **figures: int) -> None:
    facts = {"learned_from": 12, "called": 40, "right": 34, "were": 43, "held_out": 90} | figures
    session.add(ThemeHead(theme_id=theme.id, version=1, arrays=b"x", trained_at=NOW, **facts))
    session.flush()


def page(browser: FlaskClient, url: str) -> str:
    answer = browser.get(url)
    assert answer.status_code == 200
    return answer.text


def test_a_theme_says_how_often_it_is_right_with_the_numbers_behind(
    client: Signed, session: Session, billing: Theme
) -> None:
    learned(session, billing)
    browser = client(Role.LEAD)
    themes = page(browser, "/themes")
    assert "12 corrections</a>" in themes
    assert "34 of 40 are right" in themes
    assert "it finds 34 of 43" in themes
    own = page(browser, f"/themes/{billing.public_id}")
    assert "Of 40 comments it called this, 34 were right." in own
    assert "Of 43 that are about this, it found 34." in own


def test_few_corrections_tell_nothing_yet(client: Signed, session: Session, billing: Theme) -> None:
    learned(session, billing, learned_from=2, called=0, right=0, were=0, held_out=0)
    browser = client(Role.LEAD)
    assert "too few corrections to tell yet" in page(browser, "/themes")
    assert "Too few corrections to tell yet" in page(browser, f"/themes/{billing.public_id}")


def test_a_theme_nobody_corrected_says_so(client: Signed, billing: Theme) -> None:
    browser = client(Role.LEAD)
    assert "Nobody corrected a theme yet" in page(browser, "/themes")
    assert "Nobody corrected this theme yet" in page(browser, f"/themes/{billing.public_id}")


def test_the_number_of_corrections_opens_their_list(client: Signed, session: Session, billing: Theme) -> None:
    browser = client(Role.LEAD)
    yes, no, other = (factories.comment(session, text=f"Words {n}") for n in ("one", "two", "three"))
    for one in (yes, no, other):
        factories.reading(session, one, themes=(billing,))
    browser.post(f"/comments/{yes.public_id}/labels", data={"label": "theme:billing:yes"})
    browser.post(f"/comments/{no.public_id}/labels", data={"label": "theme::yes"})
    assert set(lessons.spoken(session, "billing")) == {(one.account_id, one.id) for one in (yes, no)}
    found = page(browser, "/comments?theme=billing&by=spoke")
    assert "2 comments" in found
    assert "Words three" not in found


def test_newer_corrections_are_said_to_be_learned_just_now(
    client: Signed, session: Session, billing: Theme
) -> None:
    browser = client(Role.LEAD)
    comment = factories.comment(session)
    browser.post(f"/comments/{comment.public_id}/labels", data={"label": "theme:billing:yes"})
    assert "It is learning from your newest corrections" in page(browser, "/themes")
    assert session.scalars(select(Label.machine_said)).one() == []


def test_a_lead_has_everything_read_again_sees_how_far_it_is_and_stops_it(
    client: Signed, session: Session, doorbell: QuietDoorbell
) -> None:
    browser = client(Role.LEAD, name="Ana Leal")
    answer = browser.post("/read-again", follow_redirects=True).text
    assert "Everything is read again" in answer
    assert "Begins in a moment: comments that came in go before" in answer
    assert READ in doorbell.rung
    row = session.scalars(select(Rereading)).one()
    row.began_at, row.total, row.done, row.changed = NOW, 4000, 1200, 35
    session.flush()
    shown = page(browser, "/themes")
    assert "1,200 of 4,000 comments read again" in shown
    assert "asked for by <bdi>Ana Leal</bdi>" in shown
    assert "35 comments have other themes now" in shown
    assert "data-every" in shown
    assert "Read everything again" not in shown
    assert "Stopped." in browser.post("/read-again/stop", follow_redirects=True).text
    session.expire_all()
    assert row.stopped
    assert "then it was stopped" in page(browser, "/themes")


def test_asked_for_twice_it_is_done_once(client: Signed, session: Session) -> None:
    browser = client(Role.ADMIN)
    for _ in range(2):
        browser.post("/read-again")
    assert len(list(session.scalars(select(Rereading)))) == 1


def test_an_agent_sees_the_figures_and_starts_nothing(
    client: Signed, session: Session, billing: Theme
) -> None:
    learned(session, billing)
    browser = client(Role.AGENT)
    shown = page(browser, "/themes")
    assert "34 of 40 are right" in shown
    assert "Read everything again" not in shown
    assert browser.post("/read-again").status_code == 403


def test_what_was_read_again_last_is_told(client: Signed, session: Session) -> None:
    session.add(
        Rereading(
            id=1, everything=False, wanted_at=NOW, began_at=NOW, ended_at=NOW - timedelta(days=1), total=1800,
            done=1800, changed=35,
        )
    )  # fmt: skip
    session.flush()
    assert "35 comments got other themes" in page(client(Role.LEAD), "/themes")


def test_a_reading_again_that_moved_nothing_says_so_as_a_sentence(client: Signed, session: Session) -> None:
    row = Rereading(id=1, everything=False, wanted_at=NOW, began_at=NOW, total=1800, done=256, changed=0)
    session.add(row)
    session.flush()
    browser = client(Role.LEAD)
    assert "None of them has other themes so far." in page(browser, "/themes")
    row.ended_at, row.done = NOW, 1800
    session.flush()
    assert "None of them got other themes." in page(browser, "/themes")


def test_a_comment_says_afterwards_what_was_learned_from_it_and_what_moved(
    client: Signed, session: Session, billing: Theme
) -> None:
    said, other = factories.comment(session), factories.comment(session, text="It moved too.")
    browser = client(Role.LEAD)
    url = f"/comments/{said.public_id}"
    assert "learned from you here" not in page(browser, url)
    browser.post(f"{url}/labels", data={"label": "theme:billing:yes"})
    assert "It has not learned from this yet" in page(browser, url)
    learned(session, billing)
    assert "No other comment got or lost the theme" in page(browser, url)
    again = Rereading(id=ids.new_id(), everything=False, wanted_at=NOW, began_at=NOW, ended_at=NOW, total=3, done=3, changed=1)  # fmt: skip
    session.add(again)
    session.flush()
    session.add(
        ThemeMove(
            account_id=other.account_id, comment_id=other.id, theme_id=billing.id, rereading_id=again.id, gained=True
        )
    )  # fmt: skip
    session.flush()
    for place in (url, f"/themes/{billing.public_id}"):
        assert "1 comment got <bdi>Billing</bdi>" in page(browser, place)
    assert "It moved too." in page(browser, "/comments?theme=billing&by=gained")


def test_reading_again_says_of_which_comments_and_leaves_no_move_out(
    client: Signed, session: Session
) -> None:
    row = Rereading(id=ids.new_id(), everything=False, wanted_at=NOW, began_at=NOW, ended_at=NOW, total=8, done=8, changed=7)  # fmt: skip
    session.add(row)
    session.flush()
    for number in range(8):
        comment, theme = factories.comment(session), factories.theme(session, name=f"Theme {number}")
        session.add(
            ThemeMove(
                account_id=comment.account_id, comment_id=comment.id, theme_id=theme.id, rereading_id=row.id, gained=True
            )
        )  # fmt: skip
    session.flush()
    shown = page(client(Role.LEAD), "/themes")
    assert "8 comments of the last 26 weeks were read again" in shown
    assert "Older ones stay as they were read." in shown
    assert "and 2 smaller moves of other themes" in shown
