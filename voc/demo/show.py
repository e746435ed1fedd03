"""The demo on a data folder that just started: brings the story in once, and says who can sign in."""

import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from voc.core import clock
from voc.core.config import Settings
from voc.core.principal import SYSTEM
from voc.db.session import Database, make_engine
from voc.demo.earlier import do_earlier_work
from voc.demo.life.lived import live
from voc.demo.load import WHO, give_program_key, is_empty, load, sign_in_links, still_waiting
from voc.demo.records import Story
from voc.demo.story import tell
from voc.demo.wish import TOLD, folder_of, is_told
from voc.jobs import GROUP, Doorbell, RedisDoorbell, connect_redis
from voc.mail.house import practise

PROVIDER = "Lindquay Services"
_DAY = "story-day"
_LOOK_SECONDS = 0.25
_PATIENCE_SECONDS = 120.0


def begin(settings: Settings, *, say: Callable[[str], None]) -> None:
    """Fills an empty installation with the story, then prints a sign-in link for each of its people.

    An installation that already has clients keeps what it has and gets no demo; one that was stopped
    half-way goes on where it was.
    """
    database = open_database(settings)
    folder = folder_of(settings)
    if is_empty(database):
        folder.mkdir(parents=True, exist_ok=True)
        day = clock.today(settings.time_zone).isoformat()
        (folder / _DAY).write_text(day, encoding="ascii")
    if not (folder / _DAY).exists():
        return
    story = story_of(settings)
    bell = RedisDoorbell(connect_redis(settings.redis_url))
    if not is_told(folder):
        with database.writing(SYSTEM) as session:
            practise(session)  # before its first mail: nothing of the demo can ever leave
        load(story, database, settings, bell, folder, say=say)
    _say_links(story, database, settings, say)
    if not is_told(folder):
        _bring_the_past(story, database, settings, bell, say=say)


def open_database(settings: Settings) -> Database:
    """The database that `up` runs on."""
    return Database(make_engine(settings.database_url, pool_size=2))


def story_of(settings: Settings) -> Story:
    """The story of this data folder, told again as on its first day."""
    day = (folder_of(settings) / _DAY).read_text(encoding="ascii")
    return tell(today=date.fromisoformat(day.strip()))


def make_room(data_dir: Path) -> None:
    """Makes the demo's folder where nothing is yet, so that the pages know from their start that there is a demo."""
    if not (data_dir / "voc.sqlite").exists():
        (data_dir / "demo").mkdir(parents=True, exist_ok=True)


def _bring_the_past(
    story: Story, database: Database, settings: Settings, bell: Doorbell, *, say: Callable[[str], None]
) -> None:
    say("\nThe comments are being read; all of it is there in half a minute.")
    _wait_until_read(database, bell, say)
    named = do_earlier_work(story, database)
    say(
        f"{named} issues were looked at by the demo's lead before you came. Telling what was asked and decided."
    )
    live(story, database, settings)
    give_program_key(story, database, folder_of(settings))
    (folder_of(settings) / TOLD).touch()
    say("The demo is in. On its page “Demo” you can let a week pass.")


def _wait_until_read(database: Database, bell: Doorbell, say: Callable[[str], None]) -> None:
    """Waits for the ordinary workers; says how far they are every few seconds."""
    started, said = time.monotonic(), time.monotonic()
    while waiting := still_waiting(database):
        if time.monotonic() - started > _PATIENCE_SECONDS:
            say(f"Still {waiting:,} comments to read; they go on being read while you look around.")
            return
        if time.monotonic() - said > 2:  # noqa: PLR2004 - seconds between two lines
            say(f"Reading, {waiting:,} to go" if waiting > 1 else "Looking for what they have in common")
            bell.ring(GROUP)  # a look that a stop cut short waits for nobody else's ring
            said = time.monotonic()
        time.sleep(_LOOK_SECONDS)


def _say_links(story: Story, database: Database, settings: Settings, say: Callable[[str], None]) -> None:
    say("\nOpen one of these links to be that person; each works once, for a week:")
    for who, (person, url) in sign_in_links(story, database, settings).items():
        at = f", {person.account}" if person.account else ""
        say(f"  {WHO[who]}\n    {person.name}{at}\n    {url}")
