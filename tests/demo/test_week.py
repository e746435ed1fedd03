"""Two weeks pass on a small installation that really runs: its pages, queue and mail worker are the real ones."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.browser.running import running
from tests.mail.sinks import free_port
from voc.access.models import UserSession
from voc.access.sessions import start_session
from voc.checks import asking
from voc.checks.models import Answer, Ask, Check
from voc.core import clock
from voc.core.principal import SYSTEM
from voc.demo import wish
from voc.demo.hands import user_of
from voc.demo.life import rounds
from voc.demo.life.gathering import issue_of
from voc.demo.life.past import Past, load_words
from voc.demo.load import give_program_key, load
from voc.demo.story import Story, tell
from voc.demo.week import Stopped, Town, pass_week
from voc.intake.models import Comment
from voc.jobs import QuietDoorbell, RedisDoorbell, connect_redis
from voc.mail.house import practise
from voc.mail.models import Delivery, InboundMail, KeptMail

pytestmark = pytest.mark.slow
KEY = "closed_unrepaired"
WEEK = timedelta(days=wish.DAYS, minutes=11)  # the minutes let mail that can be stopped leave


@pytest.fixture(autouse=True)
def at() -> None:
    """Instead of the frozen clock: the processes beside us have the true time."""


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with running(tmp_path, free_port(), workers=("mail",)) as here:
        clock.follow(here.settings.practice_clock)
        told = tell(today=clock.today(here.settings.time_zone))
        about = [one for one in told.comments if KEY in told.truth.about[one.source_id]]
        story = replace(told, comments=tuple(about))
        folder = wish.folder_of(here.settings)
        load(story, here.database, here.settings, QuietDoorbell(), folder, say=lambda _: None)
        with here.database.writing(SYSTEM) as session:
            practise(session)
            _ask(Past(session, story, here.settings))
        give_program_key(story, here.database, folder)
        (folder / wish.TOLD).touch()
        bell = RedisDoorbell(connect_redis(here.settings.redis_url))
        yield Town(here.settings, here.database, story, bell, Event())
        clock.follow(None)


def _ask(past: Past) -> None:
    """Sends the question as the lead: it leaves in ten minutes."""
    check = rounds.draft(past, issue_of(past, KEY), load_words()["open"], 1)
    with past.now() as session:
        asking.send(session, check, zone=past.zone)


def let_a_week_pass(town: Town) -> list[str]:
    said: list[str] = []
    pass_week(town, say=said.append)
    return said


def number(session: Session, model: type, *conditions: object) -> int:
    query = select(func.count()).select_from(model).where(*conditions)  # type: ignore[arg-type]  # column tests
    return session.scalar(query) or 0


def test_two_weeks_pass_with_a_stop_between(town: Town) -> None:
    with town.database.writing(SYSTEM) as session:
        start_session(session, user_of(session, town.story, "lead").id)
    assert wish.want_week(town.folder, 1)
    assert not wish.want_week(town.folder, 1)
    again = _stop_on_the_second_day(town)
    assert len(let_a_week_pass(again)) == wish.DAYS - 2
    assert clock.ahead_of(town.folder.parent / "practice-clock") == WEEK
    with town.database.reading(SYSTEM) as session:
        _look_at_answers(session, town.story)
        _look_at_mail(session)
        assert number(session, Comment, Comment.channel == "api") >= 15
        assert session.scalars(select(UserSession.last_seen_at)).one() > clock.now() - timedelta(minutes=30)
    _let_the_second_week_pass(again)


def _stop_on_the_second_day(town: Town) -> Town:
    """The same town after `voc up` was stopped on the second day, and started again."""
    days = iter(range(wish.DAYS))

    def stop(_: str) -> None:
        if next(days) == 1:
            town.stopping.set()

    with pytest.raises(Stopped):
        pass_week(town, say=stop)
    assert wish.is_wanted(town.folder)
    assert wish.read_weeks(town.folder).days == 2
    return Town(town.settings, town.database, town.story, town.bell, Event())


def _look_at_answers(session: Session, story: Story) -> None:
    states = dict(session.execute(select(Ask.state, func.count()).group_by(Ask.state)).all())
    assert states["answered"] >= 8
    assert states["bounced"] >= 1
    assert states["opted_out"] == 1
    assert states["left_out"] >= 1  # somebody said “not me”
    for email, says in _answers(session):
        if email in story.truth.behaviour and story.truth.behaviour[email].temper == "answers":
            assert says in ("no", story.truth.answer(email, KEY))


def _answers(session: Session) -> list[tuple[str, str]]:
    rows = session.execute(
        select(Delivery.sent_to, Answer.says)
        .join(Ask, (Ask.account_id == Answer.account_id) & (Ask.id == Answer.ask_id))
        .join(Delivery, Delivery.dedupe_key == "ask:" + Ask.public_id)
    )
    return [(email or "", says) for email, says in rows]


def _look_at_mail(session: Session) -> None:
    sent = number(session, Delivery, Delivery.sent_at.is_not(None))
    assert sent == number(session, KeptMail)  # all that was sent is here: nothing left the machine
    assert number(session, Delivery, Delivery.state.in_(("waiting", "sending", "failed"))) == 0
    came = set(session.scalars(select(InboundMail.state)))
    assert came == {"bounce", "joined"}  # a mail that came back, and an angry reply


def _let_the_second_week_pass(town: Town) -> None:
    assert not wish.is_wanted(town.folder)
    assert not wish.want_week(town.folder, 1)
    assert wish.want_week(town.folder, 2)
    with town.database.reading(SYSTEM) as session:
        before = number(session, Delivery, Delivery.template == "question")
    let_a_week_pass(town)
    assert clock.ahead_of(town.folder.parent / "practice-clock") == 2 * WEEK
    assert wish.read_weeks(town.folder).weeks == 2
    with town.database.reading(SYSTEM) as session:
        assert session.scalars(select(Check.state)).one() == "closed"
        assert number(session, Delivery, Delivery.template == "reminder") >= 1
        assert number(session, Delivery, Delivery.template == "question") == before
        assert number(session, InboundMail, InboundMail.state == "bounce") == 1
        assert number(session, Answer, Answer.changes > 0) == 0  # nobody answered twice
