"""What analysis puts on the page of what is owed today, and what counts there as done."""

from collections.abc import Sequence
from functools import partial

from sqlalchemy.orm import Session

from voc.accounts.queries import counts
from voc.analysis.alike.today import unsure_lines, unsure_number, unsure_thing
from voc.analysis.comments import comment_shown
from voc.analysis.waiting import number_waiting, waiting
from voc.core.principal import Principal
from voc.web.owed import Owed, Queue, add_done, add_queue
from voc.web.panels import Rendered, panel

_TITLES = (
    ("senior", "Someone senior should see this", 10),
    ("leaving", "Gave notice, or may leave", 20),
    ("perhaps-senior", "Perhaps for someone senior", 30),
    ("perhaps-leaving", "May leave, perhaps", 40),
    ("sender", "Sender not confirmed", 50),
    ("set-aside", "Needs attention", 60),
    ("not-read", "Not read by machine", 70),
)
_DONE = (
    ("comment.escalation", "wish for someone senior looked after", "wishes for someone senior looked after"),
    ("comment.departure", "client who may leave looked after", "clients who may leave looked after"),
    ("comment.raise", "comment raised to leadership", "comments raised to leadership"),
    ("comment.recognise", "sender recognised", "senders recognised"),
    ("comment.theme", "theme corrected", "themes corrected"),
    ("comment.severity", "severity corrected", "severities corrected"),
    ("comment.try_again", "comment sent to be read again", "comments sent to be read again"),
)


@panel("today", order=10, permission="account:list")
def client_strip(session: Session, principal: Principal) -> Rendered:
    """How many clients there are, how many never said anything, how many nobody can write to."""
    del principal
    return Rendered("analysis/_strip.html", counts(session))


def _items(queue: str, session: Session, limit: int) -> Sequence[Owed]:
    return [
        Owed(one.public_id, one.account, one.said_at, one.words) for one in waiting(session, queue, limit)
    ]


def _number(queue: str, session: Session) -> int:
    return number_waiting(session, queue)


def _thing(session: Session, principal: Principal, key: str) -> Rendered:
    return Rendered("analysis/_comment.html", comment_shown(session, principal, key))


for _key, _title, _order in _TITLES:
    add_queue(
        Queue(
            key=_key,
            title=_title,
            order=_order,
            permission="comment:list",
            count=partial(_number, _key),
            items=partial(_items, _key),
            thing=_thing,
        )
    )
add_queue(
    Queue(
        key="unsure",
        title="Not sure of theme",
        order=80,
        permission="comment:list",
        count=partial(_number, "unsure"),
        items=unsure_lines,
        thing=unsure_thing,
        lines=unsure_number,
    )
)
for _act, _one, _many in _DONE:
    add_done(_act, _one, _many)
