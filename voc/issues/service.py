"""Places comments in issues, founds new ones, and does what people decide about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from voc.core import clock, ids
from voc.db import work
from voc.db.upsert import insert_ignoring
from voc.issues.models import GroupRun, Issue, Match
from voc.issues.rules import RULE_VERSION, Placement
from voc.jobs import tell

Key = tuple[int, int]  # (account_id, comment_id)


@dataclass(frozen=True, slots=True)
class Founding:
    """A new issue as the machine proposes it: a name in plain words, its marking words, its first comments."""

    name: str
    words: tuple[str, ...]
    members: tuple[Placement, ...]  # their issue_id is not known yet


def place(session: Session, held: work.Claim, placements: Sequence[Placement]) -> int:
    """Stores where the comments of a claim stand and takes them out of the line; gives how many joined an issue."""
    mine = work.finish(session, held, [(one.account_id, one.comment_id) for one in placements])
    return join(session, [one for one in placements if (one.account_id, one.comment_id) in mine])


def join(session: Session, placements: Sequence[Placement]) -> int:
    """Matches comments by machine; a pair that a person confirmed or refused stays as it is."""
    rows = [_match_row(one) for one in placements if one.issue_id is not None]
    if rows:
        session.execute(insert_ignoring(session, Match), rows)
        tell(
            session,
            "matches_changed",
            [(row["account_id"], row["comment_id"], row["issue_id"]) for row in rows],
        )
    return len(rows)


def _match_row(one: Placement) -> dict[str, Any]:  # one row of a bulk INSERT
    return {
        "account_id": one.account_id,
        "comment_id": one.comment_id,
        "issue_id": one.issue_id,
        "state": "machine",
        "score": one.score,
        "reasons": list(one.reasons),
        "rule_version": RULE_VERSION,
        "by_id": None,
        "at": clock.now(),
    }


def found(session: Session, founding: Founding) -> int:
    """Makes a new issue of a group of comments that stand nowhere yet; gives its id."""
    issue = Issue(
        id=ids.new_id(),
        public_id=ids.new_public_id(),
        name=founding.name,
        words=list(founding.words),
        rule_version=RULE_VERSION,
        created_at=clock.now(),
    )
    session.add(issue)
    session.flush()
    members = [
        Placement(one.account_id, one.comment_id, issue.id, one.score, one.reasons)
        for one in founding.members
    ]
    join(session, members)
    return issue.id


def keep_run(session: Session, *, comments: int, founded: int, joined: int, not_grouped: int) -> None:
    """Remembers one run over all comments."""
    session.add(
        GroupRun(
            id=ids.new_id(),
            rule_version=RULE_VERSION,
            comments=comments,
            founded=founded,
            joined=joined,
            not_grouped=not_grouped,
            at=clock.now(),
        )
    )


def refused_pairs(session: Session, keys: Sequence[Key]) -> frozenset[tuple[int, int, int]]:
    """The (account, comment, issue) triples a person refused, among these comments."""
    rows = session.execute(
        select(Match.account_id, Match.comment_id, Match.issue_id).where(
            Match.state == "refused", tuple_(Match.account_id, Match.comment_id).in_(list(keys))
        )
    )
    return frozenset((account, comment, issue) for account, comment, issue in rows)
