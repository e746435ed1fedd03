"""Migrations lead from nothing to exactly the models, and back, on both databases."""

import ast
from importlib import import_module
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from tests.house.code import ROOT, files, imports, tree
from voc.db.base import Base
from voc.db.migrate import _config, downgrade, is_current, upgrade
from voc.db.session import Database

STEPS = files("voc/db/migrations/versions")


def load_all_models() -> None:
    for path in sorted((ROOT / "voc").rglob("*.py")):
        if "__tablename__" in path.read_text(encoding="utf-8"):
            import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))


def differences(database: Database) -> list[Any]:
    load_all_models()
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, Base.metadata))


def test_an_upgraded_database_is_exactly_the_models(stored_database: Database) -> None:
    assert is_current(stored_database.engine)
    assert differences(stored_database) == []


def test_one_step_down_and_up_again_ends_where_it_began(stored_database: Database) -> None:
    downgrade(stored_database.engine, "-1")
    assert not is_current(stored_database.engine)
    upgrade(stored_database.engine)
    assert differences(stored_database) == []


def test_all_the_way_down_leaves_nothing(stored_database: Database) -> None:
    downgrade(stored_database.engine, "base")
    assert set(inspect(stored_database.engine).get_table_names()) <= {"alembic_version"}
    upgrade(stored_database.engine)
    assert is_current(stored_database.engine)


def test_upgrading_twice_does_nothing(stored_database: Database) -> None:
    upgrade(stored_database.engine)
    assert is_current(stored_database.engine)


def test_there_is_one_line_of_steps() -> None:
    assert len(ScriptDirectory.from_config(_config()).get_heads()) == 1


@pytest.mark.parametrize("path", STEPS)
def test_a_step_stands_alone_and_says_why(path: str) -> None:
    assert not {name for name in imports(path) if name.startswith("voc.") and "migrations" not in name}
    assert ast.get_docstring(tree(path))
