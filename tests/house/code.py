"""The code as trees, for the rules about it."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGES = ("voc", "nlp", "workers")
MIGRATIONS = "voc/db/migrations/"


def files(*folders: str) -> list[str]:
    """Python files below these folders, as paths from the root."""
    found = (path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return sorted(str(path.relative_to(ROOT)) for path in found)


def ours() -> list[str]:
    """What is shipped, migrations apart: those are frozen the day they are written."""
    return [path for path in files(*PACKAGES) if not path.startswith(MIGRATIONS)]


@cache
def tree(path: str) -> ast.Module:
    """A file, parsed."""
    return ast.parse((ROOT / path).read_text(encoding="utf-8"))


def functions(path: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function of a file."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def public(path: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    """The functions, classes and methods of a file that others may use."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    for node in tree(path).body:
        if isinstance(node, kinds) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from (
                    part for part in node.body if isinstance(part, kinds) and not part.name.startswith("_")
                )


def uses(path: str) -> set[str]:
    """Every dotted name a file uses, such as `os.environ`."""
    return {
        f"{node.value.id}.{node.attr}"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }


def calls(path: str) -> set[str]:
    """The last word of everything a file calls."""
    called = (node.func for node in ast.walk(tree(path)) if isinstance(node, ast.Call))
    names = (func.id if isinstance(func, ast.Name) else getattr(func, "attr", None) for func in called)
    return {name for name in names if name}


def imports(path: str) -> set[str]:
    """Every name a file imports, dotted with where it comes from."""
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        if isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{name.name}" for name in node.names}
    return found
