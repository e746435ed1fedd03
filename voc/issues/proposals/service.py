"""Keeps what the machine proposes, and does what a lead answers: yes by the acts of every day, no for good, undo."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from voc.access.audit import record
from voc.core import clock, ids
from voc.core.errors import Conflict, NotFound
from voc.db.scope import principal_of
from voc.intake.models import Comment
from voc.issues import curate
from voc.issues.models import Act, Issue, Match, Proposal
from voc.issues.proposals.rules import RULE_VERSION, Choice, Known, Wanted, choose
from voc.issues.queries import changed_since, merged_into
from voc.issues.rules import family_of

_CHANGED = (
    "This changed since it was proposed, so nothing was done. The next look asks again if it still holds."
)


def renew(session: Session, found: Iterable[Wanted], *, acts: frozenset[int] | None = None) -> Choice:
    """Stores what a look proposes: the same found twice changes nothing, and what lost its ground goes.

    `acts` are those that stood when the look read (`standing_acts`): nothing new is asked about an issue that people
    acted on since, for they may have answered just that.
    """
    rows = {row.id: row for row in session.scalars(_standing().with_for_update())}
    touched = changed_since(session, acts) if acts is not None else frozenset()
    chosen = choose(found, [_known(row) for row in rows.values()], touched=touched)
    for gone in chosen.gone:
        rows[gone].state, rows[gone].at = "gone", clock.now()
    session.flush()
    for kept, one in chosen.kept.items():
        _say_today(rows[kept], one)
    session.add_all(_new(one) for one in chosen.new)
    session.flush()
    return chosen


def _standing() -> Select[Proposal]:
    return select(Proposal).where(Proposal.state.in_(("open", "refused", "accepted"))).order_by(Proposal.id)


def _known(row: Proposal) -> Known:
    comments = frozenset((account, comment) for account, comment in row.comments)
    sizes = row.sizes[0], row.sizes[1]
    return Known(row.id, row.kind, row.issue_id, row.other_id, comments, sizes, row.strength, row.state)


def _say_today(row: Proposal, one: Wanted) -> None:
    row.issue_id, row.other_id = one.issue_id, one.other_id
    row.comments = [list(key) for key in one.comments]
    row.similarity, row.strength, row.reason = one.similarity, one.strength, one.reason
    row.words, row.sizes = [list(side) for side in one.words], list(one.sizes)
    row.name = one.name


def _new(one: Wanted) -> Proposal:
    row = Proposal(
        id=ids.new_id(), public_id=ids.new_public_id(), kind=one.kind, rule_version=RULE_VERSION, state="open",
        made_at=clock.now(),
    )  # fmt: skip
    _say_today(row, one)
    return row


def find_proposal(session: Session, public_id: str) -> Proposal:
    """The proposal of this public id; raises NotFound."""
    found = session.scalar(select(Proposal).where(Proposal.public_id == public_id))
    if found is None:
        raise NotFound
    return found


def accept(session: Session, proposal: Proposal, *, swap: bool = False, name: str | None = None) -> Act:
    """Does what is proposed, as by hand; a merge with `swap` lets the other issue count, a split may get a `name`.

    Raises Conflict when it was answered before or no longer holds.
    """
    _need_open(proposal)
    act = _do(session, proposal, swap=swap, name=name)
    _answer(session, proposal, "accepted")
    proposal.act_id = act.id
    session.flush()
    record(session, "proposal.accept", f"proposal {proposal.public_id}", kind=proposal.kind)
    return act


def refuse(session: Session, proposal: Proposal) -> None:
    """A person says no: it is not asked again until both sides have doubled. Raises Conflict when answered before."""
    _need_open(proposal)
    _answer(session, proposal, "refused")
    session.flush()
    record(session, "proposal.refuse", f"proposal {proposal.public_id}", kind=proposal.kind)


def undo(session: Session, proposal: Proposal) -> None:
    """Takes a person's answer back, with all that it did; the proposal is open again. Raises Conflict if it cannot."""
    if proposal.state not in {"accepted", "refused"}:
        raise Conflict(
            "Nobody has answered this, or the answer was taken back already: there is nothing to undo."
        )
    if proposal.act_id is not None:
        curate.undo(session, session.get_one(Act, proposal.act_id))
    _withdraw_same(session, proposal)
    proposal.state, proposal.by_id, proposal.at, proposal.act_id = "open", None, None, None
    session.flush()
    record(session, "proposal.undo", f"proposal {proposal.public_id}", kind=proposal.kind)


def _withdraw_same(session: Session, proposal: Proposal) -> None:
    """A later open question about the same issues gives way: the one a person takes up again stands alone."""
    sides = {proposal.issue_id, proposal.other_id}
    open_ones = session.scalars(
        select(Proposal).where(
            Proposal.state == "open", Proposal.kind == proposal.kind, Proposal.id != proposal.id
        )
    )
    for one in open_ones:
        if {one.issue_id, one.other_id} == sides:
            one.state, one.at = "gone", clock.now()
    session.flush()


def _need_open(proposal: Proposal) -> None:
    if proposal.state != "open":
        raise Conflict("This was answered before. The list shows what is still open.")


def _answer(session: Session, proposal: Proposal, state: str) -> None:
    proposal.state, proposal.by_id, proposal.at = state, principal_of(session).user_id, clock.now()


def _do(session: Session, proposal: Proposal, *, swap: bool, name: str | None) -> Act:
    issue = session.get_one(Issue, proposal.issue_id)
    other = session.get_one(Issue, proposal.other_id) if proposal.other_id is not None else None
    if issue.merged_into_id is not None or (other is not None and other.merged_into_id is not None):
        raise Conflict(_CHANGED)
    if proposal.kind == "merge" and other is not None:
        return (
            curate.merge_issues(session, other, issue) if swap else curate.merge_issues(session, issue, other)
        )
    comments = standing_comments(session, issue, proposal.comments)
    if not comments:
        raise Conflict(_CHANGED)
    if other is not None:
        return curate.move_comments(session, issue, other, comments)
    _, act = curate.split_issue(session, issue, comments, name or proposal.name or "")
    return act


def standing_comments(session: Session, issue: Issue, keys: Sequence[Sequence[int]]) -> list[Comment]:
    """Those of `keys` ([account_id, comment_id]) that still stand in the issue or what was merged into it."""
    family = family_of(issue.id, merged_into(session))
    wanted = {(account, comment) for account, comment in keys}
    rows = session.scalars(
        select(Comment)
        .join(Match, (Match.account_id == Comment.account_id) & (Match.comment_id == Comment.id))
        .where(
            Match.issue_id.in_(family), Match.state != "refused",
            Comment.id.in_([comment for _, comment in wanted]),
        )
        .order_by(Comment.id)
    )  # fmt: skip
    return [row for row in dict.fromkeys(rows) if (row.account_id, row.id) in wanted]
