"""The `voc` command: what it can do, by the role of who does it."""

import importlib

import click

# group -> command -> where it lives; a command's module loads when it runs, and for its line in --help.
COMMANDS: dict[str, dict[str, str]] = {
    "Everybody": {
        "up": "voc.run.commands:up",
    },
    "Who administers": {
        "import": "voc.run.bringing:bring_in",
        "link": "voc.run.linking:link",
    },
    "Who develops": {
        "test": "voc.run.commands:test",
    },
    "Who keeps it running in production": {
        "migrate": "voc.run.commands:migrate",
        "web": "voc.run.commands:web",
        "worker": "voc.run.commands:worker",
        "scheduler": "voc.run.commands:scheduler",
    },
}


class ByRole(click.Group):
    """Commands that load when they are needed, listed under the role that needs them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Every command, in the order of the table above."""
        return [name for commands in COMMANDS.values() for name in commands]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command called `cmd_name`, loaded now."""
        places = {name: place for commands in COMMANDS.values() for name, place in commands.items()}
        if cmd_name not in places:
            return None
        module, _, function = places[cmd_name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), function)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes one list of commands for each role."""
        for role, commands in COMMANDS.items():
            with formatter.section(role):
                formatter.write_dl([(name, self._line(ctx, name)) for name in commands])

    def _line(self, ctx: click.Context, name: str) -> str:
        command = self.get_command(ctx, name)
        return "" if command is None else command.get_short_help_str(limit=90)

    def invoke(self, ctx: click.Context) -> object:
        """Runs the command; an error of ours becomes its message and exit code 1."""
        from voc.core.errors import VocError  # noqa: PLC0415 - commands import inside

        try:
            return super().invoke(ctx)
        except VocError as error:
            raise click.ClickException(error.message) from error


@click.group(cls=ByRole, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name=None, version="0.1.0", prog_name="voc")
def main() -> None:
    """One client speaks, every client is checked."""


if __name__ == "__main__":
    main(prog_name="voc")
