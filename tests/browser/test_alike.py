"""A lead settles what says much the same with a key, leaves one out with another, takes it back, and needs no script."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from tests import factories
from tests.analysis.test_alike import alike, asked
from tests.browser.conftest import PHONE, Visit, sign_in, violations
from tests.browser.running import Running
from tests.issues.test_ungrouped import loose
from voc.access.models import User
from voc.analysis.models import Label
from voc.core.principal import SYSTEM, Role
from voc.issues.models import Match, NoProblem

pytestmark = pytest.mark.browser
Look = Callable[..., Page]
UNSURE, LOOSE = "/today?queue=unsure", "/issues/not-grouped"


@pytest.fixture
def lead(site: Running) -> User:
    """A lead, five that nobody knows the theme of and four without an issue, alike among themselves."""
    with site.database.writing(SYSTEM) as session:
        theme = factories.theme(session, name="Gates and doors")
        alike(session, *(asked(session, text=f"The gate stays shut, {at}.") for at in range(5)), theme=theme)
        alike(session, *(loose(session, f"The lift waits, {at}") for at in range(4)), words=("lift",))
        user: User = factories.user(session, Role.LEAD, name="Lee Lead")
        return user


def given(site: Running) -> int:
    with site.database.reading(SYSTEM) as session:
        return session.scalar(select(func.count(Label.id)).where(Label.together.is_not(None))) or 0


def test_one_key_leaves_one_out_and_one_settles_the_others(site: Running, look: Look, lead: User) -> None:
    page, before = look(), given(site)
    sign_in(page, site, lead)
    page.goto(site.url + UNSURE)
    page.get_by_role("link", name=re.compile("5 alike")).first.press("Enter")
    page.wait_for_url("**thing=alike-*")
    expect(page.get_by_role("heading", name="They say “gate”")).to_be_visible()
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    assert violations(page) == []
    page.keyboard.press("1")
    expect(page.get_by_role("checkbox").first).not_to_be_checked()
    page.keyboard.press("y")
    expect(page.locator("#flash")).to_contain_text("Kept for 4 comments: Gates and doors.")
    assert given(site) == before + 4
    page.locator("#flash").get_by_role("button", name="Undo").click()
    expect(page.locator("#flash")).to_contain_text("Taken back for 4 comments.")
    assert given(site) == before


def test_on_a_phone_they_are_settled_and_found_an_issue(site: Running, look: Look, lead: User) -> None:
    page = look(Visit(size=PHONE))
    sign_in(page, site, lead)
    page.goto(site.url + LOOSE)
    card = page.locator("li.card").filter(has_text="The lift waits").first
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    assert violations(page) == []
    card.get_by_label("A new issue, called").fill(f"The lift waits {lead.public_id[:4]}")
    card.get_by_role("button", name="Found a new issue").click()
    expect(page.locator("#flash")).to_contain_text("4 comments now stand in the new issue")
    page.locator("#flash").get_by_role("button", name="Undo").click()
    expect(page.locator("#flash")).to_contain_text("Undone")
    with site.database.reading(SYSTEM) as session:
        assert session.scalar(select(func.count()).select_from(Match).where(Match.by_id == lead.id)) == 0


def test_without_scripts_all_of_it_works(site: Running, look: Look, lead: User) -> None:
    page = look(Visit(scripts=False))
    sign_in(page, site, lead)
    page.goto(site.url + LOOSE)
    card = page.locator("li.card").filter(has_text="The lift waits").first
    card.get_by_role("checkbox").first.uncheck()
    card.get_by_role("button", name="Not a problem").click()
    expect(page.locator("#flash")).to_contain_text("Kept: 3 comments said to be no problem.")
    with site.database.reading(SYSTEM) as session:
        assert (
            session.scalar(select(func.count()).select_from(NoProblem).where(NoProblem.by_id == lead.id)) == 3
        )
    page.goto(site.url + UNSURE)
    page.get_by_role("link", name=re.compile("5 alike")).first.click()
    page.get_by_role("button", name="None of our themes fits").click()
    expect(page.locator("#flash")).to_contain_text("Kept for 5 comments: none of our themes fits.")
