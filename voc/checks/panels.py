"""What questions add to the pages of earlier stages: the next act, what a client is asked, what is owed today."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from voc.accounts.models import Account
from voc.checks import pages, phone, reading, who_else, written
from voc.checks.asked import open_asked
from voc.checks.calibration import calibration
from voc.checks.next_act import next_act
from voc.checks.queries import checks_of
from voc.core.errors import NotFound
from voc.core.principal import Principal
from voc.issues.curate import find_issue
from voc.web.context import settings
from voc.web.owed import Owed, Queue, add_done, add_queue
from voc.web.panels import Rendered, panel


@panel("issue", order=15, permission="check:read")
def plan_owed(session: Session, principal: Principal, *, issue: str) -> Rendered | None:
    """That an answer to “who else has it?” is owed, while it is."""
    del principal
    plan = who_else.plan_of(session, find_issue(session, issue), zone=settings().time_zone)
    if plan is None or plan.answered_at is not None:
        return None
    return Rendered("checks/_owed_plan.html", (plan, pages.how_far(plan)))


@panel("issue", order=20, permission="issue:read")
def next_act_of_issue(session: Session, principal: Principal, *, issue: str) -> Rendered:
    """What to do next, with its reason, and the questions asked so far."""
    return Rendered("checks/_next_act.html", next_act(session, principal, find_issue(session, issue)))


@panel("proposal", order=10, permission="check:read")
def question_of_side(session: Session, principal: Principal, *, issue: str) -> Rendered | None:
    """That a question stands on an issue which is to be merged or split, and what becomes of it."""
    del principal
    lines = checks_of(session, find_issue(session, issue).id, zone=settings().time_zone)
    if not lines:
        return None
    is_open = any(line.state in {"draft", "leaving", "asking"} for line in lines)
    said = "a question about it is open" if is_open else "clients have answered a question about it"
    return Rendered(
        "issues/_holds.html",
        f"{said}. Question and answers stay with it; when two become one, its answers count for both.",
    )


@panel("client_questions", order=10, permission="answer:send")
def questions_for_client(session: Session, principal: Principal) -> Rendered | None:
    """The questions that wait for this client's person."""
    shown = open_asked(session, principal, settings().time_zone)
    return Rendered("checks/_questions.html", shown) if shown else None


@panel("account", order=45, permission="call:list")
def calls_of_account(session: Session, principal: Principal, *, account: str) -> Rendered | None:
    """The calls that one of us owes this client."""
    del principal
    found = session.scalar(select(Account.group_id).where(Account.public_id == account))
    lines = phone.calls_of_group(session, found) if found is not None else ()
    return Rendered("checks/_calls.html", lines) if lines else None


@panel("trust", order=10, permission="check:list")
def foreseen_and_answered(session: Session, principal: Principal) -> Rendered:
    """What was foreseen before questions left against what clients answered."""
    del principal
    return Rendered("checks/_calibration.html", calibration(session))


def _answer(session: Session, principal: Principal, key: str) -> Rendered:
    del principal
    return Rendered("checks/_answer_in.html", reading.answer_shown(session, key))


def _wrote(session: Session, principal: Principal, key: str) -> Rendered:
    del principal
    return Rendered("checks/_wrote_back.html", written.wrote_shown(session, key))


def _call(session: Session, principal: Principal, key: str) -> Rendered:
    return Rendered("checks/_call.html", phone.call_shown(session, principal, key))


def _plan(session: Session, principal: Principal, key: str) -> Rendered:
    del principal
    plan = who_else.plan_of(session, find_issue(session, key), zone=settings().time_zone)
    if plan is None:
        raise NotFound
    return Rendered("checks/_plan_due.html", (plan, pages.how_far(plan)))


def _plans(session: Session, limit: int) -> Sequence[Owed]:
    return [
        Owed(one.issue_public_id, one.issue, one.first_loud_at, f"Next: {pages.how_far(one)}.")
        for one in pages.owed(session, settings().time_zone)[:limit]
    ]


def _number_of_plans(session: Session) -> int:
    return len(pages.owed(session, settings().time_zone))


add_queue(
    Queue(key="calls", title="Calls due", order=12, permission="call:list", count=phone.number_due,
          items=phone.due, thing=_call)
)  # fmt: skip
add_queue(
    Queue(key="replies", title="Answers by mail", order=20, permission="call:list",
          count=written.number_waiting, items=written.waiting, thing=_wrote)
)  # fmt: skip
add_queue(
    Queue(key="who-else", title="Who else has it?", order=25, permission="check:read",
          count=_number_of_plans, items=_plans, thing=_plan)
)  # fmt: skip
add_queue(
    Queue(key="answers", title="Answers in with words", order=45, permission="comment:list",
          count=reading.number_waiting, items=reading.waiting, thing=_answer)
)  # fmt: skip
add_done("answer.read", "answer read", "answers read")
add_done("answer.from_mail", "answer read from a mail", "answers read from mails")
add_done("call.done", "call made", "calls made")
