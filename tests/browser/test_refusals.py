"""What is refused is said on the page one stands on: nothing typed is lost, and pressing twice does it once."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import func, select

from tests import factories
from tests.browser.conftest import sign_in
from tests.browser.running import Running
from voc.access.models import User
from voc.analysis.models import Label, ThemeVersion
from voc.core.principal import SYSTEM, Role

pytestmark = pytest.mark.browser
Look = Callable[..., Page]


@pytest.fixture
def lead(site: Running) -> User:
    with site.database.writing(SYSTEM) as session:
        return factories.user(session, Role.LEAD, name="Lee Lead")


def sign_out_beside(page: Page, site: Running) -> None:
    """Signs out in another tab of the same browser."""
    beside = page.context.new_page()
    beside.goto(f"{site.url}/password")
    beside.get_by_role("button", name="Sign out").click()
    expect(beside.get_by_role("heading", name="Sign in")).to_be_visible()
    beside.close()


def test_a_key_pressed_after_signing_out_leaves_the_page_and_says_what_to_do(
    site: Running, look: Look, lead: User
) -> None:
    with site.database.writing(SYSTEM) as session:
        comment = factories.comment(session, text="The gate stays shut.")
        factories.reading(session, comment)
    page = look()
    sign_in(page, site, lead)
    page.goto(f"{site.url}/comments/{comment.public_id}")
    sign_out_beside(page, site)
    page.keyboard.press("d")
    expect(page.locator("#flash")).to_contain_text("You are not signed in any more.")
    expect(page.get_by_text("The gate stays shut.")).to_be_visible()
    beside = page.context.new_page()
    sign_in(beside, site, lead)
    page.keyboard.press("d")
    expect(page.locator("#flash")).to_contain_text("Kept")
    with site.database.reading(SYSTEM) as session:
        by_lead = select(func.count()).select_from(Label).where(Label.by_id == lead.id)
        assert session.scalar(by_lead) == 1


def test_long_words_of_a_client_stay_in_the_box_when_signed_out(site: Running, look: Look) -> None:
    with site.database.writing(SYSTEM) as session:
        user: User = factories.user(
            session, Role.CLIENT_ADMIN, account=factories.account(session), name="Cleo Client"
        )
        factories.contact_of(session, user)
    page = look()
    sign_in(page, site, user)
    page.goto(f"{site.url}/points")
    page.locator("textarea[name=text]").fill("All that I wrote for half an hour.")
    sign_out_beside(page, site)
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#flash")).to_contain_text("nothing you wrote is lost")
    expect(page.locator("textarea[name=text]")).to_have_value("All that I wrote for half an hour.")


def test_a_name_kept_by_two_quick_presses_is_one_version(site: Running, look: Look, lead: User) -> None:
    with site.database.writing(SYSTEM) as session:
        theme = factories.theme(session, name="Gates and doors")
        before = session.scalar(select(func.count()).select_from(ThemeVersion)) or 0
    page, sent = look(), list[str]()
    sign_in(page, site, lead)
    page.goto(f"{site.url}/themes/{theme.public_id}")
    page.get_by_label("Name").fill(f"Gates {theme.public_id[:4]}")

    def slowly(route: Route) -> None:
        sent.append(route.request.method)
        route.continue_()

    page.route(f"**/themes/{theme.public_id}", slowly)
    page.get_by_role("button", name="Keep it").dblclick()
    expect(page.locator("#flash")).to_contain_text("It is called")
    assert sent == ["POST"]
    with site.database.reading(SYSTEM) as session:
        after = session.scalar(select(func.count()).select_from(ThemeVersion)) or 0
        assert after - before <= 2  # the first change keeps what stood before it, too
