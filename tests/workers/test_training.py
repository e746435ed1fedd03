"""The training worker: a correction holds for the next comment, once, whatever dies."""

from typing import cast

import pytest
from flask.testing import FlaskClient
from redis import Redis
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from tests import factories
from tests.conftest import RolledBack, signed_in
from voc.access.models import User
from voc.analysis import labels
from voc.analysis.models import Label, ModelSet, Reading, Rereading, Theme, ThemeHead
from voc.analysis.queries import readings
from voc.analysis.teaching import heads, lessons
from voc.core.config import Settings
from voc.core.principal import SYSTEM, Principal, Role
from voc.db import lease, work
from voc.db.lease import Lease
from voc.db.scope import open_for
from voc.intake.models import Comment
from voc.jobs import READ, TRAIN, QuietDoorbell, RedisDoorbell
from workers import training
from workers.analysis import drain_with, reader
from workers.scope import Scope
from workers.sweep import sweep

SAID = (
    "The biscuits at the reception are always gone by nine.",
    "There are no biscuits left when our people come to the meeting.",
    "Your coffee corner had no biscuits again this morning.",
    "We would like biscuits with the coffee in the waiting room.",
)


@pytest.fixture
def here(settings: Settings, database: RolledBack, doorbell: QuietDoorbell) -> Scope:
    nobody = cast(Redis, None)  # drains only ring
    return Scope(settings, database, nobody, cast(RedisDoorbell, doorbell))


@pytest.fixture
def lead(session: Session) -> User:
    return factories.user(session, Role.LEAD)


@pytest.fixture
def themes(session: Session) -> None:
    factories.theme(
        session,
        key="billing",
        name="Billing",
        description="Invoices are late or wrong.",
        examples=["A wrong invoice."],
    )
    factories.theme(session, key="delivery", name="Delivery", description="Goods come late or not at all.")
    factories.theme(session, key="catering", name="Catering", description="Food and drinks on our premises.")


def comes_in(session: Session, text: str) -> Comment:
    comment = factories.comment(session, text=text)
    work.put(session, READ, [(comment.account_id, comment.id)])
    return comment


def machine_says(session: Session, comment: Comment) -> set[str]:
    key = (comment.account_id, comment.id)
    return {one.key for one in readings(session, [key])[key].machine_themes}


def correct(session: Session, lead: User, comment: Comment, key: str, *, holds: bool = True) -> str:
    open_for(session, Principal("user", user_id=lead.id, account_ids=None))
    handle = labels.correct_theme(session, comment.public_id, theme_key=key, holds=holds)
    open_for(session, SYSTEM)
    assert handle is not None
    return handle


def read(here: Scope, database: RolledBack) -> int:
    return drain_with(here, reader(database))


def learn(here: Scope) -> int:
    """What `training.drain` does, without its thread: a test has one connection."""
    with here.database.writing(SYSTEM) as session:
        token = lease.take(session, training.LEASE)
    if token is None:
        return 0
    try:
        return training.drain_with(here, token)
    finally:
        with here.database.writing(SYSTEM) as session:
            lease.give_back(session, training.LEASE, token)


def newest(session: Session, key: str) -> ThemeHead:
    query = select(ThemeHead).join(Theme, Theme.id == ThemeHead.theme_id).where(Theme.key == key)
    return session.scalars(query.order_by(ThemeHead.version.desc())).first()  # type: ignore[return-value]  # there is one


@pytest.mark.usefixtures("themes")
def test_a_correction_on_the_page_changes_how_the_next_comment_of_another_client_is_read(
    session: Session, here: Scope, database: RolledBack, app: object, lead: User, doorbell: QuietDoorbell
) -> None:
    said = [comes_in(session, text) for text in SAID[:3]]
    read(here, database)
    assert all("catering" not in machine_says(session, one) for one in said)
    browser: FlaskClient = signed_in(app, session, lead.id)  # type: ignore[arg-type]  # the app
    for one in said:
        answer = browser.post(
            f"/comments/{one.public_id}/labels", data={"label": "theme:catering:yes"}, follow_redirects=True
        )
        assert "The machine learns from it" in answer.text
    assert TRAIN in doorbell.rung
    assert learn(here) == 1
    assert READ in doorbell.rung
    another = comes_in(session, SAID[3])
    assert another.account_id not in {one.account_id for one in said}
    read(here, database)
    session.expire_all()
    assert "catering" in machine_says(session, another)
    assert newest(session, "catering").learned_from == 3


@pytest.mark.usefixtures("themes")
def test_what_was_read_before_is_read_again_with_what_was_learned(
    session: Session, here: Scope, database: RolledBack, lead: User
) -> None:
    said = [comes_in(session, text) for text in SAID]
    read(here, database)
    for one in said[:3]:
        correct(session, lead, one, "catering")
    learn(here)
    read(here, database)
    session.expire_all()
    assert "catering" in machine_says(session, said[3])
    number = session.scalar(select(func.max(ModelSet.number)))
    assert {version.rpartition("+")[2] for version in session.scalars(select(Reading.version))} == {
        str(number)
    }
    assert session.scalars(select(Rereading.ended_at)).one() is not None


@pytest.mark.usefixtures("themes")
def test_a_second_drain_learns_nothing_and_moves_no_number(
    session: Session, here: Scope, database: RolledBack, lead: User
) -> None:
    one = comes_in(session, SAID[0])
    read(here, database)
    correct(session, lead, one, "catering")
    assert [learn(here), learn(here)] == [1, 0]
    assert session.scalar(select(func.count()).select_from(ThemeHead)) == 1
    assert session.scalar(select(func.max(ModelSet.number))) == 2
    assert not lessons.is_anything_new(session)


@pytest.mark.usefixtures("themes")
def test_a_word_taken_back_is_unlearned(
    session: Session, here: Scope, database: RolledBack, lead: User
) -> None:
    one = comes_in(session, SAID[0])
    read(here, database)
    handle = correct(session, lead, one, "catering")
    learn(here)
    open_for(session, Principal("user", user_id=lead.id, account_ids=None))
    labels.take_back(session, one.public_id, handle)
    open_for(session, SYSTEM)
    assert lessons.is_anything_new(session)
    assert learn(here) == 1
    head = newest(session, "catering")
    assert (head.version, head.learned_from, head.arrays) == (2, 0, b"")
    assert learn(here) == 0


@pytest.mark.usefixtures("themes")
def test_none_of_these_speaks_against_what_the_machine_showed(
    session: Session, here: Scope, database: RolledBack, lead: User
) -> None:
    one = comes_in(session, "The invoice was wrong again and nobody corrects it.")
    read(here, database)
    shown = machine_says(session, one)
    assert shown
    correct(session, lead, one, "")
    assert learn(here) == len(shown)


@pytest.mark.usefixtures("themes")
def test_a_worker_that_died_leaves_the_rest_due(
    session: Session, here: Scope, database: RolledBack, lead: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = comes_in(session, SAID[0]), comes_in(session, "The invoice is wrong.")
    read(here, database)
    correct(session, lead, one, "catering")
    correct(session, lead, other, "delivery")
    keep = training._keep
    kept: list[str] = []

    def keep_one_then_die(*given: object) -> int:
        if kept:
            raise KeyboardInterrupt
        kept.append("one")
        return keep(*given)  # type: ignore[arg-type]  # passed through

    monkeypatch.setattr(training, "_keep", keep_one_then_die)
    with pytest.raises(KeyboardInterrupt):
        learn(here)
    monkeypatch.undo()
    assert lessons.is_anything_new(session)
    assert learn(here) == 1
    assert session.scalar(select(func.count()).select_from(ThemeHead)) == 2


@pytest.mark.usefixtures("themes")
def test_while_one_worker_learns_another_does_nothing(
    session: Session, here: Scope, database: RolledBack, lead: User
) -> None:
    one = comes_in(session, SAID[0])
    read(here, database)
    correct(session, lead, one, "catering")
    assert lease.take(session, training.LEASE) is not None  # and this worker dies here
    assert learn(here) == 0
    session.execute(update(Lease).values(until_ms=1))
    assert learn(here) == 1


@pytest.mark.usefixtures("themes")
def test_what_a_lost_worker_learned_is_not_stored(
    session: Session, here: Scope, database: RolledBack, lead: User
) -> None:
    one = comes_in(session, SAID[0])
    read(here, database)
    correct(session, lead, one, "catering")
    assert training.drain_with(here, 1) == 0
    assert session.scalar(select(func.count()).select_from(ThemeHead)) == 0
    assert lessons.is_anything_new(session)


@pytest.mark.usefixtures("themes")
def test_the_sweeper_rings_for_a_correction_whose_ring_was_lost(
    session: Session, here: Scope, database: RolledBack, lead: User, doorbell: QuietDoorbell
) -> None:
    one = comes_in(session, SAID[0])
    read(here, database)
    correct(session, lead, one, "catering")
    doorbell.rung.clear()
    assert sweep(here)["train"] == 1
    assert TRAIN in doorbell.rung
    learn(here)
    assert "train" not in sweep(here)
    assert sweep(here)["reread"] == 1


@pytest.mark.usefixtures("themes")
def test_a_theme_described_anew_learns_again_and_one_of_another_release_is_not_used(
    session: Session, here: Scope, database: RolledBack, lead: User
) -> None:
    one = comes_in(session, SAID[0])
    read(here, database)
    correct(session, lead, one, "catering")
    learn(here)
    session.execute(update(Theme).where(Theme.key == "catering").values(description="Lunch."))
    assert learn(here) == 1
    session.execute(update(ThemeHead).values(pipeline="older"))
    assert heads.in_force(session, {"catering"}, training.pipeline_version()) == ()
    assert learn(here) == 1


@pytest.mark.usefixtures("themes")
def test_arrays_of_old_versions_go_and_their_figures_stay(
    session: Session, here: Scope, database: RolledBack, lead: User
) -> None:
    one = comes_in(session, SAID[0])
    read(here, database)
    for number in range(heads.KEPT + 2):
        correct(session, lead, one, "catering", holds=number % 2 == 0)
        learn(here)
    rows = list(session.scalars(select(ThemeHead).order_by(ThemeHead.version)))
    session.expire_all()
    assert len(rows) == heads.KEPT + 2
    assert [bool(row.arrays) for row in rows] == [False, False] + [True] * heads.KEPT


@pytest.mark.usefixtures("themes")
def test_thousands_of_labels_are_learned_in_a_few_statements(
    session: Session, here: Scope, lead: User, statements: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lessons, "MOST", 300)
    many = [factories.comment(session, text=SAID[number % 4]) for number in range(400)]
    for one in many:
        factories.reading(session, one)
        session.add(
            Label(
                account_id=one.account_id, id=one.id, comment_id=one.id, kind="theme", value="catering",
                holds=one.id % 2 == 0, machine_said=[], by_id=lead.id, at=one.said_at,
            )
        )  # fmt: skip
    session.flush()
    statements.clear()
    assert learn(here) == 3  # the two that nobody spoke of learn from the archive
    assert len(statements) < 100
    assert newest(session, "catering").learned_from == 300


def comes_in_often(session: Session, *, clients: int = 12) -> None:
    """Enough unsorted comments for three themes to learn from, some about biscuits."""
    for number in range(clients):
        for said in (
            *SAID,
            "The invoice is wrong.",
            "The goods came late.",
            "Thank you.",
            "We moved to Lyon.",
        ):
            comes_in(session, f"{said} Number {number}.")


@pytest.mark.usefixtures("themes")
def test_a_theme_of_few_sentences_learns_from_comments_nobody_sorted(
    session: Session, here: Scope, database: RolledBack, doorbell: QuietDoorbell
) -> None:
    comes_in_often(session)
    read(here, database)
    assert sweep(here)["train"] == 1
    assert learn(here) == 3
    assert learn(here) == 0
    assert "train" not in sweep(here)
    head = newest(session, "catering")
    assert (head.version, head.learned_from, head.labels) == (1, 0, 0)
    assert heads.in_force(session, {"catering"}, training.pipeline_version())[0].arrays
    assert READ in doorbell.rung


@pytest.mark.usefixtures("themes")
def test_a_small_archive_teaches_no_theme(session: Session, here: Scope, database: RolledBack) -> None:
    for said in SAID:
        comes_in(session, said)
    read(here, database)
    assert learn(here) == 0
    assert session.scalar(select(func.count()).select_from(ThemeHead)) == 0


@pytest.mark.usefixtures("themes")
def test_a_theme_described_anew_has_those_of_few_sentences_learn_again(
    session: Session, here: Scope, database: RolledBack, lead: User
) -> None:
    comes_in_often(session)
    read(here, database)
    learn(here)
    session.execute(update(Theme).where(Theme.key == "delivery").values(description="Goods come late."))
    assert learn(here) == 3
    many = [f"Biscuits were gone in room {number}." for number in range(12)]
    session.execute(update(Theme).where(Theme.key == "catering").values(examples=many))
    assert learn(here) == 3
    assert newest(session, "catering").arrays == b""
    assert newest(session, "delivery").arrays


@pytest.mark.usefixtures("themes")
def test_a_correction_moves_what_the_archive_taught(
    session: Session, here: Scope, database: RolledBack, lead: User
) -> None:
    comes_in_often(session)
    read(here, database)
    learn(here)
    begun = newest(session, "catering").arrays
    correct(session, lead, comes_in_read(session, here, database), "catering")
    assert learn(here) == 1
    head = newest(session, "catering")
    assert (head.version, head.learned_from) == (2, 1)
    assert head.arrays != begun


def comes_in_read(session: Session, here: Scope, database: RolledBack) -> Comment:
    one = comes_in(session, "The cookies at your front desk are always gone.")
    read(here, database)
    return one
