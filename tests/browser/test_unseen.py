"""A lead says what issues are with a key each, takes it back, and comes to the end; on a phone and without scripts too."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests import factories
from tests.browser.conftest import PHONE, Visit, sign_in, violations
from tests.browser.running import Running
from voc.access.models import User
from voc.breadth.service import follow_matches
from voc.core.principal import SYSTEM, Role
from voc.issues.models import Issue, Match

pytestmark = pytest.mark.browser
Look = Callable[..., Page]
NAMES = ("The lift waits on the ground floor", "Nobody refills the towels", "The gate stays shut")
PAGE = "/issues/not-looked-at"


@pytest.fixture
def lead(site: Running) -> Iterator[User]:
    """A lead and three issues of the machine, told by five, four and three clients."""
    with site.database.writing(SYSTEM) as session:
        session.execute(update(Issue).values(is_named=True))
        ids = [_issue(session, name, 5 - at) for at, name in enumerate(NAMES)]
        user: User = factories.user(session, Role.LEAD, name="Lee Lead")
    yield user
    with site.database.writing(SYSTEM) as session:
        for one in session.scalars(select(Issue).where(Issue.id.in_(ids))):
            one.is_named, one.name = True, f"{one.id}"


def _issue(session: Session, name: str, clients: int) -> int:
    issue: Issue = factories.issue(session, name=name)
    for at in range(clients):
        comment = factories.comment(session, text=f"{name}: again on day {at}", hurt=2)
        factories.reading(session, comment)
        factories.match(session, comment, issue)
        follow_matches(session, [(comment.account_id, comment.id, issue.id)])
    return issue.id


def states(site: Running, name: str) -> list[str]:
    with site.database.reading(SYSTEM) as session:
        own = select(Issue.id).where(Issue.name == name).order_by(Issue.id.desc()).limit(1).scalar_subquery()
        rows = session.scalars(select(Match.state).where(Match.issue_id == own))
        return sorted(rows)


def asked(page: Page, name: str) -> None:
    expect(page.locator("#asked + p")).to_contain_text(name)
    expect(page.locator("[aria-busy=true]")).to_have_count(0)


def test_one_key_each_and_every_answer_is_taken_back(site: Running, look: Look, lead: User) -> None:
    page = look()
    sign_in(page, site, lead)
    page.goto(site.url + PAGE)
    asked(page, NAMES[0])
    assert violations(page) == []
    page.keyboard.press("1")
    expect(page.get_by_role("checkbox").first).to_be_checked()
    page.keyboard.press("r")
    expect(page.locator("#look-name")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("y")
    expect(page.locator("#flash")).to_contain_text(
        "is one matter: 3 comments confirmed, 1 comment taken out."
    )
    asked(page, NAMES[1])
    expect(page.locator("#thing")).to_contain_text("2 left")
    assert states(site, NAMES[0]) == ["confirmed"] * 3 + ["machine", "refused"]
    page.get_by_label("Call it").press("u")
    expect(page.locator("#flash")).to_contain_text("is one matter")
    page.keyboard.press("Escape")
    page.keyboard.press("u")
    expect(page.locator("#flash")).to_contain_text("Undone")
    asked(page, NAMES[0])
    assert states(site, NAMES[0]) == ["machine"] * 5
    page.keyboard.press("o")
    asked(page, NAMES[1])
    page.keyboard.press("n")
    expect(page.locator("#flash")).to_contain_text("its 4 comments stand in “not grouped yet” again.")
    asked(page, NAMES[2])
    page.keyboard.press("p")
    expect(page.locator("#flash")).to_contain_text("is no problem")
    asked(page, NAMES[0])
    page.keyboard.press("y")
    expect(page.get_by_role("heading", name="Every issue has been looked at")).to_be_visible()
    assert violations(page) == []


def test_a_better_name_is_typed_in_place_on_a_phone_today(site: Running, look: Look, lead: User) -> None:
    page = look(Visit(size=PHONE))
    sign_in(page, site, lead)
    page.goto(f"{site.url}/today?queue=not-looked-at")
    asked(page, NAMES[0])
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    assert violations(page) == []
    page.get_by_label("Call it").fill(f"Lifts wait {lead.public_id[:5]}")
    page.get_by_label("Call it").press("Enter")
    expect(page.locator("#flash")).to_contain_text(f"Kept: “Lifts wait {lead.public_id[:5]}” is one matter")
    asked(page, NAMES[1])


def test_without_scripts_all_of_it_works(site: Running, look: Look, lead: User) -> None:
    page = look(Visit(scripts=False))
    sign_in(page, site, lead)
    page.goto(f"{site.url}/issues")
    page.get_by_role("link", name="look now").click()
    asked(page, NAMES[0])
    page.get_by_label("Call it").fill("")
    page.get_by_role("button", name="Yes, one matter").click()
    expect(page.get_by_text("Please write a few words first.")).to_be_visible()
    page.get_by_role("button", name="Not one matter").click()
    expect(page.locator("#flash")).to_contain_text("is no issue any more")
    page.locator("#flash").get_by_role("button", name="Undo").click()
    expect(page.locator("#flash")).to_contain_text("Undone")
    asked(page, NAMES[0])
