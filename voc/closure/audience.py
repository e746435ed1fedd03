"""Who hears an update about an issue, why, and who does not: only links that a person or the client confirmed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from voc.accounts.book import Book, open_book
from voc.accounts.models import Account, Contact
from voc.breadth.changes import states_across
from voc.breadth.rules import HAS, CellState
from voc.checks.models import Answer, Ask, Check
from voc.checks.rules import question
from voc.closure.rules import first_words
from voc.core import clock
from voc.intake.models import Comment, Thread
from voc.intake.queries import window_end
from voc.issues.models import Issue, Match
from voc.issues.queries import merged_into
from voc.issues.rules import family_of
from voc.mail.addresses import rules_of
from voc.mail.outbox import NewMail, why_not

ONLY_MACHINE = "Only the machine put their words here. Confirm the link first."
ONLY_OURS = "We know it from our own people. Nobody there has told us in writing, so it is told on the phone."
NOBODY_KNOWN = "We do not know who there said it."
DIFFER = "People there differ, or are not sure. Settle that first."
LEFT_CLIENT = "No client of ours any more."
Key = tuple[int, int]  # (account_id, contact_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearer:
    """One person of one client who hears it. `silent` says why no mail reaches them; None when one does."""

    account_id: int
    contact_id: int
    account_public_id: str
    contact_public_id: str
    client: str
    name: str
    email: str | None
    phone: str | None
    thread_id: int | None
    title: str | None
    why: str
    said_at: datetime
    question: str = ""
    own: tuple[str, ...] = ()
    silent: str | None = None

    @property
    def key(self) -> Key:
        """Account and contact: one message each."""
        return self.account_id, self.contact_id


@dataclass(frozen=True, slots=True)
class NotTold:
    """A client, or a person there, who gets nothing, and why."""

    client: str
    account_public_id: str
    why: str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Audience:
    """All who hear it and all who do not."""

    hearers: tuple[Hearer, ...]
    left_out: tuple[NotTold, ...] = ()

    @property
    def clients(self) -> int:
        """How many accounts hear it."""
        return len({one.account_id for one in self.hearers})

    @property
    def by_phone(self) -> tuple[Hearer, ...]:
        """Those whom no mail reaches."""
        return tuple(one for one in self.hearers if one.silent)


@dataclass
class _Gathered:
    """What is found about one issue while its audience is put together."""

    book: Book
    states: Mapping[int, str]
    hearers: dict[Key, Hearer] = field(default_factory=dict)
    left_out: dict[tuple[str, str | None], NotTold] = field(default_factory=dict)
    heard_of: set[int] = field(default_factory=set)

    def has_it(self, account_id: int) -> bool:
        """Whether the account's group has the issue."""
        return self.states.get(self.book.group_of.get(account_id, 0)) in HAS

    def leave_out(self, account: Account, why: str, name: str | None = None) -> None:
        """Notes who gets nothing; the first reason stands."""
        self.heard_of.add(self.book.group_of.get(account.id, account.id))
        self.left_out.setdefault(
            (account.public_id, name), NotTold(account.name, account.public_id, why, name)
        )


def who_hears(session: Session, issue: Issue) -> Audience:
    """Everybody of a client with the issue who spoke or said yes, each once, and everybody else with the reason."""
    family = sorted(family_of(issue.id, merged_into(session)))
    states = states_across(session, issue.id)
    gathered = _Gathered(open_book(session, window_end(session).date()), states)
    _add_speakers(session, family, gathered)
    _add_answers(session, family, gathered)
    _add_machine(session, family, gathered)
    _add_rest(session, gathered)
    hearers = with_silence(session, sorted(gathered.hearers.values(), key=lambda one: (one.client, one.name)))
    left_out = sorted(gathered.left_out.values(), key=lambda one: (one.client, one.name or ""))
    return Audience(hearers, tuple(left_out))


def with_silence(session: Session, hearers: Sequence[Hearer]) -> tuple[Hearer, ...]:
    """The same people, each with the reason why no mail reaches them, if there is one."""
    held = rules_of(session, [one.email for one in hearers if one.email])
    return tuple(
        replace(
            one,
            silent=why_not(
                NewMail(account_id=one.account_id, contact_id=one.contact_id, email=one.email,
                        template="update", thing="", dedupe_key=""),
                held,
            ),
        )
        for one in hearers
    )  # fmt: skip


def _add_speakers(session: Session, family: Sequence[int], gathered: _Gathered) -> None:
    rows = session.execute(
        select(Comment, Thread, Account, Contact)
        .join(Match, (Match.account_id == Comment.account_id) & (Match.comment_id == Comment.id))
        .join(Thread, (Thread.account_id == Comment.account_id) & (Thread.id == Comment.thread_id))
        .join(Account, Account.id == Comment.account_id)
        .outerjoin(Contact, (Contact.account_id == Comment.account_id) & (Contact.id == Comment.contact_id))
        .where(Match.issue_id.in_(family), Match.state == "confirmed", Comment.kind != "praise")
        .order_by(Comment.said_at, Comment.id)
    )
    for comment, thread, account, contact in rows:
        if not gathered.has_it(account.id):
            continue
        if comment.source == "staff_note":
            gathered.leave_out(account, ONLY_OURS, contact.name if contact else None)
        elif contact is None or not comment.sender_confirmed:
            gathered.leave_out(account, NOBODY_KNOWN, comment.sender_name)
        else:
            _hear(gathered, _speaker(comment, thread, account, contact))


def _speaker(comment: Comment, thread: Thread, account: Account, contact: Contact) -> Hearer:
    why = "told us" if comment.source == "unasked" else "wrote when we asked"
    return _hearer(
        account, contact, thread_id=thread.id, title=first_words(comment.text), why=why,
        said_at=comment.said_at, own=(comment.text, comment.would_solve or "", comment.touches or ""),
    )  # fmt: skip


def _hearer(
    account: Account,
    contact: Contact,
    *,
    thread_id: int | None,
    title: str | None,
    why: str,
    said_at: datetime,
    own: tuple[str, ...],
) -> Hearer:
    return Hearer(
        account_id=account.id, contact_id=contact.id, account_public_id=account.public_id,
        contact_public_id=contact.public_id, client=account.name, name=contact.name, email=contact.email,
        phone=contact.phone, thread_id=thread_id, title=title, why=why, said_at=said_at, own=own,
    )  # fmt: skip


def _hear(gathered: _Gathered, one: Hearer) -> None:
    """The first thing a person said is the title; all they said is theirs to hear again."""
    before = gathered.hearers.get(one.key)
    gathered.hearers[one.key] = replace(before, own=before.own + one.own) if before else one
    gathered.heard_of.add(gathered.book.group_of.get(one.account_id, one.account_id))


def _add_answers(session: Session, family: Sequence[int], gathered: _Gathered) -> None:
    rows = session.execute(
        select(Answer, Check, Account, Contact, Comment)
        .join(Ask, (Ask.account_id == Answer.account_id) & (Ask.id == Answer.ask_id))
        .join(Check, Check.id == Ask.check_id)
        .join(Account, Account.id == Answer.account_id)
        .join(Contact, (Contact.account_id == Ask.account_id) & (Contact.id == Ask.contact_id))
        .outerjoin(Comment, (Comment.account_id == Answer.account_id) & (Comment.id == Answer.comment_id))
        .where(Check.issue_id.in_(family), Answer.says.in_(("problem", "manages")))
        .order_by(Answer.answered_at)
    )
    for answer, check, account, contact, comment in rows:
        if gathered.has_it(account.id):
            _hear(gathered, answered(answer, check, account, contact, comment))


def answered(
    answer: Answer | None, check: Check, account: Account, contact: Contact, comment: Comment | None
) -> Hearer:
    """One person who was asked, in their own words where they wrote any, else under the question itself."""
    asked = question(check.what, check.since_on, clock.now().date())
    one = _hearer(
        account, contact, thread_id=comment.thread_id if comment else None,
        title=first_words(comment.text) if comment else None, why="said yes when we asked",
        said_at=answer.answered_at if answer else check.made_at, own=(asked, comment.text if comment else ""),
    )  # fmt: skip
    return replace(one, question=asked)


def _add_machine(session: Session, family: Sequence[int], gathered: _Gathered) -> None:
    rows = session.execute(
        select(Account, Contact, Comment.contact_id)
        .join(Comment, Comment.account_id == Account.id)
        .join(Match, (Match.account_id == Comment.account_id) & (Match.comment_id == Comment.id))
        .outerjoin(Contact, (Contact.account_id == Comment.account_id) & (Contact.id == Comment.contact_id))
        .where(Match.issue_id.in_(family), Match.state == "machine", Comment.kind != "praise")
    )
    for account, contact, contact_id in rows:
        if (account.id, contact_id) not in gathered.hearers:
            gathered.leave_out(account, ONLY_MACHINE, contact.name if contact else None)


def _add_rest(session: Session, gathered: _Gathered) -> None:
    """Groups in the grid whom nothing above reaches: known from our own people, or not of one mind."""
    whys = {CellState.UNCLEAR: DIFFER, CellState.HAS_PROBLEM: ONLY_OURS, CellState.HAS_MANAGES: ONLY_OURS}
    groups = {
        group: whys[CellState(state)]
        for group, state in gathered.states.items()
        if state in whys and group not in gathered.heard_of
    }
    for account in session.scalars(select(Account).where(Account.id.in_(sorted(groups)))):
        why = groups[account.id] if account.id in gathered.book.groups else LEFT_CLIENT
        gathered.leave_out(account, why)
