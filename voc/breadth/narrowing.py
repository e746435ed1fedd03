"""Narrows the table client by client to what one number counts, and sorts it."""

from collections.abc import Callable, Collection, Mapping, Sequence

from voc.breadth.queries import Grid, GridRow
from voc.breadth.rules import HAS, CellState
from voc.web.words import cell_words

SORTS = ("state", "name", "value", "since", "said")
_KNOWN = frozenset({*HAS, CellState.HAS_NOT, CellState.SOLVED})
_Test = Callable[[GridRow], bool]
_MORE: Mapping[str, tuple[str, _Test]] = {
    "has": ("has it", lambda row: row.state in HAS),
    "told": ("has it, told us", lambda row: row.state in HAS and row.reach == "told"),
    "said_yes": ("has it, said yes when asked", lambda row: row.state in HAS and row.reach == "said_yes"),
    "seen": ("has it, seen by our staff", lambda row: row.state in HAS and row.reach == "seen"),
    "counted": ("has it, or may have told us", lambda row: row.state in {*HAS, CellState.REPORTED}),
    "unknown": ("we do not know", lambda row: row.state not in _KNOWN),
}
QUIET = "quiet"
_QUIET_WORDS = "says next to nothing else, and says this"


def words_of(state: str) -> str | None:
    """What a page says for a narrowing; None for what is none."""
    if state == QUIET:
        return _QUIET_WORDS
    if state in _MORE:
        return _MORE[state][0]
    return cell_words(state) if state in set(CellState) else None


def narrowed(grid: Grid, state: str, query: str, quiet: Collection[int] = ()) -> list[GridRow]:
    """The clients a number counts: a cell's state, or one of the figures above it; all for anything else."""
    wanted = query.casefold()
    rows = [*grid.rows, *grid.outside] if state == CellState.NOT_APPLICABLE else grid.rows
    return [row for row in rows if _fits(row, state, quiet) and (not wanted or wanted in row.name.casefold())]


def _fits(row: GridRow, state: str, quiet: Collection[int]) -> bool:
    if state == QUIET:
        return row.account_id in quiet
    if state in _MORE:
        is_in = row.state is not CellState.NOT_APPLICABLE
        return is_in and _MORE[state][1](row)
    return state not in set(CellState) or row.state == state


def in_order(rows: Sequence[GridRow], sort: str) -> list[GridRow]:
    """The rows by name, yearly value, date or comments; as they come for anything else."""
    keys: Mapping[str, Callable[[GridRow], tuple[float, str]]] = {
        "name": lambda row: (0.0, row.name.casefold()),
        "value": lambda row: (-(row.value_cents or 0), row.name),
        "said": lambda row: (-row.mentions, row.name),
        "since": lambda row: (-row.best.observed_at.timestamp() if row.best else 0.0, row.name),
    }
    return sorted(rows, key=keys[sort]) if sort in keys else list(rows)
