"""Decides what comes next: a visit's next step, a promise's next proof, and who depends on what would end."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

MESSAGE_NEEDED = frozenset({"change", "keep"})


class Step(StrEnum):
    """Go and see, in order; `DONE` when nothing is left."""

    GO = "go"
    LOGIC = "logic"
    COMMITMENT = "commitment"
    TEAM = "team"
    CHECKED = "checked"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """What of a visit has happened."""

    went: bool
    logic: bool
    commitment: bool  # made, or written down why none
    team: bool
    checked: bool


def next_step(facts: VisitFacts) -> Step:
    """The first step that is missing: a later one never stands in for an earlier one."""
    done = (facts.went, facts.logic, facts.commitment, facts.team, facts.checked)
    return next((step for step, is_done in zip(Step, done, strict=False) if not is_done), Step.DONE)


def last_step(facts: VisitFacts) -> Step | None:
    """The newest step that can be taken back; None for a visit that has only been planned, or only been made."""
    undoable = {
        Step.LOGIC: facts.logic, Step.COMMITMENT: facts.commitment, Step.TEAM: facts.team, Step.CHECKED: facts.checked,
    }  # fmt: skip
    return next((step for step in reversed(undoable) if undoable[step]), None)


def after_proof(*, was_kept: bool, due_on: date | None, every_weeks: int | None) -> tuple[str, date | None]:
    """State and next due date of a promise after a proof.

    A promise with a rhythm stays open whatever the proof says: the next one is due its weeks later. One
    without is kept or broken by its proof.
    """
    if every_weeks and due_on:
        return "open", due_on + timedelta(weeks=every_weeks)
    return ("kept" if was_kept else "broken"), None


@dataclass(frozen=True, slots=True)
class Dependants:
    """Who depends on what would end, in groups; one client may stand in several, `depend` counts each once."""

    told: frozenset[int]
    said_yes: frozenset[int]
    seen: frozenset[int]
    promised: frozenset[int]
    uses: frozenset[int]
    unknown: frozenset[int]

    @property
    def depend(self) -> frozenset[int]:
        """Clients of whom we know that they need it: by their own word, our people's eyes or our promise."""
        return self.told | self.said_yes | self.seen | self.promised

    @property
    def quiet(self) -> frozenset[int]:
        """Those of them who never told us by themselves."""
        return self.depend - self.told


def find_dependants(
    reaches: Mapping[int, str | None],
    unknown: AbstractSet[int],
    promised: AbstractSet[int],
    uses: AbstractSet[int],
) -> Dependants:
    """Who depends on a process.

    Args:
        reaches: each group that has the need, with how it counts: told, said_yes, seen.
        unknown: groups it may concern of whom we do not know.
        promised: groups with an open promise about it.
        uses: groups that buy the service.
    """
    by = {
        reach: frozenset(group for group, one in reaches.items() if one == reach)
        for reach in ("told", "said_yes", "seen")
    }
    known = by["told"] | by["said_yes"] | by["seen"] | promised
    return Dependants(
        by["told"],
        by["said_yes"],
        by["seen"],
        frozenset(promised),
        frozenset(uses),
        frozenset(unknown - known),
    )
