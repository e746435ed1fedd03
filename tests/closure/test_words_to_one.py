"""A word to one client, and a point that its client takes out."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.closure.conftest import ZONE, Book, Client, client_of
from voc.closure import adding, queries, taking_out, telling, writing
from voc.closure.models import TakenOut
from voc.closure.rules import HAD
from voc.closure.standing import stands_of
from voc.closure.telling import Wanted
from voc.core import clock
from voc.core.errors import Conflict, Invalid
from voc.intake.models import Comment, Thread
from voc.issues.models import Match

WORD = Wanted(status="looking", words="There is nothing new yet, and we have not forgotten you.")


def write(book: Book, client: Client, wanted: Wanted = WORD) -> object:
    assert client.comment is not None
    with book.acting() as session:
        return writing.write_to(session, client.comment, wanted, zone=ZONE)


def owe(book: Book, client: Client) -> Thread:
    assert client.thread is not None
    client.thread.next_word_by = clock.now() - timedelta(days=1)
    book.session.flush()
    return client.thread


def test_a_word_clears_what_was_owed_only_when_it_left(book: Book) -> None:
    one = book.told_us("Acacia House")
    owe(book, one)
    assert queries.number_owed(book.session, ZONE) == 1
    update = write(book, one)
    assert queries.number_owed(book.session, ZONE) == 0
    assert one.thread is not None
    assert one.thread.next_word_by is not None
    telling.follow_left(book.session, [update.batch_id])
    book.session.refresh(one.thread)
    assert one.thread.next_word_by is None


def test_a_word_that_was_stopped_is_owed_again(book: Book) -> None:
    one = book.told_us("Acacia House")
    owe(book, one)
    update = write(book, one)
    with book.acting() as session:
        telling.stop(session, update)
    assert queries.number_owed(book.session, ZONE) == 1
    assert queries.words_owed(book.session, ZONE, 10)[0].client == "Acacia House"


def test_a_word_to_one_may_not_tell_of_another(book: Book) -> None:
    one = book.told_us("Acacia House")
    book.told_us("Birch Clinic")
    with pytest.raises(Invalid):
        write(book, one, Wanted(status="looking", words="Birch Clinic asked for it as well."))


@pytest.mark.parametrize(
    "change", [{"contact_id": None}, {"sender_confirmed": False}, {"source": "staff_note"}]
)
def test_nobody_is_written_to_whom_we_do_not_know(book: Book, change: dict[str, object]) -> None:
    one = book.told_us("Acacia House")
    for name, value in change.items():
        setattr(one.comment, name, value)
    book.session.flush()
    with pytest.raises(Conflict):
        write(book, one)


def test_not_what_i_meant_takes_the_link_and_its_evidence_away(book: Book) -> None:
    one, other = book.told_us("Acacia House"), book.told_us("Birch Clinic")
    assert one.thread is not None
    with book.acting(client_of(one)) as session:
        taking_out.take_out(session, one.thread, zone=ZONE)
        taking_out.take_out(session, one.thread, zone=ZONE)
    assert (book.state(one), book.state(other)) == ("not_asked", "has_problem")
    assert book.session.scalars(select(Match.state).where(Match.account_id == one.account.id)).all() == [
        "refused"
    ]
    assert queries.number_taken_out(book.session) == 1
    assert queries.taken_out(book.session, 5)[0].issues == (book.issue.name,)
    with book.acting(client_of(one)) as session:
        assert stands_of(session, client_of(one), [one.thread.id])[one.thread.id].current == HAD
    update = book.draft()
    assert {row.account_id for row in book.told(update)} == {other.account.id}


def test_staff_may_put_it_back_once(book: Book) -> None:
    one = book.told_us("Acacia House")
    assert one.thread is not None
    with book.acting(client_of(one)) as session:
        taking_out.take_out(session, one.thread, zone=ZONE)
    row = book.session.scalars(select(TakenOut)).one()
    with book.acting() as session:
        taking_out.put_back(session, row)
        with pytest.raises(Conflict):
            taking_out.put_back(session, row)
    assert book.state(one) == "has_problem"
    assert queries.number_taken_out(book.session) == 0


def test_a_clients_act_leaves_every_other_cell_and_sum_right(book: Book) -> None:
    from tests.breadth.pictures import grids  # noqa: PLC0415 - only here
    from voc.breadth.service import follow_issues  # noqa: PLC0415

    one = book.told_us("Acacia House")
    for name in ("Birch Clinic", "Cedar Care"):
        book.told_us(name)
    assert one.thread is not None
    with book.acting(client_of(one)) as session:
        taking_out.take_out(session, one.thread, zone=ZONE)
    kept = grids(book.session)
    follow_issues(book.session, [book.issue.id])
    assert grids(book.session) == kept


def test_more_words_join_the_thread_and_promise_a_day(book: Book) -> None:
    one = book.told_us("Acacia House")
    assert one.thread is not None
    with book.acting(client_of(one)) as session:
        for _ in range(2):
            adding.say_more(
                session, one.thread, one.contact.id, "And it was cold again.", nonce="n" * 30, zone=ZONE
            )
    wanted = select(Comment).where(Comment.thread_id == one.thread.id).order_by(Comment.id)
    rows = book.session.scalars(wanted).all()
    assert [row.text for row in rows] == [
        "Acacia House waits for the soup each day.",
        "And it was cold again.",
    ]
    assert one.thread.next_word_by is not None


def test_whose_person_is_not_known_is_called_and_nothing_impossible_is_asked() -> None:
    brought_in = Comment(source="import", contact_id=None, sender_confirmed=True)
    stranger = Comment(source="link", contact_id=None, sender_confirmed=False)
    assert (writing.why_not_to(brought_in) or "").endswith("Please call the client.")
    assert "Say who it is first" in (writing.why_not_to(stranger) or "")
