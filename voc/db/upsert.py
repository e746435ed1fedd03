"""INSERTs of many rows, the same on SQLite and PostgreSQL, past the ORM: it costs four to eight times as much.

Inserting shows nobody anything, so these need no narrowing by the door.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    JSON,
    Column,
    ColumnElement,
    Dialect,
    LargeBinary,
    String,
    Table,
    Text,
    bindparam,
    cast,
    func,
    literal,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from voc.db.base import Base, UtcDateTime

Row = dict[str, Any]  # column name to value
_COUNTED = {"preserve_rowcount": True}


@dataclass(frozen=True, slots=True)
class Prepared:
    """An INSERT with all its values as the driver takes them: what is costly is done before anything is locked."""

    statement: Any  # an INSERT of either dialect, or SQL as the driver takes it
    values: Any  # for the driver: a list of tuples; else one mapping or several
    is_driven: bool = False

    def run(self, session: Session) -> int:
        """Does it; gives how many rows were added or replaced."""
        if not self.values:
            return 0
        session.flush()
        connection = session.connection()
        if self.is_driven:
            done = connection.exec_driver_sql(self.statement, self.values, execution_options=_COUNTED)
        else:
            done = connection.execute(self.statement, self.values, execution_options=_COUNTED)
        return int(done.rowcount)


def rows_to_add(session: Session, model: type[Base], rows: Sequence[Row]) -> Prepared:
    """Adds rows when run; IntegrityError when one is there already."""
    return _prepared(session, _How(model, "add"), rows)


def rows_to_add_once(session: Session, model: type[Base], rows: Sequence[Row]) -> Prepared:
    """Adds rows when run and leaves those that are already there as they are."""
    return _prepared(session, _How(model, "add once"), rows)


def rows_to_keep(
    session: Session, model: type[Base], rows: Sequence[Row], *, keys: Sequence[str], values: Sequence[str]
) -> Prepared:
    """Adds rows when run; where `keys` are already there, writes the new `values` over the old."""
    return _prepared(session, _How(model, "keep", tuple(keys), tuple(values)), rows)


def insert_rows(session: Session, model: type[Base], rows: Sequence[Row]) -> None:
    """Adds rows; IntegrityError when one is there already."""
    rows_to_add(session, model, rows).run(session)


def insert_ignoring(session: Session, model: type[Base], rows: Sequence[Row]) -> None:
    """Adds rows and leaves those that are already there as they are."""
    rows_to_add_once(session, model, rows).run(session)


def insert_new(
    session: Session, model: type[Base], rows: Sequence[Row], *, key: str
) -> set[Any]:  # as the column
    """Adds rows and leaves those that are already there; gives the `key` of each row that was added.

    Where two transactions add the same row at once, the second waits for the first and adds nothing. The rows
    carry ids of their own (`id`), by which those that were there are told from those that were not.
    """
    added = rows_to_add_once(session, model, rows).run(session)
    if added == len(rows):
        return {row[key] for row in rows}
    table = _table(model)
    wanted = select(table.c[key]).where(table.c.id.in_([row["id"] for row in rows]))
    return set(session.connection().execute(wanted).scalars())


def insert_or_replace(
    session: Session, model: type[Base], rows: Sequence[Row], *, keys: Sequence[str], values: Sequence[str]
) -> None:
    """Adds rows; where `keys` are already there, writes the new `values` over the old."""
    rows_to_keep(session, model, rows, keys=keys, values=values).run(session)


def _table(model: type[Base]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)  # noqa: S101 - every model of ours maps one table
    return table


@dataclass(frozen=True, slots=True)
class _How:
    """What is done with a row that is there already."""

    model: type[Base]
    act: str
    keys: tuple[str, ...] = ()
    values: tuple[str, ...] = ()

    def statement(self, dialect: Dialect) -> Any:  # the two dialects share no type
        """The INSERT."""
        made = (postgresql.insert if dialect.name == "postgresql" else sqlite.insert)(_table(self.model))
        if self.act == "add":
            return made
        if self.act == "add once":
            return made.on_conflict_do_nothing()
        new = {name: made.excluded[name] for name in self.values}
        return made.on_conflict_do_update(index_elements=list(self.keys), set_=new)


def _prepared(session: Session, how: _How, rows: Sequence[Row]) -> Prepared:
    dialect = session.get_bind().dialect
    if len(rows) < 2:  # noqa: PLR2004 - one row is quickest as it is
        return Prepared(how.statement(dialect), list(rows))
    if dialect.name == "postgresql":
        return Prepared(*_in_arrays(how.statement(dialect), rows))
    sql, columns, takes = _for_the_driver(dialect, how, tuple(rows[0]))
    listed = [
        [row[column.name] for row in rows] if column.name in rows[0] else [column.default.arg] * len(rows)
        for column in columns
    ]
    ready = [
        values if take is None else [take(value) for value in values]
        for take, values in zip(takes, listed, strict=True)
    ]
    return Prepared(sql, list(zip(*ready, strict=True)), is_driven=True)


@lru_cache(maxsize=256)
def _for_the_driver(dialect: Dialect, how: _How, names: tuple[str, ...]) -> tuple[str, list[Any], list[Any]]:
    """The SQL, its columns in order, and what makes a value of each the driver's own (None: it is that already).

    SQLAlchemy would look at each value of each row again while the database is locked, and others wait to write.
    """
    statement = how.statement(dialect)
    made = statement.compile(dialect=dialect, column_keys=list(names))
    columns = [statement.table.c[name] for name in made.positiontup]
    return (
        str(made),
        columns,
        [column.type.dialect_impl(dialect).bind_processor(dialect) for column in columns],
    )


def _in_arrays(statement: Any, rows: Sequence[Row]) -> tuple[Any, Row]:  # as above
    """One statement that takes each column as one array: row by row PostgreSQL needs several times as long."""
    columns = [statement.table.c[name] for name in rows[0]]
    source = select(*(_unnested(column) for column in columns))
    values = {f"all_{column.name}": _listed(column, rows) for column in columns}
    return statement.from_select([column.name for column in columns], source), values


def _unnested(column: Column[Any]) -> ColumnElement[Any]:  # any type of column
    given = bindparam(f"all_{column.name}", type_=Text())
    if _is_json(column):
        each = func.jsonb_array_elements(cast(given, postgresql.JSONB))
        return func.nullif(each, cast(literal("null", Text()), postgresql.JSONB), type_=postgresql.JSONB())
    if _is_text(column):
        return func.jsonb_array_elements_text(cast(given, postgresql.JSONB))
    return func.unnest(cast(given, ARRAY(column.type)))


def _listed(column: Column[Any], rows: Sequence[Row]) -> str:
    """A column as one text: JSON of words, else what PostgreSQL reads as an array.

    The driver looks at each value of an array by itself, which takes several times as long.
    """
    values = [row[column.name] for row in rows]
    if _is_json(column) or _is_text(column):
        return json.dumps(values)
    written = _written(column)
    return "{" + ",".join(["NULL" if value is None else written(value) for value in values]) + "}"


def _written(column: Column[Any]) -> Callable[[Any], str]:  # as above
    """What makes a value of this column an element of an array's text; none of these holds a quote or a comma."""
    if isinstance(column.type, LargeBinary):
        return _in_hex
    if isinstance(column.type, UtcDateTime):
        return _as_moment
    return str


def _in_hex(value: bytes) -> str:
    return f'"\\\\x{value.hex()}"'


def _as_moment(value: datetime) -> str:
    if value.tzinfo is None:
        raise ValueError(f"a moment without a time zone cannot be stored: {value!r}")
    return value.isoformat()


def _is_text(column: Column[Any]) -> bool:
    return type(column.type) in {String, Text}


def _is_json(column: Column[Any]) -> bool:
    return isinstance(column.type, JSON)
