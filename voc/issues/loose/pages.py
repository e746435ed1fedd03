"""The page of what stands in no issue: alike ones together, then those that stand alone; or a plain list by reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from voc.analysis.alike.queries import Kind, in_a_kind, kinds, totals
from voc.issues import ungrouped
from voc.issues.pages import Choice, other_issues
from voc.issues.ungrouped import NO_PROBLEM, SAID_WORDS, Loose, waiting_keys

SHOWN = 12
_SOMEWHAT, _ALIKE = (
    0.3,
    0.5,
)  # how near an issue is offered, and offered first (as proposals/rules.py says it)


@dataclass(frozen=True, slots=True)
class Asked:
    """What of it is asked for: a reason (None: all that wait), in time's order or with alike ones together."""

    why: str | None
    order: str | None

    @property
    def together(self) -> bool:
        """Whether alike ones stand together."""
        return self.why is None and self.order is None


@dataclass(frozen=True, slots=True)
class KindShown:
    """A kind with the issue that is nearest to it, where one is somewhat alike; `is_alike` says that it is more."""

    kind: Kind
    near: Choice | None
    is_alike: bool


@dataclass(frozen=True, slots=True)
class LooseShown:
    """The page: `lines` counts kinds and single comments where alike ones stand together, else comments."""

    kinds: tuple[KindShown, ...]
    comments: tuple[Loose, ...]
    counts: dict[str, int]
    total: int
    kind_total: int
    lines: int
    number: int
    oldest: datetime | None
    not_read: int
    issues: tuple[str, ...]

    @property
    def first(self) -> int:
        """The place of the first line of this page."""
        return (self.number - 1) * SHOWN + 1

    @property
    def last(self) -> int:
        """The place of its last line."""
        return self.first + len(self.kinds) + len(self.comments) - 1


def page_of(session: Session, asked: Asked, number: int) -> LooseShown:
    """The page `number`, or the last where there are fewer; words masked."""
    counts = ungrouped.count_by_why(session)
    total = sum(count for why, count in counts.items() if why != NO_PROBLEM)
    found, held = totals(session, waiting_keys()) if asked.together else (0, 0)
    lines = found + total - held if asked.why is None else counts.get(asked.why, 0)
    number = min(number, max(1, -(-lines // SHOWN)))
    begin = (number - 1) * SHOWN
    together = _kinds(session, begin) if begin < found else ()
    alone = ungrouped.loose_comments(
        session, why=asked.why, oldest_first=asked.order == "oldest", limit=SHOWN - len(together),
        offset=max(0, begin - found), but=in_a_kind(waiting_keys()) if found else None,
    ) if len(together) < SHOWN else ()  # fmt: skip
    return LooseShown(
        together, alone, counts, total, found, lines, number, ungrouped.oldest(session),
        ungrouped.not_read_by_machine(session),
        tuple(one.name for one in other_issues(session, None)),
    )  # fmt: skip


def _kinds(session: Session, begin: int) -> tuple[KindShown, ...]:
    found = kinds(session, waiting_keys(), None, limit=SHOWN, offset=begin)
    near = ungrouped.nearest_of(session, [[one.public_id for one in kind.said] for kind in found])
    return tuple(_offered(kind, one) for kind, one in zip(found, near, strict=True))


def _offered(kind: Kind, near: tuple[Choice, float] | None) -> KindShown:
    issue, similarity = near or (None, 0.0)
    return KindShown(kind, issue if similarity >= _SOMEWHAT else None, similarity >= _ALIKE)


def tabs(counts: dict[str, int]) -> Sequence[tuple[str, str, int]]:
    """(reason, words, number) of each reason that some have."""
    return [(why, words, counts[why]) for why, (words, _) in SAID_WORDS.items() if why in counts]
