"""The tree of themes as its pages show it: how often each was seen, who changed them, what is wished."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from voc.analysis.models import Theme
from voc.analysis.themes import versions
from voc.analysis.themes.counting import Counts, counts_since
from voc.analysis.themes.retired import number_until_then
from voc.analysis.themes.state import Themes, ThemeState, children, in_use, root_of
from voc.core.errors import NotFound
from voc.core.policy import DEFAULT
from voc.intake.queries import window_end

Choice = tuple[str, str]  # a theme's key and its name as a list of choices says it


@dataclass(frozen=True, slots=True)
class ThemeRow:
    """One theme with what was seen in the window; `below` are the themes under it, counted in its own counts.

    `until_then` is the number of comments that had it when it went out of use; 0 where nobody kept that.
    """

    public_id: str
    key: str
    name: str
    description: str
    counts: Counts
    below: tuple["ThemeRow", ...]
    counts_as: str | None
    retired_at: datetime | None
    until_then: int = 0


@dataclass(frozen=True, slots=True)
class ThemeTree:
    """All themes: those in use from the top down, those out of use by name, and when the counts begin."""

    top: tuple[ThemeRow, ...]
    retired: tuple[ThemeRow, ...]
    since: datetime
    number: int


def tree(session: Session) -> ThemeTree:
    """The themes by name, with their counts."""
    now = versions.current(session)
    since = window_end(session) - timedelta(weeks=DEFAULT.window_weeks)
    counts = counts_since(session, since, now.themes)
    known = {key: (public_id, at) for key, public_id, at in session.execute(select(Theme.key, Theme.public_id, Theme.retired_at))}  # fmt: skip

    def row(one: ThemeState) -> ThemeRow:
        below = (
            () if one.parent or one.is_retired else tuple(row(low) for low in children(now.themes, one.key))
        )
        counts_as = now.themes[root_of(now.themes, one.key)].name if one.merged_into else None
        public_id, retired_at = known[one.key]
        until_then = number_until_then(session, one.key) if one.is_retired and not one.merged_into else 0
        return ThemeRow(
            public_id, one.key, one.name, one.description, counts[one.key], below, counts_as, retired_at, until_then
        )  # fmt: skip

    by_name = sorted(now.themes.values(), key=lambda one: one.name.casefold())
    top = tuple(row(one) for one in by_name if not one.is_retired and _stands_by_itself(now.themes, one))
    return ThemeTree(top, tuple(row(one) for one in by_name if one.is_retired), since, now.number)


def _stands_by_itself(themes: Themes, one: ThemeState) -> bool:
    return one.parent is None or themes[one.parent].is_retired


def find(session: Session, public_id: str) -> ThemeState:
    """The theme of this public id; raises NotFound."""
    key = session.scalar(select(Theme.key).where(Theme.public_id == public_id))
    if key is None:
        raise NotFound
    return versions.current(session).themes[key]


def public_id_of(session: Session, key: str) -> str | None:
    """A theme's name in a URL; None while it is only wished."""
    return session.scalar(select(Theme.public_id).where(Theme.key == key))


def choices(themes: Themes, *, but: str | None = None) -> tuple[Choice, ...]:
    """The themes in use as a list of choices, each parent followed by those under it."""
    found: list[Choice] = []
    by_name = sorted(in_use(themes).values(), key=lambda one: one.name.casefold())
    for one in (one for one in by_name if _stands_by_itself(themes, one)):
        found.append((one.key, one.name))
        found += [(low.key, f"{one.name} › {low.name}") for low in children(themes, one.key)]
    return tuple(choice for choice in found if choice[0] != but)


def tops(themes: Themes, *, but: str | None = None) -> tuple[Choice, ...]:
    """The themes that others can stand under."""
    by_name = sorted(in_use(themes).values(), key=lambda one: one.name.casefold())
    return tuple((one.key, one.name) for one in by_name if one.parent is None and one.key != but)
