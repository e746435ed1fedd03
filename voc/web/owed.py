"""What is owed to clients: each stage registers its queues, and the first page of a lead shows them in order."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from voc.core.principal import Principal
from voc.web.panels import Rendered


@dataclass(frozen=True, slots=True)
class Owed:
    """One line of a queue: `key` names the thing in the address, `who` the client, `words` how it begins."""

    key: str
    who: str
    at: datetime
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """One kind of thing that waits for a person.

    `items` takes a limit and gives the lines in the order they should be done. `thing` gives the right
    side for one key, drawn by its template with `panel` set to what it shows; it raises NotFound for a
    key that is not this person's to see. The template may use `here_url` (this thing again) and
    `after_url` (the next one) as the page to go to after an act. Where one line stands for several
    things, `lines` gives how many lines there are and says so in words.
    """

    key: str
    title: str
    order: int
    permission: str
    count: Callable[[Session], int]
    items: Callable[[Session, int], Sequence[Owed]]
    thing: Callable[[Session, Principal, str], Rendered]
    lines: Callable[[Session], tuple[int, str]] | None = None


_queues: dict[str, Queue] = {}
_done: dict[str, tuple[str, str]] = {}


def add_queue(queue: Queue) -> None:
    """Shows `queue` on the page of what is owed."""
    _queues[queue.key] = queue


def queues_for(principal: Principal) -> tuple[Queue, ...]:
    """The queues open to this person, what is most urgent first."""
    mine = [queue for queue in _queues.values() if principal.may(queue.permission)]
    return tuple(sorted(mine, key=lambda queue: queue.order))


def add_done(act: str, one: str, many: str) -> None:
    """Counts audit rows of `act` among what a person did today, such as "theme corrected"."""
    _done[act] = (one, many)


def done_words(counts: Mapping[str, int]) -> tuple[str, ...]:
    """What was done, in words, from the number of audit rows of each act: "3 themes corrected"."""
    said = [(counts.get(act, 0), one, many) for act, (one, many) in _done.items()]
    return tuple(f"{number} {one if number == 1 else many}" for number, one, many in said if number)
