"""`voc import`: brings in comments, the client list or usage, with or without `voc up` running."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

import click

from voc.run.commands import data_option

if TYPE_CHECKING:
    from voc.core.config import Settings
    from voc.core.tables.outcome import Outcome, Progress
    from voc.core.tables.reading import Shape
    from voc.db.session import Database

_LISTS = ("accounts", "usage")
_SHOWN_ROWS = 5
_SHOWN_LETTERS = 60
_LOOK_SECONDS = 0.5


class _Options(TypedDict):
    """How a file is to be read, as all three imports take it."""

    date_format: str | None
    encoding: str | None


class _Taking(_Options):
    """The same, with where refused rows go and who hears how far it came."""

    errors_path: Path | None
    on_progress: "Progress | None"


def _mapped(_ctx: click.Context, _param: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    wrong = [one for one in given if "=" not in one]
    if wrong:
        raise click.BadParameter(f"“{wrong[0]}” is not of the form field=COLUMN, such as text=Comment.")
    return dict(one.split("=", 1) for one in given)


@click.command("import")
@click.argument("what", nargs=-1, required=True, metavar="[accounts|usage] FILE...")
@click.option(
    "--map",
    "mapping",
    multiple=True,
    callback=_mapped,
    metavar="FIELD=COLUMN",
    help="Which column holds what; guessed from the header when left out.",
)
@click.option(
    "--date-format", help="How dates are written where that is not clear: d/m/y, m/d/y, or such as %d.%m.%Y."
)
@click.option("--encoding", help="How letters are written, when the guess is wrong: utf-8, cp1252 …")
@click.option(
    "--errors",
    "errors_path",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where rows go that could not be taken; beside the file when left out.",
)
@click.option("--wait", is_flag=True, help="Come back when every comment is read and grouped.")
@click.option("--dry-run", is_flag=True, help="Show how the file would be read, and store nothing.")
@data_option
def bring_in(
    what: tuple[str, ...],
    mapping: dict[str, str],
    date_format: str | None,
    encoding: str | None,
    errors_path: Path | None,
    data_dir: Path,
    *,
    wait: bool,
    dry_run: bool,
) -> None:
    """Bring in comments, or the client list (accounts) or usage, from CSV or JSON lines."""
    kind, files = (what[0], what[1:]) if what[0] in _LISTS and len(what) > 1 else ("comments", what)
    options: _Options = {"date_format": date_format, "encoding": encoding}
    if dry_run:
        for name in files:
            _show(kind, Path(name), mapping, options)
        return
    from voc.run.here import settings_here  # noqa: PLC0415 - `voc --help` must not load it

    with settings_here(data_dir, workers=wait) as settings, _database(settings) as database:
        for name in files:
            errors = errors_path or _writable(Path(name), data_dir)
            with _bar(Path(name).name) as moves:
                outcome = _bring(kind, database, settings, Path(name), mapping, options, errors, moves)
            _tell(Path(name), outcome)
        if wait:
            _wait(database)


@contextmanager
def _database(settings: "Settings") -> Iterator["Database"]:
    from voc.db.session import Database, make_engine  # noqa: PLC0415

    engine = make_engine(settings.database_url, pool_size=2)
    try:
        yield Database(engine)
    finally:
        engine.dispose()


def _bring(
    kind: str,
    database: "Database",
    settings: "Settings",
    path: Path,
    mapping: dict[str, str],
    options: _Options,
    errors_path: Path,
    moves: "Progress",
) -> "Outcome":
    from voc.accounts.files.importing import import_accounts  # noqa: PLC0415
    from voc.accounts.files.usage import import_usage  # noqa: PLC0415
    from voc.intake.files.importing import import_comments  # noqa: PLC0415
    from voc.jobs import RedisDoorbell, connect_redis  # noqa: PLC0415

    how: _Taking = {**options, "errors_path": errors_path, "on_progress": moves}
    if kind == "accounts":
        return import_accounts(database, path, mapping, currency=settings.currency, **how)
    if kind == "usage":
        return import_usage(database, path, mapping, **how)
    bell = RedisDoorbell(connect_redis(settings.redis_url))
    return import_comments(database, path, mapping, time_zone=settings.time_zone, doorbell=bell, **how)


@contextmanager
def _bar(label: str) -> Iterator["Progress"]:
    with click.progressbar(length=1, label=label, show_pos=True) as bar:

        def moves(done: int, total: int) -> None:
            bar.length = max(total, 1)
            bar.update(done - bar.pos)

        yield moves


def _writable(path: Path, data_dir: Path) -> Path:
    """Beside the file, or in the data folder when nothing can be written there."""
    name = f"{path.stem}.refused.csv"
    return path.with_name(name) if os.access(path.parent, os.W_OK) else data_dir / "refused" / name


def _tell(path: Path, outcome: "Outcome") -> None:
    click.echo(f"{path.name}: {outcome.said}")
    if outcome.errors_path:
        click.echo(
            f"The refused rows, each with its reason, are in {outcome.errors_path}. Correct them and bring that file in."
        )


def _show(kind: str, path: Path, mapping: dict[str, str], options: _Options) -> None:
    from voc.accounts.files.importing import import_accounts, look_at_accounts  # noqa: PLC0415
    from voc.accounts.files.usage import import_usage  # noqa: PLC0415
    from voc.core.config import environment  # noqa: PLC0415
    from voc.core.tables.reading import look_at  # noqa: PLC0415
    from voc.intake.files.importing import import_comments  # noqa: PLC0415
    from voc.intake.files.looking import look_at_comments  # noqa: PLC0415

    env = environment({})
    database: Any = None  # a dry run opens none
    if kind == "comments":
        file = look_at_comments(path, mapping, **options)
        _show_shape(file.path, file.shape, file.mapping, str(file.dates.order or file.dates.pattern or ""))
        outcome = import_comments(
            database,
            path,
            mapping,
            time_zone=env.get("VOC_TIME_ZONE", "Europe/Amsterdam"),
            dry_run=True,
            **options,
        )
    elif kind == "accounts":
        listed = look_at_accounts(path, mapping, **options)
        _show_shape(path, listed.shape, listed.mapping, str(listed.dates.order or listed.dates.pattern or ""))
        outcome = import_accounts(
            database, path, mapping, currency=env.get("VOC_CURRENCY", "EUR"), dry_run=True, **options
        )
    else:
        _show_shape(path, look_at(path, encoding=options["encoding"]), mapping, "")
        outcome = import_usage(database, path, mapping, dry_run=True, **options)
    click.echo(f"{outcome.rows:,} rows, of which {outcome.refused:,} would be refused. Nothing was stored.")


def _show_shape(path: Path, shape: "Shape", mapping: dict[str, str], dates: str) -> None:
    from itertools import islice  # noqa: PLC0415

    from voc.core.tables.reading import rows  # noqa: PLC0415

    click.echo(f"{path.name}: {shape.said}")
    if dates:
        click.echo(f"Dates: {dates}")
    for name, column in mapping.items():
        click.echo(f"  {name} = {column}")
    for row in islice(rows(path, shape), _SHOWN_ROWS):
        cells = dict(zip(shape.header, row.values, strict=False))
        shown = [
            f"{name}: {' '.join(cells.get(column, '').split())[:_SHOWN_LETTERS]}"
            for name, column in mapping.items()
        ]
        click.echo(f"line {row.line}: {' | '.join(shown)}")


def _wait(database: "Database") -> None:
    """Stays until no comment waits for a worker."""
    with _bar("Reading and grouping") as moves:
        most = 0
        while waiting := _waiting(database):
            most = max(most, waiting)
            moves(most - waiting, most)
            time.sleep(_LOOK_SECONDS)
        moves(most, most)


def _waiting(database: "Database") -> int:
    from voc.core.principal import SYSTEM  # noqa: PLC0415
    from voc.db import work  # noqa: PLC0415
    from voc.issues.queries import is_settled  # noqa: PLC0415

    with database.reading(SYSTEM) as session:
        return sum(work.waiting(session).values()) or int(not is_settled(session))
