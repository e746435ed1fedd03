"""All chapters of the demo's past, in their order."""

from collections.abc import Callable, Mapping

from sqlalchemy import ColumnElement, Select, select

from voc.checks.models import Check, WhoElse
from voc.core.config import Settings
from voc.core.principal import SYSTEM
from voc.db.session import Database
from voc.decisions.models import Decision, Visit
from voc.demo.life import finished, promised, running
from voc.demo.life.past import Past, load_words
from voc.demo.records import Story


def live(story: Story, database: Database, settings: Settings) -> None:
    """Brings the past in, chapter by chapter, each whole or not at all; one that is in already is passed over.

    A chapter holds the only pen of a small database, so none may be long.
    """
    for chapter, is_in in _CHAPTERS.items():
        with database.writing(SYSTEM) as session:
            if session.scalar(is_in().limit(1)) is None:
                chapter(Past(session, story, settings))


def _asked(past: Past) -> None:
    words = load_words()
    promised.set_thresholds(past, words["thresholds"])
    finished.ask(past, words["finished"])


def _decided(past: Past) -> None:
    # One transaction: the scheduler would at once close the sign-offs of the past that nobody answered yet.
    words = load_words()
    finished.decide_and_tell(past, words["finished"])
    issue = finished.sign_off(past, words["finished"])
    promised.promise(past, words["commitment"], issue)


def _running(past: Past) -> None:
    running.tell_running(past, load_words()["open"])


def _ready(past: Past) -> None:
    words = load_words()
    issue = running.tell_ready(past, words["ready"])
    promised.plan_the_end(past, words["planned_change"], issue)


def _visited(past: Past) -> None:
    promised.visit(past, load_words()["visit"])


def _owed(past: Past) -> None:
    running.owe_who_else(past, load_words()["who_else"])


def _asks(part: str) -> Select[int]:
    asked: ColumnElement[bool] = Check.what == load_words()[part]["what"]
    return select(Check.id).where(asked)


_CHAPTERS: Mapping[Callable[[Past], None], Callable[[], Select[int]]] = {
    _owed: lambda: select(WhoElse.issue_id).where(WhoElse.looked_at.is_not(None)),
    _asked: lambda: _asks("finished"),
    _decided: lambda: select(Decision.id),
    _running: lambda: _asks("open"),
    _ready: lambda: _asks("ready"),
    _visited: lambda: select(Visit.id),
}
