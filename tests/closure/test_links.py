"""A link opens one point, or one “is it solved?”, of one person: looking changes nothing, a button acts."""

from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.breadth.pictures import rows_of
from tests.closure.conftest import Book, Client
from voc.closure.models import SignOff, TakenOut, Told
from voc.core import clock
from voc.core.config import Settings
from voc.intake.models import Comment, Thread
from voc.mail.links import address_of, make_link
from voc.mail.models import Link


def path_of(book: Book, client: Client, settings: Settings, purpose: str) -> str:
    """The path of the link in the mail that this client's person got."""
    link = book.session.scalars(
        select(Link).where(Link.contact_id == client.contact.id, Link.purpose == purpose)
    ).one()
    return urlsplit(address_of(purpose, link.public_id, settings)).path


@pytest.fixture
def one(book: Book) -> Client:
    return book.told_us("Acacia House")


def state_of(book: Book) -> list[object]:
    book.session.expire_all()
    return [rows_of(book.session, model) for model in (Comment, Thread, SignOff, Told, TakenOut)]


def test_a_link_in_the_mail_opens_the_point_without_signing_in(
    book: Book, one: Client, visitor: FlaskClient, settings: Settings
) -> None:
    update = book.draft()
    book.leave(update)
    page = visitor.get(path_of(book, one, settings, "point"))
    assert page.status_code == 200
    assert "Acacia House waits for the soup each day." in page.text
    assert update.words in page.text
    assert book.issue.name not in page.text


def test_looking_changes_nothing_however_often(
    book: Book, one: Client, visitor: FlaskClient, settings: Settings
) -> None:
    book.done()
    path = path_of(book, one, settings, "solved")
    before = state_of(book)
    for method in ("GET", "HEAD", "GET", "GET", "HEAD"):
        assert visitor.open(path, method=method, headers={"Purpose": "prefetch"}).status_code == 200
    assert state_of(book) == before


def test_a_button_says_yes_then_no_then_how(
    book: Book, one: Client, visitor: FlaskClient, settings: Settings
) -> None:
    book.done()
    path = path_of(book, one, settings, "solved")
    yes = visitor.post(path, data={"says": "yes"}, follow_redirects=True)
    assert "You told us that it is solved" in yes.text
    no = visitor.post(path, data={"says": "no", "words": "Cold again."}, follow_redirects=True)
    assert "It is open again" in no.text
    bad = visitor.post(f"{path}/how", data={"satisfaction": "9"})
    assert bad.status_code == 422
    rated = visitor.post(f"{path}/how", data={"satisfaction": "2"}, follow_redirects=True)
    assert "not well" in rated.text
    book.session.expire_all()
    assert book.session.scalars(select(SignOff.says)).one() == "no"


def test_more_words_and_not_what_i_meant_work_behind_the_link(
    book: Book, one: Client, visitor: FlaskClient, settings: Settings
) -> None:
    book.leave(book.draft())
    path = path_of(book, one, settings, "point")
    assert visitor.post(f"{path}/more", data={"text": ""}).status_code == 422
    more = visitor.post(f"{path}/more", data={"text": "It was cold today too."}, follow_redirects=True)
    assert "It was cold today too." in more.text
    out = visitor.post(f"{path}/not-meant", follow_redirects=True)
    assert "a person reads it again" in out.text
    assert book.state(one) == "not_asked"


@pytest.mark.parametrize("how", ["altered", "cut", "made up", "other purpose", "expired", "revoked"])
@pytest.mark.parametrize("purpose", ["point", "solved"])
def test_a_bad_link_is_closed_and_stores_nothing(
    book: Book, one: Client, visitor: FlaskClient, settings: Settings, at: Callable[[datetime], None],
    purpose: str, how: str,
) -> None:  # fmt: skip
    book.done()
    if purpose == "point":
        assert one.thread is not None
        link = make_link(
            book.session, purpose="point", account_id=one.account.id, contact_id=one.contact.id,
            thing=one.thread.public_id, expires_at=clock.now() + timedelta(days=21),
        )  # fmt: skip
        path = urlsplit(address_of("point", link.public_id, settings)).path
    else:
        path = path_of(book, one, settings, "solved")
    token = path.rpartition("/")[2]
    other = "solved" if purpose == "point" else "point"
    if how == "expired":
        at(clock.now() + timedelta(days=22))
    if how == "revoked":
        for row in book.session.scalars(select(Link)):
            row.revoked_at = clock.now()
        book.session.flush()
    bad = {
        "altered": f"/{purpose}/{'b' if token[0] == 'a' else 'a'}{token[1:]}",
        "cut": path[:-3],
        "made up": f"/{purpose}/{'t' * 43}",
        "other purpose": f"/{other}/{token}",
    }.get(how, path)
    before = state_of(book)
    act = {"point": "/not-meant", "solved": ""}["solved" if bad.startswith("/solved") else "point"]
    for answer in (visitor.get(bad), visitor.post(bad + act, data={"says": "yes"})):
        assert answer.status_code == 410
        assert "Acacia" not in answer.text
    assert state_of(book) == before


def test_a_link_to_another_clients_thing_opens_nothing(
    book: Book, one: Client, visitor: FlaskClient, settings: Settings
) -> None:
    other = book.told_us("Birch Clinic")
    book.done()
    assert other.thread is not None
    theirs = book.session.scalars(select(SignOff).where(SignOff.contact_id == other.contact.id)).one()
    for purpose, thing in (("point", other.thread.public_id), ("solved", theirs.public_id)):
        link = make_link(
            book.session, purpose=purpose, account_id=one.account.id, contact_id=one.contact.id,
            thing=thing, expires_at=clock.now() + timedelta(days=1),
        )  # fmt: skip
        answer = visitor.get(urlsplit(address_of(purpose, link.public_id, settings)).path)
        assert answer.status_code == 410
        assert "Birch" not in answer.text


def test_a_colleagues_point_is_not_opened_by_a_link(
    book: Book, one: Client, visitor: FlaskClient, settings: Settings
) -> None:
    from tests import factories  # noqa: PLC0415 - only here

    colleague = factories.contact(book.session, one.account, name="Bo Colleague")
    assert one.thread is not None
    link = make_link(
        book.session, purpose="point", account_id=one.account.id, contact_id=colleague.id,
        thing=one.thread.public_id, expires_at=clock.now() + timedelta(days=1),
    )  # fmt: skip
    assert visitor.get(urlsplit(address_of("point", link.public_id, settings)).path).status_code == 410


def test_posts_from_elsewhere_are_refused(
    book: Book, one: Client, visitor: FlaskClient, settings: Settings
) -> None:
    book.done()
    path = path_of(book, one, settings, "solved")
    answer = visitor.post(path, data={"says": "yes"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert book.session.scalars(select(SignOff.says)).one() is None


def test_a_tried_link_is_counted(visitor: FlaskClient, book: Book) -> None:
    del book
    answers = [visitor.get(f"/point/{'t' * 42}{number}").status_code for number in range(9)]
    answers += [visitor.get(f"/solved/{'t' * 42}{number}").status_code for number in range(5)]
    assert answers[0] == 410
    assert answers[-1] == 429


def test_who_was_asked_and_wrote_nothing_reads_the_message_behind_the_link(
    book: Book, visitor: FlaskClient, settings: Settings
) -> None:
    asked = book.asked(book.check(), "Acacia House", "problem")
    update = book.draft()
    book.leave(update)
    page = visitor.get(path_of(book, asked, settings, "point"))
    assert page.status_code == 200
    assert update.words in page.text
    assert "a meal came cold" in page.text


def test_two_clients_compare_all_they_see_and_learn_nothing_of_a_third(
    book: Book, visitor: FlaskClient, settings: Settings
) -> None:
    alone = book.told_us("Acacia House")
    book.leave(book.draft())
    before = visitor.get(path_of(book, alone, settings, "point")).text
    third = book.told_us("Zebra Clinic", "The zebra crossing to the kitchen is closed.")
    for name in ("Birch Clinic", "Cedar Care", "Dune Home", "Elm House"):
        book.told_us(name)
    again = visitor.get(path_of(book, alone, settings, "point")).text
    assert _plain(again) == _plain(before)
    update = book.draft()
    book.leave(update)
    pages = {}
    for client in (book.clients[0], book.clients[2]):
        links = book.session.scalars(
            select(Link).where(Link.contact_id == client.contact.id).order_by(Link.id.desc())
        )
        path = urlsplit(address_of("point", next(iter(links)).public_id, settings)).path
        pages[client.account.name] = visitor.get(path).text
    for page in pages.values():
        assert "Zebra" not in page
        assert third.contact.name not in page
        assert book.issue.name not in page
    assert "Birch" not in pages["Acacia House"]


def _plain(page: str) -> list[str]:
    return [line for line in page.splitlines() if "csrf" not in line and "nonce" not in line]
