"""The demo on a data folder that just started: brings the story in once, and says who can sign in."""

import time
from collections.abc import Callable
from datetime import date

from voc.core import clock
from voc.core.config import Settings
from voc.db.session import Database, make_engine
from voc.demo.earlier import do_earlier_work
from voc.demo.load import WHO, is_empty, load, sign_in_links, still_waiting
from voc.demo.records import Story
from voc.demo.story import tell
from voc.jobs import RedisDoorbell, connect_redis

PROVIDER = "Lindquay Services"
_DAY = "story-day"
_DONE = "told"
_LOOK_SECONDS = 0.25
_PATIENCE_SECONDS = 120.0


def begin(settings: Settings, *, say: Callable[[str], None]) -> None:
    """Fills an empty installation with the story, then prints a sign-in link for each of its people.

    An installation that already has clients keeps what it has and gets no demo; one that was stopped
    half-way goes on where it was.
    """
    database = Database(make_engine(settings.database_url, pool_size=2))
    folder = settings.data_dir / "demo"
    if is_empty(database):
        folder.mkdir(parents=True, exist_ok=True)
        day = clock.today(settings.time_zone).isoformat()
        (folder / _DAY).write_text(day, encoding="ascii")
    if not (folder / _DAY).exists():
        return
    story = _story(settings)
    is_told = (folder / _DONE).exists()
    if not is_told:
        bell = RedisDoorbell(connect_redis(settings.redis_url))
        load(story, database, settings, bell, folder, say=say)
    _say_links(story, database, settings, say)
    if not is_told:
        say("\nThe comments are being read; all of it is there in half a minute.")
        _wait_until_read(database, say)
        named = do_earlier_work(story, database)
        (folder / _DONE).touch()
        say(f"The demo is in: {named} issues were looked at by its lead before you came.")


def _story(settings: Settings) -> Story:
    day = (settings.data_dir / "demo" / _DAY).read_text(encoding="ascii")
    return tell(today=date.fromisoformat(day.strip()))


def _wait_until_read(database: Database, say: Callable[[str], None]) -> None:
    """Waits for the ordinary workers; says how far they are every few seconds."""
    started, said = time.monotonic(), time.monotonic()
    while waiting := still_waiting(database):
        if time.monotonic() - started > _PATIENCE_SECONDS:
            say(f"Still {waiting:,} comments to read; they go on being read while you look around.")
            return
        if time.monotonic() - said > 2:  # noqa: PLR2004 - seconds between two lines
            say(f"Reading, {waiting:,} to go" if waiting > 1 else "Looking for what they have in common")
            said = time.monotonic()
        time.sleep(_LOOK_SECONDS)


def _say_links(story: Story, database: Database, settings: Settings, say: Callable[[str], None]) -> None:
    say("\nOpen one of these links to be that person; each works once, for a week:")
    for who, (person, url) in sign_in_links(story, database, settings).items():
        at = f", {person.account}" if person.account else ""
        say(f"  {WHO[who]}\n    {person.name}{at}\n    {url}")
