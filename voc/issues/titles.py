"""Titles and marking words that the machine took from comments: without the names of clients and people."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from voc.accounts.names import known_names
from voc.core.names import Names
from voc.issues.models import Issue, Proposal

_SOMEBODY = "somebody"


def nameless(session: Session, title: str, words: Sequence[str]) -> tuple[str, list[str]]:
    """A title that says "somebody" where a name stood, and those of the words that are no names."""
    return _nameless(known_names(session), title, words)


def _nameless(names: Names, title: str, words: Sequence[str]) -> tuple[str, list[str]]:
    said = names.hide(title, _SOMEBODY)
    said = title if said == title else said[:1].upper() + said[1:]
    return said, [word for word in words if not names.find(word)]


def clean_titles(session: Session) -> int:
    """Takes names that became known since out of the titles no person gave; gives how many were changed."""
    names = known_names(session)
    changed = 0
    for issue in session.scalars(select(Issue).where(~Issue.is_named)):
        title, words = _nameless(names, issue.name, issue.words)
        if (title, words) != (issue.name, list(issue.words)):
            issue.name, issue.words = title, words
            changed += 1
    for proposal in session.scalars(
        select(Proposal).where(Proposal.state == "open", Proposal.name.is_not(None))
    ):
        title = names.hide(proposal.name or "", _SOMEBODY)
        if title != proposal.name:
            proposal.name = title
            changed += 1
    session.flush()
    return changed
