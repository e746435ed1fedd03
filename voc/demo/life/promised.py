"""What leadership planned, promised, visited and set, beside the questions."""

from sqlalchemy import select

from voc.accounts.models import Account, Contact, Service
from voc.breadth.rules import Limits
from voc.core.principal import Principal
from voc.decisions import commitments, planned, visits
from voc.decisions.forms import CommitmentForm, PlanForm, ProofForm, VisitForm, WentForm
from voc.demo.life.gathering import issue_of
from voc.demo.life.past import Past, Words
from voc.demo.parts import PARTS
from voc.intake.saying import Here
from voc.issues.models import Issue
from voc.reports.limits import set_limits

_PLANNED_DAYS_AGO = 20
_SET_DAYS_AGO = 80


def set_thresholds(past: Past, words: Words) -> None:
    """From how many clients, or which yearly value, leadership acts."""
    with past.on(_SET_DAYS_AGO, by="executive") as session:
        set_limits(session, Limits(words["groups"], words["value"] * 100))


def plan_the_end(past: Past, words: Words, issue: Issue) -> None:
    """The process that somebody wants to drop."""
    with past.on(_PLANNED_DAYS_AGO, by="executive") as session:
        service = past.story.truth.issues["late_round"].services[0]
        planned.plan_change(session, PlanForm(
            name=words["name"], issue=issue.public_id, planned_on=past.day(-words["in_days"]),
            service=session.scalars(select(Service.public_id).where(Service.name == service)).one(),
        ))  # fmt: skip


def promise(past: Past, words: Words, issue: Issue) -> None:
    """A promise to all who had the issue, with what has shown so far that it is kept."""
    with past.on(words["days_ago"], 15) as session:
        made = commitments.make_commitment(session, CommitmentForm(
            words=words["words"], proof=words["proof"], owner=past.user("lead").public_id,
            next_due_on=past.day(words["proofs"][0]["days_ago"]), every_weeks=words["every_weeks"],
            client="", issue=issue.public_id, service="",
        ))  # fmt: skip
    for proof in words["proofs"]:
        with past.on(proof["days_ago"], 15) as session:
            commitments.prove(session, made, ProofForm(was_kept=proof["kept"], words=proof["words"]))


def visit(past: Past, words: Words) -> None:
    """Somebody senior went and listened; some of the steps are still to be gone."""
    group, issue, by = PARTS[words["group"]], issue_of(past, words["issue"]), words["visitor"]
    with past.on(words["planned_days_ago"], by=by) as session:
        contact = session.scalar(
            select(Contact.public_id)
            .join(Account, Account.id == Contact.account_id)
            .where(Account.name == group)
            .order_by(Contact.id)
        )
        planned_visit = visits.plan_visit(session, VisitForm(
            client=group, contact=contact or "", issue=issue.public_id, visitor=past.user(by).public_id,
            planned_on=past.day(words["went_days_ago"]),
        ))  # fmt: skip
    with past.on(words["went_days_ago"], 16, by=by) as session:
        went = WentForm(how="visit", text=words["heard"], went_on=past.day(words["went_days_ago"]))
        who: Principal = past.person(by)
        visits.went(session, who, planned_visit, went, Here(past.zone, words["heard"].encode()))
        visits.hear_logic(session, planned_visit, words["logic"])
        made = commitments.make_commitment(session, CommitmentForm(
            words=words["promise"], proof=words["proof"], owner=past.user("lead").public_id,
            next_due_on=past.day(-words["promise_due_in_days"]), every_weeks=None, client=group,
            issue=issue.public_id, service="",
        ))  # fmt: skip
        visits.join_commitment(session, planned_visit, made)
    with past.on(words["team_told_days_ago"], by=by) as session:
        visits.tell_team(session, planned_visit, past.day(words["team_told_days_ago"]))
