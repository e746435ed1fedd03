"""The pages of telling clients, for each role; what cannot be taken comes back with its words."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from tests import factories
from tests.closure.conftest import WORDS, Book
from voc.access.models import User
from voc.closure.models import OthersSaidSo, SignOff, Update
from voc.core.principal import Role
from voc.mail.models import Batch

Browser = Callable[..., FlaskClient]
FORM = {"status": "looking", "words": WORDS, "next_word_by": "2026-05-11"}


@pytest.fixture
def lead(client: Browser, book: Book) -> FlaskClient:
    return client(book.lead)


def the_update(book: Book) -> Update:
    return book.session.scalars(select(Update).order_by(Update.id.desc())).first()  # type: ignore[return-value]  # the test made one


def test_a_lead_tells_clients_in_two_steps_and_stops_it(book: Book, lead: FlaskClient) -> None:
    book.told_us("Acacia House")
    book.told_us("Birch Clinic", state="machine")
    step_one = lead.get(f"/issues/{book.issue.public_id}/tell")
    assert "Acacia House" in step_one.text
    assert "Only the machine put their words here" in step_one.text
    answer = lead.post(f"/issues/{book.issue.public_id}/tell", data=FORM)
    assert answer.status_code == 303
    preview = lead.get(answer.location).text
    assert "Acacia House waits for the soup each day." in preview
    assert "1 message to 1 client." in preview
    sent = lead.post(f"{answer.location}/send", follow_redirects=True)
    assert "It leaves in ten minutes" in sent.text
    assert "It leaves at 11:40." in sent.text
    stopped = lead.post(f"{answer.location}/stop", follow_redirects=True)
    assert "Nothing left the house" in stopped.text
    again = lead.get(f"/issues/{book.issue.public_id}/tell?again={the_update(book).public_id}")
    assert WORDS in again.text


def test_what_cannot_leave_is_shown_where_it_stands_and_nothing_is_sent(
    book: Book, lead: FlaskClient
) -> None:
    book.told_us("Acacia House")
    book.told_us("Birch Clinic")
    answer = lead.post(
        f"/issues/{book.issue.public_id}/tell", data=FORM | {"words": "Birch Clinic has it too."}
    )
    page = lead.get(answer.location).text
    assert "cannot leave" in page
    assert ">Send" not in page
    refused = lead.post(f"{answer.location}/send")
    assert refused.status_code == 422
    assert book.session.scalars(select(Batch)).all() == []


def test_one_persons_message_is_shown_as_it_leaves_and_may_have_words_of_its_own(
    book: Book, lead: FlaskClient
) -> None:
    one = book.told_us("Acacia House")
    here = lead.post(f"/issues/{book.issue.public_id}/tell", data=FORM).location
    letter = f"{here}/to/{one.contact.public_id}"
    page = lead.get(letter).text
    assert "acacia@clinic.internal" in page
    assert "News about “Acacia House waits for the soup each day.”" in page
    assert lead.post(letter, data={"words": "We call you today."}).status_code == 303
    assert "We call you today." in lead.get(letter).text
    assert "words of their own" in lead.get(here).text
    assert lead.get(f"{here}/to/{'a' * 26}").status_code == 404


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"words": ""}, "Please write a few words first"),
        ({"status": "gone"}, "Please choose one of these"),
        ({"status": ""}, "Please choose where it stands"),
        ({"next_word_by": "soon"}, "Please give a day such as"),
        ({"next_word_by": "2020-01-01"}, "Please give a day from today on"),
        ({"status": "done"}, "Say why it happened"),
    ],
)
def test_a_bad_form_comes_back_with_what_was_typed(
    book: Book, lead: FlaskClient, form: dict[str, str], said: str
) -> None:
    book.told_us("Acacia House")
    answer = lead.post(f"/issues/{book.issue.public_id}/tell", data=FORM | form)
    assert answer.status_code == 422
    assert said in answer.text
    assert book.session.scalars(select(Update)).all() == []


def test_a_correction_and_the_answers_stand_on_the_record(book: Book, lead: FlaskClient) -> None:
    book.told_us("Acacia House")
    update = book.done()
    sign = book.session.scalars(select(SignOff)).one()
    sign.says, sign.said_at, sign.satisfaction = "no", sign.asked_at, 2
    book.session.flush()
    page = lead.get(f"/updates/{update.public_id}").text
    assert "0 yes, 1 no, 0 without an answer" in page
    assert "2 of 5" in page
    assert "Write a correction" in page
    answer = lead.post(f"/updates/{update.public_id}/correct", data={"words": "It was the other list."})
    assert "Acacia House" in lead.get(answer.location).text
    assert lead.post(f"/updates/{update.public_id}/correct", data={"words": " "}).status_code == 422


def test_the_outcome_is_the_next_act_on_the_issue(book: Book, lead: FlaskClient) -> None:
    check = book.check()
    book.asked(check, "Acacia House", "problem")
    assert f"/checks/{check.public_id}/outcome" in lead.get(f"/issues/{book.issue.public_id}").text
    page = lead.get(f"/checks/{check.public_id}/outcome").text
    assert "Nothing will change, because" in page
    form = FORM | {"status": "not_now", "words_no": "Thank you.", "words_none": "Your word is welcome."}
    assert lead.post(f"/checks/{check.public_id}/outcome", data=FORM).status_code == 422
    answer = lead.post(f"/checks/{check.public_id}/outcome", data=form)
    assert "Acacia House" in lead.get(answer.location).text
    assert "This is written already" in lead.get(f"/checks/{check.public_id}/outcome").text


def test_a_word_to_one_client_leaves_from_the_comments_page(book: Book, lead: FlaskClient) -> None:
    one = book.told_us("Acacia House")
    assert one.comment is not None
    assert f"/comments/{one.comment.public_id}/write" in lead.get(f"/comments/{one.comment.public_id}").text
    answer = lead.post(f"/comments/{one.comment.public_id}/write", data=FORM, follow_redirects=True)
    assert "Your word leaves in ten minutes" in answer.text
    assert lead.post(f"/comments/{one.comment.public_id}/write", data=FORM | {"words": ""}).status_code == 422


def test_today_shows_words_owed_and_points_taken_out(book: Book, lead: FlaskClient, client: Browser) -> None:
    person = factories.user(book.session, Role.CLIENT_ADMIN)
    contact, account = factories.contact_of(book.session, person)
    thread = factories.thread(book.session, account, contact_id=contact.id)
    comment = factories.comment(book.session, account, thread=thread, text="The lift smells of soup.")
    factories.match(book.session, comment, book.issue, state="confirmed")
    out = client(person).post(f"/points/{thread.public_id}/not-meant", follow_redirects=True)
    assert "We had misunderstood" in out.text
    page = lead.get("/today?queue=not-meant").text
    assert "The lift smells of soup." in page
    assert book.issue.name in page
    back = page.partition("/taken-out/")[2].partition("/")[0]
    assert "It stays out" in lead.post(f"/taken-out/{back}/looked", follow_redirects=True).text
    assert "Put back" in lead.post(f"/taken-out/{back}/undo", follow_redirects=True).text
    thread.next_word_by = thread.opened_at
    book.session.flush()
    assert "A word is owed" in lead.get("/today").text


def test_an_executive_switches_the_sentence_and_tells_nobody(book: Book, client: Browser) -> None:
    book.told_us("Acacia House")
    boss = client(Role.EXECUTIVE)
    here = f"/issues/{book.issue.public_id}"
    assert "Allow it" in boss.get(here).text
    assert boss.post(f"{here}/others-said-so", data={"on": "1"}).status_code == 303
    assert book.session.scalars(select(OthersSaidSo)).one().is_on
    assert boss.get(f"{here}/tell").status_code == 403


@pytest.mark.parametrize("role", [Role.AGENT, Role.EXECUTIVE, Role.ADMIN, Role.CLIENT_ADMIN])
def test_only_leads_tell_all(book: Book, client: Browser, role: Role) -> None:
    book.told_us("Acacia House")
    update = book.draft()
    browser = client(role)
    assert browser.post(f"/updates/{update.public_id}/send").status_code == 403
    assert browser.post(f"/issues/{book.issue.public_id}/tell", data=FORM).status_code == 403
    assert browser.post(f"/issues/{book.issue.public_id}/others-said-so").status_code in {303, 403}
    assert browser.get(f"/updates/{update.public_id}").status_code in {403, 404}


def test_an_agent_writes_to_own_clients_only(book: Book, client: Browser) -> None:
    one, other = book.told_us("Acacia House"), book.told_us("Birch Clinic")
    assert one.comment is not None
    assert other.comment is not None
    agent = factories.user(book.session)
    factories.membership(book.session, agent, Role.AGENT)
    factories.deputy(book.session, one.account, agent)
    browser = client(agent)
    mine = browser.post(f"/comments/{one.comment.public_id}/write", data=FORM)
    assert mine.status_code == 303
    assert browser.get(mine.location).status_code == 200
    assert browser.get(f"/comments/{other.comment.public_id}/write").status_code == 404
    word = browser.post(
        f"/comments/{one.comment.public_id}/write", data=FORM | {"words": "As Birch Clinic says."}
    )
    assert word.status_code == 422


@pytest.fixture
def spoken(book: Book) -> tuple[User, Any]:
    """A client's person who told us, as one who signs in."""
    person = factories.user(book.session, Role.CLIENT_VIEWER)
    contact, account = factories.contact_of(book.session, person)
    thread = factories.thread(book.session, account, contact_id=contact.id, named_user_id=book.lead.id)
    comment = factories.comment(book.session, account, thread=thread, text="My soup is cold.")
    factories.match(book.session, comment, book.issue, state="confirmed")
    from voc.breadth.service import follow_matches  # noqa: PLC0415 - only here

    follow_matches(book.session, [(account.id, comment.id, book.issue.id)])
    return person, thread


def test_a_client_sees_steps_messages_and_says_whether_it_is_solved(
    book: Book, client: Browser, spoken: tuple[User, Any]
) -> None:
    person, thread = spoken
    book.done()
    browser = client(person)
    home = browser.get("/points").text
    assert 'aria-current="step">Done, is it solved?' in home
    assert "There is one list." in home
    page = browser.get(f"/points/{thread.public_id}").text
    assert "Two lists said different things." in page
    assert "What is still not right" in page
    assert book.issue.name not in page + home
    sign = book.session.scalars(select(SignOff)).one().public_id
    bad = browser.post(f"/points/{thread.public_id}/solved", data={"sign": sign})
    assert bad.status_code == 422
    said = browser.post(
        f"/points/{thread.public_id}/solved", data={"sign": sign, "says": "yes"}, follow_redirects=True
    )
    assert "you told us it is solved" in said.text
    rated = browser.post(
        f"/points/{thread.public_id}/how", data={"sign": sign, "satisfaction": "4"}, follow_redirects=True
    )
    assert "how we went about it: well" in rated.text


def test_a_client_says_more(book: Book, client: Browser, spoken: tuple[User, Any]) -> None:
    person, thread = spoken
    browser = client(person)
    empty = browser.post(f"/points/{thread.public_id}/more", data={"text": ""})
    assert empty.status_code == 422
    answer = browser.post(
        f"/points/{thread.public_id}/more", data={"text": "And the bread too."}, follow_redirects=True
    )
    assert "And the bread too." in answer.text
    assert book.session.scalars(select(SignOff)).all() == []


@pytest.mark.parametrize("act", ["more", "not-meant", "solved", "how"])
def test_another_clients_point_is_as_absent_as_none(book: Book, client: Browser, act: str) -> None:
    one = book.told_us("Acacia House")
    assert one.thread is not None
    browser = client(Role.CLIENT_ADMIN)
    form = {"text": "x", "says": "yes", "satisfaction": "3", "sign": "a" * 26}
    theirs = browser.post(f"/points/{one.thread.public_id}/{act}", data=form)
    absent = browser.post(f"/points/{'a' * 26}/{act}", data=form)
    assert theirs.status_code == absent.status_code == 404
