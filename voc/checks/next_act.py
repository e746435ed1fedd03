"""What to do next about an issue: ask, wait for answers, or take it to leadership; each with its reason."""

from dataclasses import dataclass

from flask import url_for
from sqlalchemy import column, select, table
from sqlalchemy.orm import Session

from voc.breadth.queries import Heard, heard_of
from voc.checks.pages import CHECK_WORDS
from voc.checks.queries import CheckRow, checks_of
from voc.core.principal import Principal
from voc.issues.models import Issue
from voc.issues.pages import count_in
from voc.web.context import settings
from voc.web.links import url_if_there
from voc.web.words import count_words

# Decisions are a later stage; only the column that says what was decided on is named here.
_decision = table("decision", column("issue_id"))


@dataclass(frozen=True, slots=True)
class NextAct:
    """The act with its reason; without a `label` there is nothing to press. `is_first`: the page's one primary button."""

    title: str
    reason: str
    label: str | None
    url: str | None
    is_first: bool
    lines: tuple[CheckRow, ...]
    may_read: bool

    def words(self, state: str) -> tuple[str, str]:
        """What stands on a question's chip, and its tone."""
        return CHECK_WORDS[state]


def next_act(session: Session, principal: Principal, issue: Issue) -> NextAct:
    """What this person can do next about `issue`, and the questions asked so far."""
    lines = checks_of(session, issue.id, zone=settings().time_zone)
    act = _act(session, principal, issue, lines)
    looks_first = principal.may("match:change") and count_in(session, issue)["machine"] > 0
    is_decided = _is_decided(session, issue)
    may = principal.may(act.permission)
    return NextAct(
        title=act.title,
        reason=act.reason,
        label=act.label if may else None,
        url=act.url if may else None,
        is_first=not (looks_first or is_decided),
        lines=lines,
        may_read=principal.may("check:read"),
    )


@dataclass(frozen=True, slots=True)
class _Act:
    title: str
    reason: str
    label: str | None = None
    url: str | None = None
    permission: str = "check:read"


def _act(session: Session, principal: Principal, issue: Issue, lines: tuple[CheckRow, ...]) -> _Act:
    known = heard_of(session, issue)
    by_state = {line.state: line for line in reversed(lines)}
    if running := by_state.get("leaving") or by_state.get("asking"):
        return _wait(running)
    if draft := by_state.get("draft"):
        url = url_for("checks.check", public_id=draft.public_id)
        words = "A question is written and has not left."
        return _Act(words, "Look who is asked, and send it.", "Go on with it", url, "check:change")
    return _lead(principal, issue, known) if "closed" in by_state else _ask(issue, known)


def _wait(line: CheckRow) -> _Act:
    url = url_for("checks.check", public_id=line.public_id)
    if line.state == "leaving":
        return _Act(
            "A question is about to leave.", "Until it has left you can stop it.", "See it leave", url
        )
    said = f"{line.coverage.answered} of {line.coverage.asked} answered so far."
    return _Act("A question is open.", said, "See the answers", url)


def _lead(principal: Principal, issue: Issue, known: Heard) -> _Act:
    reason = f"{_share(known)} The clients were asked; now somebody decides."
    decide = url_if_there("decisions.decide", public_id=issue.public_id)
    if decide is not None and principal.may("decision:change"):
        return _Act("Decide on it.", reason, "Decide", decide, "decision:change")
    week = url_if_there("reports.week")
    return _Act("It stands before leadership.", reason, "See what leadership reads", week, "report:read")


def _ask(issue: Issue, known: Heard) -> _Act:
    unknown = known.unknown
    if not unknown:
        return _Act("There is nobody left to ask.", f"{_share(known)} We have heard from all of them.")
    reason = f"{_share(known)} Of {count_words(unknown, 'client')} we do not know: nobody has asked them."
    url = url_for("checks.write", public_id=issue.public_id)
    return _Act("Ask who else has it.", reason, "Ask clients", url, "check:change")


def _share(known: Heard) -> str:
    has = known.has
    verb = "has" if has == 1 else "have"
    return f"{has or 'None'} of {count_words(known.applies, 'client')} {verb} it for sure."


def _is_decided(session: Session, issue: Issue) -> bool:
    found = session.scalar(
        select(Issue.id)
        .join(_decision, _decision.c.issue_id == Issue.id)
        .where(Issue.id == issue.id)
        .limit(1)
    )
    return found is not None
