"""What a look needs of comments, made ready while others are still being read: then it need not begin with that."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from nlp.grouping import warm_up
from nlp.lean import OnDisk
from nlp.said import Said, Saying
from voc.accounts.names import known_names
from voc.core.names import NO_NAMES, Names
from voc.core.principal import SYSTEM
from voc.db import work
from voc.issues import seen
from voc.issues.queries import Key
from voc.issues.rules import WINDOW
from workers.scope import Scope
from workers.taught import DIMENSIONS

LOT = 1000  # comments read from the database at once
Halves = NDArray[np.float16]
Ints = NDArray[np.int64]


def _on_disk() -> OnDisk:
    return OnDisk(DIMENSIONS)


@dataclass
class Ahead:
    """Words, vectors and what grouping needs to know of comments, row by row as they came; `row_of` has the newest of each."""

    names: Names = NO_NAMES
    row_of: dict[int, int] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)
    read_at: list[datetime] = field(default_factory=list)
    newest: int = 0  # the comment up to which the line was gone through
    reading: int = 0  # how many waited to be read when it was last asked
    _numbers: OnDisk = field(default_factory=_on_disk)
    _saying: Saying = field(default_factory=Saying)

    def begin(self, session: Session) -> None:
        """Forgets all when other names are hidden today than when it came."""
        names = known_names(session)
        if names is not self.names:
            self.forget()
            self.names = names

    def forget(self) -> None:
        """Lets go of everything."""
        self.names, self.newest, self.row_of = NO_NAMES, 0, {}
        self.words, self.read_at, self._numbers, self._saying = [], [], _on_disk(), Saying()

    def add(self, some: Sequence[seen.Read]) -> None:
        """Makes these ready; one that came before and was read again counts as it is now."""
        for one in some:
            self.row_of[one.comment_id] = len(self.words)
            self.words.append(one.words)
            self.read_at.append(one.read_at)
            self._numbers.add(one.numbers)
        self._saying.add([one.words for one in some])

    def has(self, one: seen.Seen) -> bool:
        """Whether this is known as it is now."""
        row = self.row_of.get(one.comment_id)
        return row is not None and self.read_at[row] == one.read_at

    def vectors(self, order: Ints | None) -> Halves:
        """The vectors of all, or of these rows in this order."""
        return self._numbers.rows() if order is None else self._numbers.ordered(order)

    def said(self, order: Ints | None) -> Said:
        """The same of what they say."""
        return self._saying.said(order)


def get_ahead(here: Scope, ahead: Ahead, stage: str) -> int:
    """Makes ready those that were read and wait in line for `stage`; gives how many. Stores nothing.

    While more is being read than was, or more and more waits for that, nothing: bringing in and reading need both cores.
    Nor where more waits than a look sees. What is read meanwhile waits for the next ring: who follows a reader
    through a million comments makes all of them ready, and a look sees a tenth.
    """
    done = 0
    with here.database.reading(SYSTEM) as session:
        reading = work.number_waiting(session, "read", most=WINDOW)
        ready = work.number_waiting(session, stage, most=WINDOW + 1)
    is_growing, ahead.reading = reading > ahead.reading, reading
    is_time = not is_growing and reading <= ready and reading + ready <= WINDOW
    if is_time and not ahead.words:
        warm_up()
    while is_time and done < ready:
        here.beat()
        with here.database.reading(SYSTEM) as session:
            ahead.begin(session)
            keys = seen.in_line_after(session, stage, ahead.newest, limit=LOT)
            if not keys:
                break
            ahead.add(seen.read_of(session, keys, encoder=here.settings.encoder))
        ahead.newest = keys[-1][1]
        done += len(keys)
    return done


def top_up(here: Scope, session: Session, ahead: Ahead, wanted: Sequence[seen.Seen]) -> Ints | None:
    """Makes ready what is missing of `wanted`, each comment once; gives their rows, None where these are all, in order."""
    ahead.begin(session)
    missing: list[Key] = [(one.account_id, one.comment_id) for one in wanted if not ahead.has(one)]
    for at in range(0, len(missing), LOT):
        here.beat()
        ahead.add(seen.read_of(session, missing[at : at + LOT], encoder=here.settings.encoder))
    rows = array("q", (ahead.row_of[one.comment_id] for one in wanted))
    order = np.frombuffer(rows, dtype=np.int64) if rows else np.zeros(0, dtype=np.int64)
    return None if np.array_equal(order, np.arange(len(ahead.words))) else order
