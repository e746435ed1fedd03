"""Promises to one client or to all: made, shown to be kept or not, withdrawn; each with a next day of proof."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from voc.access.audit import record
from voc.access.models import User
from voc.accounts.book import open_book
from voc.accounts.models import Account, Service
from voc.core import clock, ids
from voc.core.errors import Conflict, Invalid, NotFound
from voc.db.scope import principal_of
from voc.db.upsert import insert_rows
from voc.decisions.forms import CommitmentForm, ProofForm
from voc.decisions.models import Commitment, CommitmentTo, Proof
from voc.decisions.people import find_colleague, find_issue_or_none, find_service
from voc.decisions.rules import after_proof
from voc.intake.queries import window_end
from voc.intake.saying import account_called
from voc.issues.models import Issue
from voc.issues.queries import services_of

STATE_WORDS = {"open": "open", "kept": "kept", "broken": "not kept", "withdrawn": "withdrawn"}
_LISTED = 200
_NAMED = 3


@dataclass(frozen=True, slots=True)
class CommitmentRow:
    """One promise in a list; `to` are the first clients' names, `clients` how many there are."""

    id: int
    public_id: str
    words: str
    proof: str
    owner: str
    issue: str | None
    issue_public_id: str | None
    service: str | None
    next_due_on: date | None
    every_weeks: int | None
    state: str
    clients: int
    to: tuple[str, ...]
    made_at: datetime

    def is_late(self, today: date) -> bool:
        """Whether its proof was due before today."""
        return self.state == "open" and self.next_due_on is not None and self.next_due_on < today


@dataclass(frozen=True, slots=True)
class ProofRow:
    """One proof."""

    was_kept: bool
    words: str
    by: str
    at: datetime


def find_commitment(session: Session, public_id: str) -> Commitment:
    """The promise of this public id; raises NotFound."""
    found = session.scalar(select(Commitment).where(Commitment.public_id == public_id))
    if found is None:
        raise NotFound
    return found


def make_commitment(session: Session, form: CommitmentForm) -> Commitment:
    """Keeps a promise and to whom it is made: one client, or all whom its issue or service concerns."""
    principal = principal_of(session)
    if principal.user_id is None:
        raise Invalid("Only a signed-in person can promise.")
    issue = find_issue_or_none(session, form.issue)
    service = find_service(session, form.service)
    owner = find_colleague(session, form.owner, "owner")
    only = account_called(session, principal, form.client) if form.client else None
    commitment = Commitment(
        id=ids.new_id(), public_id=ids.new_public_id(), words=form.words, proof=form.proof,
        issue_id=issue.id if issue else None, service_id=service.id if service else None, owner_id=owner.id,
        next_due_on=form.next_due_on, every_weeks=form.every_weeks, state="open", made_by_id=principal.user_id,
        made_at=clock.now(),
    )  # fmt: skip
    session.add(commitment)
    session.flush()
    accounts = _members(session, only, issue, service)
    if not accounts:
        words = "This concerns no client on your list."
        raise Invalid(words, fields={"client": words})
    rows = [{"account_id": one, "commitment_id": commitment.id} for one in accounts]
    insert_rows(session, CommitmentTo, rows)
    record(session, "commitment.make", f"commitment {commitment.public_id}", accounts=len(rows))
    return commitment


def _members(session: Session, only: int | None, issue: Issue | None, service: Service | None) -> list[int]:
    """The accounts it is made to: of each group its sites too, whose people read it on their own page."""
    book = open_book(session, window_end(session).date())
    if only is not None:
        group = book.groups.get(only)
        return sorted(group.members) if group else [only]
    services = services_of(session, [issue.id]).get(issue.id, frozenset()) if issue else frozenset()
    if service is not None:
        services = frozenset({service.id})
    return sorted(member for group in book.to_whom(services).values() for member in group.members)


def prove(session: Session, commitment: Commitment, form: ProofForm) -> Proof:
    """Writes down what showed that it is kept or not, and sets the next day; the client reads the words."""
    by_id = principal_of(session).user_id
    if by_id is None:
        raise Invalid("Only a signed-in person can do this.")
    if commitment.state != "open":
        raise Conflict(f"This promise is {STATE_WORDS[commitment.state]} already. Make a new one.")
    proof = Proof(
        id=ids.new_id(), commitment_id=commitment.id, was_kept=form.was_kept, words=form.words,
        due_on=commitment.next_due_on, by_id=by_id, at=clock.now(),
    )  # fmt: skip
    session.add(proof)
    commitment.state, commitment.next_due_on = after_proof(
        was_kept=form.was_kept, due_on=commitment.next_due_on, every_weeks=commitment.every_weeks
    )
    session.flush()
    record(session, "commitment.prove", f"commitment {commitment.public_id}", was_kept=form.was_kept)
    return proof


def undo_proof(session: Session, commitment: Commitment) -> None:
    """Takes the newest proof back and makes its day due again; NotFound when there is none."""
    newest = session.scalar(
        select(Proof).where(Proof.commitment_id == commitment.id).order_by(Proof.id.desc()).limit(1)
    )
    if newest is None:
        raise NotFound
    if commitment.state == "withdrawn":
        raise Conflict("This promise was withdrawn since. Undo that first.")
    commitment.state, commitment.next_due_on = "open", newest.due_on
    session.execute(delete(Proof).where(Proof.id == newest.id))
    session.flush()
    record(session, "commitment.undo_proof", f"commitment {commitment.public_id}")


def withdraw(session: Session, commitment: Commitment) -> None:
    """Ends a promise that is not to be kept any more; its proofs stay."""
    if commitment.state != "open":
        raise Conflict(f"This promise is {STATE_WORDS[commitment.state]} already.")
    commitment.state = "withdrawn"
    session.flush()
    record(session, "commitment.withdraw", f"commitment {commitment.public_id}")


def undo_withdraw(session: Session, commitment: Commitment) -> None:
    """The promise holds again."""
    if commitment.state != "withdrawn":
        raise Conflict("This promise was not withdrawn.")
    commitment.state = "open"
    session.flush()
    record(session, "commitment.undo_withdraw", f"commitment {commitment.public_id}")


def commitments(
    session: Session, *conditions: ColumnElement[bool], limit: int = _LISTED
) -> tuple[CommitmentRow, ...]:
    """Promises that fit, those due first."""
    rows = session.execute(
        select(Commitment, User.name, Issue.name, Issue.public_id, Service.name)
        .join(User, User.id == Commitment.owner_id)
        .outerjoin(Issue, Issue.id == Commitment.issue_id)
        .outerjoin(Service, Service.id == Commitment.service_id)
        .where(*conditions)
        .order_by(Commitment.state != "open", Commitment.next_due_on.is_(None), Commitment.next_due_on, Commitment.id)
        .limit(limit)
    ).all()  # fmt: skip
    to = clients_of(session, [row[0].id for row in rows])
    return tuple(
        CommitmentRow(
            one.id, one.public_id, one.words, one.proof, owner, issue, issue_public_id, service, one.next_due_on,
            one.every_weeks, one.state, len(to.get(one.id, ())), tuple(to.get(one.id, ())[:_NAMED]), one.made_at,
        )
        for one, owner, issue, issue_public_id, service in rows
    )  # fmt: skip


def clients_of(session: Session, commitment_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Of each promise the names of the clients it was made to, each group once."""
    if not commitment_ids:
        return {}
    group = select(Account.id, Account.name).subquery()
    rows = session.execute(
        select(CommitmentTo.commitment_id, group.c.name)
        .join(Account, Account.id == CommitmentTo.account_id)
        .join(group, group.c.id == Account.group_id)
        .where(CommitmentTo.commitment_id.in_(list(commitment_ids)))
        .distinct()
        .order_by(CommitmentTo.commitment_id, group.c.name)
    )
    found: dict[int, list[str]] = {}
    for commitment, name in rows:
        found.setdefault(commitment, []).append(name)
    return {commitment: tuple(names) for commitment, names in found.items()}


def is_due(today: date) -> ColumnElement[bool]:
    """What makes a promise due: it is open and its day of proof has come."""
    return (Commitment.state == "open") & (Commitment.next_due_on <= today)


def number_due(session: Session, today: date) -> int:
    """How many promises wait for a proof."""
    return session.scalar(select(func.count()).select_from(Commitment).where(is_due(today))) or 0


def made_to(account_ids: Sequence[int]) -> ColumnElement[bool]:
    """Promises made to one of these accounts."""
    return Commitment.id.in_(
        select(CommitmentTo.commitment_id).where(CommitmentTo.account_id.in_(list(account_ids)))
    )


def proofs_of(session: Session, commitment: Commitment) -> tuple[ProofRow, ...]:
    """What showed so far, the newest first."""
    rows = session.execute(
        select(Proof, User.name)
        .join(User, User.id == Proof.by_id)
        .where(Proof.commitment_id == commitment.id)
        .order_by(Proof.id.desc())
    )
    return tuple(ProofRow(one.was_kept, one.words, by, one.at) for one, by in rows)


@dataclass(frozen=True, slots=True)
class Promised:
    """A promise as the client it was made to reads it."""

    words: str
    person: str
    phone: str | None
    email: str
    next_due_on: date | None
    state: str
    last_words: str | None
    last_kept: bool | None
    last_at: datetime | None


def promised_to_asker(session: Session) -> tuple[Promised, ...]:
    """The asker's own promises, by way of its own rows alone; withdrawn ones are not shown."""
    rows = session.execute(
        select(Commitment, User.name, User.phone, User.email_key)
        .join(User, User.id == Commitment.owner_id)
        .where(Commitment.id.in_(select(CommitmentTo.commitment_id)), Commitment.state != "withdrawn")
        .order_by(Commitment.id.desc())
    ).all()
    last = _last_proofs(session, [row[0].id for row in rows])
    return tuple(_promised(one, name, phone, email, last.get(one.id)) for one, name, phone, email in rows)


def _last_proofs(session: Session, commitment_ids: Sequence[int]) -> dict[int, Proof]:
    rows = session.scalars(
        select(Proof).where(Proof.commitment_id.in_(list(commitment_ids))).order_by(Proof.id)
    )
    return {one.commitment_id: one for one in rows}


def _promised(one: Commitment, name: str, phone: str | None, email: str, last: Proof | None) -> Promised:
    return Promised(
        one.words, name, phone, email, one.next_due_on, one.state,
        last.words if last else None, last.was_kept if last else None, last.at if last else None,
    )  # fmt: skip
