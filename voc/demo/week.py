"""One day after another in a running demo: time moves, regular work is done, clients act on their mail."""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event

from voc.core import clock
from voc.core.config import Settings
from voc.core.errors import VocError
from voc.core.policy import DEFAULT
from voc.core.principal import SYSTEM
from voc.db.session import Database
from voc.demo import outside, wish
from voc.demo.ahead import run_ahead
from voc.demo.browser import Browser
from voc.demo.conduct import Conduct, Deed, cast
from voc.demo.daily import do_regular_work, settled
from voc.demo.fresh import said_on
from voc.demo.letters import Letter, came_back, kept_since, reply
from voc.demo.lines import angry_words, day_line, still_words, words_beside
from voc.demo.records import Story
from voc.demo.show import open_database, story_of
from voc.demo.subject import Subject, each_question, subject_of
from voc.jobs import MAIL, Doorbell, RedisDoorbell, connect_redis
from voc.mail import inbound, sending

_DAY = timedelta(days=1)
_LEAVES = timedelta(minutes=DEFAULT.stop_minutes + 1)
_OLDEST = timedelta(days=40)
_MAIL_SECONDS = 20.0
_LOOK_SECONDS = 0.1
_WISH_SECONDS = 0.5
_AGAIN_SECONDS = 3.0
_QUESTIONS = ("question", "reminder")


class Stopped(Exception):
    """`voc up` is ending; what was done is kept, and the day goes on next time."""


@dataclass
class Town:
    """The demo and its clients; `acted` remembers the letters that somebody has acted on."""

    settings: Settings
    database: Database
    story: Story
    bell: Doorbell
    stopping: Event
    acted: "Acted" = field(init=False)

    def __post_init__(self) -> None:
        self.acted = Acted(self.folder / "acted")

    @property
    def folder(self) -> Path:
        """Where the demo keeps its files."""
        return wish.folder_of(self.settings)

    def go_on(self) -> None:
        """Raises Stopped when it is time to end."""
        if self.stopping.is_set():
            raise Stopped


class Acted:
    """Which letters were acted on, one line each in a file, so that a restart repeats next to nothing."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known = set(path.read_text(encoding="ascii").split()) if path.exists() else set[str]()

    def __contains__(self, letter: Letter) -> bool:
        """Whether this letter needs nothing more."""
        return letter.delivery in self._known

    def add(self, letter: Letter) -> None:
        """Remembers the letter."""
        self._known.add(letter.delivery)
        with self._path.open("a", encoding="ascii") as out:
            out.write(f"{letter.delivery}\n")


def pass_week(town: Town, *, say: Callable[[str], None]) -> None:
    """The days that are left of the week that somebody wished for; each day is kept when it is over."""
    weeks = wish.read_weeks(town.folder)
    begin = weeks.weeks * wish.DAYS * _DAY + (weeks.weeks + 1) * _LEAVES
    if weeks.days == 0:
        run_ahead(town.database, town.settings, begin)  # what waits with its Stop leaves before the days pass
        _let_mail_go(town)
    for _ in range(weeks.days, wish.DAYS):
        line = pass_day(town, begin + (weeks.days + 1) * _DAY)
        weeks = weeks.after_a_day(line)
        wish.write_weeks(town.folder, weeks)
        if not town.stopping.is_set():
            say(line)
    wish.end_week(town.folder)


def pass_day(town: Town, ahead: timedelta) -> str:
    """One day: time runs `ahead` in all, what is due is done, clients act; gives a line about it."""
    town.go_on()
    run_ahead(town.database, town.settings, ahead)
    do_regular_work(town.database, town.settings.time_zone)
    _let_mail_go(town)
    happened: Counter[str] = Counter()
    with Browser(town.settings.public_url) as browser:
        for letter, subject, deed in _due(town):
            town.go_on()
            happened[_do(town, browser, letter, subject, deed)] += 1
            town.acted.add(letter)
    _let_mail_go(town)
    happened["comments"] = _say_new_things(town)
    return day_line(clock.today(town.settings.time_zone), happened)


def _due(town: Town) -> Iterator[tuple[Letter, Subject, Deed]]:
    """The letters whose reader acts by now, each with what it is about and what is done."""
    now = clock.now()
    with town.database.reading(SYSTEM) as session:
        kept = [each for one in kept_since(session, now - _OLDEST) for each in each_question(session, one)]
        letters = [one for one in kept if one not in town.acted]
        found = [(one, subject_of(session, town.story, one)) for one in letters]
    for letter, subject in found:
        deed = _deed(town.story, letter, subject) if subject is not None else None
        if subject is not None and deed is not None and letter.kept_at + deed.days * _DAY <= now:
            yield letter, subject, deed


def _deed(story: Story, letter: Letter, subject: Subject) -> Deed | None:
    if letter.template in _QUESTIONS:
        conduct = cast(story, subject.key, subject.asked)
        is_reminder = letter.template == "reminder"
        return conduct.asked(letter.to, subject.key, subject.since_on, is_reminder=is_reminder)
    return Conduct(story.truth).told_solved(letter.to, subject.key)


def _do(town: Town, browser: Browser, letter: Letter, subject: Subject, deed: Deed) -> str:
    now = clock.now()
    if deed.act == "bounce":
        _arrives(town, came_back(letter, now))
        return "bounced"
    rng = random.Random(f"{letter.delivery}")
    words = _words(deed, subject, now, rng) if deed.with_words else ""
    done = outside.act(browser, letter, deed, words, _name_of(town.story, deed.colleague or ""))
    if deed.is_angry and done == "answered":
        _arrives(town, reply(letter, _name_of(town.story, letter.to), angry_words(rng), now))
        return "angry"
    return done


def _words(deed: Deed, subject: Subject, now: datetime, rng: random.Random) -> str:
    if deed.act == "solved":
        return still_words(rng)
    return words_beside(deed.value, subject.key, now.date(), rng)


def _name_of(story: Story, email: str) -> str:
    return next((one.name for one in story.contacts if one.email == email), email)


def _arrives(town: Town, mail: bytes) -> None:
    """Mail comes in by the door that a mailbox has; the mail worker sorts it."""
    with town.database.writing(SYSTEM) as session:
        inbound.keep(session, mail)


def _let_mail_go(town: Town) -> None:
    """Waits until the mail worker has sent and sorted what there is, but not for ever."""
    give_up_at = time.monotonic() + _MAIL_SECONDS
    while _mail_waits(town) and time.monotonic() < give_up_at:
        town.bell.ring(MAIL)
        if town.stopping.wait(_LOOK_SECONDS):
            raise Stopped


def _mail_waits(town: Town) -> bool:
    with town.database.reading(SYSTEM) as session:
        return sending.waiting(session) > 0


def _say_new_things(town: Town) -> int:
    secret = outside.kept_secret(town.folder)
    if secret is None:
        return 0
    with town.database.reading(SYSTEM) as session:
        over = settled(session, town.story)
    now: datetime = clock.now()
    said = said_on(town.story, clock.today(town.settings.time_zone), over)
    return outside.send_comments(town.settings.public_url, secret, said, now)


def let_weeks_pass(settings: Settings, stopping: Event, *, say: Callable[[str], None]) -> None:
    """Lets a week pass whenever somebody wishes for one on the demo's page, until `stopping` is set.

    A week that a stop cut short goes on first. Where there is no demo, or mail could leave, it does nothing.
    """
    folder = wish.folder_of(settings)
    if settings.practice_clock is None or not wish.is_told(folder):
        return
    database = open_database(settings)
    bell = RedisDoorbell(connect_redis(settings.redis_url))
    town = Town(settings, database, story_of(settings), bell, stopping)
    while not stopping.wait(_WISH_SECONDS):
        if wish.is_wanted(folder):
            _try_week(town, say)


def _try_week(town: Town, say: Callable[[str], None]) -> None:
    try:
        pass_week(town, say=say)
    except Stopped:
        return
    except VocError as error:
        if not town.stopping.wait(_AGAIN_SECONDS):
            wish.write_weeks(town.folder, replace(wish.read_weeks(town.folder), trouble=error.message))
