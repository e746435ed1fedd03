"""Questions for pages: how each stands, who was asked and what came back; frozen rows out."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from voc.access.models import User
from voc.accounts.models import Account, Contact
from voc.accounts.names import known_names
from voc.analysis.models import Reading
from voc.checks import rules, telling
from voc.checks.models import Answer, Ask, Check
from voc.core import clock
from voc.intake.models import Comment
from voc.issues.models import Issue
from voc.issues.queries import masked_words
from voc.mail.models import Batch

_NOT_COUNTED = ("planned", "left_out")
_SETTLED = ("answered",)


@dataclass(frozen=True, slots=True)
class Coverage:
    """Clients asked in one question and what came back; each client counts once, in every figure.

    `asked` are clients reached or still to be reached; `waiting` of them have not answered while it is
    open, `no_answer` never did; `by_call` are on a phone list. `differ` gave answers that differ.
    """

    asked: int = 0
    answered: int = 0
    yes_problem: int = 0
    yes_manages: int = 0
    no: int = 0
    not_used: int = 0
    cannot_tell: int = 0
    differ: int = 0
    waiting: int = 0
    no_answer: int = 0
    bounced: int = 0
    opted_out: int = 0
    by_call: int = 0

    @property
    def yes(self) -> int:
        """Clients who have it, whether it is a problem or they manage."""
        return self.yes_problem + self.yes_manages


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One question in a list."""

    id: int
    public_id: str
    issue_id: int
    issue_public_id: str
    issue: str
    question: str
    what: str
    since_on: date
    reach: str
    state: str
    if_many: str | None
    decider: str | None
    decider_public_id: str | None
    decide_by: date | None
    made_by: str
    made_at: datetime
    opened_at: datetime | None
    closes_at: datetime | None
    closed_at: datetime | None
    is_frozen: bool
    batch_public_id: str | None
    leaves_at: datetime | None
    outcome_told_at: datetime | None
    coverage: Coverage


@dataclass(frozen=True, slots=True)
class AskRow:
    """One person in the filling table of a question."""

    public_id: str
    account_public_id: str
    account: str
    contact: str
    role: str | None
    how: str
    state: str
    has_written: bool  # by mail, and nobody has said yet which answer that is
    why: str | None
    asked_at: datetime | None
    reminded_at: datetime | None
    answered_at: datetime | None
    says: str | None
    says_words: str | None
    words: str | None  # masked
    comment_public_id: str | None
    colleague: str | None
    taken_by: str | None
    changes: int


def checks_of(session: Session, issue_id: int, *, zone: str = "UTC") -> tuple[CheckRow, ...]:
    """The questions about an issue and about those merged into it, newest first."""
    family = telling.family(session, issue_id)
    return _rows(session, _checks().where(Check.issue_id.in_(family)), zone)


def all_checks(session: Session, *, zone: str = "UTC", limit: int = 200) -> tuple[CheckRow, ...]:
    """The newest questions about any issue; what is open first."""
    rows = _rows(session, _checks().limit(limit), zone)
    place = {"asking": 0, "leaving": 1, "draft": 2, "closed": 3, "stopped": 4}
    return tuple(sorted(rows, key=lambda row: place[row.state]))


def check_row(session: Session, check: Check, *, zone: str = "UTC") -> CheckRow:
    """One question as its page shows it."""
    return _rows(session, _checks().where(Check.id == check.id), zone)[0]


def coverage(session: Session, check_id: int) -> Coverage:
    """What came back of one question, by client."""
    return _coverages(session, [check_id]).get(check_id, Coverage())


def asks_of(session: Session, check: Check) -> tuple[AskRow, ...]:
    """The filling table: everyone asked, those who answered last on top, then by client."""
    taker = aliased(User)
    group = aliased(Account)
    rows = session.execute(
        select(Ask, Answer, group.public_id, group.name, Contact.name, Contact.role, Comment.text,
               Comment.public_id, Reading.masks, taker.name)
        .join(group, group.id == Ask.group_id)
        .join(Contact, (Contact.account_id == Ask.account_id) & (Contact.id == Ask.contact_id))
        .outerjoin(Answer, (Answer.account_id == Ask.account_id) & (Answer.ask_id == Ask.id))
        .outerjoin(Comment, (Comment.account_id == Answer.account_id) & (Comment.id == Answer.comment_id))
        .outerjoin(Reading, (Reading.account_id == Comment.account_id) & (Reading.comment_id == Comment.id))
        .outerjoin(taker, taker.id == Answer.taken_by_id)
        .where(Ask.check_id == check.id)
    )  # fmt: skip
    names = known_names(session)
    found = [
        _ask_row(
            ask,
            answer,
            (public_id, account),
            (contact, role),
            (None if text is None else masked_words(text, masks or [], names), comment),
            taken_by,
        )
        for ask, answer, public_id, account, contact, role, text, comment, masks, taken_by in rows
    ]
    newest = sorted(
        (row for row in found if row.answered_at),
        key=lambda row: row.answered_at or check.made_at,
        reverse=True,
    )
    return (
        *newest,
        *sorted((row for row in found if not row.answered_at), key=lambda row: row.account.casefold()),
    )


def _checks() -> Select[Check, Issue, str, str, str, str, datetime]:
    decider, maker = aliased(User), aliased(User)
    return (
        select(Check, Issue, decider.name, decider.public_id, maker.name, Batch.public_id, Batch.leaves_at)
        .join(Issue, Issue.id == Check.issue_id)
        .join(maker, maker.id == Check.made_by_id)
        .outerjoin(decider, decider.id == Check.decider_id)
        .outerjoin(Batch, Batch.id == Check.batch_id)
        .order_by(Check.id.desc())
    )


def _rows(
    session: Session, wanted: Select[Check, Issue, str, str, str, str, datetime], zone: str
) -> tuple[CheckRow, ...]:
    rows = session.execute(wanted).all()
    covered = _coverages(session, [check.id for check, *_ in rows])
    today = clock.today(zone)
    return tuple(
        CheckRow(
            id=check.id, public_id=check.public_id, issue_id=issue.id, issue_public_id=issue.public_id,
            issue=issue.name, question=rules.question(check.what, check.since_on, today), what=check.what,
            since_on=check.since_on, reach=check.reach, state=check.state, if_many=check.if_many, decider=decider,
            decider_public_id=decider_id, decide_by=check.decide_by, made_by=maker, made_at=check.made_at,
            opened_at=check.opened_at, closes_at=check.closes_at, closed_at=check.closed_at,
            is_frozen=check.frozen_at is not None, batch_public_id=batch, leaves_at=leaves_at,
            outcome_told_at=check.outcome_told_at, coverage=covered.get(check.id, Coverage()),
        )
        for check, issue, decider, decider_id, maker, batch, leaves_at in rows
    )  # fmt: skip


def _coverages(session: Session, check_ids: Sequence[int]) -> dict[int, Coverage]:
    rows = session.execute(
        select(Ask.check_id, Ask.group_id, Ask.state, Ask.how, Answer.says, func.count())
        .outerjoin(Answer, (Answer.account_id == Ask.account_id) & (Answer.ask_id == Ask.id))
        .where(Ask.check_id.in_(list(check_ids)), Ask.state.not_in(_NOT_COUNTED))
        .group_by(Ask.check_id, Ask.group_id, Ask.state, Ask.how, Answer.says)
    )
    stands: dict[int, dict[int, list[tuple[str, str, str | None]]]] = {}
    for check_id, group, state, how, says, _ in rows:
        stands.setdefault(check_id, {}).setdefault(group, []).append((state, how, says))
    return {check_id: _coverage(list(groups.values())) for check_id, groups in stands.items()}


def _coverage(groups: Sequence[Sequence[tuple[str, str, str | None]]]) -> Coverage:
    counted: Counter[str] = Counter(asked=len(groups))
    for asks in groups:
        counted[_as_one(asks)] += 1
        counted["answered"] += any(says for _, _, says in asks)
        counted["by_call"] += any(how == "call" or state == "bounced" for state, how, _ in asks)
    return Coverage(**counted)


def _as_one(asks: Sequence[tuple[str, str, str | None]]) -> str:
    """Where one client stands: by its answers where there are any, else by its most hopeful ask."""
    said = {says for _, _, says in asks if says}
    clear = said - {"cannot_tell"}
    if clear >= {"no", "problem"} or clear >= {"no", "manages"}:
        return "differ"
    for says, name in (
        ("problem", "yes_problem"),
        ("manages", "yes_manages"),
        ("no", "no"),
        ("not_used", "not_used"),
        ("cannot_tell", "cannot_tell"),
    ):
        if says in said:
            return name
    states = {state for state, _, _ in asks}
    for state, name in (
        ("asked", "waiting"),
        ("queued", "waiting"),
        ("bounced", "bounced"),
        ("no_answer", "no_answer"),
        ("opted_out", "opted_out"),
    ):
        if state in states:
            return name
    return "waiting"


_Said = tuple[str | None, str | None]  # masked words, comment's public id


def _ask_row(
    ask: Ask,
    answer: Answer | None,
    account: tuple[str, str],
    contact: tuple[str, str | None],
    said: _Said,
    taken_by: str | None,
) -> AskRow:
    words, comment_public_id = said
    return AskRow(
        public_id=ask.public_id, account_public_id=account[0], account=account[1], contact=contact[0],
        role=contact[1], how=ask.how, state=ask.state, has_written=ask.wrote_id is not None, why=ask.why, asked_at=ask.asked_at,
        reminded_at=ask.reminded_at, answered_at=answer.answered_at if answer else None,
        says=answer.says if answer else None, says_words=rules.SAYS_WORDS[answer.says] if answer else None,
        words=words, comment_public_id=comment_public_id,
        colleague=answer.colleague if answer else None, taken_by=taken_by, changes=answer.changes if answer else 0,
    )  # fmt: skip
