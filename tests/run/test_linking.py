"""`voc link` adds the first person of an empty installation and lets them in."""

from pathlib import Path

from click.testing import CliRunner

from voc.cli import main


def test_the_first_administrator_gets_in_by_a_link(tmp_path: Path) -> None:
    arguments = ["link", "ana@example.org", "--name", "Ana", "--role", "admin", "--data", str(tmp_path)]
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 0, done.output
    assert "/sign-in/" in done.output


def test_an_unknown_address_is_told_how_to_be_added(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["link", "nobody@example.org", "--data", str(tmp_path)])
    assert done.exit_code == 1
    assert "--name NAME --role ROLE" in done.output
