"""What a lead begins the day with: every queue with its number, one queue's list, one thing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from flask import url_for
from sqlalchemy.orm import Session

from voc.analysis.waiting import done_today
from voc.core import clock
from voc.core.errors import NotFound
from voc.core.principal import Principal
from voc.web.context import settings
from voc.web.owed import Owed, Queue, done_words, queues_for
from voc.web.panels import Rendered
from voc.web.words import ago_words

SHOWN = 15  # lines of one queue at first; what is done leaves the list and the next come up
MOST = 200  # lines when all are asked for
_OWES_A_THEME = frozenset({"unsure", "not-read", "set-aside"})
Line = tuple[str, str, str, str, bool]  # url, first, when, text, current (macros/lists.html queue)


@dataclass(frozen=True, slots=True)
class TodayShown:
    """The page: `groups` as the queue macro takes them; `thing` is None when nothing waits here.

    `settled` says that what was asked for no longer waits, or is not this person's to see.
    `theme_url` is where a word on the theme leads to: on to the next where just that was owed.
    """

    total: int
    groups: tuple[tuple[str, tuple[Line, ...]], ...]
    queue: str
    title: str
    waits: int
    thing: Rendered | None
    settled: bool
    here_url: str
    after_url: str
    theme_url: str
    next_title: str
    next_url: str
    done: tuple[str, ...]


def today_shown(
    session: Session, principal: Principal, queue: str | None, thing: str | None, *, all_lines: bool = False
) -> TodayShown:
    """The page for `queue` (None: the first in which something waits) and `thing` (None: its first).

    Raises NotFound for a queue that is not this person's to see.
    """
    counted = [(one, one.count(session)) for one in queues_for(principal)]
    current, number = _current(counted, queue)
    items = current.items(session, MOST if all_lines else SHOWN)
    url = partial(_url, all_lines=all_lines)
    chosen = thing or (items[0].key if items else None)
    others = [(one, count) for one, count in counted if count and one is not current]
    right = _thing(session, principal, current, chosen)
    here_url, after_url = url(current, chosen), _after(current, items, chosen, url)
    return TodayShown(
        total=sum(count for _, count in counted),
        groups=_groups(current, items, _heading(session, current, items, number), chosen, others, url),
        queue=current.key,
        title=current.title,
        waits=number,
        thing=right,
        settled=bool(chosen) and right is None,
        here_url=here_url,
        after_url=after_url,
        theme_url=after_url if current.key in _OWES_A_THEME else here_url,
        next_title=others[0][0].title if others else "",
        next_url=_url(others[0][0]) if others else "",
        done=_done(session, principal),
    )


def _current(counted: list[tuple[Queue, int]], wanted: str | None) -> tuple[Queue, int]:
    if wanted is None:
        return next(((queue, count) for queue, count in counted if count), counted[0])
    for queue, count in counted:
        if queue.key == wanted:
            return queue, count
    raise NotFound


def _thing(session: Session, principal: Principal, queue: Queue, key: str | None) -> Rendered | None:
    """The right side; None where somebody settled it meanwhile, the machine took it back, or it is not theirs to see."""
    try:
        return queue.thing(session, principal, key) if key else None
    except NotFound:
        return None


def _heading(session: Session, queue: Queue, items: Sequence[Owed], number: int) -> tuple[str, int]:
    """What the list is called, with its number, and how many lines it has as a whole."""
    lines, words = queue.lines(session) if queue.lines else (number, "")
    shown = f"{len(items)} of {number}" if number > len(items) else str(number)
    return f"{queue.title} · {words if lines < number else shown}", lines


def _groups(
    current: Queue,
    items: Sequence[Owed],
    heading: tuple[str, int],
    chosen: str | None,
    others: Sequence[tuple[Queue, int]],
    url: Callable[..., str],
) -> tuple[tuple[str, tuple[Line, ...]], ...]:
    title, number = heading
    lines = tuple(
        (url(current, item.key), item.who, _when(item.at), item.words, item.key == chosen) for item in items
    )
    if number > len(items) and len(items) < MOST:
        lines += ((_url(current, all_lines=True), f"Show all {number}", "", "", False),)
    also = tuple((_url(queue), queue.title, str(count), "", False) for queue, count in others)
    groups = ((title, lines), ("Also owed", also))
    return tuple((words, inside) for words, inside in groups if inside)


def _when(moment: datetime) -> str:
    zone = ZoneInfo(settings().time_zone)
    return ago_words(moment, clock.today(settings().time_zone), zone)


def _after(current: Queue, items: Sequence[Owed], chosen: str | None, url: Callable[..., str]) -> str:
    """The thing below the chosen one, which may have left the list already; the list itself at its end."""
    keys = [item.key for item in items]
    below = keys[keys.index(chosen) + 1 :] if chosen in keys else keys
    return url(current, below[0] if below else None)


def _url(queue: Queue, thing: str | None = None, *, all_lines: bool = False) -> str:
    return url_for("analysis.owed_today", queue=queue.key, thing=thing, all="1" if all_lines else None)


def _done(session: Session, principal: Principal) -> tuple[str, ...]:
    if principal.user_id is None:
        return ()
    return done_words(done_today(session, principal.user_id, settings().time_zone))
