"""All chapters of the demo's past, in their order."""

from collections.abc import Callable

from voc.core.config import Settings
from voc.core.principal import SYSTEM
from voc.db.session import Database
from voc.demo.life import finished, promised, running
from voc.demo.life.past import Past, load_words
from voc.demo.records import Story


def live(story: Story, database: Database, settings: Settings) -> None:
    """Brings the past in: each chapter whole or not at all, so that one that is in already is seen by its name."""
    for chapter in (_finished, _running, _ready_and_planned, _visited):
        with database.writing(SYSTEM) as session:
            chapter(Past(session, story, settings))


Chapter = Callable[[Past], None]


def _finished(past: Past) -> None:
    words = load_words()
    promised.set_thresholds(past, words["thresholds"])
    issue = finished.tell_finished(past, words["finished"])
    promised.promise(past, words["commitment"], issue)


def _running(past: Past) -> None:
    running.tell_running(past, load_words()["open"])


def _ready_and_planned(past: Past) -> None:
    words = load_words()
    issue = running.tell_ready(past, words["ready"])
    promised.plan_the_end(past, words["planned_change"], issue)


def _visited(past: Past) -> None:
    promised.visit(past, load_words()["visit"])
