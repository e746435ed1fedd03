"""Writes what an act of a person changes in matches, keeps the act with what undo puts back, and puts it back."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from voc.access.audit import record
from voc.core import clock, ids
from voc.core.errors import Conflict, Invalid
from voc.db.among import among
from voc.db.scope import principal_of
from voc.db.session import ring_later
from voc.intake.models import Comment
from voc.issues.models import Act, Issue, Match
from voc.issues.queries import merged_into
from voc.issues.rules import RULE_VERSION, family_of
from voc.jobs import GROUP, tell

ALREADY_SO = "already_so"  # the code of a Conflict: all is as was asked for, and no act was kept
MatchState = dict[str, Any]  # a match as JSON: account, comment, issue, state (None: there was none), by, at


def standing_in(session: Session, issue: Issue) -> Sequence[Match]:
    """Every match that stands in the issue or what was merged into it, hidden comments and all."""
    family = family_of(issue.id, merged_into(session))
    return session.scalars(select(Match).where(Match.issue_id.in_(family), Match.state != "refused")).all()


def state_of(match: Match, state: str) -> MatchState:
    """What a match should be."""
    return {"account": match.account_id, "comment": match.comment_id, "issue": match.issue_id, "state": state}


def targets(session: Session, issue: Issue, comments: Sequence[Comment], state: str) -> list[MatchState]:
    """What the matches of `comments` with `issue` should be, wherever in its merged family they stand."""
    family = family_of(issue.id, merged_into(session))
    keys = [(one.account_id, one.id) for one in comments]
    rows = session.scalars(
        select(Match).where(Match.issue_id.in_(family), tuple_(Match.account_id, Match.comment_id).in_(keys))
    )
    stands = {(row.account_id, row.comment_id): row.issue_id for row in rows}
    return [
        {
            "account": account,
            "comment": comment,
            "issue": stands.get((account, comment), issue.id),
            "state": state,
        }
        for account, comment in keys
    ]


def change_matches(session: Session, issue: Issue, verb: str, wanted: Sequence[MatchState]) -> Act:
    """Writes what differs from how it stands, as one act; raises Conflict (ALREADY_SO) where nothing does."""
    changes = _not_so_yet(session, wanted)
    if wanted and not changes:
        raise Conflict("That is so already, so nothing was changed.", code=ALREADY_SO)
    return _write(session, issue, verb, changes, {}, {})


def change_both(
    session: Session,
    issue: Issue,
    verb: str,
    wanted: Sequence[MatchState],
    columns: Mapping[str, Any],  # JSON values
) -> Act:
    """Writes matches and columns of the issue as one act, undone as one."""
    before = {name: getattr(issue, name) for name in columns}
    for name, value in columns.items():
        setattr(issue, name, value)
    return _write(session, issue, verb, _not_so_yet(session, wanted), before, columns)


def _write(
    session: Session,
    issue: Issue,
    verb: str,
    changes: Sequence[MatchState],
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> Act:
    stood = [_write_match(session, change) for change in changes]
    session.flush()
    act = keep(session, issue, verb, {"matches": stood, **before}, {"matches": list(changes), **after})
    tell(session, "matches_changed", [(one["account"], one["comment"], one["issue"]) for one in changes])
    return act


def _not_so_yet(session: Session, wanted: Sequence[MatchState]) -> list[MatchState]:
    return [change for change in wanted if not _is_so(session, change)]


def _is_so(session: Session, change: MatchState) -> bool:
    row = session.get(Match, (change["account"], change["comment"], change["issue"]))
    return row is not None and row.state == change["state"]


def _write_match(session: Session, change: MatchState) -> MatchState:
    """Writes one match as `change` says and gives back how it was."""
    row = session.get(Match, (change["account"], change["comment"], change["issue"]))
    before = dict(change) | _how_it_is(row)
    if row is None:
        row = Match(
            account_id=change["account"], comment_id=change["comment"], issue_id=change["issue"],
            score=None, reasons=["A person put it here."], rule_version=RULE_VERSION,
        )  # fmt: skip
        session.add(row)
    row.state, row.by_id, row.at = change["state"], principal_of(session).user_id, clock.now()
    return before


def _how_it_is(row: Match | None) -> MatchState:
    if row is None:
        return {"state": None, "by": None, "at": None}
    return {"state": row.state, "by": row.by_id, "at": row.at.isoformat()}


def keep(session: Session, issue: Issue, verb: str, before: dict[str, Any], after: dict[str, Any]) -> Act:
    """Remembers one act of the person who asks; raises Invalid for a machine."""
    by = principal_of(session).user_id
    if by is None:
        raise Invalid("Only a signed-in person can do this.")
    act = Act(
        id=ids.new_id(),
        public_id=ids.new_public_id(),
        issue_id=issue.id,
        verb=verb,
        before=before,
        after=after,
        by_id=by,
        at=clock.now(),
    )
    session.add(act)
    session.flush()
    record(session, f"issue.{verb}", f"issue {issue.public_id}", done_as=act.public_id)
    ring_later(session, GROUP)  # what people say teaches the group worker, and may change what it asks
    return act


def put_matches_back(session: Session, matches: Sequence[MatchState]) -> None:
    """Makes matches what they were before an act."""
    keys = [(one["account"], one["comment"], one["issue"]) for one in matches]
    where = among(session, (Match.account_id, Match.comment_id, Match.issue_id), keys)
    rows = {
        (row.account_id, row.comment_id, row.issue_id): row
        for row in session.scalars(select(Match).where(where))
    }
    for key, one in zip(keys, matches, strict=True):
        row = rows.get(key)
        if row is not None and one["state"] is None:
            session.delete(row)
        elif row is not None:
            row.state, row.by_id, row.at = one["state"], one["by"], datetime.fromisoformat(one["at"])
    session.flush()
    tell(session, "matches_changed", keys)
