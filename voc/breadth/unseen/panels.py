"""Where the line of issues that nobody has looked at shows up: today, the list of issues, an issue's own page."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from voc.breadth.seen import is_issue_seen
from voc.breadth.unseen import queries
from voc.breadth.unseen.queries import Unseen
from voc.breadth.unseen.showing import to_look_at
from voc.core.principal import Principal
from voc.issues.curate import find_issue
from voc.issues.pages import count_in
from voc.web.owed import Owed, Queue, add_done, add_queue
from voc.web.panels import Rendered, panel
from voc.web.words import count_words

QUEUE = "not-looked-at"


@panel("issue-head", order=10, permission="issue:read")
def not_looked_at(session: Session, principal: Principal, *, issue: str) -> Rendered | None:
    """Says beside an issue's name that nobody has looked; who took a comment out has."""
    del principal
    found = find_issue(session, issue)
    counts = count_in(session, found)
    if is_issue_seen(session, found) or counts["confirmed"] or counts["refused"]:
        return None
    return Rendered("breadth/_not_looked_at.html", None)


@panel("issue-first", order=10, permission="issue:change")
def look_now(session: Session, principal: Principal, *, issue: str) -> Rendered | None:
    """The way from an issue's page to the question what it is."""
    del principal
    found = find_issue(session, issue)
    if is_issue_seen(session, found) or not count_in(session, found)["machine"]:
        return None
    return Rendered("breadth/_look_now.html", issue)


@panel("issues-head", order=10, permission="issue:change")
def number_to_look_at(session: Session, principal: Principal) -> Rendered | None:
    """How many issues wait, with the way to them."""
    del principal
    number = queries.number_unseen(session)
    return Rendered("breadth/_number_to_look_at.html", number) if number else None


def line_words(one: Unseen) -> str:
    """What waits, in a line of a list."""
    return f"{count_words(one.clients, 'client')}, {count_words(one.comments, 'comment')}"


def _items(session: Session, limit: int) -> Sequence[Owed]:
    found = queries.unseen(session, limit=limit)
    return [Owed(one.public_id, one.name, one.last_at, line_words(one)) for one in found if one.last_at]


def _thing(session: Session, principal: Principal, key: str) -> Rendered:
    del principal
    return Rendered("breadth/_to_look_at.html", to_look_at(session, find_issue(session, key)))


add_queue(
    Queue(
        key=QUEUE,
        title="Issues nobody has looked at",
        order=75,
        permission="issue:change",
        count=queries.number_unseen,
        items=_items,
        thing=_thing,
    )
)
add_done("issue.one_matter", "issue looked at and named", "issues looked at and named")
add_done("issue.dissolve", "issue found to be no one matter", "issues found to be no one matter")
add_done("issue.no_problem", "issue found to be no problem", "issues found to be no problem")
