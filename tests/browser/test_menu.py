"""The menu stays one line on a desk and on a phone, and opens without scripts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests import factories
from tests.browser.conftest import PHONE, WIDE, Visit, sign_in, violations
from tests.browser.running import Running
from voc.core.principal import SYSTEM, Role


@pytest.mark.parametrize(
    "visit", [Visit(WIDE), Visit(PHONE), Visit(PHONE, scripts=False)], ids=["desk", "phone", "plain phone"]
)
def test_a_lead_reaches_every_page_from_one_line(
    site: Running, look: Callable[..., Page], visit: Visit
) -> None:
    with site.database.writing(SYSTEM) as session:
        lead = factories.user(session, Role.LEAD, name="Leo Lime")
    page = look(visit)
    sign_in(page, site, lead)
    page.goto(f"{site.url}/issues")
    menu = page.get_by_role("navigation", name="Menu")
    box = menu.bounding_box()
    assert box is not None
    assert box["height"] < 60
    menu.get_by_text("More").click()
    decisions = menu.get_by_role("link", name="Decisions")
    shown = decisions.bounding_box()
    assert shown is not None
    assert shown["x"] >= 0
    assert shown["x"] + shown["width"] <= visit.size[0]
    assert page.evaluate("document.documentElement.scrollWidth") <= visit.size[0]
    if visit.scripts:
        assert violations(page) == []
    decisions.click()
    page.wait_for_url("**/decisions")


def test_narrow_pages_have_the_menu_where_all_pages_have_it(site: Running, look: Callable[..., Page]) -> None:
    with site.database.writing(SYSTEM) as session:
        lead = factories.user(session, Role.LEAD, name="Leo Lime")
    page = look(Visit(WIDE))
    sign_in(page, site, lead)
    places = []
    for path in ("/issues", "/nowhere"):
        page.goto(site.url + path)
        menu = page.locator(".top .menu").evaluate("one => [one.offsetLeft, one.offsetTop, one.offsetHeight]")
        places.append((menu, page.locator("h1").evaluate("one => one.offsetLeft")))
    assert places[0] == places[1]
