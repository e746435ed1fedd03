"""The public link of an account: it takes words, keeps its mouth shut, and holds senders until they are known."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests import factories
from voc.access.models import Audit
from voc.access.sessions import hashed
from voc.accounts.models import Account, Contact
from voc.core.principal import Role
from voc.db.work import Work
from voc.intake.models import Comment, Raw, Thread
from voc.intake.queries import unconfirmed_of

Client = Callable[..., FlaskClient]
TOKEN = "t" * 43
SENT = {"text": "The lift is slow.", "name": "Kim Visitor", "email": "kim@example.org"}


@pytest.fixture
def account(session: Session) -> Account:
    owner = factories.user(session, Role.AGENT, name="Ana Leal")
    return factories.account(
        session, name="Brightwater Clinic", owner_id=owner.id, form_token_hash=hashed(TOKEN)
    )


def send(browser: FlaskClient, **fields: str) -> TestResponse:
    return browser.post(f"/say/{TOKEN}", data=SENT | fields, follow_redirects=True)


def found(pattern: str, html: str) -> str:
    seen = re.search(pattern, html)
    assert seen, pattern
    return seen.group(1)


def test_the_form_tells_nothing_but_the_accounts_name(visitor: FlaskClient, account: Account) -> None:
    page = visitor.get(f"/say/{TOKEN}")
    assert "Brightwater Clinic" in page.text
    assert "Ana Leal" not in page.text
    assert page.headers["Referrer-Policy"] == "same-origin"


def test_what_is_sent_is_held_until_the_sender_is_known(
    visitor: FlaskClient, account: Account, session: Session
) -> None:
    page = send(visitor)
    comment = session.scalars(select(Comment)).one()
    thread = session.scalars(select(Thread)).one()
    assert page.status_code == 200
    assert thread.receipt in page.text
    assert "11\u00a0May" in page.text
    assert "Ana Leal" not in page.text
    assert "mail" not in page.text.partition("<main")[2].partition("</main")[0]
    assert (comment.account_id, comment.channel, comment.sender_confirmed) == (account.id, "link", False)
    assert (comment.sender_name, comment.sender_email, comment.contact_id) == (
        "Kim Visitor",
        "kim@example.org",
        None,
    )
    assert session.scalars(select(Work)).one().stage == "read"
    assert unconfirmed_of(session, [(account.id, comment.id)]) == {(account.id, comment.id)}


@pytest.mark.parametrize(
    "fields",
    [
        {"text": ""},
        {"name": ""},
        {"email": "x"},
        {"email": "a@b.c\r\nBcc: x@y.zz"},
        {"hide_from": "x"},
        {"account": "x"},
    ],
)
def test_what_cannot_be_used_is_said_beside_its_field(
    visitor: FlaskClient, account: Account, session: Session, fields: dict[str, str]
) -> None:
    page = send(visitor, **fields)
    assert page.status_code == 422
    assert "error" in page.text
    assert session.scalar(select(func.count()).select_from(Raw)) == 0


def test_the_same_form_twice_is_one_comment(visitor: FlaskClient, account: Account, session: Session) -> None:
    nonce = found(r'name="nonce" value="([^"]+)"', visitor.get(f"/say/{TOKEN}").text)
    first, second = (send(visitor, nonce=nonce) for _ in range(2))
    assert session.scalars(select(Comment)).one()
    assert first.text.partition("number is")[2][:40] == second.text.partition("number is")[2][:40]


def test_a_wrong_or_old_link_is_closed_and_many_are_stopped(visitor: FlaskClient, account: Account) -> None:
    codes = [visitor.get(f"/say/{'x' * 40}{number}").status_code for number in range(12)]
    assert codes == [410] * 10 + [429] * 2
    assert visitor.get(f"/say/{TOKEN}").status_code == 200


def test_a_receipt_cannot_be_made_up(visitor: FlaskClient, account: Account) -> None:
    assert visitor.get(f"/say/{TOKEN}/made-up").status_code == 410


def test_more_than_ten_in_a_minute_are_stopped(
    visitor: FlaskClient, account: Account, session: Session
) -> None:
    codes = [send(visitor, text=f"Number {number}").status_code for number in range(12)]
    assert codes == [200] * 10 + [429] * 2
    assert session.scalar(select(func.count()).select_from(Comment)) == 10


def test_looking_never_stores_anything(visitor: FlaskClient, account: Account, session: Session) -> None:
    for method in (visitor.get, visitor.head):
        assert method(f"/say/{TOKEN}").status_code == 200
    assert session.scalar(select(func.count()).select_from(Raw)) == 0


def test_staff_make_a_link_and_a_new_one_closes_the_old(
    client: Client, visitor: FlaskClient, account: Account, session: Session
) -> None:
    lead = client(Role.LEAD)
    page = lead.post(f"/clients/{account.public_id}/form-link")
    address = found(r"<code>http://localhost(/say/[^<]+)</code>", page.text)
    assert visitor.get(address).status_code == 200
    assert visitor.get(f"/say/{TOKEN}").status_code == 410
    lead.post(f"/clients/{account.public_id}/form-link/close")
    assert visitor.get(address).status_code == 410
    acts = set(session.scalars(select(Audit.act)))
    assert acts >= {"form_link_made", "form_link_closed"}


def test_agents_do_not_make_links(client: Client, session: Session) -> None:
    agent = factories.user(session, Role.AGENT)
    theirs = factories.account(session, owner_id=agent.id)
    assert client(agent).post(f"/clients/{theirs.public_id}/form-link").status_code == 403


def test_a_lead_recognises_the_sender_and_takes_it_back(
    client: Client, visitor: FlaskClient, account: Account, session: Session
) -> None:
    contact = factories.contact(
        session, account, name="Kim Known", email="kim@example.org", email_key="kim@example.org"
    )
    send(visitor)
    comment = session.scalars(select(Comment)).one()
    lead = client(Role.LEAD)
    page = lead.get(f"/came-in/{comment.public_id}/sender").text
    assert re.search(rf'value="{contact.public_id}" checked', page)
    said = lead.post(
        f"/came-in/{comment.public_id}/sender", data={"who": contact.public_id}, follow_redirects=True
    )
    assert "Said by Kim Known" in said.text
    session.expire_all()
    assert (comment.sender_confirmed, comment.contact_id) == (True, contact.id)
    assert session.scalars(select(Thread)).one().contact_id == contact.id
    assert (
        lead.post(f"/came-in/{comment.public_id}/sender", data={"who": contact.public_id}).status_code == 409
    )
    lead.post(f"/came-in/{comment.public_id}/sender/undo")
    session.expire_all()
    assert (comment.sender_confirmed, comment.contact_id) == (False, None)


def test_a_new_person_is_made_for_a_sender_and_goes_with_undo(
    client: Client, visitor: FlaskClient, account: Account, session: Session
) -> None:
    send(visitor)
    comment = session.scalars(select(Comment)).one()
    lead = client(Role.LEAD)
    form = {"who": "new", "name": "Kim Visitor", "email": "kim@example.org", "role": "Ward manager"}
    page = lead.post(f"/came-in/{comment.public_id}/sender", data=form, follow_redirects=True).text
    made = session.scalars(select(Contact).where(Contact.name == "Kim Visitor")).one()
    session.expire_all()
    assert comment.contact_id == made.id
    undo = found(r'action="(/came-in/[^"]+undo[^"]*)"', page).replace("&amp;", "&")
    lead.post(undo)
    assert session.scalar(select(func.count()).select_from(Contact)) == 0


@pytest.mark.parametrize(
    "form", [{}, {"who": "new", "name": ""}, {"who": "a" * 26}, {"who": "new", "name": "K", "id": "1"}]
)
def test_a_sender_needs_a_person(
    client: Client, visitor: FlaskClient, account: Account, session: Session, form: dict[str, str]
) -> None:
    send(visitor)
    comment = session.scalars(select(Comment)).one()
    assert client(Role.LEAD).post(f"/came-in/{comment.public_id}/sender", data=form).status_code == 422
