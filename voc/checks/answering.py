"""Takes answers: one for each ask, changeable until the question closes, each at once evidence in the grid."""

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from voc.access.audit import record
from voc.accounts.models import Account, Contact
from voc.breadth.models import Evidence
from voc.breadth.recording import NewEvidence, record_many
from voc.breadth.rules import Says, Source
from voc.checks import asking, audience, phone_list
from voc.checks.everyone import for_everyone
from voc.checks.models import SAYS, Answer, Ask, Check
from voc.checks.rules import may_write_to
from voc.core import clock, ids
from voc.core.errors import Conflict, Invalid, NotFound
from voc.core.principal import Principal
from voc.core.text import clean_optional, clean_text, fingerprint, name_key
from voc.intake.service import Incoming, receive
from voc.mail.addresses import email_key, is_writable, rules_of, set_rule

EVIDENCE = {
    "no": Says.HAS_NOT,
    "problem": Says.HAS_PROBLEM,
    "manages": Says.HAS_MANAGES,
    "not_used": Says.NOT_APPLICABLE,
    "cannot_tell": Says.UNSURE,
}
_MOST_ASKS = 4  # people of one client in one question: a question is not passed round for ever (policy)
_WORDS_LIMIT = 10_000
_NAME_LIMIT = 200
_OPEN = ("leaving", "asking")
_CAN_ANSWER = ("queued", "asked", "answered", "bounced", "passed", "opted_out")


def answer(
    session: Session,
    ask: Ask,
    *,
    says: str,
    words: str | None,
    colleague: str | None,
    taken_by_id: int | None = None,
    wrote_id: int | None = None,
    zone: str = "UTC",
) -> Answer:
    """Keeps what this person answers, as evidence in the same transaction; the last answer counts.

    Args:
        session: of the person, of their link, or of ours on the phone; the ask must be theirs to see.
        ask: the one asked.
        says: one of the five.
        words: beside it, kept as a comment that answers a question.
        colleague: who can tell, where this person cannot; an e-mail address is written to, a name called.
        taken_by_id: our person who took the answer on the phone, or read it in a mail.
        wrote_id: the comment that this person wrote back by mail, instead of `words`; it may be read after the
            question closed.
        zone: the provider's, for days in a mail to a colleague.

    Conflict when the question is closed, Invalid for what is none of the five.
    """
    if says not in SAYS:
        raise Invalid(
            f"“{says}” is none of the five answers.",
            fields={"says": "Please choose one of the five answers."},
        )
    said = clean_optional(words, "words", limit=_WORDS_LIMIT)
    other = clean_optional(colleague, "colleague", limit=_NAME_LIMIT) if says == "cannot_tell" else None
    with for_everyone(session) as asker:
        check = _lock(session, ask, came_in_time=wrote_id is not None)
        comment_id = _keep_words(session, ask, said, asker, taken_by_id) if said else wrote_id
        kept, is_new = _keep_answer(session, ask, says, comment_id, other, taken_by_id)
        _freeze(session, check, kept.answered_at)
        _note(session, check, ask, kept, is_new=is_new)
        _after(session, check, ask, kept, zone)
    return kept


def pass_on(session: Session, ask: Ask, *, name: str, email: str | None, zone: str = "UTC") -> Ask:
    """Asks a colleague of the same client instead; gives the colleague's ask.

    We write where the address stands with somebody of this client already, or ends like theirs; any
    other address, and a name alone, is called first: nobody can make us write to strangers.
    """
    who = clean_text(name, "name", limit=_NAME_LIMIT).strip()
    address = (clean_optional(email, "email", limit=254) or "").strip()
    if address and not is_writable(address):
        raise Invalid(
            f"“{address}” is no e-mail address.", fields={"email": "Write it like anna@firm.example."}
        )
    with for_everyone(session):
        check = _lock(session, ask)
        return _pass_to(session, check, ask, who, address or None, zone)


def not_me(session: Session, ask: Ask, *, zone: str = "UTC") -> Ask | None:
    """This person is not the one to ask: gives the next best of the client, planned for a lead to look at, or None."""
    with for_everyone(session):
        check = _lock(session, ask)
        if session.get(Answer, (ask.account_id, ask.id)) is not None:
            raise Conflict("This question was answered already; the answer can still be changed.")
        if ask.asked_at is not None:
            record_many(session, [_evidence(check, ask, Source.ASKING, Says.WITHDRAWN, clock.now())])
        ask.state, ask.why = "left_out", "said: not the right person"
        phone_list.settle(session, ask, whys=("question", "reminder"))
        session.flush()
        record(session, "check.not_me", f"ask {ask.public_id}")
        found = audience.next_best(session, check, ask.group_id, zone=zone)
        return _plan_next(session, check, ask, found) if found else None


def stop_asking(session: Session, ask: Ask) -> None:
    """Nobody asks this person again, in any account and after any import; an answer already given stays."""
    stop_asking_contact(session, ask.account_id, ask.contact_id)


def stop_asking_contact(session: Session, account_id: int, contact_id: int) -> None:
    """As `stop_asking`, for the person of any mail of ours. Twice is fine."""
    with for_everyone(session):
        contact = session.get(Contact, (account_id, contact_id))
        if contact is None:
            raise NotFound
        same = [(contact.account_id, contact.id)]
        if contact.email_key:
            set_rule(session, contact.email_key, "no_questions")
            rows = session.execute(
                select(Contact.account_id, Contact.id).where(Contact.email_key == contact.email_key)
            )
            same += [(account, key) for account, key in rows]
        _set_may_be_asked(session, [key for _, key in same])
        for ask in session.scalars(select(Ask).where(Ask.contact_id.in_([key for _, key in same]))).all():
            _opt_out(session, ask)
        record(session, "contact.stop_asking", f"contact {contact.public_id}")


def _lock(session: Session, ask: Ask, *, came_in_time: bool = False) -> Check:
    """Holds the ask, so that twenty answers at once are kept one after the other; Conflict when it is closed.

    What `came_in_time` by mail may still be read when the question has closed meanwhile.
    """
    _, check = session.execute(
        select(Ask, Check)
        .join(Check, Check.id == Ask.check_id)
        .where(Ask.account_id == ask.account_id, Ask.id == ask.id)
        .with_for_update(of=Ask)
        .execution_options(populate_existing=True)
    ).one()
    closed = check.closes_at is not None and clock.now() >= check.closes_at
    if not came_in_time and (closed or check.state not in _OPEN):
        raise Conflict("This question is closed. Thank you for wanting to answer.", code="closed")
    if ask.state not in _CAN_ANSWER:
        raise Conflict("This question is not yours any more.", code="not_yours")
    return check


def _keep_words(session: Session, ask: Ask, words: str, asker: Principal, taken_by_id: int | None) -> int:
    signed_in = asker.kind == "user" and taken_by_id is None
    by_phone = taken_by_id is not None
    channel = "staff_note" if by_phone else "form" if signed_in else "link"
    received = receive(
        session,
        Incoming(
            account_id=ask.account_id, channel=channel, text=words, body=words.encode(), contact_id=ask.contact_id,
            sender_key=f"ask {ask.public_id} {fingerprint(words)}", kind="answer", source="answer",
            noted_by_id=taken_by_id, heard_how="call" if by_phone else None,
        ),
    )  # fmt: skip
    return received.comment_id


def _keep_answer(
    session: Session,
    ask: Ask,
    says: str,
    comment_id: int | None,
    colleague: str | None,
    taken_by_id: int | None,
) -> tuple[Answer, bool]:
    """The answer's one row, and whether it is the first that this person gives."""
    now = clock.now()
    kept = session.get(Answer, (ask.account_id, ask.id), populate_existing=True)
    is_new = kept is None
    if kept is None:
        kept = Answer(account_id=ask.account_id, ask_id=ask.id, says=says, answered_at=now, changes=0)
        session.add(kept)
    elif (kept.says, comment_id) != (says, None):
        kept.changes += 1
    kept.says, kept.answered_at, kept.colleague, kept.taken_by_id = says, now, colleague, taken_by_id
    kept.comment_id = comment_id or kept.comment_id
    ask.state, ask.answered_at, ask.wrote_id = "answered", now, None
    session.flush()
    return kept, is_new


def _freeze(session: Session, check: Check, at: datetime) -> None:
    if check.frozen_at is None:
        session.execute(
            update(Check)
            .where(Check.id == check.id, Check.frozen_at.is_(None))
            .values(frozen_at=at)
            .execution_options(synchronize_session=False)
        )


def _note(session: Session, check: Check, ask: Ask, kept: Answer, *, is_new: bool) -> None:
    """The answer as evidence; somebody asked on the phone was asked just then."""
    facts = []
    if kept.taken_by_id is not None and ask.asked_at is None:
        ask.asked_at = kept.answered_at
        facts.append(_evidence(check, ask, Source.ASKING, Says.ASKED, kept.answered_at))
    says = EVIDENCE[kept.says]
    if is_new or _last_said(session, check, ask) is not says:
        facts.append(_evidence(check, ask, Source.ANSWER, says, kept.answered_at, user_id=kept.taken_by_id))
    record_many(session, facts)


def _last_said(session: Session, check: Check, ask: Ask) -> Says | None:
    """What this person's last answer about the issue says, where it was given to this ask."""
    last = session.execute(
        select(Evidence.says, Evidence.recorded_at)
        .where(Evidence.account_id == ask.account_id, Evidence.issue_id == check.issue_id)
        .where(Evidence.contact_id == ask.contact_id, Evidence.source == Source.ANSWER)
        .order_by(Evidence.id.desc())
        .limit(1)
    ).first()
    fresh = last is not None and check.opened_at is not None and last[1] >= check.opened_at
    return Says(last[0]) if last and fresh else None


def _after(session: Session, check: Check, ask: Ask, kept: Answer, zone: str) -> None:
    """What an answer sets off: a call where it is a problem, the named colleague, nothing more to call for."""
    is_problem = kept.says == "problem"
    phone_list.settle(
        session, ask, whys=("question", "reminder") if is_problem else ("question", "reminder", "problem")
    )
    if is_problem:
        phone_list.want(session, check, ask, why="problem")
    if kept.colleague and is_writable(kept.colleague):
        try:
            _pass_to(session, check, ask, kept.colleague, kept.colleague, zone, state="answered")
        except Conflict:
            phone_list.want(session, check, ask, why="question")
    elif kept.colleague:
        phone_list.want(session, check, ask, why="question")


def _pass_to(
    session: Session,
    check: Check,
    ask: Ask,
    name: str,
    email: str | None,
    zone: str,
    *,
    state: str = "passed",
) -> Ask:
    contact = _colleague(session, ask, name, email)
    if contact.id == ask.contact_id:
        raise Conflict("This is you. Name somebody else, or answer yourself.")
    if not contact.may_be_asked or "no_questions" in rules_of(session, [email or ""]).get(
        email_key(email or ""), frozenset()
    ):
        raise Conflict("This colleague asked us not to ask. Please name somebody else.")
    known = session.scalar(
        select(Ask).where(
            Ask.check_id == check.id, Ask.account_id == ask.account_id, Ask.contact_id == contact.id
        )
    )
    if known is not None and known.state not in {"planned", "left_out"}:
        raise Conflict("This colleague was asked already.")
    if _asked_there(session, check, ask) >= _MOST_ASKS:
        raise Conflict("Enough of your colleagues were asked about this; your contact with us will call you.")
    new = known or Ask(
        account_id=ask.account_id, id=ids.new_id(), public_id=ids.new_public_id(), check_id=check.id,
        group_id=ask.group_id, contact_id=contact.id, how="call", no_first=ask.no_first, state="queued",
    )  # fmt: skip
    new.predicted_share = ask.predicted_share  # foreseen of the client, whoever of it answers
    by_mail = email is not None and contact.email_key == email_key(email)
    given = f"; the address given is {email}" if email and not by_mail else ""
    new.state, new.how, new.passed_from_id = "queued", "mail" if by_mail else "call", ask.id
    new.why = f"named by a colleague{given}"
    session.add(new)
    ask.state = state
    phone_list.settle(session, ask, whys=("question", "reminder"))
    session.flush()
    if by_mail:
        asking.put_one(session, check, new, zone=zone)
    else:
        phone_list.put_calls(session, check, [new], why="question")
    record(session, "check.pass_on", f"ask {ask.public_id}")
    return new


def _colleague(session: Session, ask: Ask, name: str, email: str | None) -> Contact:
    """The contact of the same account who is meant, added where we do not know them yet.

    A stranger's address is not kept with the contact: no later question may be mailed there either.
    """
    known = session.scalars(select(Contact).where(Contact.account_id == ask.account_id)).all()
    key = email_key(email) if email else None
    found = next((one for one in known if key and one.email_key == key), None)
    found = found or next((one for one in known if not key and name_key(one.name) == name_key(name)), None)
    if found is None:
        theirs = email if email and _is_theirs(session, ask, email) else None
        found = Contact(
            account_id=ask.account_id, id=ids.new_id(), public_id=ids.new_public_id(), name=name, email=theirs,
            email_key=key if theirs else None, may_be_asked=True, created_at=clock.now(),
        )  # fmt: skip
        session.add(found)
        session.flush()
    return found


def _is_theirs(session: Session, ask: Ask, email: str) -> bool:
    """Whether this address ends like one of the client's people's."""
    rows = session.scalars(
        select(Contact.email_key)
        .join(Account, Account.id == Contact.account_id)
        .where(Account.group_id == ask.group_id, Contact.email_key.is_not(None))
    )
    return may_write_to(email, [address for address in rows if address])


def _asked_there(session: Session, check: Check, ask: Ask) -> int:
    found = session.scalar(
        select(func.count())
        .select_from(Ask)
        .where(
            Ask.check_id == check.id, Ask.group_id == ask.group_id, Ask.state.not_in(("planned", "left_out"))
        )
    )
    return found or 0


def _plan_next(session: Session, check: Check, ask: Ask, found: audience.Invited) -> Ask:
    new = Ask(
        account_id=found.account_id, id=ids.new_id(), public_id=ids.new_public_id(), check_id=check.id,
        group_id=ask.group_id, contact_id=found.contact_id, how=found.how, no_first=ask.no_first, state="planned",
        predicted_share=ask.predicted_share, why=f"instead of somebody who is not the right person; {found.why}",
    )  # fmt: skip
    session.add(new)
    session.flush()
    return new


def _set_may_be_asked(session: Session, contact_ids: list[int]) -> None:
    session.execute(
        update(Contact)
        .where(Contact.id.in_(contact_ids))
        .values(may_be_asked=False)
        .execution_options(synchronize_session="fetch")
    )


def _opt_out(session: Session, ask: Ask) -> None:
    """Ends what is still open for this person; what was answered stays an answer."""
    if ask.state not in {"planned", "queued", "asked", "bounced", "passed"}:
        return
    check = session.get_one(Check, ask.check_id)
    was_sent, ask.state = ask.state != "planned", "opted_out"
    phone_list.settle(session, ask, whys=("question", "reminder"))
    session.flush()
    if was_sent and session.get(Answer, (ask.account_id, ask.id)) is None:
        record_many(session, [_evidence(check, ask, Source.ANSWER, Says.PREFERS_NOT, clock.now())])


def _evidence(
    check: Check, ask: Ask, source: Source, says: Says, at: datetime, *, user_id: int | None = None
) -> NewEvidence:
    return NewEvidence(
        account_id=ask.account_id, issue_id=check.issue_id, source=source, says=says, observed_at=at,
        contact_id=ask.contact_id, user_id=user_id,
    )  # fmt: skip
