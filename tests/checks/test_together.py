"""Several questions to one person travel in one mail, and nobody is asked more than a round allows."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.checks.conftest import BY, SINCE, Book, later
from tests.conftest import NOW
from voc.checks import answering, asking, closing, drafting, together
from voc.checks.models import Ask, Check
from voc.core import clock
from voc.core.config import Settings
from voc.core.errors import Conflict
from voc.core.principal import Role
from voc.issues.models import Issue
from voc.mail.links import link_url
from voc.mail.models import Batch, Delivery, Link
from voc.mail.outbox import stop_batch

Client = Callable[..., FlaskClient]
OTHER = "a parcel reached you on another day than agreed"


def another(book: Book, what: str = OTHER) -> Check:
    """A question about an issue of its own that two clients told us of."""
    issue = factories.issue(book.session, name="Parcels on the wrong day")
    for account in book.clients[:2]:
        book.told(account, issue=issue, may_ask_others=True)
    check = drafting.draft(book.session, issue, what=what, since_on=SINCE)
    return drafting.plan(
        book.session,
        check,
        if_many="We change the days.",
        decider_public_id=book.lead.public_id,
        decide_by=BY,
    )


def sent_together(book: Book) -> tuple[Check, Check]:
    first, second = book.draft(), another(book)
    asking.send(book.session, first, along=[second])
    return first, second


def test_one_mail_carries_both_questions_and_both_are_asked_when_it_arrives(book: Book) -> None:
    first, second = sent_together(book)
    mails = book.session.scalars(select(Delivery).where(Delivery.template == "question")).all()
    assert len(mails) == len(book.asks(first)) == len(book.asks(second)) == 8
    assert [len(mail.filled["more"]) for mail in mails] == [1] * 8
    assert "a parcel reached you" in str(mails[0].filled["more"])
    book.arrive(first)
    assert {one.state for one in book.asks(second)} == {"asked"}
    assert second.state == "asking"


def test_stopping_the_mails_makes_both_a_draft_again(book: Book) -> None:
    first, second = sent_together(book)
    stop_batch(book.session, book.session.get_one(Batch, first.batch_id).public_id)
    book.session.refresh(first)
    book.session.refresh(second)
    assert (first.state, second.state) == ("draft", "draft")


def test_two_questions_about_one_issue_or_four_at_once_are_refused(book: Book) -> None:
    with pytest.raises(Conflict, match="same issue"):
        asking.send(book.session, book.draft(), along=[book.draft("a letter went to the wrong desk")])
    with pytest.raises(Conflict, match="more than 3"):
        together.check_together(book.session, [book.draft() for _ in range(4)])


def test_whoever_had_enough_this_quarter_waits_with_the_rest(book: Book) -> None:
    person = book.people[book.clients[2].id]
    for number in range(2):
        old = factories.issue(book.session)
        check = drafting.draft(book.session, old, what="a lift stood still", since_on=SINCE)
        book.session.add(Ask(
            account_id=person.account_id, id=900 + number, public_id=f"old{number}", check_id=check.id,
            group_id=book.clients[2].id, contact_id=person.id, how="mail", no_first=True, state="answered",
            asked_at=NOW - timedelta(days=8),
        ))  # fmt: skip
    book.session.flush()
    first, second = sent_together(book)
    assert book.clients[2].id in {one.group_id for one in book.asks(first)}
    assert book.clients[2].id not in {one.group_id for one in book.asks(second)}


def test_one_reminder_speaks_of_all_that_still_waits(book: Book) -> None:
    first, second = sent_together(book)
    book.arrive(first)
    book.answer(book.ask_of(first, book.clients[3]), "no")
    with clock.frozen(later(6)):
        while closing.remind_due(book.session, zone="UTC"):
            pass
    mails = book.session.scalars(select(Delivery).where(Delivery.template == "reminder")).all()
    assert len(mails) == 8
    assert sorted(len(mail.filled["more"]) for mail in mails) == [0] + [1] * 7
    assert all(one.reminded_at for one in book.asks(second))


def test_do_not_ask_me_again_holds_for_all_of_them(book: Book) -> None:
    first, second = sent_together(book)
    book.arrive(first)
    answering.stop_asking(book.session, book.ask_of(first, book.clients[4]))
    assert {
        one.state for one in (book.ask_of(first, book.clients[4]), book.ask_of(second, book.clients[4]))
    } == {"opted_out"}


def test_the_page_takes_each_answer_by_itself_and_shows_no_other_clients_question(
    visitor: FlaskClient, book: Book, session: Session, settings: Settings
) -> None:
    first, second = sent_together(book)
    book.arrive(first)
    mine = book.ask_of(first, book.clients[5])
    other = book.ask_of(second, book.clients[5])
    stranger = book.ask_of(second, book.clients[6])
    link = session.scalars(select(Link).where(Link.thing == mine.public_id)).one()
    url = urlsplit(link_url(link, settings)).path
    browser = visitor
    page = browser.get(url).text
    assert "without your order number" in page
    assert "a parcel reached you" in page
    assert "Parcels on the wrong day" not in page
    assert "Paper not as agreed" not in page
    assert browser.get(f"{url}?of={stranger.public_id}").status_code == 410
    kept = browser.post(f"{url}?of={mine.public_id}", data={"says": "no"})
    assert f"of={other.public_id}" in kept.headers["Location"]
    assert browser.post(f"{url}?of={stranger.public_id}", data={"says": "no"}).status_code == 410
    done = browser.post(f"{url}?of={other.public_id}", data={"says": "problem"})
    assert "/thanks" in done.headers["Location"]
    assert [one.state for one in (book.ask_of(first, book.clients[5]), book.ask_of(second, book.clients[5]))] == [
        "answered", "answered",
    ]  # fmt: skip
    assert book.state(book.clients[5], book.session.get_one(Issue, second.issue_id)) == "has_problem"
    assert book.state(book.clients[5]) == "has_not"


def test_a_lead_sees_what_else_could_leave_in_the_same_mail(client: Client, book: Book) -> None:
    first, second = book.draft(), another(book)
    lead = client(Role.LEAD)
    shown = lead.get(f"/checks/{first.public_id}").text
    assert "In the same mail" in shown
    assert "8 people the same" in shown
    both = lead.get(f"/checks/{first.public_id}?with={second.public_id}").text
    assert "leaves with it" in both
    assert "2 questions from" in both
