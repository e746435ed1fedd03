"""What ties comments to issues, marked in their words for pages."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from voc.accounts.names import known_names
from voc.analysis.evidence import Evidence, Told, Words, numbered, teller
from voc.issues.models import Issue, Match, Ungrouped
from voc.issues.queries import merged_into
from voc.issues.rules import root_of
from voc.issues.ties.queries import Ground, ground_of
from voc.issues.ties.rules import Tie, excerpt_of
from voc.issues.ties.words import blanked


def about(public_id: str) -> str:
    """The name under which evidence keeps what ties a comment to an issue."""
    return f"issue {public_id}"


def marked(
    ground: Ground, issues: Mapping[int, str], comment_id: int, words: str, *, is_in: bool, most: int
) -> tuple[str, Evidence]:
    """The part of masked words that says most, with what ties it to each of `issues` (id to public id), the first first.

    `is_in`: the comment stands in them; else it could.
    """
    ties = _ties(ground, issues, comment_id, blanked(words), is_in=is_in)
    shown, ties_shown = excerpt_of(words, ties, most)
    told = [
        Told(about(name), one.words, one.spans) for name, one in zip(issues.values(), ties_shown, strict=True)
    ]
    return shown, numbered((), len(shown), told)


@teller(permission="issue:list")
def told_of_issues(session: Session, words: Words) -> Sequence[Told]:
    """What ties a comment to the issues it stands in or, standing in none, to those it is nearest to."""
    stands, near = _issues_of(session, words.account_id, words.comment_id)
    issues = stands or near
    blank = blanked(words.text, [*words.hidden, *known_names(session).find(words.text)])
    ties = _ties(ground_of(session, issues), issues, words.comment_id, blank, is_in=bool(stands))
    return [Told(about(name), one.words, one.spans) for name, one in zip(issues.values(), ties, strict=True)]


def _ties(ground: Ground, issues: Iterable[int], comment_id: int, blank: str, *, is_in: bool) -> list[Tie]:
    """Of issues that a comment could go to, no weak tie is marked in its words."""
    ties = [ground.tie(issue, comment_id, blank, is_in=is_in) for issue in issues]
    return [replace(one, spans=()) if one.is_weak and not is_in else one for one in ties]


def _issues_of(session: Session, account_id: int, comment_id: int) -> tuple[dict[int, str], dict[int, str]]:
    """The issues that a comment stands in, or those it is nearest to, by their public ids."""
    merged = merged_into(session)
    stands = session.scalars(
        select(Match.issue_id).where(
            Match.account_id == account_id, Match.comment_id == comment_id, Match.state != "refused"
        )
    ).all()
    near = session.get(Ungrouped, (account_id, comment_id)) if not stands else None
    nearest = [root_of(int(issue), merged) for issue, _ in near.near] if near else []
    return _public_ids(session, [root_of(issue, merged) for issue in stands]), _public_ids(session, nearest)


def _public_ids(session: Session, issue_ids: Collection[int]) -> dict[int, str]:
    """The public ids of these issues, in their order."""
    known = dict(session.execute(select(Issue.id, Issue.public_id).where(Issue.id.in_(issue_ids))).all())
    return {issue: known[issue] for issue in dict.fromkeys(issue_ids) if issue in known}
