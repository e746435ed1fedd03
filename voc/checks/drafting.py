"""Writes a question before it is asked: its words, what follows from many a yes, and why one client alone may do."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from voc.access.audit import record
from voc.access.models import User
from voc.accounts.models import Account, Contact, Service
from voc.checks import rules
from voc.checks.everyone import for_everyone
from voc.checks.models import REACHES, Check
from voc.checks.rules import Problem
from voc.checks.sentences import runs_of_question, words_of
from voc.core import clock, ids
from voc.core.errors import Conflict, Forbidden, Invalid, NotFound
from voc.core.principal import Role
from voc.core.text import clean_text
from voc.db.scope import principal_of
from voc.intake.models import Comment
from voc.issues.models import Issue

_WHAT_LIMIT = 300
_MANY_LIMIT = 2_000
_LEAST_PLAN = 8  # characters of “if many say yes we would …” (policy)


def find_check(session: Session, public_id: str) -> Check:
    """The question of this public id; raises NotFound."""
    check = session.scalar(select(Check).where(Check.public_id == public_id))
    if check is None:
        raise NotFound
    return check


def draft(session: Session, issue: Issue, *, what: str, since_on: date, reach: str = "everyone") -> Check:
    """A question that nobody gets yet; its wording may still have problems."""
    check = Check(
        id=ids.new_id(), public_id=ids.new_public_id(), issue_id=issue.id, what=_clean(what), since_on=since_on,
        reach=_known_reach(reach), state="draft", made_by_id=_who(session), made_at=clock.now(),
    )  # fmt: skip
    session.add(check)
    session.flush()
    record(session, "check.draft", f"check {check.public_id}")
    return check


def reword(session: Session, check: Check, *, what: str, since_on: date, reach: str | None = None) -> Check:
    """Changes a draft's words, period or reach; Conflict once it is on its way or was answered."""
    _still_draft(check)
    check.what, check.since_on = _clean(what), since_on
    check.reach = _known_reach(reach or check.reach)
    session.flush()
    return check


def plan(
    session: Session,
    check: Check,
    *,
    if_many: str,
    decider_public_id: str,
    decide_by: date,
    zone: str = "UTC",
) -> Check:
    """Says what we would do if many say yes, who decides it and by when: no owner, no question."""
    _still_draft(check)
    words = clean_text(if_many, "if_many", limit=_MANY_LIMIT).strip()
    decider = session.scalar(select(User).where(User.public_id == decider_public_id, User.is_active))
    wrong = {
        "if_many": len(words) < _LEAST_PLAN and "Say in a few words what we would do.",
        "decider": decider is None and "Choose one of our people.",
        "decide_by": decide_by < clock.today(zone) and "This day has passed. Choose a later one.",
    }
    fields = {name: said for name, said in wrong.items() if said}
    if fields or decider is None:
        raise Invalid(" ".join(fields.values()), fields=fields)
    check.if_many, check.decider_id, check.decide_by = words, decider.id, decide_by
    session.flush()
    return check


def allow_alone(session: Session, check: Check, reason: str) -> Check:
    """An executive records why we ask though one client alone told us and did not say that we may."""
    _still_draft(check)
    if Role.EXECUTIVE not in principal_of(session).roles:
        raise Forbidden("Only an executive may decide this.")
    words = clean_text(reason, "reason", limit=_MANY_LIMIT).strip()
    if not rules.is_reason(words):
        said = f"Say why in at least {rules.LEAST_REASON} characters; it is kept with the question."
        raise Invalid(said, fields={"reason": said})
    check.alone_reason, check.alone_by_id = words, _who(session)
    session.flush()
    record(session, "check.allow_alone", f"check {check.public_id}")
    return check


def problems(session: Session, check: Check, *, zone: str = "UTC") -> tuple[Problem, ...]:
    """What keeps this wording from being asked, other clients' words and all names looked through."""
    return problems_of(session, check.what, check.since_on, zone=zone)


def problems_of(
    session: Session, what: str, since_on: date | None, *, zone: str = "UTC"
) -> tuple[Problem, ...]:
    """As `problems`, for words that are not stored yet."""
    # Words kept from this asker are held against the wording too.
    with for_everyone(session):
        return rules.wording_problems(
            what,
            since_on,
            words_of_clients=_words_of_clients(session, what),
            names=_names(session),
            today=clock.today(zone),
            known_from_one=_known_from_one(session, what),
            allowed=list(session.scalars(select(Service.name))),
        )


def _names(session: Session) -> list[str]:
    """Every name that a question must not hold: clients, sites, their people, our people."""
    return [name for model in (Account, Contact, User) for name in session.scalars(select(model.name))]


def _words_of_clients(session: Session, what: str) -> list[str]:
    """The comments that may hold four words in a row of this wording: the database leaves the rest behind."""
    runs = runs_of_question(what)
    if not runs:
        return []
    hold = or_(*(_holds(words) for words in runs))
    return list(
        session.scalars(select(Comment.text).where(or_(*(_holds([word]) for word in _cover(runs))), hold))
    )


def _cover(runs: Sequence[Sequence[str]]) -> list[str]:
    """A few long words of which each run holds at least one."""
    left, chosen = list(runs), []
    while left:
        words = {word for run in left for word in run}
        best = max(words, key=lambda word: (len(word) * sum(word in run for run in left), word))
        chosen.append(best)
        left = [run for run in left if best not in run]
    return chosen


def _holds(words: Iterable[str]) -> ColumnElement[bool]:
    # What folding changes (ß, accents, curly quotes) is left open; the words are compared in Python.
    kept = ["".join(mark if mark.isascii() and mark.isalnum() else "_" for mark in word) for word in words]
    return Comment.text.ilike(
        "%" + "%".join(word.replace("ss", "%").replace("_", "%") for word in kept) + "%"
    )


def _known_from_one(session: Session, what: str) -> list[str]:
    """Terms of this wording that exactly one client has ever used, and did not say that others may be asked."""
    return [term for term in rules.telling_terms(what) if _is_from_one(session, term)]


def _is_from_one(session: Session, term: str) -> bool:
    rows = session.execute(
        select(Account.group_id, Comment.text, Comment.may_ask_others)
        .join(Account, Account.id == Comment.account_id)
        .where(and_(*(_holds([word]) for word in words_of(term))))
    )
    wanted = words_of(term)
    said: dict[int, bool] = {}
    for group, text, may_ask in rows:
        words = words_of(text)
        size = len(wanted)
        if any(words[place : place + size] == wanted for place in range(len(words) - size + 1)):
            said[group] = said.get(group, False) or may_ask
    return len(said) == 1 and not any(said.values())


def _clean(what: str) -> str:
    return rules.wording_of(clean_text(what, "what", limit=_WHAT_LIMIT))


def _known_reach(reach: str) -> str:
    if reach not in REACHES:
        raise Invalid(
            f"“{reach}” is neither a dozen nor everyone.", fields={"reach": "Choose one of the two."}
        )
    return reach


def _still_draft(check: Check) -> None:
    if check.frozen_at is not None:
        raise Conflict("This was answered already: its wording stays as it is. Write a new question instead.")
    if check.state != "draft":
        raise Conflict("This question is on its way. Stop it first, then change it.")


def _who(session: Session) -> int:
    user_id = principal_of(session).user_id
    if user_id is None:
        raise Forbidden("Only a person of ours may do this.")
    return user_id
