"""From a client's form to the grid: a client says something, a lead sees it stand beside every other client."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from tests import factories
from tests.browser.conftest import PHONE, Visit, sign_in, violations
from tests.browser.running import Running, wait_until
from voc.access.models import User
from voc.core.principal import SYSTEM, Role
from voc.issues.models import Issue
from voc.issues.queries import is_settled

pytestmark = pytest.mark.browser
Look = Callable[..., Page]
SAID = "The invoice for {month} came three weeks after it was due, our accounts department cannot pay it on time."
MONTHS = ("March", "April", "May", "June", "July", "August")


@pytest.fixture(scope="module")
def people(working_site: Running) -> dict[str, User]:
    """A client, a lead, and a book of eight clients of whom five have told us of late invoices."""
    with working_site.database.writing(SYSTEM) as session:
        accounts = [factories.account(session, name=f"Client {letter}") for letter in "ABCDEFGH"]
        client = factories.user(session, Role.CLIENT_ADMIN, account=accounts[0], name="Mia Brandt")
        lead = factories.user(session, Role.LEAD, name="Lee Lead")
        executive = factories.user(session, Role.EXECUTIVE, name="Eve Exec")
        admin = factories.user(session, Role.ADMIN, name="Ada Admin")
    _bring_in(working_site, [account.name for account in accounts[1:6]])
    return {"client": client, "lead": lead, "executive": executive, "admin": admin}


def _bring_in(site: Running, names: list[str]) -> None:
    from voc.intake.files.importing import import_comments  # noqa: PLC0415 - after the site is up
    from voc.jobs import RedisDoorbell, connect_redis  # noqa: PLC0415

    place = site.folder / "said.csv"
    rows = [
        f'"{SAID.format(month=month)}",{name},2026-11-{10 + number:02d},2'
        for number, name in enumerate(names)
        for month in MONTHS
    ]
    place.write_text("text,account,received_at,hurt\n" + "\n".join(rows) + "\n", encoding="utf-8")
    bell = RedisDoorbell(connect_redis(site.settings.redis_url))
    outcome = import_comments(site.database, place, time_zone="Europe/Amsterdam", doorbell=bell)
    assert outcome.new == len(rows), outcome
    wait_until(lambda: _is_settled(site))


def _is_settled(site: Running) -> bool:
    with site.database.reading(SYSTEM) as session:
        return is_settled(session) and bool(session.scalar(select(func.count()).select_from(Issue)))


@pytest.mark.parametrize("scripts", [True, False])
def test_what_a_client_says_stands_in_the_grid_beside_every_other_client(
    working_site: Running, people: dict[str, User], look: Look, *, scripts: bool
) -> None:
    page = look(Visit(scripts=scripts))
    sign_in(page, working_site, people["client"])
    page.locator("textarea").first.fill(SAID.format(month="September" if scripts else "October"))
    page.get_by_role("button", name="Send").click()
    receipt = page.locator(".receipt .no")
    expect(receipt).to_have_text(re.compile(r"\w{4}-\w{4}"))

    wait_until(lambda: _is_settled(working_site))
    lead = look(Visit(scripts=scripts))
    sign_in(lead, working_site, people["lead"])
    lead.goto(f"{working_site.url}/issues")
    lead.locator("#issues tbody a").first.click()
    grid = lead.locator("#grid tbody tr")
    expect(grid).to_have_count(8)
    ours = grid.filter(has_text="Client A")
    expect(ours).to_contain_text("may have told us")
    expect(grid.filter(has_text="Client H")).to_contain_text("not asked")
    expect(lead.locator(".squares a")).to_have_count(8)


def test_a_lead_confirms_and_the_wall_follows_and_undo_takes_it_back(
    working_site: Running, people: dict[str, User], look: Look
) -> None:
    page = look()
    sign_in(page, working_site, people["lead"])
    page.goto(f"{working_site.url}/issues")
    page.locator("#issues tbody a").first.click()
    page.locator("input[name=comments]").first.check()
    page.get_by_role("button", name="Yes, they belong here").click()
    expect(page.locator("#flash")).to_contain_text("One comment confirmed")
    expect(page.locator(".key")).to_contain_text("has it, a problem")
    page.keyboard.press("u")
    expect(page.locator("#flash")).to_contain_text("Undone")
    expect(page.locator(".key")).not_to_contain_text("has it, a problem")


@pytest.mark.parametrize("path", ["/this-week", "/today", "/issues", "ISSUE", "CELL", "/issues/not-grouped", "/clients", "CLIENT", "/themes", "/import"])  # fmt: skip
def test_staff_pages_are_well_on_a_wide_screen_and_on_a_phone(
    working_site: Running, people: dict[str, User], look: Look, path: str
) -> None:
    page = look()
    sign_in(page, working_site, people["lead"])
    page.goto(working_site.url + _real(page, working_site, path))
    assert violations(page) == []
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    assert violations(page) == []
    assert len(page.content().encode()) < 80_000


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("admin", "/running"),
        ("admin", "/tokens/"),
        ("executive", "/this-week"),
        ("executive", "ISSUE"),
        (None, "/sign-in"),
    ],
)
def test_pages_of_other_people_are_well_too(
    working_site: Running, people: dict[str, User], look: Look, who: str | None, path: str
) -> None:
    page = look(Visit(theme="dark"))
    if who is not None:
        sign_in(page, working_site, people[who])
    page.goto(working_site.url + _real(page, working_site, path))
    assert violations(page) == []
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    assert violations(page) == []


def _real(page: Page, site: Running, path: str) -> str:
    """The path of a real issue, cell or client."""
    if path == "CLIENT":
        page.goto(f"{site.url}/clients")
        return page.locator("main tbody th a").first.get_attribute("href") or ""
    if path in {"ISSUE", "CELL"}:
        page.goto(f"{site.url}/issues")
        issue = page.locator("#issues tbody a").first.get_attribute("href") or ""
        if path == "ISSUE":
            return issue
        page.goto(site.url + issue)
        return page.locator("#grid tbody a").first.get_attribute("href") or ""
    return path
