"""What later stages add to the leadership page and to the editions frozen from it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Part:
    """A section as an edition keeps it: sentences of figures and of our own words, never a client's."""

    title: str
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Marked:
    """Something our people did about an issue, to be marked on its trend."""

    issue_id: int
    at: datetime
    words: str


PartMaker = Callable[[Session], Part | None]
ActFinder = Callable[[Session, Sequence[int], datetime], Sequence[Marked]]
DecidedFinder = Callable[[Session, Sequence[int]], Mapping[int, str]]
_parts: dict[str, tuple[int, PartMaker]] = {}
_acts: dict[str, ActFinder] = {}
_decided: dict[str, DecidedFinder] = {}


def add_part(name: str, *, order: int, make: PartMaker) -> None:
    """Freezes what `make` says into every edition; the page itself shows the stage's panel on "week"."""
    _parts[name] = (order, make)


def parts_of(session: Session) -> tuple[Part, ...]:
    """The sections as they stand today, in their order."""
    made = (make(session) for _, make in sorted(_parts.values(), key=lambda one: one[0]))
    return tuple(one for one in made if one is not None and one.said)


def add_acts(name: str, find: ActFinder) -> None:
    """Marks on the trends what `find(session, issue ids, since)` gives."""
    _acts[name] = find


def acts_of(session: Session, issue_ids: Sequence[int], since: datetime) -> tuple[Marked, ...]:
    """All that is to be marked on these issues' trends."""
    return tuple(one for find in _acts.values() for one in find(session, issue_ids, since))


def add_decided(name: str, find: DecidedFinder) -> None:
    """Says beside an issue what `find(session, issue ids)` gives, in place of a proposal: it is decided already."""
    _decided[name] = find


def decided_about(session: Session, issue_ids: Sequence[int]) -> dict[int, str]:
    """What is decided already about these issues, in a sentence each; undecided ones are absent."""
    found: dict[int, str] = {}
    for find in _decided.values():
        found |= find(session, issue_ids)
    return found
