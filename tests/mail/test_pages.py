"""What our people see of mail, who may, and that each look into other people's mail is kept."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.conftest import NOW, signed_in
from tests.mail.test_outbox import mail
from voc.access.models import Audit
from voc.accounts.models import Contact
from voc.app import create_app
from voc.core.config import Settings
from voc.core.principal import Role
from voc.db.session import Database
from voc.jobs import QuietDoorbell
from voc.mail import house, inbound, texts
from voc.mail.models import Delivery, InboundMail, KeptMail
from voc.mail.outbox import NewLink, make_batch, put_mails
from voc.mail.rendering import compose, outgoing_of

Browser = Callable[..., FlaskClient]
LINK = NewLink(purpose="answer", thing="a" * 26, expires_at=NOW + timedelta(days=21))
FILLED = {"hello": "Ines", "account": "Clinic", "question": "Did it happen?", "closes_on": "18 May", "tells_by": "1 June",
          "reads_name": "Joost", "from_name": "Joost", "from_phone": "+31 20"}  # fmt: skip


def acts(session: Session) -> list[str]:
    return list(session.scalars(select(Audit.act).order_by(Audit.id)))


@pytest.fixture
def put(session: Session, open_house: None, person: Contact) -> Delivery:
    return put_mails(session, [mail(person, link=LINK, filled=FILLED)])[0]


def test_the_empty_pages_say_why_they_are_empty(client: Browser) -> None:
    browser = client(Role.ADMIN)
    for url, words in (
        ("/outgoing", "Nothing waits to leave"),
        ("/outgoing?show=yours", "Nothing needs you"),
        ("/outgoing?show=kept", "Everything could leave"),
        ("/outgoing?show=left", "Nothing has left yet"),
        ("/replies", "Nobody waits here"),
        ("/replies?show=unreadable", "Everything could be read"),
        ("/replies?show=automatic", "No automatic mail"),
        ("/replies?show=done", "Nothing yet"),
        ("/mailbox", "No mail yet"),
    ):
        answer = browser.get(url)
        assert (answer.status_code, words in answer.text) == (200, True), url
    assert "sending is not switched on" in browser.get("/outgoing").text


def test_a_list_of_no_such_name_is_not_there(client: Browser) -> None:
    assert [
        client(Role.LEAD).get(url).status_code
        for url in ("/outgoing?show=x", "/replies?show=x", "/outgoing?batch=x")
    ] == [404] * 3


def test_a_lead_sees_each_mail_before_it_leaves_and_never_its_persons_link(
    session: Session, client: Browser, put: Delivery
) -> None:
    browser = client(Role.LEAD)
    assert "Ines Roda" in browser.get("/outgoing").text
    shown = browser.get(f"/outgoing/{put.public_id}").text
    assert "Did it happen?" in shown
    assert "/answer/…" in shown
    assert "/stop-asking/…" in shown
    assert put.public_id not in browser.get("/outgoing/" + "a" * 26).text


@pytest.mark.usefixtures("open_house")
def test_a_batch_is_stopped_with_one_button(session: Session, client: Browser, person: Contact) -> None:
    batch = make_batch(session, what="A question to 2 clients", thing="check x")
    row = put_mails(session, [mail(person, filled=FILLED, link=LINK)], batch=batch)[0]
    browser = client(Role.LEAD)
    page = browser.get("/outgoing").text
    assert "A question to 2 clients" in page
    assert "11:40" in page  # ten minutes from 09:30 UTC, in Amsterdam
    assert "Stop all of it" in browser.get(f"/outgoing?batch={batch.public_id}").text
    answer = browser.post(f"/batches/{batch.public_id}/stop", follow_redirects=True)
    assert "None of it leaves" in answer.text
    session.refresh(row)
    assert (row.state, acts(session)) == ("stopped", ["batch.stop"])


@pytest.mark.usefixtures("open_house")
def test_a_batch_that_left_says_so(session: Session, client: Browser) -> None:
    batch = make_batch(session, what="A question", thing="check x")
    batch.state = "left"
    session.flush()
    answer = client(Role.LEAD).post(f"/batches/{batch.public_id}/stop")
    assert (answer.status_code, "has left the house already" in answer.text) == (409, True)


def test_a_mail_that_needs_a_person_is_tried_again_or_given_up(
    session: Session, client: Browser, put: Delivery, told: list[tuple[str, object]]
) -> None:
    browser = client(Role.LEAD)
    put.state, put.tries = "failed", 3
    session.flush()
    assert "Give it up" in browser.get("/outgoing?show=yours").text
    assert browser.post(f"/outgoing/{put.public_id}/again").status_code == 303
    session.refresh(put)
    assert (put.state, put.tries) == ("waiting", 0)
    assert browser.post(f"/outgoing/{put.public_id}/again").status_code == 409
    put.state = "failed"
    session.flush()
    assert browser.post(f"/outgoing/{put.public_id}/give-up").status_code == 303
    session.refresh(put)
    assert (put.state, told) == ("bounced", [("mail_bounced", (put.account_id, put.id))])


def read_everything(browser: FlaskClient) -> None:
    for one in texts.standard_mails():
        assert "I have read this" in browser.get(f"/sending/texts/{one.name}").text
        answer = browser.post(
            f"/sending/texts/{one.name}/read", data={"wording": texts.wording_hash(one.name)}
        )
        assert answer.status_code == 303


def test_nothing_starts_before_every_standard_mail_was_read(session: Session, client: Browser) -> None:
    browser = client(Role.ADMIN)
    refused = browser.post("/sending/start")
    assert (refused.status_code, "Nobody has read" in refused.text) == (409, True)
    assert "Before it can start" in browser.get("/sending").text
    read_everything(browser)
    assert "Start sending" in browser.get("/sending").text
    assert browser.post("/sending/start").status_code == 303
    assert house.why_closed(session) is None
    assert "Stop sending" in browser.get("/sending").text
    browser.post("/sending/stop")
    assert house.why_closed(session) is not None
    assert acts(session)[-2:] == ["mail.start", "mail.stop"]


def test_a_mail_with_new_words_must_be_read_again(
    session: Session, client: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = client(Role.ADMIN)
    read_everything(browser)
    old = texts.wording_hash("question")
    monkeypatch.setattr(texts, "wording_hash", lambda name: f"new words of {name}")
    assert browser.post("/sending/start").status_code == 409
    assert browser.post("/sending/texts/question/read", data={"wording": old}).status_code == 422
    assert browser.get("/sending/texts/nothing").status_code == 404


def test_practice_never_starts(session: Session, client: Browser) -> None:
    house.practise(session)
    browser = client(Role.ADMIN)
    read_everything(browser)
    assert browser.post("/sending/start").status_code == 409
    assert "nothing ever leaves it" in browser.get("/sending").text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"public_url": "http://voc.firm.internal"}, "VOC_SMTP_URL"),
        ({"smtp_url": "smtp://mail.internal"}, "VOC_MAIL_FROM"),
    ],
)
def test_a_house_without_server_or_sender_does_not_start(
    session: Session, database: Database, settings: Settings, changes: dict[str, str], words: str
) -> None:
    app = create_app(replace(settings, **changes), database=database, doorbell=QuietDoorbell())
    browser = signed_in(app, session, factories.user(session, Role.ADMIN).id)
    read_everything(browser)
    answer = browser.post("/sending/start")
    assert (answer.status_code, words in answer.text) == (409, True)


def keep(session: Session, row: Delivery, settings: Settings) -> None:
    mail = compose(outgoing_of(row, None), settings)
    session.add(
        KeptMail(
            account_id=row.account_id,
            delivery_id=row.id,
            message_id=mail.message_id,
            body=mail.body,
            kept_at=NOW,
        )
    )
    session.flush()


def test_kept_mail_is_read_by_administrators_alone_and_each_look_is_kept(
    session: Session, client: Browser, put: Delivery, settings: Settings
) -> None:
    keep(session, put, settings)
    browser = client(Role.ADMIN)
    assert "Ines Roda" in browser.get("/mailbox").text
    assert "Did it happen?" in browser.get(f"/mailbox/{put.public_id}").text
    assert acts(session) == ["mailbox.list", "mailbox.open"]
    assert client(Role.LEAD).get("/mailbox").status_code == 403
    assert browser.get("/mailbox/" + "a" * 26).status_code == 404


def test_where_mail_leaves_there_is_no_mailbox_page(
    session: Session, database: Database, settings: Settings, put: Delivery
) -> None:
    keep(session, put, settings)
    app: APIFlask = create_app(
        replace(settings, smtp_url="smtp://mail.internal"), database=database, doorbell=QuietDoorbell()
    )
    browser = signed_in(app, session, factories.user(session, Role.ADMIN).id)
    assert [browser.get(url).status_code for url in ("/mailbox", f"/mailbox/{put.public_id}")] == [404, 404]
    house.practise(session)
    assert browser.get("/mailbox").status_code == 200


def held(session: Session, account_id: int | None = None) -> InboundMail:
    inbound.keep(
        session,
        b"From: <x@y.internal>\r\nSubject: <b>Hi</b>\r\nMessage-ID: <1@y>\r\n\r\n<script>alert(1)</script> words",
    )
    row = session.scalars(select(InboundMail)).one()
    row.state, row.why, row.account_id = "held", inbound.NOT_THEIRS, account_id
    session.flush()
    return row


def test_a_held_mail_is_shown_as_it_came_and_harmless(session: Session, client: Browser) -> None:
    row, browser = held(session), client(Role.LEAD)
    assert "&lt;b&gt;Hi&lt;/b&gt;" in browser.get("/replies").text
    shown = browser.get(f"/replies/{row.public_id}").text
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert(1)" in shown
    assert acts(session) == ["reply.open"]
    assert browser.post(f"/replies/{row.public_id}/let-in").status_code == 409  # nobody knows whose it is
    assert browser.post(f"/replies/{row.public_id}/leave").status_code == 303
    assert browser.post(f"/replies/{row.public_id}/leave").status_code == 409
    session.refresh(row)
    assert row.state == "left_alone"


def test_a_person_lets_a_held_mail_in(
    session: Session, client: Browser, person: Contact, doorbell: QuietDoorbell
) -> None:
    row = held(session, person.account_id)
    assert client(Role.LEAD).post(f"/replies/{row.public_id}/let-in").status_code == 303
    session.refresh(row)
    assert (row.state, row.account_id) == ("new", person.account_id)
    assert doorbell.rung == ["mail"]


def test_clients_and_agents_see_none_of_it(client: Browser) -> None:
    for role in (Role.AGENT, Role.CLIENT_ADMIN):
        browser = client(role)
        for url in ("/outgoing", "/sending", "/mailbox", "/replies"):
            assert browser.get(url).status_code == 403, (role, url)
