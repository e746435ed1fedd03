"""What a person says of an issue as a whole: one matter, none, or no problem; each one act with its undo."""

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from voc.core import clock
from voc.core.errors import Conflict
from voc.db.among import among
from voc.db.upsert import insert_ignoring
from voc.intake.models import Comment
from voc.issues.acts import change_both, change_matches, standing_in, state_of
from voc.issues.curate import own_name
from voc.issues.models import Act, Issue, Match, NoProblem, Proposal


def say_one_matter(
    session: Session, issue: Issue, name: str, *, read: Sequence[str] = (), out: Sequence[str] = ()
) -> Act:
    """Gives the issue a person's name, confirms the comments that were `read` and takes those of `out` away.

    Both are public ids; what left the issue meanwhile, or a colleague settled, stays as it is.
    """
    named = own_name(session, name, issue)
    stands = {row.comment_id: row for row in standing_in(session, issue)}
    gone = {one for one in _ids(session, out) if one in stands}
    stays = [one for one in _ids(session, read) if one in stands and one not in gone]
    wanted = [state_of(stands[one], "refused") for one in sorted(gone)]
    wanted += [state_of(stands[one], "confirmed") for one in stays if stands[one].state == "machine"]
    return change_both(session, issue, "one_matter", wanted, {"name": named, "is_named": True})


def _ids(session: Session, public_ids: Sequence[str]) -> Sequence[int]:
    """Those of these comments that are this principal's to see."""
    wanted = select(Comment.id).where(Comment.public_id.in_(list(public_ids))).order_by(Comment.id)
    return session.scalars(wanted).all() if public_ids else ()


def dissolve(session: Session, issue: Issue) -> Act:
    """A person says: this is not one matter. All its comments stand in no issue again."""
    return _empty(session, issue, "dissolve", standing_in(session, issue))


def say_no_problem(session: Session, issue: Issue) -> Act:
    """A person says: none of this is a problem. Its comments leave the issue and no machine groups them again."""
    stands = standing_in(session, issue)
    act = _empty(session, issue, "no_problem", stands)
    keys = {(row.account_id, row.comment_id) for row in stands}
    rows = [
        {"account_id": account, "comment_id": comment, "together": act.public_id, "by_id": act.by_id, "at": act.at}
        for account, comment in sorted(keys - _standing_elsewhere(session, keys))
    ]  # fmt: skip
    insert_ignoring(session, NoProblem, rows)
    return act


def _empty(session: Session, issue: Issue, verb: str, stands: Sequence[Match]) -> Act:
    if not stands:
        raise Conflict("Nothing stands in this issue any more, so nothing was changed.")
    act = change_matches(session, issue, verb, [state_of(row, "refused") for row in stands])
    asked = (Proposal.issue_id == issue.id) | (Proposal.other_id == issue.id)
    session.execute(
        update(Proposal)
        .where(Proposal.state == "open", asked)
        .values(state="gone", at=clock.now())
        .execution_options(synchronize_session=False)
    )
    return act


def _standing_elsewhere(session: Session, keys: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """Those that still stand in an issue once they left this one."""
    rows = session.execute(
        select(Match.account_id, Match.comment_id).where(
            Match.state != "refused", among(session, (Match.account_id, Match.comment_id), sorted(keys))
        )
    )
    return {(account, comment) for account, comment in rows}
