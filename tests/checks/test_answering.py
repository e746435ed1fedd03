"""An answer is one row, evidence at once, changeable until the window closes, and never anybody else's."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests import factories
from tests.checks.conftest import Book, later, make_book
from voc.accounts.files.importing import import_accounts
from voc.accounts.models import Account, Contact
from voc.breadth.models import Cell, Evidence
from voc.breadth.service import refresh
from voc.checks import answering, asking, calls, drafting, queries
from voc.checks.models import Answer, Ask, Call, Check
from voc.core import clock
from voc.core.errors import Conflict, Invalid
from voc.core.principal import SYSTEM, Role
from voc.db.scope import open_for, principal_of
from voc.db.session import Database
from voc.intake.models import Comment
from voc.mail.addresses import rules_of
from voc.mail.links import by_link
from voc.mail.models import Delivery, Link


@pytest.mark.parametrize(
    ("says", "state"),
    [("no", "has_not"), ("problem", "has_problem"), ("manages", "has_manages"), ("not_used", "not_applicable"),
     ("cannot_tell", "unclear")],
)  # fmt: skip
def test_each_answer_is_what_the_cell_says_at_once(book: Book, says: str, state: str) -> None:
    check, client = book.ask(), book.clients[3]
    book.answer(book.ask_of(check, client), says)
    assert book.state(client) == state
    assert book.ask_of(check, client).state == "answered"


def test_sums_move_with_every_answer_as_if_all_were_added_up_anew(book: Book) -> None:
    check = book.ask()
    answers = ("problem", "manages", "no", "not_used", "cannot_tell", "problem")
    for client, says in zip(book.clients[2:], answers, strict=False):
        book.answer(book.ask_of(check, client), says)
    book.answer(book.ask_of(check, book.clients[2]), "no")
    moved = _figures(book)
    refresh(book.session, [], also=[book.issue.id])
    assert _figures(book) == moved
    assert (moved["said_yes"], moved["has_not"], moved["unclear"], moved["applies"], moved["told"]) == (
        2,
        2,
        1,
        9,
        2,
    )


def _figures(book: Book) -> dict[str, object]:
    sums = book.sums()
    return {
        column.name: getattr(sums, column.name)
        for column in sums.__table__.columns
        if column.name != "summed_at"
    }


def test_the_last_answer_counts_and_is_one_row(book: Book) -> None:
    check, client = book.ask(), book.clients[3]
    for says in ("problem", "problem", "no"):
        answer = book.answer(book.ask_of(check, client), says)
    assert (answer.says, answer.changes, book.state(client)) == ("no", 1, "has_not")
    assert book.session.scalar(select(func.count()).select_from(Answer)) == 1
    assert [says for source, says in book.evidence(client) if source == "answer"] == [
        "has_problem",
        "has_not",
    ]


def test_words_beside_an_answer_are_a_comment_that_nobody_told_unasked(book: Book) -> None:
    check, client = book.ask(), book.clients[3]
    ask = book.ask_of(check, client)
    for _ in range(2):
        book.answer(ask, "problem", "It costs our accounts half a day a month.")
    (comment,) = book.session.scalars(select(Comment).where(Comment.account_id == client.id)).all()
    assert (comment.source, comment.kind, comment.contact_id) == ("answer", "answer", ask.contact_id)
    assert book.session.scalars(select(Answer)).one().comment_id == comment.id


def test_the_wording_freezes_with_the_first_answer(book: Book) -> None:
    check = book.ask()
    assert check.frozen_at is None
    book.answer(book.ask_of(check, book.clients[3]), "no")
    book.session.refresh(check)
    assert check.frozen_at == clock.now()
    with pytest.raises(Conflict, match="stays as it is"):
        drafting.reword(book.session, check, what="something else came", since_on=check.since_on)


def test_after_the_window_nothing_is_taken_any_more(book: Book, at: Callable[..., None]) -> None:
    check = book.ask()
    ask = book.ask_of(check, book.clients[3])
    book.answer(ask, "no")
    at(later(14))
    with pytest.raises(Conflict, match="closed"):
        book.answer(ask, "problem")
    assert book.state(book.clients[3]) == "has_not"


def test_none_of_the_five_is_refused(book: Book) -> None:
    with pytest.raises(Invalid):
        book.answer(book.ask_of(book.ask(), book.clients[3]), "maybe")


def test_a_problem_puts_a_call_on_the_owners_list_for_the_next_working_day_until_it_is_none(
    book: Book,
) -> None:
    check = book.ask()
    ask = book.ask_of(check, book.clients[3])
    book.answer(ask, "problem")
    (call,) = book.calls("problem")
    assert (call.caller_id, call.due_on.isoformat(), call.ask_id) == (book.owner.id, "2026-05-05", ask.id)
    book.answer(ask, "no")
    assert book.calls("problem") == []
    book.answer(ask, "problem")
    assert len(book.calls("problem")) == 1


def test_people_of_one_client_may_differ(book: Book) -> None:
    check, client = book.ask(), book.clients[3]
    ask = book.ask_of(check, client)
    book.answer(ask, "problem")
    other = answering.pass_on(book.session, ask, name="Nora New", email="nora@client3.example")
    book.arrive(check)
    book.answer(other, "no")
    assert book.state(client) == "unclear"
    assert queries.coverage(book.session, check.id).differ == 1


def test_whoever_holds_the_link_answers_for_its_person_alone(book: Book) -> None:
    check, client = book.ask(), book.clients[3]
    ask = book.ask_of(check, client)
    link = book.session.scalars(select(Link).where(Link.thing == ask.public_id)).one()
    open_for(book.session, by_link(link))
    assert book.session.scalars(select(Ask)).all() == [ask]
    book.answer(ask, "manages", "We keep a list.")
    assert principal_of(book.session).kind == "link"
    assert book.session.scalars(select(Ask)).all() == [ask]
    open_for(book.session, SYSTEM)
    assert (book.state(client), book.sums().applies) == ("has_manages", 10)


def test_a_colleague_with_an_address_of_the_client_gets_a_mail_and_an_ask(book: Book) -> None:
    check, client = book.ask(), book.clients[3]
    ask = book.ask_of(check, client)
    new = answering.pass_on(book.session, ask, name="Nora New", email="Nora@Client3.example")
    assert (ask.state, new.state, new.how, new.passed_from_id) == ("passed", "queued", "mail", ask.id)
    mail = book.session.scalars(select(Delivery).where(Delivery.contact_id == new.contact_id)).one()
    assert (mail.state, mail.sent_to) == ("waiting", "Nora@Client3.example")
    book.arrive(check)
    book.answer(new, "no")
    assert book.state(client) == "has_not"


@pytest.mark.parametrize("email", [None, "stranger@elsewhere.example", "somebody@gmail.com"])
def test_a_name_alone_or_a_strangers_address_is_called_never_written_to(
    book: Book, email: str | None
) -> None:
    check, client = book.ask(), book.clients[3]
    new = answering.pass_on(book.session, book.ask_of(check, client), name="Nora New", email=email)
    assert (new.how, [call.ask_id for call in book.calls("question")]) == ("call", [new.id])
    assert book.session.scalars(select(Delivery).where(Delivery.contact_id == new.contact_id)).all() == []
    assert book.session.get_one(Contact, (client.id, new.contact_id)).email is None
    assert email is None or email in (new.why or "")


def test_who_named_a_colleague_beside_the_answer_has_them_asked(book: Book) -> None:
    check = book.ask()
    book.answer(book.ask_of(check, book.clients[3]), "cannot_tell", colleague="Nora of accounts")
    assert len(book.calls("question")) == 1
    book.answer(book.ask_of(check, book.clients[4]), "cannot_tell", colleague="nora@client4.example")
    assert [one.how for one in book.asks(check, "queued")] == ["mail"]


@pytest.mark.parametrize("who", ["self", "twice", "stopped"])
def test_a_question_is_not_passed_to_oneself_twice_or_to_who_asked_us_not_to(book: Book, who: str) -> None:
    check, client = book.ask(), book.clients[3]
    ask = book.ask_of(check, client)
    email = str(book.people[client.id].email) if who == "self" else "nora@client3.example"
    if who == "twice":
        answering.pass_on(book.session, ask, name="Nora", email=email)
    if who == "stopped":
        nora = factories.contact(book.session, client, name="Nora", email=email, email_key=email)
        answering.stop_asking_contact(book.session, client.id, nora.id)
    with pytest.raises(Conflict):
        answering.pass_on(book.session, ask, name="Nora", email=email)


def test_not_me_frees_the_client_for_the_next_best_whom_a_lead_sees_first(book: Book) -> None:
    client = book.clients[3]
    factories.contact(book.session, client, name="Next Best", email="next@client3.example")
    check = book.ask()
    asked = book.ask_of(check, client)
    planned = answering.not_me(book.session, asked)
    assert planned is not None
    assert (planned.state, book.session.get_one(Contact, (client.id, planned.contact_id)).name) == (
        "planned", book.people[client.id].name if asked.contact_id != book.people[client.id].id else "Next Best",
    )  # fmt: skip
    assert book.state(client) == "not_asked"
    assert len(book.mails(check)) == 8
    asking.send_planned(book.session, check)
    assert len(book.mails(check)) == 9
    with pytest.raises(Conflict):
        book.answer(asked, "no")


def test_do_not_ask_me_again_survives_an_import_of_the_same_list(
    stored_database: Database, tmp_path: Path
) -> None:
    place = tmp_path / "clients.csv"
    place.write_text(
        "name,contact_name,contact_email\n"
        + "".join(f"Firm {number},Anna {number},anna{number}@firm{number}.example\n" for number in range(7)),
        encoding="utf-8",
    )
    import_accounts(stored_database, place, currency="EUR")
    with stored_database.writing(SYSTEM) as session:
        contact = session.scalars(select(Contact).order_by(Contact.id)).first()
        assert contact is not None
        answering.stop_asking_contact(session, contact.account_id, contact.id)
        email = str(contact.email)
        session.delete(contact)
    import_accounts(stored_database, place, currency="EUR")
    with stored_database.writing(SYSTEM) as session:
        again = session.scalars(select(Contact).where(Contact.email == email)).one()
        assert again.may_be_asked
        assert rules_of(session, [email]) == {email: frozenset({"no_questions"})}
        book = Book(
            session, *(factories.user(session, Role.LEAD) for _ in range(2)), factories.issue(session)
        )
        from voc.mail import house  # noqa: PLC0415

        house.practise(session)
        book.as_user(book.lead, Role.LEAD)
        book.told(factories.account(session), may_ask_others=True)
        check = book.ask()
        asked = {one.contact_id for one in book.asks(check)}
        assert len(asked) == 6
        assert again.id not in asked


def test_do_not_ask_me_again_ends_what_is_open_and_keeps_what_was_said(book: Book) -> None:
    check = book.ask()
    silent, spoken = book.ask_of(check, book.clients[3]), book.ask_of(check, book.clients[4])
    book.answer(spoken, "problem")
    for ask in (silent, spoken, silent):
        answering.stop_asking(book.session, ask)
    assert (book.state(book.clients[3]), book.state(book.clients[4])) == ("prefers_not", "has_problem")
    assert [book.ask_of(check, one).state for one in book.clients[3:5]] == ["opted_out", "answered"]
    assert not book.session.get_one(Contact, (silent.account_id, silent.contact_id)).may_be_asked


def test_an_answer_taken_on_the_phone_is_the_clients_own(book: Book) -> None:
    book.people[book.clients[3].id].email = None
    book.session.flush()
    check = book.ask()
    (call,) = book.calls("question")
    calls.done(book.session, call, result="spoke", says="problem", words="We retype it.")
    assert book.state(book.clients[3]) == "has_problem"
    answer = book.session.scalars(select(Answer)).one()
    comment = book.session.get_one(Comment, (answer.account_id, answer.comment_id))
    assert (answer.taken_by_id, comment.channel, comment.source) == (book.lead.id, "staff_note", "answer")
    assert ("asking", "asked") in book.evidence(book.clients[3])
    assert book.sums().said_yes == 1
    del check


def test_a_call_that_reached_nobody_comes_back_until_three_tries_and_is_noted_once(book: Book) -> None:
    book.people[book.clients[3].id].email = None
    book.session.flush()
    book.ask()
    (call,) = book.calls("question")
    for tries in (1, 2):
        calls.done(book.session, call, result="not_reached")
        assert (call.tries, call.done_at) == (tries, None)
    calls.done(book.session, call, result="not_reached")
    assert call.done_at is not None
    with pytest.raises(Conflict):
        calls.done(book.session, call, result="spoke")
    with pytest.raises(Invalid):
        calls.done(book.session, call, result="vanished")


def test_twenty_answers_at_once_leave_one_row_and_evidence_that_agrees(stored_database: Database) -> None:
    with stored_database.writing(SYSTEM) as session:
        book = make_book(session, clients=8)
        check = book.ask()
        ask = book.ask_of(check, book.clients[3])
        key, client, issue = (ask.account_id, ask.id), book.clients[3].id, book.issue.id
    failed: list[BaseException] = []

    def post(place: int) -> None:
        try:
            with stored_database.writing(SYSTEM) as session:
                mine = session.get_one(Ask, key)
                says = ("no", "problem", "manages")[place % 3]
                answering.answer(session, mine, says=says, words=f"Words {place % 2}", colleague=None)
        except BaseException as error:  # noqa: BLE001 - a thread hands its failure over
            failed.append(error)

    threads = [threading.Thread(target=post, args=(place,)) for place in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    with stored_database.reading(SYSTEM) as session:
        answer = session.scalars(select(Answer)).one()
        last = session.scalars(
            select(Evidence.says).where(Evidence.source == "answer").order_by(Evidence.id.desc()).limit(1)
        ).one()
        cell = session.get_one(Cell, (client, issue))
        assert (last, cell.state) == (answering.EVIDENCE[answer.says], answering.EVIDENCE[answer.says])
        assert (
            session.scalar(select(func.count()).select_from(Comment).where(Comment.source == "answer")) == 2
        )
        assert len(session.scalars(select(Call).where(Call.why == "problem")).all()) <= 1


def test_a_merged_issue_an_account_that_moved_and_a_contact_that_went_break_nothing(book: Book) -> None:
    from voc.issues import curate  # noqa: PLC0415
    from voc.jobs import tell  # noqa: PLC0415

    check = book.ask()
    other = factories.issue(book.session, name="The wider one")
    book.told(book.clients[0], issue=other)
    curate.merge_issues(book.session, book.issue, other)
    book.answer(book.ask_of(check, book.clients[3]), "problem")
    assert (check.issue_id, book.state(book.clients[3], other)) == (book.issue.id, "has_problem")
    assert [row.public_id for row in queries.checks_of(book.session, other.id)] == [check.public_id]

    moved = book.session.get_one(Account, book.clients[4].id)
    moved.group_id = book.clients[5].id
    book.session.flush()
    tell(book.session, "accounts_changed", [moved.id])
    book.answer(book.ask_of(check, book.clients[4]), "manages")
    assert book.state(book.clients[5], other) == "has_manages"
    moved.left_on = clock.now().date()
    book.session.flush()
    book.answer(book.ask_of(check, book.clients[4]), "problem")

    person = book.people[book.clients[6].id]
    person.email, person.email_key, person.may_be_asked = None, None, False
    book.session.flush()
    book.answer(book.ask_of(check, book.clients[6]), "no")
    assert book.state(book.clients[6], other) == "has_not"


def test_a_split_leaves_the_answers_where_they_are(book: Book) -> None:
    from voc.issues import curate  # noqa: PLC0415

    check = book.ask()
    book.answer(book.ask_of(check, book.clients[3]), "problem")
    comments = book.session.scalars(select(Comment).where(Comment.account_id == book.clients[1].id)).all()
    new, _ = curate.split_issue(book.session, book.issue, comments, "Another thing")
    assert (book.state(book.clients[3]), book.state(book.clients[3], new)) == ("has_problem", "not_asked")
    book.answer(book.ask_of(check, book.clients[4]), "no")
    assert book.session.get_one(Check, check.id).issue_id == book.issue.id
