"""The page that lets a week pass: there in the demo, nowhere else; pressed twice it passes once."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from tests.conftest import RolledBack
from voc.app import create_app
from voc.core.config import Settings
from voc.core.principal import Role
from voc.demo import wish
from voc.demo.wish import Weeks
from voc.jobs import QuietDoorbell

STAFF = (Role.AGENT, Role.LEAD, Role.EXECUTIVE, Role.ADMIN)


@pytest.fixture
def app(settings: Settings, database: RolledBack, doorbell: QuietDoorbell) -> APIFlask:
    folder = wish.folder_of(settings)
    folder.mkdir()
    (folder / "told").touch()
    return create_app(settings, database=database, doorbell=doorbell)


@pytest.mark.parametrize("role", STAFF)
def test_every_colleague_finds_it_in_the_menu(client: Callable[..., FlaskClient], role: Role) -> None:
    found = client(role).get("/demo")
    assert found.status_code == 200
    assert "Let a week pass" in found.text
    assert '<a href="/demo" aria-current="page">Demo</a>' in found.text


def test_a_client_does_not(client: Callable[..., FlaskClient]) -> None:
    assert client(Role.CLIENT_ADMIN).get("/demo").status_code == 403
    assert client(Role.CLIENT_ADMIN).post("/demo").status_code == 403


def test_no_other_installation_has_it(
    settings: Settings, database: RolledBack, doorbell: QuietDoorbell
) -> None:
    elsewhere = replace(settings, data_dir=settings.data_dir / "elsewhere")
    with_mail = replace(settings, smtp_url="smtp://mail.example")
    for other in (elsewhere, with_mail):
        rules = create_app(other, database=database, doorbell=doorbell).url_map.iter_rules()
        assert "/demo" not in {rule.rule for rule in rules}


def test_a_press_is_noted_once(client: Callable[..., FlaskClient], settings: Settings) -> None:
    lead, folder = client(Role.LEAD), wish.folder_of(settings)
    for _ in range(2):
        assert lead.post("/demo", data={"week": "1"}).status_code == 303
    assert wish.is_wanted(folder)
    assert "A week is passing" in lead.get("/demo").text
    wish.write_weeks(folder, Weeks(weeks=1))
    wish.end_week(folder)
    lead.post("/demo", data={"week": "1"})
    assert not wish.is_wanted(folder)
    lead.post("/demo", data={"week": "2"})
    assert wish.is_wanted(folder)


@pytest.mark.parametrize("number", ["", "0", "7", "-1", "one", "٣", "9" * 400])
def test_an_odd_press_does_nothing(
    client: Callable[..., FlaskClient], settings: Settings, number: str
) -> None:
    assert client(Role.LEAD).post("/demo", data={"week": number}).status_code == 303
    assert not wish.is_wanted(wish.folder_of(settings))


def test_nobody_presses_before_the_story_is_in(
    client: Callable[..., FlaskClient], settings: Settings
) -> None:
    (wish.folder_of(settings) / "told").unlink()
    lead = client(Role.LEAD)
    assert "being brought in" in lead.get("/demo").text
    lead.post("/demo", data={"week": "1"})
    assert not wish.is_wanted(wish.folder_of(settings))


def test_seven_days_are_a_week_whose_lines_stay(settings: Settings) -> None:
    folder = wish.folder_of(settings)
    folder.mkdir(parents=True, exist_ok=True)
    weeks = Weeks()
    for day in range(7):
        weeks = weeks.after_a_day(f"day {day}")
        wish.write_weeks(folder, weeks)
    assert wish.read_weeks(folder) == Weeks(1, 0, tuple(f"day {day}" for day in range(7)))
    assert weeks.after_a_day("Monday").lines == ("Monday",)


def test_what_happened_stands_on_the_page(client: Callable[..., FlaskClient], settings: Settings) -> None:
    line = "Tuesday: 14 clients answered."
    wish.write_weeks(wish.folder_of(settings), Weeks(weeks=2, lines=(line,)))
    text = client(Role.LEAD).get("/demo").text
    assert line in text
    assert "2 weeks after you began" in text
