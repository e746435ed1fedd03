"""Writes an update once, shows what leaves to whom, and lets it leave: one message for each person who spoke.

An update begins as a draft without a batch. Sending puts its mails in a batch that waits ten minutes;
only when the batch has left does anything show in a client's thread.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy import update as sql_update
from sqlalchemy.orm import Session

from voc.access.audit import record
from voc.checks.models import Check
from voc.closure import others, signing
from voc.closure.audience import Audience
from voc.closure.decided import standing_decision
from voc.closure.letters import Letter, letters, mails_of
from voc.closure.models import Told, Update
from voc.closure.phoning import TELL, call, put_on_phone_lists
from voc.closure.readers import audience_of
from voc.closure.screening import Problem
from voc.closure.screens import kept_from_readers
from voc.closure.sight import seeing_all
from voc.core import clock, ids
from voc.core.errors import Conflict, Invalid, NotFound
from voc.db.scope import principal_of
from voc.decisions import deciding
from voc.intake.models import Comment, Thread
from voc.issues.models import Issue, Match
from voc.issues.queries import merged_into
from voc.issues.rules import root_of
from voc.mail.models import Batch, Delivery
from voc.mail.outbox import make_batch, put_mails, stop_batch

KIND_WORDS = {
    "update": "An update",
    "outcome": "What came of a question",
    "thanks": "Thanks to who spoke first",
    "solved": "Done: is it solved?",
    "correction": "A correction",
}
_CAME_BACK = ("bounced", "refused")
_MENTIONS = frozenset({"update", "solved"})
_KEEPS_DATE = frozenset({"thanks", "correction"})  # what we promised before still stands
_NOBODY = "Nobody would hear this: no client with this has a link that a person confirmed."


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a person of ours wants to tell."""

    status: str
    words: str
    cause: str | None = None
    action: str | None = None
    next_word_by: datetime | None = None


def draft(session: Session, issue: Issue, wanted: Wanted) -> Update:
    """An update about an issue for everybody who has it; nothing leaves yet. Done needs a cause and an action."""
    kind = "solved" if wanted.status == "done" else "update"
    _check_done(wanted)
    decision = standing_decision(session, issue.id)
    decision_id = decision.id if decision else None
    return write(session, Update(issue_id=issue.id, kind=kind, decision_id=decision_id), wanted)


def correct(session: Session, before: Update, wanted: Wanted) -> Update:
    """A message that puts another right, for exactly the same people; nothing leaves yet."""
    if before.left_at is None:
        raise Conflict("This has not left yet: stop it and write it again instead.")
    row = Update(
        issue_id=before.issue_id, kind="correction", corrects_id=before.id, check_id=before.check_id,
        decision_id=before.decision_id,
    )  # fmt: skip
    return write(session, row, wanted)


def write(session: Session, row: Update, wanted: Wanted) -> Update:
    """Keeps a new update as a draft, with whom it is for."""
    by_id = principal_of(session).user_id
    if by_id is None:
        raise Invalid("Only a signed-in person can do this.")
    row.id, row.public_id, row.by_id, row.at = ids.new_id(), ids.new_public_id(), by_id, clock.now()
    row.status, row.words, row.cause, row.action = wanted.status, wanted.words, wanted.cause, wanted.action
    row.next_word_by, row.mentions_others = wanted.next_word_by, False
    session.add(row)
    session.flush()
    refresh(session, row)
    record(session, "update.write", f"update {row.public_id}", what=row.kind)
    return row


def reword_all(session: Session, update: Update, wanted: Wanted) -> None:
    """Changes what a draft says to all; words that a client got alone stay."""
    refuse_unless_draft(update)
    if update.issue_id is not None and update.kind in _MENTIONS:
        _check_done(wanted)
        update.kind = "solved" if wanted.status == "done" else "update"
    update.status, update.words, update.cause = wanted.status, wanted.words, wanted.cause
    update.action, update.next_word_by = wanted.action, wanted.next_word_by
    session.flush()


def reword(session: Session, update: Update, contact_public_id: str, words: str | None) -> Told:
    """Gives one person words of their own; None gives them the words for all again."""
    refuse_unless_draft(update)
    for letter in letters(session, update, audience_of(session, update)):
        if letter.hearer.contact_public_id == contact_public_id:
            letter.told.words = words
            session.flush()
            return letter.told
    raise NotFound


def find_update(session: Session, public_id: str, *, for_change: bool = False) -> Update:
    """The update of this public id; `for_change` holds it until the transaction ends. Raises NotFound."""
    query = select(Update).where(Update.public_id == public_id)
    found = session.scalar(query.with_for_update() if for_change else query)
    if found is None:
        raise NotFound
    return found


def refresh(session: Session, update: Update) -> bool:
    """Brings a draft's readers up to date; True when somebody came, went, or would read something else."""
    wanted = {one.key: one for one in audience_of(session, update).hearers}
    rows = {(row.account_id, row.contact_id): row for row in told_of(session, update)}
    gone = [row for key, row in rows.items() if key not in wanted]
    for row in gone:
        session.delete(row)
    changed = bool(gone) or wanted.keys() != rows.keys()
    for key, one in wanted.items():
        row = rows.get(key) or Told(account_id=one.account_id, update_id=update.id, contact_id=one.contact_id)
        session.add(row)
        changed |= (row.thread_id, row.title) != (one.thread_id, one.title)
        row.thread_id, row.title, row.why = one.thread_id, one.title, one.why
    says = update.kind in _MENTIONS and others.may_say(session, update.issue_id)
    changed |= says != update.mentions_others
    update.mentions_others = says
    session.flush()
    return changed


def told_of(session: Session, update: Update) -> list[Told]:
    """Whom an update tells."""
    return list(session.scalars(select(Told).where(Told.update_id == update.id)))


@dataclass(frozen=True, slots=True)
class Refused:
    """Why one person's message cannot leave as it is."""

    client: str
    name: str
    contact_public_id: str
    problems: tuple[Problem, ...]


def problems_of(session: Session, update: Update, sent: Sequence[Letter]) -> tuple[Refused, ...]:
    """What keeps each message from leaving: names, our own words for it, numbers, another client's words."""
    kept = kept_from_readers(session, _issues_of(session, update, sent))
    found = []
    for letter in sent:
        said = "\n".join(letter.said)
        problems = kept.problems(said, letter.hearer.account_id, letter.hearer.own)
        if problems:
            one = letter.hearer
            found.append(Refused(one.client, one.name, one.contact_public_id, problems))
    return tuple(found)


def send(session: Session, update: Update, *, zone: str) -> Batch:
    """Puts every message in a batch that leaves in ten minutes; Conflict or Invalid when it may not leave.

    The readers are those last shown: call `refresh` before, and show the page again when it changed.
    """
    refuse_unless_draft(update)
    audience = audience_of(session, update)
    sent = letters(session, update, audience)
    if not sent:
        raise Conflict(_NOBODY)
    refused = problems_of(session, update, sent)
    if refused:
        raise Invalid(_refusal(refused), fields={"words": _refusal(refused)})
    batch = make_batch(session, what=_what(update, audience), thing=f"update {update.public_id}")
    signs = signing.ask_all(session, update, sent, batch.leaves_at) if update.kind == "solved" else {}
    deliveries = put_mails(session, mails_of(session, update, sent, signs, zone=zone), batch=batch)
    for letter, delivery in zip(sent, deliveries, strict=True):
        letter.told.delivery_id = delivery.id
    update.batch_id = batch.id
    session.flush()
    record(session, "update.send", f"update {update.public_id}", people=len(sent), clients=audience.clients)
    return batch


def stop(session: Session, update: Update) -> None:
    """Throws a draft away, or keeps a batch that waits from leaving; Conflict when it has left."""
    if update.batch_id is not None:
        stop_batch(session, session.get_one(Batch, update.batch_id).public_id)
        return
    if update.stopped_at is None:
        update.stopped_at = clock.now()
        session.flush()
        record(session, "update.throw_away", f"update {update.public_id}")


def follow_sent(session: Session, keys: Sequence[tuple[int, int]]) -> None:
    """A mail that was sent stands in its thread at the latest now; (account, delivery) each."""
    by_account: dict[int, list[int]] = {}
    for account, delivery in keys:
        by_account.setdefault(account, []).append(delivery)
    for account, deliveries in by_account.items():
        session.execute(
            sql_update(Told)
            .where(Told.account_id == account, Told.delivery_id.in_(deliveries), Told.shown_at.is_(None))
            .values(shown_at=clock.now())
            .execution_options(synchronize_session=False)
        )


def follow_bounced(session: Session, keys: Sequence[tuple[int, int]]) -> None:
    """Whom our mail did not reach is called by whoever looks after them; (account, delivery) each, ours alone."""
    with seeing_all(session):
        rows = session.scalars(
            select(Told)
            .join(Update, Update.id == Told.update_id)
            .join(Delivery, (Delivery.account_id == Told.account_id) & (Delivery.id == Told.delivery_id))
            .where(Delivery.id.in_([delivery for _, delivery in keys]), Delivery.state.in_(_CAME_BACK))
            .where(Update.kind != "thanks", Update.stopped_at.is_(None))
        ).all()
        for row in rows:
            call(session, row.account_id, row.contact_id, row.thread_id, why=TELL, now=clock.now())


def follow_left(session: Session, batch_ids: Sequence[int]) -> None:
    """What left stands in every thread from now on, also where no mail could go; safe to run twice."""
    with seeing_all(session):
        for update in _of_batches(session, batch_ids):
            if update.left_at is None and update.stopped_at is None:
                _leave(session, update, clock.now())
        session.flush()


def follow_stopped(session: Session, batch_ids: Sequence[int]) -> None:
    """What was stopped never left: nothing shows, nobody is asked whether it is solved."""
    with seeing_all(session):
        for update in _of_batches(session, batch_ids):
            if update.left_at is None and update.stopped_at is None:
                update.stopped_at = clock.now()
                signing.take_back(session, update)
        session.flush()


def _leave(session: Session, update: Update, now: datetime) -> None:
    update.left_at = now
    rows = told_of(session, update)
    for row in rows:
        row.shown_at = row.shown_at or now
    if update.kind not in _KEEPS_DATE:
        for thread in _threads(session, rows):
            thread.next_word_by = update.next_word_by
    if update.check_id is not None and update.kind == "outcome":
        session.get_one(Check, update.check_id).outcome_told_at = now
    if update.decision_id is not None:
        deciding.mark_told(session, update.decision_id)
    if update.kind == "solved":
        signing.begin(session, update, now)
    put_on_phone_lists(session, update, rows, now)


def _threads(session: Session, rows: Iterable[Told]) -> Sequence[Thread]:
    wanted = sorted({row.thread_id for row in rows if row.thread_id is not None})
    return session.scalars(select(Thread).where(Thread.id.in_(wanted))).all()


def _of_batches(session: Session, batch_ids: Sequence[int]) -> Sequence[Update]:
    return session.scalars(select(Update).where(Update.batch_id.in_(list(batch_ids)))).all()


def refuse_unless_draft(update: Update) -> None:
    """Raises Conflict when the update is on its way, has left, or was thrown away."""
    if update.stopped_at is not None:
        raise Conflict("This was stopped or thrown away. Write a new one.")
    if update.batch_id is not None:
        raise Conflict("This is on its way already. Stop it first, then write a new one.")


def _check_done(wanted: Wanted) -> None:
    if wanted.status != "done":
        return
    missing = {
        name: words
        for name, words in (
            ("cause", "Say why it happened: a client who hears “done” wants to know."),
            ("action", "Say what was changed."),
        )
        if not getattr(wanted, name)
    }
    if missing:
        raise Invalid(" ".join(missing.values()), fields=missing)


def _refusal(refused: Sequence[Refused]) -> str:
    first = refused[0]
    more = f" And {len(refused) - 1} more cannot leave as they are." if len(refused) > 1 else ""
    return f"To {first.name} of {first.client}: “{first.problems[0].found}”. {first.problems[0].why}{more}"


def _what(update: Update, audience: Audience) -> str:
    people = len(audience.hearers)
    return f"{KIND_WORDS[update.kind]} to {people} {'person' if people == 1 else 'people'}"


def _issues_of(session: Session, update: Update, sent: Sequence[Letter]) -> list[int]:
    if update.issue_id is not None:
        return [root_of(update.issue_id, merged_into(session))]
    threads = sorted({letter.told.thread_id for letter in sent if letter.told.thread_id is not None})
    return list(
        session.scalars(
            select(Match.issue_id)
            .join(Comment, (Comment.account_id == Match.account_id) & (Comment.id == Match.comment_id))
            .where(Comment.thread_id.in_(threads), Match.state != "refused")
            .distinct()
        )
    )
