"""Go and see: one client visited or called by somebody senior, step by step."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from voc.access.audit import record
from voc.access.models import User
from voc.accounts.models import Account, Contact
from voc.core import clock, ids
from voc.core.errors import Conflict, NotFound
from voc.core.principal import Principal
from voc.db.scope import principal_of
from voc.decisions.forms import VisitForm, WentForm
from voc.decisions.models import Commitment, Visit
from voc.decisions.people import find_colleague, find_issue_or_none
from voc.decisions.rules import Step, VisitFacts, last_step, next_step
from voc.intake.forms import Noted
from voc.intake.models import Comment
from voc.intake.saying import Here, account_called, note
from voc.issues.models import Issue

STEP_NAMES = (
    "Planned",
    "Went and listened",
    "Heard their logic",
    "Promised",
    "Told the team",
    "Checked all clients",
)
_LISTED = 200


@dataclass(frozen=True, slots=True)
class VisitRow:
    """One visit as pages show it."""

    public_id: str
    client: str
    client_public_id: str
    person: str | None
    phone: str | None
    issue: str | None
    issue_public_id: str | None
    visitor: str
    planned_on: date
    went_on: date | None
    heard_how: str | None
    logic: str | None
    note_public_id: str | None
    commitment: str | None
    commitment_public_id: str | None
    no_commitment: str | None
    team_told_on: date | None
    checked_words: str | None

    @property
    def facts(self) -> VisitFacts:
        """What has happened."""
        return VisitFacts(
            self.went_on is not None, self.logic is not None,
            self.commitment is not None or self.no_commitment is not None,
            self.team_told_on is not None, self.checked_words is not None,
        )  # fmt: skip

    @property
    def step(self) -> Step:
        """The step that is next."""
        return next_step(self.facts)

    @property
    def place(self) -> int:
        """Where it stands among STEP_NAMES; one past the end when all is done."""
        return list(Step).index(self.step) + 1


def plan_visit(session: Session, form: VisitForm) -> Visit:
    """Plans that one of us goes to a client, or calls it."""
    principal = principal_of(session)
    visitor = find_colleague(session, form.visitor, "visitor")
    account_id = account_called(session, principal, form.client)
    contact = session.scalar(
        select(Contact).where(Contact.account_id == account_id, Contact.public_id == form.contact)
    )
    issue = find_issue_or_none(session, form.issue)
    visit = Visit(
        account_id=account_id, id=ids.new_id(), public_id=ids.new_public_id(),
        contact_id=contact.id if contact else None, issue_id=issue.id if issue else None, visitor_id=visitor.id,
        planned_on=form.planned_on, made_at=clock.now(),
    )  # fmt: skip
    session.add(visit)
    session.flush()
    record(session, "visit.plan", f"visit {visit.public_id}")
    return visit


def find_visit(session: Session, public_id: str) -> Visit:
    """The visit of this public id; raises NotFound."""
    found = session.scalar(select(Visit).where(Visit.public_id == public_id))
    if found is None:
        raise NotFound
    return found


def went(session: Session, principal: Principal, visit: Visit, form: WentForm, here: Here) -> None:
    """One went and listened: what was said becomes a note like any other, so that nobody is owed a talk any more."""
    _expect(session, visit, Step.GO)
    account = session.get_one(Account, visit.account_id)
    contact = session.get(Contact, (visit.account_id, visit.contact_id)) if visit.contact_id else None
    noted = Noted(
        client=account.public_id, person=contact.name if contact else None, text=form.text, said_on=form.went_on,
        how=form.how, kind="comment", nonce=f"visit {visit.public_id}",
    )  # fmt: skip
    stored = note(session, principal, account.id, noted, here)
    visit.went_on, visit.heard_how, visit.comment_id = form.went_on, form.how, stored.comment_id
    _keep(session, visit, "went")


def hear_logic(session: Session, visit: Visit, words: str) -> None:
    """Why the client does it so, in its own logic."""
    _expect(session, visit, Step.LOGIC)
    visit.logic = words
    _keep(session, visit, "logic")


def promise_nothing(session: Session, visit: Visit, why: str) -> None:
    """Writes down why nothing was promised."""
    _expect(session, visit, Step.COMMITMENT)
    visit.no_commitment = why
    _keep(session, visit, "no_commitment")


def join_commitment(session: Session, visit: Visit, commitment: Commitment) -> None:
    """The promise that was made there."""
    _expect(session, visit, Step.COMMITMENT)
    visit.commitment_id = commitment.id
    _keep(session, visit, "commitment")


def tell_team(session: Session, visit: Visit, on: date) -> None:
    """It was taken back to the team."""
    _expect(session, visit, Step.TEAM)
    visit.team_told_on = on
    _keep(session, visit, "team")


def check_all(session: Session, visit: Visit, words: str) -> None:
    """All clients were checked: how, or why not."""
    _expect(session, visit, Step.CHECKED)
    visit.checked_words = words
    _keep(session, visit, "checked")


def undo_step(session: Session, visit: Visit) -> Step:
    """Takes the newest step back and gives it; Conflict when only the talk itself is left, whose note stays."""
    step = last_step(visit_row(session, visit).facts)
    if step is None:
        raise Conflict("The talk and its note stay as they are. Write another note to put something right.")
    cleared = {
        Step.LOGIC: ("logic",),
        Step.COMMITMENT: ("commitment_id", "no_commitment"),
        Step.TEAM: ("team_told_on",),
        Step.CHECKED: ("checked_words",),
    }
    for name in cleared[step]:
        setattr(visit, name, None)
    _keep(session, visit, "undo")
    return step


def drop_visit(session: Session, visit: Visit) -> None:
    """Takes a plan back; Conflict once somebody went."""
    if visit.went_on is not None:
        raise Conflict("Somebody went there, so the visit stays.")
    record(session, "visit.drop", f"visit {visit.public_id}")
    session.delete(visit)
    session.flush()


def _expect(session: Session, visit: Visit, step: Step) -> None:
    if visit_row(session, visit).step is not step:
        raise Conflict("Another step comes next here; the page shows which.")


def _keep(session: Session, visit: Visit, what: str) -> None:
    session.flush()
    record(session, f"visit.{what}", f"visit {visit.public_id}")


def visit_row(session: Session, visit: Visit) -> VisitRow:
    """One visit as its page shows it."""
    return visits(session, (Visit.account_id == visit.account_id) & (Visit.id == visit.id))[0]


def visits(session: Session, *conditions: ColumnElement[bool], limit: int = _LISTED) -> tuple[VisitRow, ...]:
    """Visits that fit, what is planned first."""
    rows = session.execute(
        select(Visit, Account, Contact, Issue, User.name, Comment.public_id, Commitment)
        .join(Account, Account.id == Visit.account_id)
        .join(User, User.id == Visit.visitor_id)
        .outerjoin(Contact, (Contact.account_id == Visit.account_id) & (Contact.id == Visit.contact_id))
        .outerjoin(Issue, Issue.id == Visit.issue_id)
        .outerjoin(Comment, (Comment.account_id == Visit.account_id) & (Comment.id == Visit.comment_id))
        .outerjoin(Commitment, Commitment.id == Visit.commitment_id)
        .where(*conditions)
        .order_by(Visit.checked_words.is_not(None), Visit.planned_on, Visit.id)
        .limit(limit)
    )
    return tuple(_row(*row) for row in rows)


def _row(
    visit: Visit,
    account: Account,
    contact: Contact | None,
    issue: Issue | None,
    visitor: str,
    note_public_id: str | None,
    commitment: Commitment | None,
) -> VisitRow:
    return VisitRow(
        visit.public_id, account.name, account.public_id, contact.name if contact else None,
        contact.phone if contact else None, issue.name if issue else None, issue.public_id if issue else None,
        visitor, visit.planned_on, visit.went_on, visit.heard_how, visit.logic, note_public_id,
        commitment.words if commitment else None, commitment.public_id if commitment else None,
        visit.no_commitment, visit.team_told_on, visit.checked_words,
    )  # fmt: skip


def is_stuck(today: date) -> ColumnElement[bool]:
    """Visits whose next step waits: the day has come and not every step is done."""
    return (Visit.planned_on <= today) & or_(Visit.went_on.is_(None), Visit.checked_words.is_(None))


def number_stuck(session: Session, today: date) -> int:
    """How many visits wait for their next step."""
    return session.scalar(select(func.count()).select_from(Visit).where(is_stuck(today))) or 0


@dataclass(frozen=True, slots=True)
class Start:
    """What the form of a new visit begins with, from the client's page or an owed talk."""

    client: str
    contact: str
    people: tuple[tuple[str, str], ...]


def start_of(session: Session, client: str, comment: str) -> Start:
    """The client's name and people by public id, and who said `comment`; all empty for an unknown client."""
    account = session.scalar(select(Account).where(Account.public_id == client))
    if account is None:
        return Start("", "", ())
    people = session.execute(
        select(Contact.public_id, Contact.name).where(Contact.account_id == account.id).order_by(Contact.name)
    ).all()
    said_by = session.scalar(
        select(Contact.public_id)
        .join(Comment, (Comment.account_id == Contact.account_id) & (Comment.contact_id == Contact.id))
        .where(Comment.public_id == comment)
    )
    return Start(account.name, said_by or "", tuple((key, name) for key, name in people))
