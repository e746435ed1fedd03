"""A small book of clients, one issue that two of them told us of, and a house that may send."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from voc.access.models import User
from voc.access.permissions import permissions_of
from voc.accounts.models import Account, Contact
from voc.breadth.models import Cell
from voc.breadth.rules import Says, Source
from voc.breadth.service import follow_matches, record_evidence
from voc.checks.models import Answer, Ask, Check
from voc.closure import telling
from voc.closure.models import Told, Update
from voc.closure.telling import Wanted
from voc.core import clock, ids
from voc.core.principal import SYSTEM, Principal, Role
from voc.db.scope import open_for
from voc.intake.models import Comment, Thread
from voc.issues.models import Issue
from voc.jobs import FOLLOWERS
from voc.mail import house
from voc.mail.models import Batch, Delivery
from voc.mail.sending import leave_due

ZONE = "Europe/Amsterdam"
WORDS = "We are looking into this together with the kitchen."


@pytest.fixture(autouse=True)
def _only_closure_follows(monkeypatch: pytest.MonkeyPatch) -> None:
    for happened in ("mail_sent", "mail_bounced", "batch_left", "batch_stopped"):
        mine = tuple(name for name in FOLLOWERS[happened] if name.startswith("voc.closure"))
        monkeypatch.setitem(FOLLOWERS, happened, mine)


@dataclass
class Client:
    """One client with a person who may have spoken."""

    account: Account
    contact: Contact
    thread: Thread | None = None
    comment: Comment | None = None


@dataclass
class Book:
    """The clients, an issue called by a name of ours, and a lead who acts."""

    session: Session
    lead: User
    issue: Issue
    clients: list[Client] = field(default_factory=list)

    def client(self, name: str, **contact: Any) -> Client:
        """A client with one person; nothing said yet."""
        account = factories.account(self.session, name=name, owner_id=self.lead.id)
        wanted = {
            "name": f"{name.split(maxsplit=1)[0]} Person",
            "email": f"{name.split(maxsplit=1)[0].lower()}@clinic.internal",
        } | contact
        wanted["email_key"] = wanted["email"]
        made = Client(account, factories.contact(self.session, account, **wanted))
        self.clients.append(made)
        return made

    def told_us(self, name: str, text: str = "", *, state: str = "confirmed", **contact: Any) -> Client:
        """A client whose person wrote; the link to the issue is confirmed unless `state` says otherwise."""
        made = self.client(name, **contact)
        made.thread = factories.thread(
            self.session, made.account, contact_id=made.contact.id, named_user_id=self.lead.id
        )
        text = text or f"{name} waits for the soup each day."
        made.comment = factories.comment(self.session, made.account, thread=made.thread, text=text)
        match = factories.match(self.session, made.comment, self.issue, state=state)
        follow_matches(self.session, [(match.account_id, match.comment_id, match.issue_id)])
        return made

    def asked(self, check: Check, name: str, says: str | None = None, **wanted: Any) -> Client:
        """A client that was asked, with its answer; None: no answer."""
        made = self.client(name)
        state = wanted.pop("state", "answered" if says else "no_answer")
        ask = Ask(
            account_id=made.account.id, id=ids.new_id(), public_id=ids.new_public_id(), check_id=check.id,
            group_id=made.account.id, contact_id=made.contact.id, how="mail", no_first=False, state=state,
            asked_at=clock.now(),
        )  # fmt: skip
        self.session.add(ask)
        self.session.flush()
        if says:
            self.session.add(
                Answer(account_id=made.account.id, ask_id=ask.id, says=says, answered_at=clock.now())
            )
            grid = {"problem": Says.HAS_PROBLEM, "manages": Says.HAS_MANAGES, "no": Says.HAS_NOT}[says]
            record_evidence(
                self.session, account_id=made.account.id, issue_id=self.issue.id, source=Source.ANSWER,
                says=grid, observed_at=clock.now(), contact_id=made.contact.id,
            )  # fmt: skip
        self.session.flush()
        return made

    def check(self, **wanted: Any) -> Check:
        """A question about the issue that has closed."""
        facts = {
            "id": ids.new_id(), "public_id": ids.new_public_id(), "issue_id": self.issue.id,
            "what": "a meal came cold", "since_on": date(2026, 3, 1), "state": "closed",
            "made_by_id": self.lead.id, "made_at": clock.now(), "closed_at": clock.now(),
        }  # fmt: skip
        made = Check(**(facts | wanted))
        self.session.add(made)
        self.session.flush()
        return made

    @contextmanager
    def acting(self, principal: Principal | None = None) -> Iterator[Session]:
        """The session open for the lead, or for whoever is given."""
        open_for(self.session, principal or lead_of(self.lead))
        yield self.session
        self.session.flush()
        open_for(self.session, SYSTEM)

    def draft(self, **wanted: Any) -> Update:
        """An update that a lead wrote."""
        facts: dict[str, Any] = {"status": "looking", "words": WORDS}
        with self.acting() as session:
            return telling.draft(session, self.issue, Wanted(**(facts | wanted)))

    def send(self, update: Update) -> None:
        """The lead presses Send."""
        with self.acting() as session:
            telling.send(session, update, zone=ZONE)

    def leave(self, update: Update) -> None:
        """Ten minutes pass and the batch leaves."""
        self.send(update)
        batch = self.session.get_one(Batch, update.batch_id)
        batch.leaves_at = clock.now()
        self.session.flush()
        leave_due(self.session)
        self.session.expire_all()

    def done(self) -> Update:
        """An update “done” that has left."""
        made = self.draft(
            status="done", cause="Two lists said different things.", action="There is one list."
        )
        self.leave(made)
        return made

    def told(self, update: Update) -> list[Told]:
        """Whom an update tells."""
        return telling.told_of(self.session, update)

    def mails(self, update: Update) -> list[Delivery]:
        """The mails of an update."""
        return list(
            self.session.scalars(select(Delivery).where(Delivery.thing == f"update {update.public_id}"))
        )

    def state(self, client: Client) -> str:
        """Where a client stands in the grid."""
        self.session.expire_all()
        found = self.session.get(Cell, (client.account.id, self.issue.id))
        return found.state if found else "not_asked"


def lead_of(user: User) -> Principal:
    """The lead as the door knows them."""
    roles = frozenset({Role.LEAD})
    return Principal(
        kind="user", user_id=user.id, roles=roles, account_ids=None, permissions=permissions_of(roles)
    )


def client_of(client: Client) -> Principal:
    """The client's person, by a link."""
    return Principal(
        kind="link", account_ids=frozenset({client.account.id}), contact_ids=frozenset({client.contact.id}),
        permissions=frozenset({"public:read", "public:write"}), own_threads_only=True,
    )  # fmt: skip


@pytest.fixture
def book(session: Session) -> Book:
    house.turn(session, on=True)
    lead = factories.user(session, Role.LEAD, name="Ana Leal", phone="+31 20 123 4567")
    return Book(session, lead, factories.issue(session, name="Cold soup complaint", is_named=True))
