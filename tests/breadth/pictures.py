"""Everything derived of the grids, to compare before with after."""

from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from voc.breadth.models import Cell, Evidence, IssueSum
from voc.db.base import Base

Rows = list[tuple[Any, ...]]


def rows_of(session: Session, model: type[Base], *, without: frozenset[str] = frozenset()) -> Rows:
    """Every row of a table in a fixed order, less some columns."""
    assert isinstance(model.__table__, Table)
    columns = [column for column in model.__table__.columns if column.name not in without]
    entities = [getattr(model, column.key) for column in columns]
    return sorted((tuple(row) for row in session.execute(select(*entities))), key=repr)


def grids(session: Session) -> tuple[Rows, Rows]:
    """All cells (not by which of two equal pieces of evidence) and all sums (not when they were summed)."""
    return (
        rows_of(session, Cell, without=frozenset({"evidence_id"})),
        rows_of(session, IssueSum, without=frozenset({"summed_at"})),
    )


def evidence(session: Session) -> Rows:
    """All evidence."""
    return rows_of(session, Evidence)
