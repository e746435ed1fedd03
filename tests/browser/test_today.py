"""Today by keyboard and on the phone: a key never acts on what is leaving, and what comes next is in view."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import delete, func, select

from tests import factories
from tests.browser.conftest import PHONE, Visit, sign_in
from tests.browser.running import Running
from voc.access.models import User
from voc.analysis.models import Alike, Label, ReadingTheme
from voc.core.principal import SYSTEM, Role

pytestmark = pytest.mark.browser
Look = Callable[..., Page]


@pytest.fixture
def lead(site: Running) -> User:
    """A lead to whom three comments without a theme are owed, each by itself and long enough to scroll."""
    with site.database.writing(SYSTEM) as session:
        session.execute(delete(Alike))  # what others left: alike ones would come first, as one thing
        for at in range(3):
            comment = factories.comment(session, text=f"Thing {at} of many.\n" + "And another line.\n" * 60)
            factories.reading(session, comment)
        return factories.user(session, Role.LEAD, name="Lee Lead")


def labels(site: Running) -> int:
    with site.database.reading(SYSTEM) as session:
        return session.scalar(select(func.count()).select_from(Label)) or 0


def test_a_key_does_nothing_while_the_next_thing_is_on_its_way(site: Running, look: Look, lead: User) -> None:
    page = look()
    sign_in(page, site, lead)
    page.goto(f"{site.url}/today?queue=unsure")
    before, held = labels(site), list[Route]()
    page.route("**/today?*", lambda route: held.append(route))  # noqa: PLW0108 - playwright wants a function of Python
    with page.expect_request("**/today?*"):
        page.locator(".queue [data-item]").nth(1).click()
    page.keyboard.press("d")
    held[0].continue_()
    expect(page.locator("[aria-busy]")).to_have_count(0)
    page.unroute("**/today?*")
    assert labels(site) == before
    page.keyboard.press("d")
    expect(page.locator("#flash")).to_contain_text("Kept")
    assert labels(site) == before + 1


def test_a_key_held_down_acts_once(site: Running, look: Look, lead: User) -> None:
    page = look()
    sign_in(page, site, lead)
    page.goto(f"{site.url}/today?queue=unsure")
    page.keyboard.down("o")
    page.wait_for_url("**thing=*")
    expect(page.locator("[aria-busy]")).to_have_count(0)
    first = page.url
    page.keyboard.down("o")
    page.keyboard.down("o")
    page.keyboard.up("o")
    expect(page.locator("[aria-busy]")).to_have_count(0)
    assert page.url == first


def test_long_words_scroll_within_and_leave_no_empty_page(site: Running, look: Look, lead: User) -> None:
    with site.database.writing(SYSTEM) as session:
        comment = factories.comment(session, text="We waited for the lift again. " * 800)
        theme = factories.theme(session)
        factories.reading(session, comment, themes=(theme,))
        given = session.scalars(select(ReadingTheme).where(ReadingTheme.comment_id == comment.id)).one()
        given.starts_at, given.ends_at = 23_900, 23_950
    page = look(Visit(size=PHONE))
    sign_in(page, site, lead)
    page.goto(f"{site.url}/comments/{comment.public_id}")
    below = "document.documentElement.scrollHeight - document.querySelector('.foot').getBoundingClientRect().bottom - scrollY"
    assert page.evaluate(below) < 1


def test_the_next_thing_and_what_was_done_are_in_view(site: Running, look: Look, lead: User) -> None:
    page = look()
    sign_in(page, site, lead)
    page.goto(f"{site.url}/today?queue=unsure")
    page.evaluate("scrollTo(0, 900)")
    page.keyboard.press("d")
    expect(page.locator("#flash")).to_contain_text("Kept")
    assert page.evaluate("scrollY") == 900
    expect(page.get_by_role("button", name="Undo")).to_be_in_viewport()
    page.keyboard.press("o")
    page.wait_for_url("**thing=*")
    expect(page.locator("#thing h2").first).to_be_in_viewport()


def test_on_a_phone_the_list_is_folded_before_the_thing(site: Running, look: Look, lead: User) -> None:
    page = look(Visit(size=PHONE))
    sign_in(page, site, lead)
    page.goto(f"{site.url}/today?queue=unsure")
    expect(page.locator("#thing h2").first).to_be_in_viewport()
    expect(page.locator(".queue [data-item]:visible")).to_have_count(1)
    page.get_by_text("Show the whole list").click()
    assert page.locator(".queue [data-item]:visible").count() > 1
