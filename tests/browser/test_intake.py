"""A client in a browser says something; every page of intake is well on a wide screen and on a phone."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from tests import factories
from tests.browser.conftest import PHONE, WIDE, Visit, sign_in, violations
from tests.browser.running import Running
from voc.access.models import User
from voc.access.sessions import hashed
from voc.accounts.models import Account
from voc.core import ids
from voc.core.principal import SYSTEM, Role
from voc.intake.models import Comment

pytestmark = pytest.mark.browser
Look = Callable[..., Page]
WORDS = "The linen van came at noon again, and the ward had no sheets."


@pytest.fixture(scope="module")
def people(site: Running) -> dict[str, User]:
    """A client's person and a lead, with a few things said before."""
    with site.database.writing(SYSTEM) as session:
        owner = factories.user(session, Role.AGENT, name="Ana Leal", phone="+31 20 123 4567")
        account = factories.account(session, name="Brightwater Clinic", owner_id=owner.id)
        client = factories.user(session, Role.CLIENT_ADMIN, account=account, name="Mia Brandt")
        contact, _ = factories.contact_of(session, client)
        thread = factories.thread(session, account, contact_id=contact.id, named_user_id=owner.id)
        factories.comment(session, account, thread=thread, text="Nobody told us that the van would be late.")
        factories.comment(session, account, text="Where is my parcel?", channel="link", sender_confirmed=False,
                          sender_name="Kim Visitor", sender_email="kim@example.org")  # fmt: skip
        factories.comment(
            session, account, text="We will leave if this goes on.", kind="escalation", wants_senior=True
        )
        return {"client": client, "lead": factories.user(session, Role.LEAD, name="Lee Lead")}


@pytest.fixture(scope="module")
def link(site: Running) -> str:
    """The path of an account's public form."""
    token = ids.new_token()
    with site.database.writing(SYSTEM) as session:
        factories.account(session, name="Dune Hotels", form_token_hash=hashed(token))
    return f"/say/{token}"


@pytest.mark.parametrize("scripts", [True, False])
def test_a_client_signs_in_by_link_says_something_and_sees_the_receipt(
    look: Look, site: Running, people: dict[str, User], *, scripts: bool
) -> None:
    page = look(Visit(size=PHONE, scripts=scripts))
    sign_in(page, site, people["client"])
    words = f"{WORDS} {scripts}"
    expect(page.get_by_label("What happened, or what would help?")).to_be_focused()
    page.keyboard.type(words)
    page.get_by_text("How much it hurts").first.click()
    page.get_by_label("It slows us down").check()
    page.get_by_label("Someone senior should see this").check()
    page.get_by_role("button", name="Send").click()
    page.get_by_role("heading", name="We have it").wait_for()
    assert "Ana Leal" in page.get_by_role("main").inner_text()
    assert not _too_wide(page)
    with site.database.reading(SYSTEM) as session:
        stored = session.execute(select(Comment.hurt, Comment.kind).where(Comment.text == words)).one()
    assert tuple(stored) == (2, "escalation")


@pytest.mark.parametrize("scripts", [True, False])
def test_words_that_cannot_be_taken_stay_in_the_box(
    look: Look, site: Running, people: dict[str, User], *, scripts: bool
) -> None:
    page = look(Visit(size=PHONE, scripts=scripts))
    sign_in(page, site, people["client"])
    page.goto(f"{site.url}/say")
    page.get_by_label("What happened, or what would help?").fill("x" * 10_001)
    page.get_by_role("button", name="Send").click()
    page.get_by_text("This has 10,001 characters").first.wait_for()
    assert len(page.get_by_label("What happened, or what would help?").input_value()) == 10_001


@pytest.mark.parametrize(
    "visit", [Visit(WIDE), Visit(PHONE), Visit(WIDE, "dark"), Visit(PHONE, "dark")], ids=str
)
def test_every_page_of_intake_is_well(
    look: Look, site: Running, people: dict[str, User], link: str, visit: Visit
) -> None:
    client, lead, stranger = look(visit), look(visit), look(visit)
    sign_in(client, site, people["client"])
    sign_in(lead, site, people["lead"])
    with site.database.reading(SYSTEM) as session:
        held, account = session.execute(
            select(Comment.public_id, Account.public_id)
            .join(Account, Account.id == Comment.account_id)
            .where(Comment.channel == "link")
            .order_by(Comment.id)
        ).first() or ("", "")
    pages = [
        (client, "home", "/points"), (client, "say", "/say"), (stranger, "link", link),
        (lead, "came in", "/came-in"), (lead, "narrowed", "/came-in?senior=1&q=leave"),
        (lead, "nothing", "/came-in?q=nowhere"), (lead, "note", "/note"),
        (lead, "sender", f"/came-in/{held}/sender"), (lead, "client", f"/clients/{account}"),
    ]  # fmt: skip
    for page, name, path in pages:
        page.goto(f"{site.url}{path}")
        _is_well(page, name, visit)
    for page, name in ((client, "receipt"), (stranger, "link receipt")):
        page.goto(f"{site.url}{'/say' if page is client else link}")
        page.get_by_label("What happened, or what would help?").fill(f"{WORDS} {visit}")
        if page is stranger:
            page.get_by_label("Your name").fill("Kim Visitor")
            page.get_by_label("Your e-mail").fill("kim@example.org")
        page.get_by_role("button", name="Send").click()
        page.get_by_text("Your number is").wait_for()
        _is_well(page, name, visit)
    client.goto(f"{site.url}/points")
    client.get_by_role("heading", level=3).first.get_by_role("link").click()
    _is_well(client, "point", visit)


def _is_well(page: Page, name: str, visit: Visit) -> None:
    _keep_picture(page, name, visit)
    assert violations(page) == [], name
    assert not _too_wide(page), name
    assert len(page.content().encode()) < 80_000, name


def _too_wide(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def _keep_picture(page: Page, name: str, visit: Visit) -> None:
    folder = os.environ.get("VOC_TEST_PICTURES")
    if folder:
        place = Path(folder) / f"{name.replace(' ', '-')}-{visit.size[0]}-{visit.theme}.png"
        page.screenshot(path=place, full_page=True)
