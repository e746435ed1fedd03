"""The commands that run things: together with `up`, or each part on a host of its own."""

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from voc.run.parts import Part

data_option = click.option(
    "--data",
    "data_dir",
    type=click.Path(file_okay=False, path_type=Path, resolve_path=True),
    envvar="VOC_DATA_DIR",
    default="data",
    show_envvar=True,
    help="The folder that holds everything.",
)


@click.command()
@data_option
@click.option(
    "--port", type=click.IntRange(1, 65535), help="Where the pages are; 8400 unless VOC_PORT says else."
)
@click.option("--no-demo", is_flag=True, help="Start with an empty client list.")
def up(data_dir: Path, port: int | None, *, no_demo: bool) -> None:
    """Run everything on this machine until Ctrl-C."""
    from voc.demo.show import PROVIDER, begin, make_room  # noqa: PLC0415 - `voc --help` must not load it
    from voc.demo.week import let_weeks_pass  # noqa: PLC0415
    from voc.run.up import up as run  # noqa: PLC0415

    if no_demo:
        run(data_dir, port=port, say=click.echo)
        return
    make_room(data_dir)
    run(
        data_dir,
        port=port,
        say=click.echo,
        provider=PROVIDER,
        once_ready=partial(begin, say=click.echo),
        meanwhile=partial(let_weeks_pass, say=click.echo),
    )


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def test(arguments: tuple[str, ...]) -> None:
    """Run all checks and tests; ARGUMENTS go to pytest."""
    from voc.run.suite import run_suite  # noqa: PLC0415

    raise SystemExit(run_suite(arguments, say=click.echo))


@click.command()
def web() -> None:
    """Run the web server alone."""
    from voc.core.config import load_settings  # noqa: PLC0415
    from voc.run import parts  # noqa: PLC0415

    _become(parts.web(load_settings()))


@click.command()
@click.argument("kind", type=click.Choice(["read", "group", "mail", "estimate", "train"]))
def worker(kind: str) -> None:
    """Run one worker: it reads comments, groups them, handles mail, estimates, or learns."""
    from voc.run import parts  # noqa: PLC0415

    _become(parts.worker(kind))


@click.command()
def scheduler() -> None:
    """Run the scheduler; a second one does no harm."""
    from voc.run import parts  # noqa: PLC0415

    _become(parts.scheduler())


@click.command()
def migrate() -> None:
    """Bring the database to this release."""
    from voc.analysis.service import ensure_starter_themes  # noqa: PLC0415
    from voc.core.config import load_settings  # noqa: PLC0415
    from voc.core.principal import SYSTEM  # noqa: PLC0415
    from voc.db.migrate import upgrade  # noqa: PLC0415
    from voc.db.session import Database, make_engine  # noqa: PLC0415

    engine = make_engine(load_settings().database_url)
    upgrade(engine)
    with Database(engine).writing(SYSTEM) as session:
        ensure_starter_themes(session)
    engine.dispose()


def _become(part: "Part") -> None:
    """Turns this process into the part, so that whoever started us watches the real thing."""
    os.execv(part.argv[0], part.argv)  # noqa: S606 - our own command, no shell
