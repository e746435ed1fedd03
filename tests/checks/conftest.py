"""A book of clients whom one may ask, one issue that two of them told us of, and a lead who asks."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests import factories
from tests.conftest import NOW
from voc.access.models import User
from voc.accounts.models import Account, Contact
from voc.breadth.models import Cell, Evidence, IssueSum
from voc.breadth.service import follow_matches
from voc.checks import answering, asking, drafting
from voc.checks.models import Answer, Ask, Call, Check
from voc.core import clock
from voc.core.principal import Principal, Role
from voc.db.scope import open_for
from voc.issues.models import Issue, Match
from voc.jobs import tell
from voc.mail import house
from voc.mail.models import Batch, Delivery

WHAT = "an invoice came without your order number"
SINCE = date(2026, 3, 2)
BY = date(2026, 12, 1)


@dataclass
class Book:
    """Clients with one person each; the first two told us of the issue, the first asked for someone senior."""

    session: Session
    owner: User
    lead: User
    issue: Issue
    clients: list[Account] = field(default_factory=list)
    people: dict[int, Contact] = field(default_factory=dict)

    def told(
        self, account: Account, *, days_ago: float = 3, issue: Issue | None = None, **wanted: Any
    ) -> Match:
        """A confirmed comment of this client."""
        wanted.setdefault("said_at", NOW - timedelta(days=days_ago))
        wanted.setdefault("text", "Some paper of yours is not as we agreed, see the last letter.")
        comment = factories.comment(self.session, account, **wanted)
        match = factories.match(self.session, comment, issue or self.issue, state="confirmed")
        follow_matches(self.session, [(match.account_id, match.comment_id, match.issue_id)])
        return match

    def draft(self, what: str = WHAT, *, reach: str = "everyone") -> Check:
        """A question that may be sent."""
        check = drafting.draft(self.session, self.issue, what=what, since_on=SINCE, reach=reach)
        return drafting.plan(
            self.session, check, if_many="We print it on every invoice.", decider_public_id=self.lead.public_id,
            decide_by=BY,
        )  # fmt: skip

    def ask(self, check: Check | None = None) -> Check:
        """A question that was sent and has arrived everywhere."""
        check = check or self.draft()
        asking.send(self.session, check)
        self.arrive(check)
        return check

    def arrive(self, check: Check) -> None:
        """The batch leaves and every mail of it arrives now."""
        self.session.execute(
            update(Batch).where(Batch.thing == f"check:{check.public_id}").values(state="left")
        )
        mails = self.mails(check)
        for mail in mails:
            mail.state, mail.sent_at = "sent", clock.now()
        self.session.flush()
        tell(self.session, "mail_sent", [(mail.account_id, mail.id) for mail in mails])

    def mails(self, check: Check, template: str = "question") -> Sequence[Delivery]:
        found = self.session.scalars(
            select(Delivery)
            .where(Delivery.thing == f"check:{check.public_id}", Delivery.template == template)
            .order_by(Delivery.id)
        )
        return found.all()

    def asks(self, check: Check, *states: str) -> list[Ask]:
        self.session.expire_all()
        rows = self.session.scalars(select(Ask).where(Ask.check_id == check.id).order_by(Ask.id))
        return [row for row in rows if not states or row.state in states]

    def ask_of(self, check: Check, account: Account) -> Ask:
        return next(one for one in self.asks(check) if one.group_id == account.id)

    def answer(self, ask: Ask, says: str, words: str | None = None, **more: Any) -> Answer:
        return answering.answer(
            self.session, ask, says=says, words=words, colleague=more.pop("colleague", None), **more
        )

    def state(self, account: Account, issue: Issue | None = None) -> str:
        self.session.expire_all()
        cell = self.session.get(Cell, (account.id, (issue or self.issue).id))
        return cell.state if cell else "not_asked"

    def sums(self) -> IssueSum:
        self.session.expire_all()
        return self.session.get_one(IssueSum, self.issue.id)

    def calls(self, why: str) -> list[Call]:
        self.session.expire_all()
        return list(self.session.scalars(select(Call).where(Call.why == why, Call.done_at.is_(None))))

    def evidence(self, account: Account) -> list[tuple[str, str]]:
        rows = self.session.execute(
            select(Evidence.source, Evidence.says)
            .where(Evidence.account_id == account.id)
            .order_by(Evidence.id)
        )
        return [(source, says) for source, says in rows]

    def as_user(self, user: User, role: Role) -> None:
        """From now on this person does what the test does."""
        asker = Principal(
            kind="user", name=user.name, user_id=user.id, account_ids=None, roles=frozenset({role})
        )
        open_for(self.session, asker)


def make_book(session: Session, *, clients: int = 10) -> Book:
    """The book, the lead signed in, the house in practice."""
    owner = factories.user(session, Role.AGENT, name="Olga Orange", phone="030 1")
    lead = factories.user(session, Role.LEAD, name="Leo Lime")
    book = Book(session, owner, lead, factories.issue(session, name="Paper not as agreed"))
    for number in range(clients):
        account = factories.account(session, name=f"Client {'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[number % 26]}{number}", owner_id=owner.id,
                                    segment="north" if number % 2 else "south", yearly_value_cents=100)  # fmt: skip
        book.clients.append(account)
        book.people[account.id] = factories.contact(
            session, account, name=f"Person Q{number}", role="Accounts payable",
            email=f"q{number}@client{number}.example", email_key=f"q{number}@client{number}.example",
        )  # fmt: skip
    house.practise(session)
    book.as_user(lead, Role.LEAD)
    book.told(book.clients[0], wants_senior=True, may_ask_others=True, contact_id=None)
    book.told(book.clients[1])
    return book


@pytest.fixture
def book(session: Session) -> Book:
    return make_book(session)


def later(days: float) -> datetime:
    return NOW + timedelta(days=days)
