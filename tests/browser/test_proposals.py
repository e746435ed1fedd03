"""A lead answers what the machine proposes with one key each, takes it back with another, and comes to the end."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.browser.conftest import PHONE, Visit, sign_in, violations
from tests.browser.running import Running
from voc.access.models import User
from voc.breadth.service import follow_matches
from voc.core.principal import SYSTEM, Role
from voc.issues.models import Issue, Proposal
from voc.issues.proposals import service
from voc.issues.proposals.rules import Wanted

pytestmark = pytest.mark.browser
Look = Callable[..., Page]
PAIRS = (("Linen late on Mondays", "Monday's linen is late"), ("Gates stay shut", "Doors stick"))


@pytest.fixture
def asked(site: Running) -> list[int]:
    """Two pairs of issues that look the same, the first surer; gives the ids of the first pair."""
    with site.database.writing(SYSTEM) as session:
        pairs = [[_issue(session, name) for name in pair] for pair in PAIRS]
        wanted = [
            Wanted(
                kind="merge", issue_id=pair[0].id, other_id=pair[1].id, similarity=0.7, strength=0.9 - at / 10,
                reason="Both speak of “late”.", words=(("late",), ("late",)), sizes=(2, 2),
            )
            for at, pair in enumerate(pairs)
        ]  # fmt: skip
        service.renew(session, wanted)
        return [one.id for one in pairs[0]]


def _issue(session: Session, name: str) -> Issue:
    issue: Issue = factories.issue(session, name=name, is_named=True)
    for at in range(2):
        comment = factories.comment(session, text=f"{name}: it was late, number {at}")
        factories.match(session, comment, issue)
        follow_matches(session, [(comment.account_id, comment.id, issue.id)])
    return issue


def test_one_key_says_yes_one_no_one_takes_back(site: Running, look: Look, asked: list[int]) -> None:
    page = look()
    with site.database.writing(SYSTEM) as session:
        lead = factories.user(session, Role.LEAD, name="Lee Lead")
    sign_in(page, site, lead)
    page.goto(f"{site.url}/proposals")
    title = page.get_by_role("heading", level=3)
    expect(title.first).to_have_text(PAIRS[0][0])
    assert violations(page) == []
    page.keyboard.press("y")
    expect(page.locator("#flash")).to_contain_text("count as one")
    expect(title.first).to_have_text(PAIRS[1][0])
    assert _merged(site, asked[0]) == asked[1]
    page.keyboard.press("u")
    expect(page.locator("#flash")).to_contain_text("Undone")
    expect(title.first).to_have_text(PAIRS[0][0])
    assert _merged(site, asked[0]) is None
    page.keyboard.press("n")
    expect(title.first).to_have_text(PAIRS[1][0])
    page.keyboard.press("n")
    expect(page.get_by_role("heading", name="Nothing to decide here")).to_be_visible()
    assert violations(page) == []
    with site.database.reading(SYSTEM) as session:
        assert set(session.scalars(select(Proposal.state))) == {"refused"}
    page.keyboard.press("u")
    expect(title.first).to_have_text(PAIRS[1][0])
    _on_a_phone(look(Visit(size=PHONE)), site, lead)


def _on_a_phone(page: Page, site: Running, lead: User) -> None:
    sign_in(page, site, lead)
    page.goto(f"{site.url}/proposals")
    expect(page.get_by_role("button", name=re.compile("Yes, the same"))).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    left, right = (page.locator(".three > *").nth(at).bounding_box() for at in range(2))
    assert left is not None
    assert right is not None
    assert right["y"] >= left["y"] + left["height"]


def _merged(site: Running, issue: int) -> int | None:
    with site.database.reading(SYSTEM) as session:
        return session.get_one(Issue, issue).merged_into_id
