"""A Chromium and the real app for it; the clock is the real one here, as in the app's own processes."""

import os
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.running import Running, running
from voc.access.models import User
from voc.access.service import make_signin_link
from voc.core import clock
from voc.core.principal import SYSTEM
from voc.run.browser import find_chromium

WIDE, PHONE = (1280, 900), (390, 844)
_PATIENCE_MS = 10_000


@dataclass(frozen=True, slots=True)
class Visit:
    """How somebody looks at us: width and height, theme, with or without scripts."""

    size: tuple[int, int] = WIDE
    theme: str = "light"
    scripts: bool = True


@pytest.fixture(autouse=True)
def at() -> None:
    """Instead of the frozen clock: the app runs in processes of its own, with the real one."""


@pytest.fixture(scope="module", autouse=True)
def _true_time() -> None:
    """Whatever a test before us did to the clock of this process: here it is the true one."""
    clock._source = clock._system_time
    clock.follow(None)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The Chromium that `voc test` found, else the first of this machine."""
    named = os.environ.get("VOC_TEST_CHROMIUM")
    place = Path(named) if named else find_chromium()
    if place is None:
        pytest.skip("there is no Chromium here")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=place, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The web server on an empty database; nobody reads what comes in."""
    with running(tmp_path_factory.mktemp("site"), _free_port()) as found:
        yield found


@pytest.fixture(scope="session")
def working_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """As `site`, with the workers that read and group what comes in."""
    with running(tmp_path_factory.mktemp("working"), _free_port(), workers=("read", "group")) as found:
        yield found


@pytest.fixture
def look(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """`look(Visit(...))`: a fresh browser window that nobody signed in with."""
    windows: list[BrowserContext] = []

    def open_window(visit: Visit = Visit()) -> Page:
        window = chromium.new_context(
            viewport={"width": visit.size[0], "height": visit.size[1]},
            color_scheme="dark" if visit.theme == "dark" else "light",
            java_script_enabled=visit.scripts,
            reduced_motion="reduce",
        )
        window.set_default_timeout(_PATIENCE_MS)
        windows.append(window)
        return window.new_page()

    yield open_window
    for window in windows:
        window.close()


def sign_in(page: Page, site: Running, user: User) -> None:
    """Signs `user` in by a link, as a person does."""
    with site.database.writing(SYSTEM) as session:
        link = make_signin_link(session, user, public_url=site.url)
    page.goto(link)
    page.get_by_role("main").get_by_role("button").first.click()


def violations(page: Page) -> list[str]:
    """What axe finds wrong on the page as it stands, one line each; empty when it is well."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['help']}: {one['nodes'][0]['html'][:200]}" for one in found]


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as line:
        port: int = line.getsockname()[1]
        return port
