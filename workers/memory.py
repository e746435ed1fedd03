"""What the group worker keeps in mind of the window: an index, where each comment stands, what people taught."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from nlp.issue_heads import IssueHeads, learn
from nlp.joining import JoinIndex
from voc.core.principal import SYSTEM
from voc.issues import queries
from voc.issues.queries import Placed
from voc.issues.rules import WINDOW, look_after
from voc.issues.seen import newest_standing
from workers.ahead import Ahead
from workers.middles import Middles
from workers.scope import Scope
from workers.taught import DIMENSIONS, halves, heads_of, unpacked

NOWHERE = np.zeros(DIMENSIONS, dtype=np.float32)
MOST = WINDOW + int(look_after(WINDOW))  # by then a look has come, and the index is filled anew


@dataclass
class Memory:
    """What this process knows of the window: an index, which issue each comment id has, what people taught."""

    index: JoinIndex = field(default_factory=JoinIndex)
    issues: dict[int, int] = field(default_factory=dict)
    heads: IssueHeads = field(default_factory=lambda: learn({}, NOWHERE))
    middles: Middles = field(default_factory=lambda: Middles((), NOWHERE[None], NOWHERE))
    stamp: tuple[int, int] = (-1, -1)
    taken_out: int = 0  # comments that people took out, in no issue when they were last compared
    ahead: Ahead = field(default_factory=Ahead)  # made ready for a look that is near
    is_careful: bool = (
        False  # a block failed: comments are claimed, so that a bad one is told from the others
    )

    def add(self, known: Sequence[Placed]) -> None:
        """Lets comments that stand in an issue vote from now on, as long as there is room: an archive would have none."""
        known = known[: max(0, MOST - len(self.index))]
        if known:
            self.index.add(
                [one.comment_id for one in known],
                unpacked([one.numbers for one in known]),
                [one.issue_id or -1 for one in known],
            )
            self.issues.update((one.comment_id, one.issue_id or -1) for one in known)


def remember(here: Scope, memory: Memory) -> None:
    """Fills the index anew, and learns anew, when people or a run have moved comments since."""
    with here.database.reading(SYSTEM) as session:
        stamp = queries.last_change(session)
        if stamp == memory.stamp:
            return
        memory.index, memory.issues, numbers = JoinIndex(), {}, bytearray()
        stands = list(newest_standing(session, numbers, limit=WINDOW, encoder=here.settings.encoder))
        vectors, issues = halves(numbers).astype(np.float32), [issue for _, issue in stands]
        numbers.clear()
        centre = vectors.mean(axis=0) if stands else NOWHERE
        memory.heads = heads_of(session, centre, encoder=here.settings.encoder)
    memory.stamp, memory.middles = stamp, Middles.of(vectors, issues, centre)
    memory.index.add([comment for comment, _ in stands], vectors, issues)
    memory.issues = dict(stands)
