"""What a mail of the demo is about, in the truth's own words: which issue, since when, who was asked."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from voc.accounts.models import Contact
from voc.checks.models import Ask, Check
from voc.checks.together import beside
from voc.closure.models import SignOff
from voc.demo.letters import Letter
from voc.demo.records import Story
from voc.intake.models import Comment
from voc.issues.models import Issue, Match
from voc.issues.queries import merged_into
from voc.issues.rules import root_of
from voc.mail.models import Delivery, Link


@dataclass(frozen=True, slots=True)
class Subject:
    """The true issue behind a mail; `asked` are the addresses of those whom we chose to ask the same."""

    key: str
    since_on: date
    asked: tuple[str, ...] = ()


def subject_of(session: Session, story: Story, letter: Letter) -> Subject | None:
    """What this letter asks about; None when it asks nothing, nothing that the truth knows, or no more."""
    if letter.ask is not None:
        return _of_question(session, story, letter.ask)
    link = _link_in(session, letter)
    if link is None:
        return None
    if link.purpose == "answer":
        return _of_question(session, story, link.thing)
    return _of_sign_off(session, story, link.thing) if link.purpose == "solved" else None


def each_question(session: Session, letter: Letter) -> tuple[Letter, ...]:
    """The letter, and once more for each other question that it carries."""
    link = _link_in(session, letter)
    if link is None or link.purpose != "answer":
        return (letter,)
    ask = session.scalar(select(Ask).where(Ask.public_id == link.thing))
    return (letter, *(letter.about(one.public_id) for one in beside(session, ask))) if ask else (letter,)


def _link_in(session: Session, letter: Letter) -> Link | None:
    return session.scalar(
        select(Link)
        .join(Delivery, (Delivery.account_id == Link.account_id) & (Delivery.link_id == Link.id))
        .where(Delivery.public_id == letter.delivery)
    )


def _of_question(session: Session, story: Story, ask_public_id: str) -> Subject | None:
    waits = Ask.state.in_(("queued", "asked"))
    check = session.scalar(
        select(Check).join(Ask, Ask.check_id == Check.id).where(Ask.public_id == ask_public_id, waits)
    )
    key = key_of(session, story, check.issue_id) if check else None
    if check is None or key is None:
        return None
    asked = session.scalars(
        select(Contact.email)
        .join(Ask, (Ask.account_id == Contact.account_id) & (Ask.contact_id == Contact.id))
        .where(Ask.check_id == check.id, Ask.passed_from_id.is_(None), Contact.email.is_not(None))
    )
    return Subject(key, check.since_on, tuple(sorted(email for email in asked if email)))


def _of_sign_off(session: Session, story: Story, public_id: str) -> Subject | None:
    sign = session.scalar(select(SignOff).where(SignOff.public_id == public_id, SignOff.says.is_(None)))
    key = key_of(session, story, sign.issue_id) if sign else None
    return Subject(key, sign.asked_at.date()) if sign is not None and key is not None else None


def key_of(session: Session, story: Story, issue_id: int) -> str | None:
    """The true issue that an issue of the pages is: by its name, else by what most of its comments are about."""
    root = session.get_one(Issue, root_of(issue_id, merged_into(session)))
    named = {issue.title: key for key, issue in story.truth.issues.items()}
    return named.get(root.name) or _by_comments(session, story, root.id)


def _by_comments(session: Session, story: Story, issue_id: int) -> str | None:
    texts = session.scalars(
        select(Comment.text)
        .join(Match, (Match.account_id == Comment.account_id) & (Match.comment_id == Comment.id))
        .where(Match.issue_id == issue_id, Match.state != "refused")
    )
    about = about_texts(story)
    counted = Counter(key for text in texts for key in about.get(text, ()))
    return counted.most_common(1)[0][0] if counted else None


def about_texts(story: Story) -> Mapping[str, tuple[str, ...]]:
    """What each comment of the story is about, by its words."""
    return {comment.text: story.truth.about.get(comment.source_id, ()) for comment in story.comments}
