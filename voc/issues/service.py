"""Places comments in issues, founds new ones, and does what people decide about them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from voc.core import clock, ids
from voc.db import work
from voc.db.among import among
from voc.db.upsert import insert_ignoring
from voc.issues.models import GroupRun, Issue, Match
from voc.issues.rules import RULE_VERSION, Placement
from voc.issues.titles import clean_titles, nameless
from voc.jobs import tell

Key = tuple[int, int]  # (account_id, comment_id)


def place(session: Session, held: work.Claim, placements: Sequence[Placement]) -> int:
    """Stores where the comments of a claim stand and takes them out of the line; gives how many joined an issue."""
    mine = work.finish(session, held, [(one.account_id, one.comment_id) for one in placements])
    return join(session, [one for one in placements if (one.account_id, one.comment_id) in mine])


def join(
    session: Session, placements: Sequence[Placement], *, also: Sequence[tuple[int, int, int]] = ()
) -> int:
    """Matches comments by machine; a pair that a person confirmed or refused stays as it is.

    `also` are matches (account, comment, issue) taken away before: both are told at once.
    """
    now = clock.now()
    rows = [_match_row(one, now) for one in placements if one.issue_id is not None]
    insert_ignoring(session, Match, rows)
    joined = [(row["account_id"], row["comment_id"], row["issue_id"]) for row in rows]
    tell(session, "matches_changed", [*also, *joined])
    return len(rows)


def _match_row(one: Placement, now: datetime) -> dict[str, Any]:  # one row of a bulk INSERT
    return {
        "account_id": one.account_id,
        "comment_id": one.comment_id,
        "issue_id": one.issue_id,
        "state": "machine",
        "score": one.score,
        "reasons": list(one.reasons),
        "rule_version": RULE_VERSION,
        "by_id": None,
        "at": now,
    }


def found(session: Session, name: str, words: Sequence[str]) -> int:
    """Makes a new issue in the machine's words, without names; gives its id."""
    name, words = nameless(session, name, words)
    issue = Issue(
        id=ids.new_id(),
        public_id=ids.new_public_id(),
        name=name,
        words=list(words),
        rule_version=RULE_VERSION,
        created_at=clock.now(),
    )
    session.add(issue)
    return issue.id


def rename_by_machine(session: Session, issue_id: int, name: str, words: Sequence[str]) -> None:
    """Gives an issue that no person named the words of its comments today, without names."""
    name, words = nameless(session, name, words)
    session.execute(
        update(Issue)
        .where(Issue.id == issue_id, ~Issue.is_named)
        .values(name=name, words=list(words))
        .execution_options(synchronize_session=False)
    )


def move_by_machine(session: Session, placements: Sequence[Placement]) -> None:
    """Puts comments where a new run sees them, out of untouched issues they stood in; None: into none.

    Only the machine's own matches are ever taken away, and a comment that a person placed while the
    run looked stays there alone.
    """
    stands = _standing(session, [(one.account_id, one.comment_id) for one in placements])
    settled = {(account, comment) for account, comment, _, state in stands if state == "confirmed"}
    placements = [one for one in placements if (one.account_id, one.comment_id) not in settled]
    goes = {(one.account_id, one.comment_id, one.issue_id) for one in placements}
    gone = [
        (account, comment, issue)
        for account, comment, issue, state in stands
        if state == "machine" and (account, comment) not in settled and (account, comment, issue) not in goes
    ]
    if gone:
        session.execute(
            delete(Match).where(
                Match.state == "machine",
                among(session, (Match.account_id, Match.comment_id, Match.issue_id), gone),
            )
        )
    join(session, placements, also=gone)


def _standing(session: Session, keys: Sequence[Key]) -> list[tuple[int, int, int, str]]:
    """(account, comment, issue, state) of each match of these comments that no person refused."""
    rows = session.execute(
        select(Match.account_id, Match.comment_id, Match.issue_id, Match.state).where(
            Match.state != "refused", among(session, (Match.account_id, Match.comment_id), keys)
        )
    )
    return [(account, comment, issue, state) for account, comment, issue, state in rows]


def keep_run(session: Session, *, comments: int, stored: int, founded: int, not_grouped: int) -> None:
    """Remembers one run over all comments; titles that stood before it lose the names known since."""
    clean_titles(session)
    session.add(
        GroupRun(
            id=ids.new_id(),
            rule_version=RULE_VERSION,
            comments=comments,
            stored=stored,
            founded=founded,
            not_grouped=not_grouped,
            at=clock.now(),
        )
    )


def refused_pairs(session: Session, keys: Sequence[Key]) -> frozenset[tuple[int, int, int]]:
    """The (account, comment, issue) triples a person refused, among these comments."""
    rows = session.execute(
        select(Match.account_id, Match.comment_id, Match.issue_id).where(
            Match.state == "refused", among(session, (Match.account_id, Match.comment_id), keys)
        )
    )
    return frozenset((account, comment, issue) for account, comment, issue in rows)
