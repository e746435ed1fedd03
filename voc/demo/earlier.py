"""What the demo's lead did before you came: looked at issues, named them, confirmed what belongs there.

All of it goes through the same services as a lead's clicks. Where the machine and the story disagree
the lead leaves things open, as a person short of time would.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from voc.accounts.models import Account, Service
from voc.breadth import service as breadth
from voc.breadth.rules import Says, Source
from voc.core import clock
from voc.core.principal import SYSTEM
from voc.db.session import Database
from voc.demo.hands import person_of
from voc.demo.records import Story, TrueIssue
from voc.intake.models import Comment
from voc.issues import curate
from voc.issues.models import Issue, Match

_PURE = 0.6  # below this share of one true issue, a lead would not know what to call it
_LEFT_OPEN = 4  # every fourth comment still waits to be looked at


def do_earlier_work(story: Story, database: Database) -> int:
    """Curates the issues that the machine found, as the story's lead; gives how many were named."""
    with database.reading(SYSTEM) as session:
        lead = person_of(session, story, "lead")
        found = _issues_by_truth(session, story)
    for key, issues in found.items():
        with database.writing(lead) as session:
            _curate(session, story, story.truth.issues[key], issues)
    return len(found)


def _issues_by_truth(session: Session, story: Story) -> dict[str, list[int]]:
    """The machine's issues that are clearly one true issue, the largest first."""
    said = {comment.text: comment.source_id for comment in story.comments}
    rows = session.execute(
        select(Match.issue_id, Comment.text)
        .join(Comment, (Comment.account_id == Match.account_id) & (Comment.id == Match.comment_id))
        .join(Issue, Issue.id == Match.issue_id)
        .where(~Issue.is_named, Issue.merged_into_id.is_(None))
    )
    counted: dict[int, Counter[str]] = defaultdict(Counter)
    for issue, text in rows:
        counted[issue].update(story.truth.about.get(said.get(text, ""), ()) or ("none",))
    found: dict[str, list[int]] = defaultdict(list)
    for issue, counts in sorted(counted.items(), key=lambda one: -one[1].total()):
        key, number = counts.most_common(1)[0]
        if key != "none" and number >= _PURE * counts.total():
            found[key].append(issue)
    return found


def _curate(session: Session, story: Story, truth: TrueIssue, issues: Sequence[int]) -> None:
    first, *others = (session.get_one(Issue, one) for one in issues)
    for other in others:
        curate.merge_issues(session, other, first)
    curate.name_issue(session, first, truth.title)
    services = dict(session.execute(select(Service.name, Service.public_id)).all())
    curate.set_services(session, first, [services[name] for name in truth.services if name in services])
    mine, strays = _looked_at(session, story, truth.key, issues)
    curate.confirm_all(session, first, mine)
    if strays:
        curate.refuse_all(session, first, strays)
    _settle_those_who_manage(session, first, truth)
    if truth.came_back_on and truth.solved_on:
        with clock.frozen(datetime.combine(truth.solved_on, time(16), tzinfo=UTC)):
            curate.set_state(session, first, "done")


def _looked_at(
    session: Session, story: Story, key: str, issues: Sequence[int]
) -> tuple[list[Comment], list[Comment]]:
    """The comments the lead found time for: those that belong to the issue, and the strays among them."""
    about: Mapping[str, tuple[str, ...]] = story.truth.about
    said = {comment.text: comment.source_id for comment in story.comments}
    rows = session.scalars(
        select(Comment)
        .join(Match, (Comment.account_id == Match.account_id) & (Comment.id == Match.comment_id))
        .where(Match.issue_id.in_(issues))
        .order_by(Comment.said_at)
    )
    looked = [comment for place, comment in enumerate(rows) if place % _LEFT_OPEN]
    mine = [comment for comment in looked if key in about.get(said.get(comment.text, ""), ())]
    return mine, [comment for comment in looked if comment not in mine]


def _settle_those_who_manage(session: Session, issue: Issue, truth: TrueIssue) -> None:
    groups = session.scalars(select(Account).where(Account.name.in_(truth.manages), Account.is_listed))
    told = set(session.scalars(select(Match.account_id).where(Match.issue_id == issue.id)))
    for group in groups:
        if group.id in told:
            breadth.record_evidence(
                session,
                account_id=group.id,
                issue_id=issue.id,
                source=Source.PERSON,
                says=Says.HAS_MANAGES,
                observed_at=clock.now(),
                note="They told their contact that they have found a way around it.",
            )
