"""Gathers what a message may not say to whom, once for all its readers."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from voc.accounts.models import Account, Contact
from voc.closure.screening import Problem, Screen, problems, runs_of
from voc.closure.sight import seeing_all
from voc.core.text import name_key
from voc.intake.models import Comment
from voc.issues.models import Issue, Match
from voc.issues.queries import merged_into
from voc.issues.rules import family_of

_MOST = 2_000  # comments of one issue whose words are kept from other clients, newest first
_Run = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """Names and words with the groups they belong to; `issue_names` are ours alone."""

    names: Mapping[str, tuple[str, frozenset[int]]]  # key to (as written, groups)
    runs: Mapping[_Run, frozenset[int]]
    issue_names: tuple[str, ...]
    group_of: Mapping[int, int]

    def problems(self, words: str, account_id: int, own: Sequence[str] = ()) -> tuple[Problem, ...]:
        """What keeps these words from one client."""
        line, group = name_key(words), self.group_of.get(account_id, account_id)
        near = [(name, groups) for key, (name, groups) in self.names.items() if key in line]
        mine = [name for name, groups in near if group in groups]
        said = runs_of(words)
        screen = Screen(
            names=[name for name, groups in near if group not in groups],
            issue_name=None,
            others_words={run for run in said if self.runs.get(run) and group not in self.runs[run]},
            own=(*own, *mine),
        )
        found = problems(words, screen)
        for name in self.issue_names:
            found += problems(words, Screen((), name, (), own))
        return tuple(dict.fromkeys(found))


def kept_from_readers(session: Session, issue_ids: Iterable[int]) -> Kept:
    """All names we know, and what clients wrote about these issues, whoever asks."""
    with seeing_all(session):
        merged = merged_into(session)
        family = sorted({member for issue in issue_ids for member in family_of(issue, merged)})
        group_of = dict(session.execute(select(Account.id, Account.group_id)).all())
        names = session.scalars(select(Issue.name).where(Issue.id.in_(family)))
        return Kept(_names(session, group_of), _runs(session, family, group_of), tuple(names), group_of)


def _names(session: Session, group_of: Mapping[int, int]) -> dict[str, tuple[str, frozenset[int]]]:
    found: dict[str, tuple[str, set[int]]] = {}
    accounts = session.execute(select(Account.name, Account.id)).all()
    people = session.execute(select(Contact.name, Contact.account_id)).all()
    # One word of a person's name may be any word; of a company's it is the name.
    whole = [(name, account) for name, account in people if " " in name.strip()]
    for name, account in [*accounts, *whole]:
        found.setdefault(name_key(name), (name, set()))[1].add(group_of[account])
    return {key: (name, frozenset(groups)) for key, (name, groups) in found.items() if key}


def _runs(session: Session, family: Sequence[int], group_of: Mapping[int, int]) -> dict[_Run, frozenset[int]]:
    rows = session.execute(
        select(Comment.account_id, Comment.text)
        .join(Match, (Match.account_id == Comment.account_id) & (Match.comment_id == Comment.id))
        .where(Match.issue_id.in_(family), Match.state != "refused")
        .order_by(Comment.said_at.desc())
        .limit(_MOST)
    )
    found: dict[_Run, set[int]] = defaultdict(set)
    for account, text in rows:
        for run in runs_of(text):
            found[run].add(group_of[account])
    return {run: frozenset(groups) for run, groups in found.items()}
