"""Leadership's pages and an issue's clients as tables to take away; words in them are masked."""

from sqlalchemy.orm import Session

from voc.accounts.names import known_names
from voc.breadth.queries import GridRow, grid
from voc.core.names import Names
from voc.core.tables.writing import Table, Value
from voc.core.text import mask
from voc.issues.models import Issue
from voc.reports.briefs import Brief
from voc.reports.editions import Opened
from voc.web.words import cell_words

_ERASED = "erased since"
_UNKNOWN = "we do not know"
_LOOKED_AT = {True: "yes", False: "nobody yet: likely only if it is one matter"}
_SOURCES = {
    "person": "settled by one of us",
    "answer": "answered when asked",
    "confirmed": "told us, confirmed",
    "staff": "told our staff",
    "machine": "put here by machine, not confirmed",
    "sign_off": "says it is solved",
    "asking": "asked",
}


def edition_tables(edition: Opened, currency: str) -> tuple[Table, Table]:
    """The issues of an edition, and who was owed a person."""
    return _issues(edition, currency), _owed(edition)


def _issues(edition: Opened, currency: str) -> Table:
    columns = (
        "Issue", "Told us", "Said yes when asked", "Seen by our staff", "Not confirmed yet", "Likely, at least",
        "Likely, at most", "Looked at", "Not known", "Of", f"Yearly value of those who have it, {currency}",
        f"Yearly value of those not confirmed, {currency}", "Comments", "Behind it", "What was asked",
        "Against the threshold", "Proposal", "In their words", "In their words, another client",
    )  # fmt: skip
    return Table("Issues", columns, [_issue_row(edition, brief) for brief in edition.briefs])


def _issue_row(edition: Opened, brief: Brief) -> list[Value]:
    low, high = brief.likely or (None, None)
    said: list[Value] = [edition.quotes[one].words or _ERASED for one in brief.references]
    return [
        brief.name, brief.told, brief.said_yes, brief.seen, brief.reported, low, high,
        _LOOKED_AT[brief.is_seen], brief.unknown, brief.applies, _whole(brief.value_cents), _whole(brief.unconfirmed_cents), brief.comments, brief.gap or _UNKNOWN,
        brief.asked, brief.verdict, brief.proposal_said, *[*said, None, None][:2],
    ]  # fmt: skip


def _owed(edition: Opened) -> Table:
    columns = ("Client", "Gave notice or may leave", "Times", "Last on", "Looked after by", "In their words")
    rows: list[list[Value]] = [
        [one.client, one.leaves, one.times, one.said_at.date(), one.owner or _UNKNOWN,
         edition.quotes[one.reference].words or _ERASED]
        for one in edition.owed
    ]  # fmt: skip
    return Table("Owed a person", columns, rows)


def clients_table(session: Session, issue: Issue, currency: str) -> Table:
    """Every client one issue may concern: its state and best evidence; people's names masked."""
    found = grid(session, issue)
    names = known_names(session)
    columns = (
        "Client", "Segment", f"Yearly value, {currency}", "State", "How we know", "Since", "Comments", "In their words",
    )  # fmt: skip
    rows = [_client_row(row, names) for row in found.rows]
    return Table("Client by client", columns, rows)


def _client_row(row: GridRow, names: Names) -> list[Value]:
    best = row.best
    return [
        row.name, row.segment or _UNKNOWN, _whole(row.value_cents), cell_words(row.state),
        _SOURCES.get(best.source, best.source) if best else _UNKNOWN,
        best.observed_at.date() if best else None, row.mentions,
        mask(best.words, (), names) if best and best.words else None,
    ]  # fmt: skip


def _whole(cents: int | None) -> float | None:
    return None if cents is None else cents / 100
