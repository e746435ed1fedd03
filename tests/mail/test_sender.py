"""One contract for whatever sends: in memory, kept here, or a real mail server."""

import smtplib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.mail.sinks import Sink, free_port, smtp_sink
from tests.mail.test_outbox import mail as wanted
from voc.accounts.models import Contact
from voc.core.config import Settings
from voc.db.session import Database
from voc.mail.models import KeptMail
from voc.mail.outbox import put_mails
from voc.mail.rendering import Mail, compose, outgoing_of
from voc.mail.sender import (
    Away,
    Bounced,
    Declined,
    FakeSender,
    Keeper,
    Later,
    Sender,
    SmtpSender,
    Unsure,
    sender_for,
)

pytestmark = pytest.mark.usefixtures("open_house")


@dataclass(frozen=True)
class Port:
    """A sender and what it has taken so far, whole messages."""

    sender: Sender
    taken: Callable[[], list[bytes]]
    leaves: bool


@pytest.fixture
def sink() -> Iterator[tuple[Sink, str]]:
    with smtp_sink() as (found, _, url):
        yield found, url


@pytest.fixture(params=["fake", "keeper", "smtp"])
def port(
    request: pytest.FixtureRequest, session: Session, database: Database, settings: Settings
) -> Iterator[Port]:
    if request.param == "fake":
        fake = FakeSender()
        yield Port(fake, lambda: [one.body for one in fake.sent], leaves=True)
    elif request.param == "keeper":
        kept = select(KeptMail.body).order_by(KeptMail.delivery_id)
        yield Port(Keeper(database), lambda: list(session.scalars(kept)), leaves=False)
    else:
        with smtp_sink() as (sink, _, url):
            sender = SmtpSender(replace(settings, smtp_url=url))
            yield Port(sender, lambda: [body for _, body in sink.taken], leaves=True)
            sender.close()


@pytest.fixture
def mails(session: Session, person: Contact, settings: Settings) -> list[Mail]:
    rows = put_mails(session, [wanted(person, f"k{number}") for number in range(3)])
    return [compose(outgoing_of(row, None), settings) for row in rows]


def lines(body: bytes) -> list[bytes]:
    return body.replace(b"\r\n", b"\n").strip().split(b"\n")


def test_a_mail_arrives_as_it_was_written(port: Port, mails: list[Mail]) -> None:
    port.sender.send(mails[0])
    assert [lines(body) for body in port.taken()] == [lines(mails[0].body)]


def test_many_mails_arrive_in_their_order_over_one_line(port: Port, mails: list[Mail]) -> None:
    for one in mails:
        port.sender.send(one)
    assert [lines(body) for body in port.taken()] == [lines(one.body) for one in mails]


def test_a_reserved_name_is_never_handed_over(port: Port, mails: list[Mail]) -> None:
    nobody = replace(mails[0], to="ines@firm.example")
    if port.leaves:
        with pytest.raises(Bounced):
            port.sender.send(nobody)
    else:
        port.sender.send(nobody)
    assert len(port.taken()) == (0 if port.leaves else 1)


def test_the_same_mail_again_is_the_same_mail(port: Port, mails: list[Mail]) -> None:
    for _ in range(2):
        port.sender.send(mails[0])
    assert set(port.taken()) == {port.taken()[0]}


def test_closing_twice_is_fine(port: Port, mails: list[Mail]) -> None:
    port.sender.send(mails[0])
    port.sender.close()
    port.sender.close()


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
class TestServer:
    """What only a server can say."""

    @pytest.mark.parametrize(
        ("who", "answer"),
        [
            ("gone", Bounced),
            ("later", Later),
            ("policy", Declined),
            ("full", Away),
            ("spam", Declined),
            ("breaks", Unsure),
        ],
    )
    def test_its_refusals_are_told_apart_and_the_next_mail_goes(
        self, sink: tuple[Sink, str], mails: list[Mail], settings: Settings, who: str, answer: type[Exception]
    ) -> None:
        sender = SmtpSender(replace(settings, smtp_url=sink[1]))
        with pytest.raises(answer):
            sender.send(replace(mails[0], to=f"{who}@clinic.internal"))
        sender.send(mails[1])
        assert sink[0].taken[-1][0] == "ines@clinic.internal"
        sender.close()

    def test_a_line_that_broke_while_idle_is_opened_anew(self, mails: list[Mail], settings: Settings) -> None:
        port = free_port()
        with smtp_sink(port) as (_, _, url):
            sender = SmtpSender(replace(settings, smtp_url=url))
            sender.send(mails[0])
        with smtp_sink(port) as (sink, _, _):
            sender.send(mails[1])
            assert len(sink.taken) == 1
        with pytest.raises(Away):
            sender.send(mails[2])

    @pytest.mark.parametrize(
        "url", ["", "smtp://", "gopher://x", "smtp://127.0.0.1:1", "smtp://127.0.0.1:99999"]
    )
    def test_no_server_is_said_and_nothing_falls_over(
        self, mails: list[Mail], settings: Settings, url: str
    ) -> None:
        with pytest.raises(Away):
            SmtpSender(replace(settings, smtp_url=url)).send(mails[0])

    def test_a_password_is_not_given_to_a_server_that_knows_none(
        self, sink: tuple[Sink, str], mails: list[Mail], settings: Settings
    ) -> None:
        url = sink[1].replace("smtp://", "smtp://user:p%40ss@")
        with pytest.raises(Away) as refused:
            SmtpSender(replace(settings, smtp_url=url)).send(mails[0])
        assert "p@ss" not in str(refused.value)

    def test_one_line_serves_many_mails(
        self, sink: tuple[Sink, str], mails: list[Mail], settings: Settings
    ) -> None:
        sender = SmtpSender(replace(settings, smtp_url=sink[1]))
        for one in mails:
            sender.send(one)
        sender.close()
        assert (len(sink[0].taken), sink[0].lines) == (3, 1)


@pytest.mark.parametrize(
    ("practice", "smtp_url", "public_url", "kind"),
    [
        (True, "smtp://mail.internal", "http://voc.firm.internal", Keeper),
        (False, "", "http://127.0.0.1:8400", Keeper),
        (False, "", "http://voc.firm.internal", SmtpSender),
        (False, "smtp://mail.internal", "http://127.0.0.1:8400", SmtpSender),
    ],
)
def test_what_sends_follows_from_the_house(
    settings: Settings,
    database: Database,
    *,
    practice: bool,
    smtp_url: str,
    public_url: str,
    kind: type[Sender],
) -> None:
    here = replace(settings, smtp_url=smtp_url, public_url=public_url)
    assert isinstance(sender_for(here, database, practice=practice), kind)


def test_the_library_still_takes_the_envelope_apart() -> None:
    assert {"mail", "rcpt", "data", "rset"} <= set(dir(smtplib.SMTP))
