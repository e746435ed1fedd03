"""Reading again: behind fresh comments, once, and without touching what must stay."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

import numpy as np
import pytest
from redis import Redis
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from nlp.pipeline import Reader
from nlp.reading import Reading, Signal, Span, ThemeReading
from tests import factories
from tests.conftest import RolledBack
from voc.analysis import labels
from voc.analysis.models import FirstReading, ReadingTheme, Rereading, Vector
from voc.analysis.models import Reading as Stored
from voc.analysis.queries import readings
from voc.analysis.said import said
from voc.analysis.teaching import rereading, sets
from voc.analysis.teaching.queries import reading_again
from voc.core import clock
from voc.core.config import Settings
from voc.core.principal import SYSTEM, Principal, Role
from voc.db import work
from voc.db.lease import Lease
from voc.db.scope import open_for
from voc.db.work import Work
from voc.intake.models import Comment
from voc.jobs import GROUP, READ, QuietDoorbell, RedisDoorbell
from workers import rereading as again
from workers.analysis import drain_with
from workers.scope import Scope


@dataclass
class Fake:
    """Reads each text as being about `theme` and as a wish to leave; keeps what it read."""

    theme: str = "price"
    version: str = "2+0"
    leaves: bool = False
    read_texts: list[list[str]] = field(default_factory=list)
    breaks_on: str = "never said"

    def read(self, texts: Sequence[str]) -> list[Reading]:
        self.read_texts.append(list(texts))
        if any(self.breaks_on in text for text in texts):
            raise ValueError("cannot read this")
        about = ThemeReading(self.theme, 0.9, Span(0, 3), "Sounds like it.")
        leaves = Signal(1, 0.9, Span(0, 3), "It says so.") if self.leaves else None
        vector = np.ones(256, dtype=np.float32) / 16
        one = Reading(self.version, "en", True, (about,), False, None, None, None, leaves, (), (), vector, None)  # fmt: skip
        return [one for _ in texts]


@pytest.fixture
def here(settings: Settings, database: RolledBack, doorbell: QuietDoorbell) -> Scope:
    nobody = cast(Redis, None)  # drains only ring
    return Scope(settings, database, nobody, cast(RedisDoorbell, doorbell))


@pytest.fixture
def read_before(session: Session, here: Scope) -> list[Comment]:
    for key in ("billing", "price"):
        factories.theme(session, key=key, name=key.title())
    comments = [fresh(session, f"Words {number}") for number in range(3)]
    drain(here, Fake("billing", version="2+0"))
    session.execute(Work.__table__.delete())  # type: ignore[attr-defined]  # they were grouped
    return comments


def fresh(session: Session, text: str) -> Comment:
    comment = factories.comment(session, text=text)
    work.put(session, READ, [(comment.account_id, comment.id)])
    return comment


def drain(here: Scope, fake: Fake) -> int:
    return drain_with(here, cast(Reader, fake))


def now_about(session: Session, comment: Comment) -> tuple[str, set[str]]:
    session.expire_all()
    key = (comment.account_id, comment.id)
    found = readings(session, [key])[key]
    return found.version or "", {one.key for one in found.themes}


def test_nothing_is_read_again_unless_wanted(here: Scope, read_before: list[Comment]) -> None:
    fake = Fake(version="3+0")
    assert drain(here, fake) == 0
    assert fake.read_texts == []


def test_the_newest_are_read_again_first_and_the_first_answer_stays(
    session: Session, here: Scope, read_before: list[Comment], doorbell: QuietDoorbell
) -> None:
    first = [row.body for row in session.scalars(select(FirstReading))]
    rereading.want(session)
    doorbell.rung.clear()
    fake = Fake(version="3+0")
    assert drain(here, fake) == 0
    assert fake.read_texts == [["Words 2", "Words 1", "Words 0"]]
    assert all(now_about(session, one) == ("3+0", {"price"}) for one in read_before)
    assert [row.body for row in session.scalars(select(FirstReading))] == first
    row = session.scalars(select(Rereading)).one()
    assert (row.total, row.done, row.changed, row.ended_at is not None) == (3, 3, 3, True)
    assert list(session.scalars(select(Work.stage))) == []
    assert GROUP not in doorbell.rung


def test_a_second_time_finds_nothing_to_read(
    session: Session, here: Scope, read_before: list[Comment]
) -> None:
    for _ in range(2):
        rereading.want(session)
        fake = Fake(version="3+0")
        drain(here, fake)
    assert fake.read_texts == []


def test_the_same_pipeline_writes_only_what_is_another_theme(
    session: Session, here: Scope, read_before: list[Comment]
) -> None:
    session.execute(update(Vector).values(version="kept"))
    rereading.want(session)
    drain(here, Fake("billing", version="2+0x"))
    assert set(session.scalars(select(Stored.version))) == {"2+0x"}
    assert set(session.scalars(select(Vector.version))) == {"kept"}
    assert session.scalars(select(Rereading.changed)).one() == 0


def test_a_fresh_comment_waits_for_one_batch_at_most(
    session: Session, here: Scope, read_before: list[Comment], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(again, "BATCH", 1)
    rereading.want(session)
    fake = Fake(version="3+0")
    read = fake.read

    def one_comes_in(texts: Sequence[str]) -> list[Reading]:
        if not fake.read_texts:
            fresh(session, "Fresh words")
        return read(texts)

    monkeypatch.setattr(fake, "read", one_comes_in)
    assert drain(here, fake) == 1
    assert fake.read_texts == [["Words 2"], ["Fresh words"], ["Words 1"], ["Words 0"]]


def test_a_worker_that_died_midway_loses_no_place(
    session: Session, here: Scope, read_before: list[Comment], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(again, "BATCH", 2)
    rereading.want(session)
    assert rereading.claim(session, "3+0", limit=2) is not None  # and the worker dies here
    assert drain(here, Fake(version="3+0")) == 0
    assert session.scalars(select(Rereading.done)).one() == 0
    session.execute(update(Lease).values(until_ms=1))
    drain(here, Fake(version="3+0"))
    row = session.scalars(select(Rereading)).one()
    session.refresh(row)
    assert (row.total, row.done, row.ended_at is not None) == (3, 3, True)


def test_a_worker_that_lost_its_lease_stores_nothing(
    session: Session, here: Scope, read_before: list[Comment]
) -> None:
    rereading.want(session)
    lost = rereading.claim(session, "3+0", limit=2)
    assert lost is not None
    session.execute(update(Lease).values(token=1))
    assert rereading.store(session, lost, ()) == 0
    assert session.scalars(select(Rereading.done)).one() == 0


def test_an_alarm_falls_silent_but_never_rings_anew(
    session: Session, here: Scope, read_before: list[Comment]
) -> None:
    rang = read_before[0]
    key = (Stored.account_id == rang.account_id) & (Stored.comment_id == rang.id)
    session.execute(update(Stored).where(key).values(departure=0.9))
    rereading.want(session)
    drain(here, Fake(version="3+0", leaves=True))
    rung = select(Stored.comment_id).where(Stored.departure.is_not(None))
    assert set(session.scalars(rung)) == {rang.id}
    rereading.want(session)
    drain(here, Fake(version="4+0"))
    assert set(session.scalars(rung)) == set()


def test_a_persons_word_stands_after_reading_again(
    session: Session, here: Scope, read_before: list[Comment]
) -> None:
    lead = factories.user(session, Role.LEAD)
    open_for(session, Principal("user", user_id=lead.id, account_ids=None))
    labels.correct_theme(session, read_before[0].public_id, theme_key="price", holds=False)
    open_for(session, SYSTEM)
    rereading.want(session)
    drain(here, Fake(version="3+0"))
    assert now_about(session, read_before[0]) == ("3+0", set())
    assert now_about(session, read_before[1]) == ("3+0", {"price"})


def test_one_that_cannot_be_read_again_keeps_what_it_has(
    session: Session, here: Scope, read_before: list[Comment]
) -> None:
    rereading.want(session)
    drain(here, Fake(version="3+0", breaks_on="Words 1"))
    assert now_about(session, read_before[1]) == ("2+0", {"billing"})
    assert now_about(session, read_before[2]) == ("3+0", {"price"})
    assert session.scalars(select(Rereading.ended_at)).one() is not None


def test_a_machine_that_has_learned_since_is_loaded_first(
    session: Session, here: Scope, read_before: list[Comment]
) -> None:
    rereading.want(session)
    fake = Fake(version="3+7")
    assert drain(here, fake) == 0
    assert fake.read_texts == []


def test_older_than_the_window_is_read_again_only_with_everything(
    session: Session, here: Scope, read_before: list[Comment]
) -> None:
    old = read_before[0]
    old.said_at = old.said_at.replace(year=old.said_at.year - 2)
    session.flush()
    rereading.want(session)
    drain(here, Fake(version="3+0"))
    assert now_about(session, old)[0] == "2+0"
    rereading.want(session, everything=True)
    drain(here, Fake(version="3+0"))
    assert now_about(session, old)[0] == "3+0"
    assert session.scalars(select(ReadingTheme.comment_id).where(ReadingTheme.comment_id == old.id)).one()


def test_another_pipeline_has_everything_read_again_and_the_same_one_nothing(here: Scope) -> None:
    with here.database.writing(SYSTEM) as session:
        for pipeline in ("2026.1", "2026.1", "2026.1-accurate"):
            sets.raise_number(session, pipeline)
        wanted = session.scalars(select(Rereading)).all()
        assert [one.everything for one in wanted] == [True]
        assert sets.newest_number(session) == 2


def test_a_change_taken_back_while_it_was_read_is_read_again_as_well(session: Session) -> None:
    sets.raise_number(session, "2026.1")
    rereading.want(session)  # with two changes in one second, each wanting it
    theme = factories.theme(session, key="parking", name="Parking")
    sets.raise_number(session, "2026.1")
    [row] = session.scalars(select(Rereading)).all()
    row.began_at = row.ended_at = clock.now()  # read by what held after the first
    theme.name = "Car park"
    session.flush()
    for _ in range(2):
        sets.raise_number(session, "2026.1")
    waiting = session.scalars(select(Rereading).where(Rereading.ended_at.is_(None))).all()
    assert [one.everything for one in waiting] == [False]


def test_what_each_theme_got_and_lost_can_be_looked_at(
    session: Session, here: Scope, read_before: list[Comment]
) -> None:
    rereading.want(session)
    drain(here, Fake(version="3+0"))
    last = reading_again(session, may_start=False).last
    assert last is not None
    assert {(one.key, one.gained, one.number) for one in last.moved} == {
        ("billing", False, 3),
        ("price", True, 3),
    }
    reader = Principal("user", user_id=1, roles=frozenset({Role.LEAD}), account_ids=None)
    lost = said(session, reader, "billing", by="lost", limit=2, offset=0)
    assert (lost.total, len(lost.rows)) == (3, 2)
    assert said(session, reader, "price", by="lost", limit=2, offset=0).total == 0
    rereading.want(session)
    drain(here, Fake("billing", version="4+0"))
    assert said(session, reader, "billing", by="gained", limit=2, offset=0).total == len(read_before)
