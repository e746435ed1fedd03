"""One loud client, put to every client: complaint, question, answers, decision, what was told, "you said, we did"."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from tests import factories
from tests.browser.conftest import Visit, _free_port, sign_in, violations
from tests.browser.running import Running, running
from voc.access.models import User
from voc.breadth.service import follow_matches
from voc.core import clock
from voc.core.principal import SYSTEM, Role
from voc.intake.models import Comment
from voc.issues.models import Issue
from voc.jobs import QuietDoorbell
from voc.mail import house
from voc.mail.models import Delivery, KeptMail
from voc.mail.sender import sender_for
from workers import checks, mail
from workers.scope import Scope

pytestmark = pytest.mark.browser
Look = Callable[..., Page]
CLIENTS = (
    "Acacia House",
    "Birch Clinic",
    "Cedar Care",
    "Dune Hotels",
    "Elder Homes",
    "Fern School",
    "Grove Labs",
)
ISSUE = "Order numbers are missing"
SAID = "Your invoices reach us without an order number, so our bookkeeper cannot pay them. This must stop."
WHAT = "an invoice came without your order number"
TOLD = "From this week on every invoice carries your order number."
CAUSE, ACTION = (
    "The number was typed in by hand, and once forgotten.",
    "It now comes from your order by itself.",
)


@dataclass
class Town:
    """An installation to try things in, its five people, and the way its time passes."""

    site: Running
    here: Scope
    people: dict[str, User] = field(default_factory=dict)
    ahead: timedelta = timedelta()

    def pass_time(self, **by: float) -> None:
        """Time goes on for the app and for us."""
        assert self.site.settings.practice_clock is not None
        self.ahead += timedelta(**by)
        clock.run_ahead(self.site.settings.practice_clock, self.ahead)

    def leave(self) -> None:
        """Ten minutes pass and the mail worker and the scheduler do their round."""
        self.pass_time(minutes=11)
        mail.drain_with(self.here, sender_for(self.here.settings, self.here.database, practice=True))
        checks.turn(self.here)

    def mails(self, template: str) -> dict[str, str]:
        """The plain words of the kept mails of one kind, by whom they went to."""
        with self.site.database.reading(SYSTEM) as session:
            rows = session.execute(
                select(Delivery.sent_to, KeptMail.body)
                .join(KeptMail, KeptMail.delivery_id == Delivery.id)
                .where(Delivery.template == template, Delivery.state == "sent")
            ).all()
        read = {to or "": message_from_bytes(body, policy=policy.default) for to, body in rows}
        return {to: one.get_body(("plain",)).get_content() for to, one in read.items()}  # type: ignore[union-attr]


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    nobody: Any = None  # rings go nowhere: this test is the worker
    with running(tmp_path, _free_port()) as site:
        clock.follow(site.settings.practice_clock)
        made = Town(site, Scope(site.settings, site.database, nobody, QuietDoorbell()))  # type: ignore[arg-type]
        with site.database.writing(SYSTEM) as session:
            _people(session, made)
        yield made
    clock.follow(None)


def _people(session: Any, town: Town) -> None:
    lead = factories.user(session, Role.LEAD, name="Lee Lead", phone="+31 20 123 4567")
    for name in CLIENTS:
        account = factories.account(session, name=name, owner_id=lead.id, yearly_value_cents=100)
        mailbox = f"desk@{name.split()[0].lower()}.example"
        contact = factories.contact(session, account, name=f"Q {name.split()[0]}", role="Accounts payable", email=mailbox, email_key=mailbox)  # fmt: skip
        if name == CLIENTS[0]:
            loud = factories.user(session, name=contact.name, email_key=mailbox)
            factories.membership(session, loud, Role.CLIENT_ADMIN, account=account)
            contact.user_id = loud.id
    house.practise(session)
    town.people = {
        "lead": lead, "loud": loud, "executive": factories.user(session, Role.EXECUTIVE, name="Eve Exec"),
        "admin": factories.user(session, Role.ADMIN, name="Ada Admin"),
    }  # fmt: skip


@dataclass
class Guide:
    """Opens windows, each signed in as one of the five."""

    town: Town
    look: Look

    def window(self, who: str | None = None, path: str = "/", *, scripts: bool = True) -> Page:
        page = self.look(Visit(scripts=scripts))
        if who is not None:
            sign_in(page, self.town.site, self.town.people[who])
        page.goto(path if path.startswith("http") else self.town.site.url + path)
        return page


def test_one_loud_client_is_put_to_every_client_and_all_hear_what_was_done(town: Town, look: Look) -> None:
    guide = Guide(town, look)
    _complains(guide)
    issue = _the_machine_groups_it(town)
    _lead_confirms(guide, issue)
    town.pass_time(days=1)  # never on the day of the complaint
    _lead_asks_everyone(guide, issue)
    _quiet_clients_answer(guide)
    _the_grid_shows_it(guide, issue)
    _executive_decides(guide, issue)
    _lead_tells(guide, issue)
    _the_loud_client_says_that_it_is_solved(guide)
    _the_administrator_sees_what_left(guide)


def _complains(guide: Guide) -> None:
    page = guide.window("loud", "/say")
    page.get_by_label("What happened, or what would help?").fill(SAID)
    tick = page.get_by_label("You may ask other clients about this without naming us")
    if not tick.is_visible():
        page.locator("details", has=tick).locator("summary").first.click()
    tick.check()
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".receipt .no")).to_have_text(re.compile(r"\w{4}-\w{4}"))


def _the_machine_groups_it(town: Town) -> str:
    """Stands in for the readers, which have journeys of their own; gives the issue's page."""
    with town.site.database.writing(SYSTEM) as session:
        said = session.scalars(select(Comment).where(Comment.text == SAID)).one()
        assert said.may_ask_others
        issue: Issue = factories.issue(session, name=ISSUE, is_named=True)
        factories.match(session, said, issue, state="machine")
        follow_matches(session, [(said.account_id, said.id, issue.id)])
        return f"/issues/{issue.public_id}"


def _lead_confirms(guide: Guide, issue: str) -> None:
    page = guide.window("lead", issue, scripts=False)
    page.locator("input[name=comments]").check()
    page.get_by_role("button", name="Yes, they belong here").click()
    expect(page.locator("#flash")).to_contain_text("One comment confirmed")


def _lead_asks_everyone(guide: Guide, issue: str) -> None:
    page, today = guide.window("lead", issue), clock.today("Europe/Amsterdam")
    page.get_by_role("link", name=re.compile("^Ask")).first.click()
    page.get_by_label("What happened?").fill("your terrible system lost the order number again, right")
    page.get_by_label("Since when").fill((today - timedelta(days=60)).isoformat())
    page.get_by_label("we would").fill("We print the number on every invoice.")
    page.get_by_label("Decided by", exact=True).select_option(label="Eve Exec")
    page.get_by_label("Decided by when").fill((today + timedelta(days=30)).isoformat())
    page.get_by_label("Everyone it can touch").check()
    page.get_by_role("button", name="Next: who is asked").click()
    assert not page.get_by_role("button", name=re.compile(r"^Ask \d+ clients")).count(), "a leading question"
    page.get_by_label("What happened?").fill(WHAT)
    page.get_by_role("button", name="Next: who is asked").click()
    expect(page.locator("#mails tbody tr")).to_have_count(len(CLIENTS) - 1)
    expect(page.locator(".mail pre")).to_contain_text(WHAT)
    assert violations(page) == []
    page.get_by_role("button", name="Ask 6 clients").click()
    assert guide.town.mails("question") == {}, "nothing leaves before its ten minutes"
    guide.town.leave()
    assert len(guide.town.mails("question")) == len(CLIENTS) - 1


def _quiet_clients_answer(guide: Guide) -> None:
    for name, button, scripts in (("birch", "Yes, it is a problem", True), ("cedar", "No", False)):
        words = guide.town.mails("question")[f"desk@{name}.example"]
        assert not [client for client in CLIENTS if client.split()[0].lower() != name and client in words]
        link = re.search(r"http://\S+/answer/[\w.-]+", words)
        assert link is not None
        page = guide.window(path=link.group(), scripts=scripts)
        page.get_by_role("button", name=button, exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Thank you, we have your answer")


def _the_grid_shows_it(guide: Guide, issue: str) -> None:
    grid = guide.window("lead", issue).locator("#grid tbody tr")
    expect(grid).to_have_count(len(CLIENTS))
    for client, state in (("Acacia", "has it, a problem"), ("Birch", "has it, a problem"), ("Cedar", "does not have it"), ("Dune", "asked")):  # fmt: skip
        expect(grid.filter(has_text=client)).to_contain_text(state)


def _executive_decides(guide: Guide, issue: str) -> None:
    page = guide.window("executive", "/this-week")
    line = page.locator(".brief").filter(has_text=ISSUE)
    expect(line.locator(".figures")).to_contain_text("Told us 1, said yes 1")
    page.get_by_role("link", name=ISSUE).first.click()
    page.get_by_role("link", name="Decide").click()
    page.get_by_label("Change it", exact=True).check()
    page.get_by_label("What we do, for our own people").fill("Take the number from the order.")
    page.get_by_label("What the clients who have it will hear").fill(TOLD)
    page.get_by_label("Who answers for it").select_option(label="Lee Lead")
    page.get_by_role("button", name="Decide").click()
    expect(page.locator("main")).to_contain_text("Take the number from the order.")
    week = guide.window("executive", "/this-week")
    expect(week.locator("main")).to_contain_text("What the last decisions changed")
    assert issue


def _lead_tells(guide: Guide, issue: str) -> None:
    page = guide.window("lead", f"{issue}/tell")
    expect(page.get_by_label("What you tell them")).to_have_value(TOLD)
    page.get_by_label("Done", exact=True).check()
    cause = page.get_by_label("Why it happened")
    if not cause.is_visible():
        page.locator("details", has=cause).locator("summary").first.click()
    cause.fill(CAUSE)
    page.get_by_label("What was changed").fill(ACTION)
    page.get_by_role("button", name="See what leaves").click()
    rows = page.locator("main tbody tr")
    expect(rows).to_have_count(2)  # who told us and who said yes; nobody who said no
    rows.filter(has_text="Acacia").get_by_role("link").click()
    expect(page.locator("main")).to_contain_text(ACTION)
    assert "Birch" not in page.locator("main").inner_text()
    page.go_back()
    page.get_by_role("button", name="Send", exact=True).click()
    assert ACTION not in guide.window("loud", "/points").content(), "not before it left"
    guide.town.leave()
    assert sorted(guide.town.mails("solved")) == ["desk@acacia.example", "desk@birch.example"]


def _the_loud_client_says_that_it_is_solved(guide: Guide) -> None:
    page = guide.window("loud", "/points", scripts=False)
    page.get_by_role("heading", level=3).first.get_by_role("link").click()
    expect(page.locator("main")).to_contain_text(TOLD)
    page.get_by_role("button", name="Yes, it is solved").click()
    expect(page.locator("main")).to_contain_text("You told us that it is solved")
    page.goto(f"{guide.town.site.url}/points")
    did = page.locator("section", has=page.get_by_role("heading", name="You said, we did"))
    expect(did).to_contain_text(ACTION)
    expect(did).to_contain_text("you told us it is solved")
    shown = page.content()
    assert not [word for word in (ISSUE, *CLIENTS[1:]) if word in shown]


def _the_administrator_sees_what_left(guide: Guide) -> None:
    page = guide.window("admin", "/outgoing?show=left")
    for words in ("A question", "Is it solved?", "desk@birch.example"):
        expect(page.locator("#outgoing")).to_contain_text(words)
    page.goto(f"{guide.town.site.url}/mailbox")
    page.get_by_role("link", name=re.compile("Acacia|Q Acacia")).first.click()
    expect(page.locator("main")).to_contain_text(ACTION)
