"""The house rules about code: sizes, names, docstrings, and who alone may do what."""

import ast
import re
from collections.abc import Set as AbstractSet

from tests.house.code import MIGRATIONS, ROOT, calls, files, functions, imports, ours, public, tree, uses

EVERYTHING = [
    path for path in files("voc", "nlp", "workers", "tests", "bench") if not path.startswith(MIGRATIONS)
]
NO_HOME = {"util", "utils", "helper", "helpers", "common", "misc", "manager"}
MAKES_DATABASES = {
    "voc/db/session.py": "the place itself",
    "voc/app.py": "the web's own, unless it is given one",
    "voc/demo/show.py": "the demo looks into the database that `up` runs on",
    "voc/run/bringing.py": "the import command opens the installation's database",
    "voc/run/commands.py": "the migrate command opens the installation's database",
    "voc/run/linking.py": "the link command opens the installation's database",
    "workers/scope.py": "each worker process has one",
}
CLOCKS = {
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns", "time.localtime",
}  # fmt: skip
ENVIRONMENT = {"os.environ", "os.getenv", "os.environb"}
DOORS = {"create_engine", "make_engine", "sessionmaker", "scoped_session", "Database", "VocSession"}
PRINTS = {"voc/run/commands.py", "voc/run/bringing.py", "nlp/evaluate.py", "nlp/train.py"}  # commands
POLLS = ("tests/faults/", "tests/stores/", "tests/browser/")  # until a deadline, on real processes


def with_any(found: dict[str, AbstractSet[str]], forbidden: AbstractSet[str]) -> dict[str, AbstractSet[str]]:
    return {path: names & forbidden for path, names in found.items() if names & forbidden}


def test_no_file_is_longer_than_400_lines() -> None:
    lines = {path: len((ROOT / path).read_text(encoding="utf-8").splitlines()) for path in EVERYTHING}
    assert {path: number for path, number in lines.items() if number > 400} == {}


def test_no_function_is_longer_than_50_lines() -> None:
    lines = {
        f"{path} {one.name}": (one.end_lineno or 0) - one.lineno + 1
        for path in EVERYTHING
        for one in functions(path)
    }
    assert {name: number for name, number in lines.items() if number > 50} == {}


def test_every_module_has_a_name_that_says_something() -> None:
    assert [path for path in EVERYTHING if NO_HOME & set(re.split(r"[/._]", path))] == []


def test_every_module_says_in_its_first_line_what_it_is_for() -> None:
    first = {path: (ast.get_docstring(tree(path)) or "").partition("\n")[0] for path in ours()}
    assert [path for path, line in first.items() if not line.endswith((".", ":"))] == []


def test_everything_others_may_use_says_what_it_gives() -> None:
    assert [
        f"{path} {one.name}" for path in ours() for one in public(path) if not ast.get_docstring(one)
    ] == []


def test_only_the_session_commits() -> None:
    assert with_any({path: calls(path) for path in ours()}, {"commit"}).keys() == {"voc/db/session.py"}


def test_nobody_makes_a_door_of_their_own_to_the_database() -> None:
    made = with_any({path: calls(path) for path in ours()}, DOORS)
    assert made.keys() <= MAKES_DATABASES.keys()


def test_only_the_settings_read_the_environment() -> None:
    read = {path: uses(path) | imports(path) for path in ours()}
    assert with_any(read, ENVIRONMENT).keys() == {"voc/core/config.py"}


def test_only_the_clock_knows_what_time_it_is() -> None:
    assert with_any({path: uses(path) for path in ours()}, CLOCKS).keys() == {"voc/core/clock.py"}


def test_views_hold_no_query() -> None:
    views = {path: imports(path) for path in ours() if path.endswith("views.py")}
    taken = {path: {name for name in names if name.startswith("sqlalchemy")} for path, names in views.items()}
    only_the_type = {"sqlalchemy.orm.Session"}
    assert {path: names for path, names in taken.items() if names - only_the_type} == {}


def test_only_commands_print() -> None:
    assert with_any({path: calls(path) for path in ours()}, {"print"}).keys() <= PRINTS


def test_no_test_sleeps() -> None:
    tests = {path: uses(path) for path in files("tests") if not path.startswith(POLLS)}
    assert with_any(tests, {"time.sleep"}) == {}
