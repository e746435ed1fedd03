"""The question that is out now, and the one that waits for a click."""

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy.orm import Session

from voc.checks import who_else
from voc.checks.models import WhoElse
from voc.demo.life import rounds
from voc.demo.life.gathering import issue_of
from voc.demo.life.past import Past, Words
from voc.issues.models import Issue


def tell_running(past: Past, words: Words) -> None:
    """Asked some days ago: about half have answered, one mail came back, two colleagues differ."""
    issue = issue_of(past, words["issue"])
    check = rounds.draft(past, issue, words, words["asked_days_ago"])
    quiet = past.story.people["quiet_client"]
    sent = rounds.send(past, check, words["issue"], words, {quiet.account or "": quiet.email})
    mine = frozenset(person.email for person in past.story.people.values())
    replace(sent, left_to_you=mine).answer_until(past.moment(1, 18))


def tell_ready(past: Past, words: Words) -> Issue:
    """Written yesterday, its wording fair, its decider named: one click sends it. Gives the issue."""
    issue = issue_of(past, words["issue"])
    rounds.draft(past, issue, words, 1)
    return issue


def owe_who_else(past: Past, words: Words) -> None:
    """What is owed to those who asked for someone senior: opened, one answered by a reason, one looked into."""
    reason, looked = words["by_reason"], words["looked"]
    issues = issue_of(past, reason["issue"]), issue_of(past, looked["issue"])
    with past.on(words["opened_days_ago"]) as session:
        who_else.open_plans(session)
    _if_owed(past, issues[0], reason, who_else.answer_by_reason)
    _if_owed(past, issues[1], looked, who_else.looked)


def _if_owed(past: Past, issue: Issue, words: Words, act: Callable[[Session, Issue, str], object]) -> None:
    if past.session.get(WhoElse, issue.id) is not None:
        with past.on(words["days_ago"]) as session:
            act(session, issue, words["words"])
