"""What proposals add to the pages of others: a queue of today, and a line on the issue they are about."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from voc.core.errors import NotFound
from voc.core.principal import Principal
from voc.issues.curate import find_issue
from voc.issues.proposals import queries, service, views
from voc.issues.proposals.queries import ProposalShown
from voc.web.owed import Owed, Queue, add_done, add_queue
from voc.web.panels import Rendered, panel

_OF_ISSUE = 5


@dataclass(frozen=True, slots=True)
class InQueue:
    """A proposal as the right side of today."""

    shown: ProposalShown
    holds: tuple[tuple[str, Rendered], ...]


@panel("issue", order=12, permission="issue:change")
def proposals_of_issue(session: Session, principal: Principal, *, issue: str) -> Rendered | None:
    """What the machine proposes about this issue."""
    del principal
    lines = queries.open_lines(session, _OF_ISSUE, issue=find_issue(session, issue))
    return Rendered("issues/_proposed.html", lines) if lines else None


def _items(session: Session, limit: int) -> Sequence[Owed]:
    return [
        Owed(one.public_id, one.title, one.made_at, one.reason) for one in queries.open_lines(session, limit)
    ]


def _thing(session: Session, principal: Principal, key: str) -> Rendered:
    proposal = service.find_proposal(session, key)
    if proposal.state != "open":
        raise NotFound
    shown = InQueue(queries.shown(session, proposal), views.holds(session, principal, proposal))
    return Rendered("issues/_proposal_due.html", shown)


add_queue(
    Queue(
        key="proposals",
        title="Same issue, or two?",
        order=44,
        permission="issue:change",
        count=queries.open_count,
        items=_items,
        thing=_thing,
    )
)
add_done("proposal.accept", "proposal accepted", "proposals accepted")
add_done("proposal.refuse", "proposal refused", "proposals refused")
