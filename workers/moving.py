"""Writes where a look puts comments: several groups in one transaction, no longer than a writer in the web may wait."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from voc.core.principal import SYSTEM
from voc.issues import service
from voc.issues.looking.queries import dissolved
from voc.issues.looking.rules import is_the_same_again
from voc.issues.queries import Placed
from voc.issues.rules import LEAST_COMMENTS, Placement
from workers.linked import held_issues
from workers.scope import Scope

MOVED = 600  # comments that change their issue in one transaction
_MOVED_POSTGRESQL = 2000  # nobody waits for another's rows there, and each transaction sums its issues up
Member = tuple[Placed, float, str]  # a comment, how well it belongs, and why


@dataclass(slots=True)
class Going:
    """A group of a look: the issue it is (None: a new one, until it is founded), and what that is called today."""

    members: Sequence[Member]
    issue: int | None
    name: str
    words: Sequence[str]


@dataclass
class Moving:
    """Groups on their way; each goes with all others of one transaction, `write` sends the last ones.

    `taken_out` are comments that people's word keeps out of where they would go.
    """

    here: Scope
    founded: int = 0
    taken_out: list[Placed] = field(default_factory=list)
    _dissolved: tuple[frozenset[int], ...] | None = None  # read when it is first asked for
    _waits: list[tuple[Going, Sequence[Member]]] = field(default_factory=list)

    def was_dissolved(self, some: Sequence[Placed]) -> bool:
        """Whether a person said of these, as they were together before, that they are not one matter."""
        if self._dissolved is None:
            with self.here.database.reading(SYSTEM) as session:
                self._dissolved = dissolved(session)
        return is_the_same_again({one.comment_id for one in some}, self._dissolved)

    def add(self, going: Going) -> None:
        """Puts a group's comments with its issue, or a new one; a long group goes in several transactions.

        One client's comments together, so that each cell of a long group's grid is derived once.
        """
        most = MOVED if self.here.database.engine.dialect.name == "sqlite" else _MOVED_POSTGRESQL
        members = sorted(going.members, key=lambda each: (each[0].account_id, each[0].comment_id))
        for start in range(0, len(members), most):
            part = members[start : start + most]
            if sum(len(waits) for _, waits in self._waits) + len(part) > most:
                self.write()
            self._waits.append((going, part))

    def write(self) -> None:
        """Stores all that waits."""
        if not self._waits:
            return
        self.here.beat()
        with self.here.database.deriving(SYSTEM) as session:
            parts = self._still_free(session)
            known = [going for going, _ in parts if going.issue is not None]
            self._found(session, [going for going, _ in parts if going.issue is None])
            service.move_by_machine(session, list(self._placements(session, parts)))
            for going in known:
                if going.name and going.issue is not None:
                    service.rename_by_machine(session, going.issue, going.name, going.words)
        self._waits.clear()

    def _still_free(self, session: Session) -> list[tuple[Going, list[Member]]]:
        """Without comments of issues that people touched while we looked, and new groups that are too few then."""
        stands = {one.issue_id for _, part in self._waits for one, _, _ in part if one.issue_id is not None}
        held = held_issues(session, only=stands)
        parts = [
            (going, [each for each in part if each[0].issue_id not in held]) for going, part in self._waits
        ]
        return [
            (going, part) for going, part in parts if going.issue is not None or len(part) >= LEAST_COMMENTS
        ]

    def _found(self, session: Session, new: Sequence[Going]) -> None:
        for going in new:
            going.issue = service.found(session, going.name, going.words)
        self.founded += len(new)

    def _placements(
        self, session: Session, parts: Sequence[tuple[Going, Sequence[Member]]]
    ) -> Iterator[Placement]:
        keys = [(one.account_id, one.comment_id) for _, part in parts for one, _, _ in part]
        refused = service.refused_pairs(session, keys)
        for going, part in parts:
            for one, score, reason in part:
                if (one.account_id, one.comment_id, going.issue) in refused:
                    self.taken_out.append(one)
                    continue
                yield Placement(one.account_id, one.comment_id, going.issue, round(score, 4), (reason,))
