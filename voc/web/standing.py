"""Lets a later stage say in which step each of a client's points stands, on the pages of an earlier one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from voc.core.principal import Principal


@dataclass(frozen=True, slots=True)
class StandShown:
    """The steps in the client's words, which one it is in, and a line where the step alone says too little."""

    names: tuple[str, ...]
    current: int
    words: str | None = None


Maker = Callable[[Session, Principal, Sequence[int]], Mapping[int, StandShown]]
FIRST = StandShown(("We have it", "Looked into", "Being changed", "Solved"), 0)
_makers: list[Maker] = []


def set_standing(make: Maker) -> None:
    """Makes `(session, principal, thread ids) -> {thread id: StandShown}` say where points stand."""
    _makers[:] = [make]


def standing_of(session: Session, principal: Principal, thread_ids: Sequence[int]) -> dict[int, StandShown]:
    """Where each of these threads stands; the first step where no stage knows more."""
    found = dict(_makers[0](session, principal, thread_ids)) if _makers and thread_ids else {}
    return {thread_id: found.get(thread_id, FIRST) for thread_id in thread_ids}
