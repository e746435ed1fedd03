"""The question that is over: asked, answered, decided, told to everyone asked, changed, signed off."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from voc.accounts.models import Contact
from voc.breadth.service import follow_issues
from voc.checks import calls
from voc.checks.models import Call, Check
from voc.closure import outcome, signing, telling, writing
from voc.closure.models import SignOff
from voc.closure.telling import Wanted
from voc.core import clock
from voc.core.policy import DEFAULT
from voc.decisions import deciding
from voc.decisions.forms import DecisionForm
from voc.decisions.models import Decision
from voc.demo.conduct import Conduct
from voc.demo.hands import acting
from voc.demo.life import rounds
from voc.demo.life.gathering import issue_of
from voc.demo.life.past import Past, Words
from voc.demo.parts import ISSUE_PARTS
from voc.demo.post import deliver
from voc.intake.models import Comment
from voc.issues.models import Issue
from voc.mail.links import by_link
from voc.mail.models import Link

_RUNG_DAYS_AGO = 18
_LEAVES = timedelta(minutes=DEFAULT.stop_minutes + 1)


_KEY = ISSUE_PARTS["wide_quiet"]


def ask(past: Past, words: Words) -> None:
    """The question goes out, is answered day by day, reminded, and closes."""
    issue = issue_of(past, _KEY)
    check = rounds.draft(past, issue, words, words["asked_days_ago"])
    loud = past.story.people["loud_client"]
    sent = rounds.send(past, check, _KEY, words, {loud.account or "": loud.email})
    decision_days = words["decision"]["days_ago"]
    sent.answer_until(past.moment(decision_days + 1, 18))
    with past.on(decision_days, 10):
        sent.read_all()


def decide_and_tell(past: Past, words: Words) -> None:
    """The decision, its outcome told to everyone asked, and the change told to everyone who had it."""
    issue = issue_of(past, _KEY)
    check = past.session.scalars(select(Check).where(Check.issue_id == issue.id)).one()
    decision = _decide(past, issue, words["decision"])
    _tell_outcome(past, check, words["outcome"])
    _change(past, issue, decision, words["solved"])


def sign_off(past: Past, words: Words) -> Issue:
    """Each says whether it is solved, the rest is rung and written to, the effect is looked at; gives the issue."""
    issue = issue_of(past, _KEY)
    decision = past.session.scalars(select(Decision).where(Decision.issue_id == issue.id)).one()
    _sign_off(past, issue, _KEY, words)
    _ring_the_rest(past)
    _write_to_the_unsolved(past, issue, words["still"])
    with past.on(words["looked_again"]["days_ago"], by="executive") as session:
        deciding.look_again(session, decision)
    follow_issues(past.session, [issue.id])
    return issue


def _ring_the_rest(past: Past) -> None:
    """The calls that the answers left on the phone lists are made."""
    with past.on(_RUNG_DAYS_AGO) as session:
        for call in session.scalars(select(Call).where(Call.done_at.is_(None)).order_by(Call.id)).all():
            calls.done(session, call, result="spoke")


def _write_to_the_unsolved(past: Past, issue: Issue, words: Words) -> None:
    """Who said “no” has a word from us, and waits for nothing."""
    comments = past.session.scalars(
        select(Comment)
        .join(SignOff, (SignOff.account_id == Comment.account_id) & (SignOff.comment_id == Comment.id))
        .where(SignOff.issue_id == issue.id, SignOff.says == "no")
    ).all()
    with past.on(words["days_ago"], 11) as session:
        for comment in comments:
            writing.write_to(
                session, comment, Wanted(status="changing", words=words["words"]), zone=past.zone
            )
    _leave(past, words["days_ago"], 11)


def _decide(past: Past, issue: Issue, words: Words) -> Decision:
    days_ago = words["days_ago"]
    with past.on(days_ago, 11, by="executive") as session:
        return deciding.decide(session, issue, DecisionForm(
            choice="change", words=words["words"], message=words["message"],
            owner=past.user("lead").public_id, due_on=past.day(days_ago - words["due_in_days"]),
            look_again_on=past.day(days_ago - words["look_again_in_days"]),
        ))  # fmt: skip


def _tell_outcome(past: Past, check: Check, words: Words) -> None:
    with past.on(words["days_ago"], 13) as session:
        session.refresh(check)
        update = outcome.draft_outcome(
            session, check, Wanted(status="decided", words=words["words"]),
            for_no=words["for_no"], for_none=words["for_none"],
        )  # fmt: skip
        telling.send(session, update, zone=past.zone)
    _leave(past, words["days_ago"], 13)


def _leave(past: Past, days_ago: int, hour: int) -> None:
    with clock.frozen(past.moment(days_ago, hour) + _LEAVES):
        deliver(past.session, past.settings)


def _change(past: Past, issue: Issue, decision: Decision, words: Words) -> None:
    with past.on(words["days_ago"], 14) as session:
        deciding.mark_done(session, decision)
        update = telling.draft(session, issue, Wanted(
            status="done", words=words["words"], cause=words["cause"], action=words["action"],
        ))  # fmt: skip
        telling.send(session, update, zone=past.zone)
    _leave(past, words["days_ago"], 14)


@dataclass(frozen=True, slots=True)
class _Asked:
    sign: SignOff
    email: str
    link: Link


def _sign_off(past: Past, issue: Issue, key: str, words: Words) -> None:
    """Each says by their link whether it is solved, on their own day; then the silent are closed."""
    asked_at = past.moment(words["solved"]["days_ago"], 15)
    conduct = Conduct(past.story.truth)
    for one in _asked(past, issue):
        deed = conduct.told_solved(one.email, key)
        if deed is None or deed.satisfaction is None:
            continue
        lines = words["said"]["unsolved"]
        line = lines[deed.satisfaction % len(lines)] if deed.with_words else None
        _say(past, one, asked_at + timedelta(days=deed.days), deed.value, line, deed.satisfaction)
    with clock.frozen(asked_at + timedelta(days=DEFAULT.sign_off_days, hours=1)):
        while signing.close_silent(past.session):
            pass


def _asked(past: Past, issue: Issue) -> list[_Asked]:
    rows = past.session.execute(
        select(SignOff, Contact.email, Link)
        .join(Contact, (Contact.account_id == SignOff.account_id) & (Contact.id == SignOff.contact_id))
        .join(Link, (Link.account_id == SignOff.account_id) & (Link.thing == SignOff.public_id))
        .where(SignOff.issue_id == issue.id, SignOff.says.is_(None), Contact.email.is_not(None))
        .order_by(SignOff.id)
    )
    return [_Asked(sign, email or "", link) for sign, email, link in rows]


def _say(past: Past, one: _Asked, at: datetime, says: str, line: str | None, satisfaction: int) -> None:
    with clock.frozen(at), acting(past.session, by_link(one.link)):
        signing.answer(past.session, one.sign, says=says, words=line, zone=past.zone)
        signing.rate(past.session, one.sign, satisfaction=satisfaction, words=None, zone=past.zone)
