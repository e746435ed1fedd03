"""The read worker: everything once, nothing stuck, a person's word kept."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from flask.testing import FlaskClient
from redis import Redis
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from nlp.pipeline import Reader
from nlp.reading import Reading, Signal, Span, ThemeReading
from tests import factories
from tests.conftest import RolledBack, signed_in
from voc.analysis import labels
from voc.analysis.models import FirstReading, Vector
from voc.analysis.models import Reading as Stored
from voc.analysis.queries import first_reading, readings
from voc.analysis.service import ensure_starter_themes
from voc.core.config import Settings
from voc.core.principal import SYSTEM, Principal, Role
from voc.db import work
from voc.db.base import Base
from voc.db.scope import open_for
from voc.db.session import Database, make_engine
from voc.db.work import Work
from voc.intake.models import Comment
from voc.jobs import GROUP, READ, QuietDoorbell, RedisDoorbell
from workers import analysis
from workers.analysis import drain_with, reader
from workers.scope import Scope


@dataclass
class FakeReader:
    """Reads every text as being about `theme`, and breaks on any that says "bad"."""

    theme: str = "billing"
    version: str = "fake-1"
    batches: list[int] = field(default_factory=list)

    def read(self, texts: Sequence[str]) -> list[Reading]:
        self.batches.append(len(texts))
        if any("bad" in text for text in texts):
            raise ValueError("cannot read this")
        return [self._one() for _ in texts]

    def _one(self) -> Reading:
        about = ThemeReading(self.theme, 0.9, Span(0, 3), "Sounds like it.")
        hurts = Signal(2, 0.8, Span(0, 3), "“The”: it slows them.")
        vector = np.ones(256, dtype=np.float32) / 16
        return Reading(
            self.version, "en", True, (about,), False, hurts, -0.5, None, None, (), (), vector, None
        )


@dataclass
class NoRedis:
    """Redis as far as a drain needs it."""

    def delete(self, name: str) -> None:
        """Nothing is kept."""


@pytest.fixture
def here(settings: Settings, database: RolledBack, doorbell: QuietDoorbell) -> Scope:
    return Scope(settings, database, cast(Redis, NoRedis()), cast(RedisDoorbell, doorbell))


@pytest.fixture
def theme(session: Session) -> str:
    factories.theme(session, key="billing", name="Billing")
    factories.theme(session, key="price", name="Price")
    return "billing"


def waits(session: Session, text: str = "The invoice is late.") -> Comment:
    comment = factories.comment(session, text=text)
    put_in_line(session, comment)
    return comment


def put_in_line(session: Session, comment: Comment) -> None:
    work.put(session, READ, [(comment.account_id, comment.id)])


def drain(here: Scope, fake: FakeReader) -> int:
    return drain_with(here, cast(Reader, fake))


def leases_run_out(session: Session) -> None:
    session.execute(update(Work).where(Work.token.is_not(None)).values(lease_until_ms=1))


def number(session: Session, model: type[Stored] | type[FirstReading] | type[Vector] | type[Work]) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_a_drain_reads_all_that_waits_and_rings_the_grouping(
    session: Session, here: Scope, doorbell: QuietDoorbell, theme: str
) -> None:
    comments = [waits(session) for _ in range(3)]
    assert drain(here, FakeReader()) == 3
    assert [number(session, model) for model in (Stored, FirstReading, Vector)] == [3, 3, 3]
    assert set(session.scalars(select(Work.stage))) == {"match"}
    assert GROUP in doorbell.rung
    found = readings(session, [(one.account_id, one.id) for one in comments])
    assert {theme.key for one in found.values() for theme in one.themes} == {theme}


def test_a_second_drain_finds_nothing_to_do(session: Session, here: Scope, theme: str) -> None:
    waits(session)
    fake = FakeReader()
    assert [drain(here, fake), drain(here, fake)] == [1, 0]
    assert fake.batches == [1]


def test_the_same_comment_read_again_stands_once_and_keeps_its_first_answer(
    session: Session, here: Scope, theme: str
) -> None:
    comment = waits(session)
    drain(here, FakeReader())
    put_in_line(session, comment)
    drain(here, FakeReader(theme="price", version="fake-2"))
    key = (comment.account_id, comment.id)
    shown, first = readings(session, [key])[key], first_reading(session, key)
    assert ([one.key for one in shown.themes], shown.version) == (["price"], "fake-2")
    assert first is not None
    assert first.themes == (("Billing", 0.9),)
    assert number(session, Stored) == 1


def test_a_persons_label_wins_after_the_comment_is_read_again(
    session: Session, here: Scope, theme: str
) -> None:
    comment = waits(session)
    drain(here, FakeReader())
    lead = factories.user(session, Role.LEAD)
    open_for(session, Principal("user", user_id=lead.id, account_ids=None))
    labels.correct_theme(session, comment.public_id, theme_key="billing", holds=False)
    labels.correct_theme(session, comment.public_id, theme_key="price", holds=True)
    labels.correct_severity(session, comment.public_id, "8")
    put_in_line(session, comment)
    drain(here, FakeReader(version="fake-2"))
    key = (comment.account_id, comment.id)
    shown = readings(session, [key])[key]
    assert shown.version == "fake-2"
    assert [one.key for one in shown.themes] == ["price"]
    assert [one.key for one in shown.machine_themes] == ["billing"]
    assert shown.severity is not None
    assert shown.severity.level == 8


def test_a_worker_killed_after_its_claim_loses_nothing(session: Session, here: Scope, theme: str) -> None:
    for _ in range(2):
        waits(session)
    assert work.claim(session, READ, limit=10) is not None  # and the worker dies here
    assert drain(here, FakeReader()) == 0
    leases_run_out(session)
    fake = FakeReader()
    assert drain(here, fake) == 2
    assert fake.batches == [1, 1]


def test_a_worker_that_lost_its_lease_stores_nothing(session: Session, here: Scope, theme: str) -> None:
    waits(session)
    lost = work.claim(session, READ, limit=10)
    leases_run_out(session)
    assert drain(here, FakeReader()) == 1
    assert lost is not None
    assert work.finish(session, lost, lost.keys) == set()


def test_one_bad_comment_takes_no_other_with_it_and_is_set_aside_for_a_person(
    session: Session, here: Scope, theme: str, app: object, doorbell: QuietDoorbell
) -> None:
    good, bad = waits(session), waits(session, "A bad one, in the client's words.")
    fake = FakeReader()
    assert drain(here, fake) == 1
    assert fake.batches == [2, 1, 1, 1]
    stuck = session.scalars(select(Work).where(Work.stage == READ)).one()
    assert (stuck.comment_id, stuck.set_aside, stuck.tries) == (bad.id, True, 3)
    assert stuck.error == "ValueError: cannot read this"
    assert (good.account_id, good.id) in readings(session, [(good.account_id, good.id)])


def test_what_was_set_aside_is_shown_with_its_words_and_read_when_tried_again(
    session: Session, here: Scope, theme: str, browser: FlaskClient
) -> None:
    bad = waits(session, "A bad one, in the client’s words.")
    drain(here, FakeReader())
    page = browser.get("/today?queue=set-aside").text
    assert "Needs attention · 1" in page
    assert "A bad one, in the client’s words." in page
    assert browser.post(f"/comments/{bad.public_id}/try-again").status_code == 303
    mended = FakeReader()
    mended.read = lambda texts: [mended._one() for _ in texts]  # type: ignore[method-assign]  # the mended reader
    assert drain(here, mended) == 1
    assert "Needs attention" not in browser.get("/today").text


@pytest.fixture
def browser(app: object, session: Session) -> FlaskClient:
    return signed_in(app, session, factories.user(session, Role.LEAD).id)  # type: ignore[arg-type]  # the app


def test_the_real_pipeline_reads_and_the_page_says_why(
    session: Session, here: Scope, database: RolledBack, browser: FlaskClient
) -> None:
    ensure_starter_themes(session)
    words = "The invoice was wrong again and nobody corrects it. If this goes on we will look for another provider."
    english, french = (
        waits(session, words),
        waits(session, "La facture est arrivée trop tard et personne ne nous répond."),
    )
    assert drain_with(here, reader(database)) == 2
    page = browser.get(f"/comments/{english.public_id}").text
    assert "<mark" in page
    assert "Invoices and payments" in page
    assert "First reading" in page
    other = browser.get(f"/comments/{french.public_id}").text
    assert "This is not in English, so a person reads this one." in other
    assert "French" in other
    assert "Not read by machine" in browser.get("/today").text


def test_reading_goes_on_while_what_was_read_is_stored(
    tmp_path: Path, settings: Settings, doorbell: QuietDoorbell, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'line.sqlite'}", pool_size=2)
    Base.metadata.create_all(engine)
    database = Database(engine)
    with database.writing(SYSTEM) as session:
        factories.theme(session, key="billing", name="Billing")
        for at in range(11):
            waits(session, "bad" if at == 4 else f"The invoice {at} is late.")
    monkeypatch.setattr(analysis, "BATCH", 2)
    fake = FakeReader()
    real = Scope(settings, database, cast(Redis, NoRedis()), cast(RedisDoorbell, doorbell))
    assert drain(real, fake) == 10
    with database.reading(SYSTEM) as session:
        assert number(session, Stored) == number(session, Vector) == 10
        assert work.waiting(session) == {"match": 10}  # one is set aside
    assert fake.batches.count(2) == 5
    engine.dispose()
