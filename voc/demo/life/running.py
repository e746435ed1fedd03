"""The question that is out now, and the one that waits for a click."""

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
    sent.answer_until(past.moment(1, 18))


def tell_ready(past: Past, words: Words) -> Issue:
    """Written yesterday, its wording fair, its decider named: one click sends it. Gives the issue."""
    issue = issue_of(past, words["issue"])
    rounds.draft(past, issue, words, 1)
    return issue
