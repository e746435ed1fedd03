"""The question on a client's phone: one screen, keyboard, without scripts; and the lead's pages beside it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from tests import factories
from tests.browser.conftest import WIDE, Visit, sign_in, violations
from tests.browser.running import Running
from voc.access.models import User
from voc.checks.models import Answer, Ask, Check
from voc.core import clock, ids
from voc.core.principal import SYSTEM, Role
from voc.mail.links import link_url, make_link, stop_url

pytestmark = pytest.mark.browser
Look = Callable[..., Page]
SMALL = (390, 700)


@pytest.fixture(scope="module")
def lead(site: Running) -> User:
    """Whoever asks."""
    with site.database.writing(SYSTEM) as session:
        found: User = factories.user(session, Role.LEAD, name="Lee Lead", phone="+31 20 123 4567")
        return found


@pytest.fixture
def asked(site: Running, lead: User) -> dict[str, str]:
    """A question that arrived at one person: its links, and the paths of our pages about it."""
    now = clock.now()
    with site.database.writing(SYSTEM) as session:
        account = factories.account(session, name=f"Dune Hotels {ids.new_receipt()}", owner_id=lead.id)
        person = factories.contact(session, account, name="Mia Brandt")
        issue = factories.issue(session, name="Order numbers are missing")
        check = Check(
            id=ids.new_id(), public_id=ids.new_public_id(), issue_id=issue.id, reach="everyone", state="asking",
            what="an invoice came without your order number", since_on=now.date() - timedelta(days=60),
            if_many="We print it on every invoice.", decider_id=lead.id, decide_by=now.date() + timedelta(days=20),
            made_by_id=lead.id, made_at=now, opened_at=now, closes_at=now + timedelta(days=14),
        )  # fmt: skip
        session.add(check)
        session.flush()
        ask = Ask(
            account_id=account.id, id=ids.new_id(), public_id=ids.new_public_id(), check_id=check.id,
            group_id=account.id, contact_id=person.id, how="mail", no_first=True, state="asked", asked_at=now,
        )  # fmt: skip
        session.add(ask)
        session.flush()
        link = make_link(
            session, purpose="answer", account_id=account.id, contact_id=person.id, thing=ask.public_id,
            expires_at=now + timedelta(days=21),
        )  # fmt: skip
        return {
            "link": link_url(link, site.settings), "stop": stop_url(link, site.settings), "ask": ask.public_id,
            "check": f"/checks/{check.public_id}", "issue": f"/issues/{issue.public_id}",
        }  # fmt: skip


@pytest.mark.parametrize("scripts", [True, False])
def test_a_question_is_one_screen_and_one_press(
    look: Look, site: Running, asked: dict[str, str], *, scripts: bool
) -> None:
    page = look(Visit(size=SMALL, scripts=scripts))
    page.goto(asked["link"])
    below = page.get_by_text("Not you, or somebody else knows better?").bounding_box()
    assert below is not None
    assert below["y"] + below["height"] <= SMALL[1]
    heights = {button.bounding_box()["height"] for button in page.locator(".answers button").all()}  # type: ignore[index]  # they are shown
    assert len(heights) == 1
    assert heights.pop() >= 44
    page.get_by_label("Anything to add?").fill("Twice in October.")
    page.get_by_role("button", name="Yes, we manage").click()
    page.get_by_role("heading", name="Thank you, we have your answer").wait_for()
    with site.database.reading(SYSTEM) as session:
        says = session.scalar(
            select(Answer.says).join(Ask, Ask.id == Answer.ask_id).where(Ask.public_id == asked["ask"])
        )
    assert says == "manages"


def test_the_keyboard_alone_answers_what_was_chosen_in_the_mail(look: Look, asked: dict[str, str]) -> None:
    page = look(Visit(size=SMALL))
    page.goto(f"{asked['link']}?says=no")
    expect(page.get_by_role("button", name="No (chosen in the mail)")).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_text("We will not ask you this again before").wait_for()


@pytest.mark.parametrize("visit", [Visit(SMALL), Visit(WIDE), Visit(SMALL, "dark")], ids=str)
def test_every_page_of_a_clients_question_is_well(look: Look, asked: dict[str, str], visit: Visit) -> None:
    page = look(visit)
    for address in (asked["link"], f"{asked['link']}?says=problem", asked["stop"], f"{asked['link']}x"):
        page.goto(address)
        assert violations(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= visit.size[0]
    page.goto(asked["link"])
    page.get_by_role("button", name="I cannot tell").click()
    page.get_by_label("Who could tell us?").wait_for()
    assert violations(page) == []


@pytest.mark.parametrize("visit", [Visit(WIDE), Visit(SMALL, "dark")], ids=str)
def test_our_own_pages_of_questions_are_well(
    look: Look, site: Running, lead: User, asked: dict[str, str], visit: Visit
) -> None:
    page = look(visit)
    sign_in(page, site, lead)
    for path in (
        "/checks",
        asked["check"],
        f"{asked['issue']}/ask",
        f"{asked['issue']}/who-else",
        "/calls",
        asked["issue"],
    ):
        page.goto(f"{site.url}{path}")
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= visit.size[0], path


def test_the_sentence_follows_while_a_lead_types(
    look: Look, site: Running, lead: User, asked: dict[str, str]
) -> None:
    page = look()
    sign_in(page, site, lead)
    page.goto(f"{site.url}{asked['issue']}/ask")
    page.get_by_label("Since when").fill((clock.now().date() - timedelta(days=30)).isoformat())
    page.get_by_label("What happened?").press_sequentially("an invoice came after its due date")
    expect(page.locator("#reads")).to_contain_text("that an invoice came after its due date?")
    expect(page.get_by_label("What happened?")).to_be_focused()
