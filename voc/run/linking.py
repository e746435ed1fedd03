"""`voc link`: lets a person in by a one-time link, and adds the person first where wanted."""

from pathlib import Path

import click

from voc.run.commands import data_option

ROLES = ("agent", "lead", "executive", "admin")


@click.command()
@click.argument("email")
@click.option("--name", help="Add this person first, with this name.")
@click.option("--role", type=click.Choice(ROLES), help="Give this role; without one, roles stay as they are.")
@data_option
def link(email: str, name: str | None, role: str | None, data_dir: Path) -> None:
    """Print a link that signs a person in, once, within half an hour."""
    from voc.access import service  # noqa: PLC0415 - `voc --help` must not load it
    from voc.core.principal import SYSTEM, Role  # noqa: PLC0415
    from voc.db.session import Database, make_engine  # noqa: PLC0415
    from voc.run.here import settings_here  # noqa: PLC0415

    with settings_here(data_dir) as settings:
        database = Database(make_engine(settings.database_url, pool_size=1))
        with database.writing(SYSTEM) as session:
            user = (
                service.find_user(session, email)
                if name is None
                else service.create_user(session, name, email)
            )
            if role is not None:
                service.give_role(session, user, Role(role))
            click.echo(service.make_signin_link(session, user, public_url=settings.public_url))
