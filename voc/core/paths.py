"""Answers where our files are, in a checkout and when installed."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def templates_folder() -> Path:
    """The page templates: inside the package when installed, beside it in a checkout."""
    installed = _PACKAGE / "templates"
    return installed if installed.is_dir() else _PACKAGE.parent / "templates"


def migrations_folder() -> Path:
    """The database migrations."""
    return _PACKAGE / "db" / "migrations"


def static_folder() -> Path:
    """The style sheet and the script."""
    return _PACKAGE / "web" / "static"
