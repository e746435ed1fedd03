"""Links open one thing for one purpose until their day, and no change of a letter opens another (B28)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from tests.conftest import NOW
from voc.accounts.models import Account, Contact
from voc.core.config import Settings
from voc.db.scope import open_for
from voc.mail import links
from voc.mail.models import Link


@pytest.fixture
def link(session: Session, person: Contact) -> Link:
    return links.make_link(
        session, purpose="answer", account_id=person.account_id, contact_id=person.id, thing="t" * 26,
        expires_at=NOW + timedelta(days=21),
    )  # fmt: skip


def token_of(link: Link, settings: Settings) -> str:
    return links.link_url(link, settings).rpartition("/")[2]


def test_a_link_opens_its_thing(session: Session, link: Link, settings: Settings) -> None:
    url = links.link_url(link, settings)
    assert url.startswith("http://localhost/answer/")
    assert links.open_link(session, token_of(link, settings), "answer", settings) is link


def test_a_token_of_another_purpose_opens_nothing(session: Session, link: Link, settings: Settings) -> None:
    token = token_of(link, settings)
    for purpose in ("point", "solved", "stop-asking", "anything"):
        assert links.open_link(session, token, purpose, settings) is None


def test_no_changed_letter_opens_anything(session: Session, link: Link, settings: Settings) -> None:
    token = token_of(link, settings)
    spoilt = [
        token[:place] + ("x" if letter != "x" else "y") + token[place + 1 :]
        for place, letter in enumerate(token[:-1])
    ]
    spoilt += [token[:-1], token[1:], token + "x", "", ".", "é" * 40, "a" * 10_000, "\x00", token.upper()]
    assert [one for one in spoilt if links.open_link(session, one, "answer", settings)] == []


def test_a_token_signed_with_another_secret_opens_nothing(
    session: Session, link: Link, settings: Settings
) -> None:
    other = replace(settings, secret_key="z" * 48)
    assert links.open_link(session, token_of(link, other), "answer", settings) is None


def test_an_expired_link_opens_nothing_but_still_stops_questions(
    session: Session, link: Link, settings: Settings, at: Callable[[datetime], None]
) -> None:
    stop = links.stop_url(link, settings).rpartition("/")[2]
    at(NOW + timedelta(days=21))
    assert links.open_link(session, token_of(link, settings), "answer", settings) is None
    assert links.open_link(session, stop, "stop-asking", settings) is link


def test_a_revoked_link_opens_nothing_at_all(session: Session, link: Link, settings: Settings) -> None:
    links.revoke_links(session, account_id=link.account_id, contact_id=link.contact_id)
    for purpose, url in (
        ("answer", links.link_url(link, settings)),
        ("stop-asking", links.stop_url(link, settings)),
    ):
        assert links.open_link(session, url.rpartition("/")[2], purpose, settings) is None


def test_whoever_holds_a_link_sees_that_client_alone(session: Session, link: Link) -> None:
    open_for(session, links.by_link(link))
    assert [account.id for account in session.query(Account)] == [link.account_id]


def test_a_link_for_an_unknown_purpose_is_not_made(session: Session, person: Contact) -> None:
    with pytest.raises(ValueError, match="none of"):
        links.make_link(
            session, purpose="everything", account_id=person.account_id, contact_id=person.id, thing="t",
            expires_at=NOW,
        )  # fmt: skip
