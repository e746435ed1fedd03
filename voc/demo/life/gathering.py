"""Finds the issue of the story on the pages; where the machine found none, the lead gathers it by hand."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from voc.accounts.models import Service
from voc.demo.life.past import Past
from voc.demo.subject import about_texts
from voc.intake.models import Comment
from voc.issues import curate
from voc.issues.models import Issue, Match
from voc.issues.service import found

_GATHERED_DAYS_AGO = 74


def issue_of(past: Past, key: str) -> Issue:
    """The issue that the lead named after this true one."""
    title = past.story.truth.issues[key].title
    named = past.session.scalar(select(Issue).where(Issue.name == title, Issue.merged_into_id.is_(None)))
    return named or _gather(past, key)


def _gather(past: Past, key: str) -> Issue:
    truth = past.story.truth.issues[key]
    with past.on(_GATHERED_DAYS_AGO) as session:
        issue = session.get_one(Issue, found(session, truth.title, ()))
        curate.name_issue(session, issue, truth.title)
        services = select(Service.public_id).where(Service.name.in_(truth.services))
        curate.set_services(session, issue, list(session.scalars(services)))
    comments = _about(past.session, past, key)
    elsewhere = _placed(past.session, comments)
    with past.now() as session:
        curate.confirm_all(session, issue, [one for one in comments if one.id not in elsewhere])
        for comment in comments:
            if comment.id in elsewhere:
                curate.put_with(session, [comment], issue)
    return issue


def _about(session: Session, past: Past, key: str) -> list[Comment]:
    texts = [text for text, keys in about_texts(past.story).items() if key in keys]
    return list(session.scalars(select(Comment).where(Comment.text.in_(texts)).order_by(Comment.said_at)))


def _placed(session: Session, comments: Sequence[Comment]) -> frozenset[int]:
    """Those of the comments that the machine has put with some other issue."""
    ids = [comment.id for comment in comments]
    return frozenset(
        session.scalars(select(Match.comment_id).where(Match.comment_id.in_(ids), Match.state != "refused"))
    )
