"""What people do with issues: confirm, refuse, move, merge, split, name, scope, set aside, and undo all of it.

Every act keeps what it changed, so that undo puts exactly that back. Nothing here is ever done by a
machine.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, tuple_, update
from sqlalchemy.orm import Session

from voc.access.audit import record
from voc.accounts.models import Service
from voc.core import clock, ids
from voc.core.errors import Conflict, Forbidden, Invalid, NotFound
from voc.core.text import clean_text
from voc.intake.models import Comment
from voc.issues.acts import ALREADY_SO, MatchState, change_matches, keep, put_matches_back, targets
from voc.issues.models import BEHIND, SET_STATES, Act, Issue, IssueService, Match, NoProblem, Proposal
from voc.issues.queries import merged_into
from voc.issues.rules import RULE_VERSION, root_of
from voc.jobs import tell

NAME_LIMIT = 120
_MATCH_VERBS = frozenset({"confirm", "refuse", "move"})


def find_issue(session: Session, public_id: str) -> Issue:
    """The issue of this public id, or the one it was merged into; raises NotFound."""
    issue = session.scalar(select(Issue).where(Issue.public_id == public_id))
    if issue is None:
        raise NotFound
    root = root_of(issue.id, merged_into(session))
    return issue if root == issue.id else session.get_one(Issue, root)


def find_comment(session: Session, public_id: str) -> Comment:
    """The comment of this public id, if it is this principal's to see; raises NotFound."""
    comment = session.scalar(select(Comment).where(Comment.public_id == public_id))
    if comment is None:
        raise NotFound
    return comment


def name_issue(session: Session, issue: Issue, name: str) -> Act:
    """Gives the issue a person's name, which no machine changes any more; Invalid where another has it."""
    new = own_name(session, name, issue)
    before = {"name": issue.name, "is_named": issue.is_named}
    issue.name, issue.is_named = new, True
    return keep(session, issue, "name", before, {"name": new, "is_named": True})


def issue_called(session: Session, name: str, *, other_than: Issue | None = None) -> Issue | None:
    """The issue that counts and is called so, whatever the case and the blanks, other than this one."""
    wanted = _as_said(name)
    rows = session.scalars(select(Issue).where(Issue.merged_into_id.is_(None)).order_by(Issue.id))
    return next((row for row in rows if row is not other_than and _as_said(row.name) == wanted), None)


def _as_said(name: str) -> str:
    return " ".join(name.split()).casefold()


def own_name(session: Session, name: str, issue: Issue | None = None) -> str:
    """The name as it is kept, unless another issue has it; raises Invalid."""
    new = clean_text(name, "name", limit=NAME_LIMIT).strip()
    same = issue_called(session, new, other_than=issue)
    if same is not None:
        way = "Put them together, or choose another name."
        raise Invalid(
            f"Another issue is called “{same.name}” already. {way}",
            fields={"name": f"Another issue is called “{same.name}” already. {way}"},
        )
    return new


def set_behind(session: Session, issue: Issue, behind: str | None) -> Act:
    """Says why the issue exists; None for "we do not know yet"."""
    if behind is not None and behind not in BEHIND:
        raise Invalid(
            f"“{behind}” is none of the five reasons.", fields={"behind": "Choose one of the list."}
        )
    before = {"behind": issue.behind}
    issue.behind = behind
    return keep(session, issue, "behind", before, {"behind": behind})


def set_state(session: Session, issue: Issue, state: str | None, *, watch_until: int | None = None) -> Act:
    """Sets not_now, watching (until it reaches `watch_until` clients) or done; None takes it back."""
    if state is not None and state not in SET_STATES:
        raise Invalid(f"“{state}” is no state a person sets.", fields={"state": "Choose one of the list."})
    before = _state_of(issue)
    issue.set_state, issue.watch_until = state, watch_until if state == "watching" else None
    issue.set_at = clock.now() if state else None
    return keep(session, issue, "state", before, _state_of(issue))


def _state_of(issue: Issue) -> dict[str, Any]:  # JSON values
    at = issue.set_at.isoformat() if issue.set_at else None
    return {"set_state": issue.set_state, "watch_until": issue.watch_until, "set_at": at}


def set_services(session: Session, issue: Issue, service_public_ids: Sequence[str]) -> Act:
    """Says which services the issue can touch; none means every client."""
    known = dict(session.execute(select(Service.public_id, Service.id)).all())
    unknown = [one for one in service_public_ids if one not in known]
    if unknown:
        raise Invalid(
            "One of these services is not on our list.", fields={"services": "Choose from the list."}
        )
    before = sorted(_service_ids(session, issue))
    after = sorted({known[one] for one in service_public_ids})
    _write_services(session, issue, after)
    return keep(session, issue, "services", {"services": before}, {"services": after})


def _service_ids(session: Session, issue: Issue) -> list[int]:
    return list(session.scalars(select(IssueService.service_id).where(IssueService.issue_id == issue.id)))


def _write_services(session: Session, issue: Issue, service_ids: Sequence[int]) -> None:
    for row in session.scalars(select(IssueService).where(IssueService.issue_id == issue.id)):
        session.delete(row)
    session.flush()
    session.add_all(IssueService(issue_id=issue.id, service_id=one) for one in service_ids)
    session.flush()
    tell(session, "issues_changed", [issue.id])


def confirm_all(session: Session, issue: Issue, comments: Sequence[Comment]) -> Act:
    """A person says: these comments are about this issue. One act, undone as one."""
    return change_matches(session, issue, "confirm", targets(session, issue, comments, "confirmed"))


def refuse_all(session: Session, issue: Issue, comments: Sequence[Comment]) -> Act:
    """A person says: these comments are not about this issue; the machine never puts them here again."""
    return change_matches(session, issue, "refuse", targets(session, issue, comments, "refused"))


def put_with(session: Session, comments: Sequence[Comment], target: Issue) -> Act:
    """Confirms comments in `target` and takes them out of every other issue, in one act."""
    keys = [(one.account_id, one.id) for one in comments]
    standing = session.scalars(
        select(Match).where(tuple_(Match.account_id, Match.comment_id).in_(keys), Match.state != "refused")
    )
    merged = merged_into(session)
    out = [
        {"account": row.account_id, "comment": row.comment_id, "issue": row.issue_id, "state": "refused"}
        for row in standing
        if root_of(row.issue_id, merged) != target.id
    ]
    act = change_matches(session, target, "move", out + targets(session, target, comments, "confirmed"))
    return _each_recorded(session, comments, target, act)


def found_issue(session: Session, comments: Sequence[Comment], name: str) -> tuple[Issue, Act]:
    """Makes a new issue of comments that stand in none, in one act."""
    new = _founded_and_undone(session, name) or _new_issue(session, name)
    act = change_matches(session, new, "found", targets(session, new, comments, "confirmed"))
    return new, _each_recorded(session, comments, new, act)


def _founded_and_undone(session: Session, name: str) -> Issue | None:
    """The empty issue of this name whose founding was taken back: who founds it again finds no name taken."""
    same = issue_called(session, name)
    if same is None:
        return None
    stands = select(Match.issue_id).where(Match.issue_id == same.id, Match.state != "refused").limit(1)
    verbs = select(Act.verb).where(Act.issue_id == same.id, Act.undone_at.is_(None)).limit(1)
    founded = select(Act.id).where(Act.issue_id == same.id, Act.verb == "found").limit(1)
    is_empty = session.scalar(stands) is None and session.scalar(verbs) is None
    return same if is_empty and session.scalar(founded) is not None else None


def _each_recorded(session: Session, comments: Sequence[Comment], issue: Issue, act: Act) -> Act:
    for one in comments:
        record(
            session, "comment.place", f"comment {one.public_id}", issue=issue.public_id, done_as=act.public_id
        )
    return act


def move_comments(session: Session, source: Issue, target: Issue, comments: Sequence[Comment]) -> Act:
    """Takes comments out of one issue and confirms them in another."""
    if source.id == target.id:
        raise Invalid(
            "These comments stand there already. Choose another issue.",
            fields={"issue": "These comments stand there already. Choose another issue."},
        )
    return change_matches(session, source, "move", _moved(session, source, target, comments))


def split_issue(session: Session, issue: Issue, comments: Sequence[Comment], name: str) -> tuple[Issue, Act]:
    """Makes a new issue of some of an issue's comments; answers stay where they are until a lead moves them."""
    if not comments:
        raise Invalid(
            "Choose the comments that are about something else.", fields={"comments": "Choose at least one."}
        )
    new = _new_issue(session, name)
    return new, change_matches(session, issue, "split", _moved(session, issue, new, comments))


def _new_issue(session: Session, name: str) -> Issue:
    new = Issue(
        id=ids.new_id(),
        public_id=ids.new_public_id(),
        name=own_name(session, name),
        is_named=True,
        words=[],
        rule_version=RULE_VERSION,
        created_at=clock.now(),
    )
    session.add(new)
    session.flush()
    return new


def merge_issues(session: Session, issue: Issue, into: Issue) -> Act:
    """Lets `into` count for both; evidence keeps its own issue, so that undo is exact."""
    if issue.id == into.id:
        raise Invalid(
            "This is the same issue. Choose another one.",
            fields={"issue": "This is the same issue. Choose another one."},
        )
    issue.merged_into_id = into.id
    act = keep(session, issue, "merge", {"merged_into_id": None}, {"merged_into_id": into.id})
    tell(session, "issues_changed", [issue.id, into.id])
    return act


def _moved(session: Session, source: Issue, target: Issue, comments: Sequence[Comment]) -> list[MatchState]:
    out = targets(session, source, comments, "refused")
    return out + targets(session, target, comments, "confirmed")


def find_act(session: Session, public_id: str, *, may_change_issues: bool) -> Act:
    """The act of this public id, if this person may undo it; raises NotFound or Forbidden."""
    act = session.scalar(select(Act).where(Act.public_id == public_id))
    if act is None:
        raise NotFound
    if act.verb not in _MATCH_VERBS and not may_change_issues:
        raise Forbidden("Only a lead can undo this. Ask the lead who did it.")
    return act


def issue_of(session: Session, act: Act) -> Issue:
    """The issue an act was done to."""
    return session.get_one(Issue, act.issue_id)


def undo(session: Session, act: Act) -> None:
    """Puts back what one act changed.

    Raises Conflict when it was undone before or something newer stands on it.
    """
    if act.undone_at is not None:
        raise Conflict("This was undone before, so nothing was changed.", code=ALREADY_SO)
    _refuse_if_newer(session, act)
    _put_back(session, session.get_one(Issue, act.issue_id), act)
    act.undone_at = clock.now()
    # A person who takes back what was proposed says no to it; undoing a proposal's answer opens it again.
    session.execute(update(Proposal).where(Proposal.act_id == act.id).values(state="refused"))
    session.flush()
    record(session, "issue.undo", f"act {act.public_id}", verb=act.verb)


def _refuse_if_newer(session: Session, act: Act) -> None:
    newer = select(Act).where(Act.id > act.id, Act.undone_at.is_(None))
    if "matches" not in act.after:
        newer = newer.where(Act.issue_id == act.issue_id)
    touched = _touched(act)
    if any(touched & _touched(one) for one in session.scalars(newer)):
        raise Conflict("Something newer stands on this. Undo the newer one first; the history shows it.")


def _touched(act: Act) -> set[object]:
    matches = act.after.get("matches")
    places = matches if isinstance(matches, list) else []
    columns = {(act.issue_id, name) for name in act.after if name != "matches"}
    return columns | {(one["account"], one["comment"], one["issue"]) for one in places}


def _put_back(session: Session, issue: Issue, act: Act) -> None:
    before: dict[str, Any] = dict(act.before)  # JSON as _keep wrote it
    if matches := before.pop("matches", None):
        put_matches_back(session, matches)
    session.execute(delete(NoProblem).where(NoProblem.together == act.public_id))
    if act.verb == "services":
        _write_services(session, issue, before["services"])
    else:
        set_at = before.pop("set_at", None)
        for name, value in before.items():
            setattr(issue, name, value)
        if act.verb == "state":
            issue.set_at = datetime.fromisoformat(set_at) if set_at else None
        session.flush()
    if act.verb == "merge":
        tell(session, "issues_changed", [issue.id, act.after["merged_into_id"]])


def comments_of(session: Session, public_ids: Sequence[str]) -> list[Comment]:
    """The comments of these public ids; raises NotFound when one is absent or not yours."""
    found = list(session.scalars(select(Comment).where(Comment.public_id.in_(list(public_ids)))))
    if len(found) != len(set(public_ids)):
        raise NotFound
    return found
