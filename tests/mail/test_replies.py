"""A confirmed reply becomes a comment in its client's thread; all else is kept apart, and nothing is answered (B35, B36)."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import factories
from tests.conftest import NOW
from tests.mail.letters import OUR_ADDRESS, letter, nested, report
from tests.mail.sinks import imap_box
from tests.mail.test_outbox import mail
from voc.accounts.models import Account, Contact
from voc.closure.models import Told, Update
from voc.core import ids
from voc.core.config import Settings
from voc.core.principal import Role
from voc.db.session import Database
from voc.db.work import Work
from voc.intake.models import Comment, Raw, Thread
from voc.jobs import QuietDoorbell
from voc.mail import addresses, inbound, tokens
from voc.mail.models import Delivery, InboundMail
from voc.mail.outbox import put_mails
from workers import replies
from workers.scope import Scope
from workers.sweep import sweep

pytestmark = pytest.mark.usefixtures("open_house")


@pytest.fixture
def here(settings: Settings, database: Database, doorbell: QuietDoorbell) -> Scope:
    nobody: Any = None  # taking in needs no Redis of its own
    ours = replace(settings, mail_from=f"Northwind <{OUR_ADDRESS}>")
    return Scope(ours, database, nobody, doorbell)  # type: ignore[arg-type]  # it keeps its rings


@pytest.fixture
def asked(session: Session, person: Contact) -> Delivery:
    """A question that was sent to Ines."""
    return sent(session, person, "question")


def sent(session: Session, person: Contact, template: str, key: str = "k") -> Delivery:
    row = put_mails(session, [mail(person, f"{template} {key}", template=template)])[0]
    row.state = "sent"
    session.flush()
    return row


def named(row: Delivery, here: Scope) -> str:
    return tokens.message_id_of(row.public_id, here.settings)


def take(session: Session, here: Scope, *bodies: bytes) -> list[InboundMail]:
    for body in bodies:
        inbound.keep(session, body)
    replies.sort_new(here)
    session.expire_all()
    return list(session.scalars(select(InboundMail).order_by(InboundMail.id)))


def comments(session: Session) -> list[Comment]:
    return list(session.scalars(select(Comment).order_by(Comment.id)))


def test_a_reply_becomes_a_prompted_comment_that_is_read_and_promised_a_word(
    session: Session, here: Scope, asked: Delivery, person: Contact, doorbell: QuietDoorbell
) -> None:
    row = take(session, here, letter(In_Reply_To=named(asked, here)))[0]
    found = comments(session)[0]
    assert (row.state, row.comment_id, row.delivery_id) == ("joined", found.id, asked.id)
    assert (found.text, found.channel, found.source, found.kind) == (
        "It happened again on Tuesday.", "email", "prompted", "comment",
    )  # fmt: skip
    assert (found.contact_id, found.sender_confirmed) == (person.id, True)
    assert session.scalar(select(Work.stage).where(Work.comment_id == found.id)) == "read"
    assert session.scalars(select(Thread)).one().next_word_by is not None
    assert session.scalars(select(Raw)).one().content_type == "message/rfc822"
    assert doorbell.rung == ["read"]


def test_a_reply_to_news_is_unasked_and_joins_the_thread_it_stands_in(
    session: Session, here: Scope, person: Contact
) -> None:
    first = factories.comment(session, session.get_one(Account, person.account_id), contact_id=person.id)
    news = sent(session, person, "update")
    update = Update(id=ids.new_id(), public_id=ids.new_public_id(), kind="update", status="looking", words="We look.",
                    by_id=factories.user(session, Role.LEAD).id, at=NOW)  # fmt: skip
    session.add(update)
    session.flush()
    session.add(Told(account_id=person.account_id, update_id=update.id, contact_id=person.id, thread_id=first.thread_id, why="told",
                     delivery_id=news.id))  # fmt: skip
    session.flush()
    take(session, here, letter(References=f"<x@y> {named(news, here)}"))
    found = comments(session)[-1]
    assert (found.thread_id, found.source) == (first.thread_id, "unasked")


def test_a_second_reply_joins_the_thread_of_the_first(session: Session, here: Scope, asked: Delivery) -> None:
    token = named(asked, here)
    take(session, here, letter(In_Reply_To=token))
    take(session, here, letter("And once more.", In_Reply_To=token, Message_ID="<2@clinic.internal>"))
    assert len({one.thread_id for one in comments(session)}) == 1
    assert len(comments(session)) == 2


def test_a_plus_address_finds_its_way_too(session: Session, here: Scope, asked: Delivery) -> None:
    plus = f"feedback+{tokens.token_of(asked.public_id, here.settings)}@northwind.internal"
    assert take(session, here, letter(To=plus))[0].state == "joined"


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({"From": "someone@clinic.internal"}, inbound.NOT_THEIRS),
        ({"From": "Ines Roda <ines@evil.internal>"}, inbound.NOT_THEIRS),
        ({"From": '"ines@clinic.internal" <x@evil.internal>'}, inbound.NOT_THEIRS),
        ({"From": "ines@clinic.internal, x@evil.internal"}, inbound.TWO_SENDERS),
        ({"From": ""}, inbound.NOT_THEIRS),
        ({"Authentication_Results": "mx; dmarc=fail"}, inbound.FORGED),
    ],
)
def test_a_sender_who_is_not_the_person_we_wrote_to_is_held(
    session: Session, here: Scope, asked: Delivery, headers: dict[str, str], why: str
) -> None:
    row = take(session, here, letter(In_Reply_To=named(asked, here), **headers))[0]
    assert (row.state, row.why, row.account_id) == ("held", why, asked.account_id)
    assert comments(session) == []


def test_the_token_of_another_client_never_joins(session: Session, here: Scope, asked: Delivery) -> None:
    other = factories.contact(
        session, factories.account(session), email="eve@other.internal", email_key="eve@other.internal"
    )
    row = take(session, here, letter(From="eve@other.internal", In_Reply_To=named(asked, here)))[0]
    assert (row.state, comments(session)) == ("held", [])
    assert other.account_id != row.account_id


def test_a_spoilt_token_answers_nothing(session: Session, here: Scope, asked: Delivery) -> None:
    spoilt = named(asked, here).replace("@", "x@")
    row = take(session, here, letter(In_Reply_To=spoilt))[0]
    assert (row.state, row.why) == ("held", inbound.NO_ANSWER_TO_US)
    assert (
        row.account_id == asked.account_id
    )  # the only client with a person of this address: a guess for people


def test_a_person_lets_a_held_mail_in(session: Session, here: Scope, asked: Delivery) -> None:
    row = take(session, here, letter(From="colleague@clinic.internal", In_Reply_To=named(asked, here)))[0]
    inbound.let_in(session, row.public_id)
    session.flush()
    assert sweep(here) == {"mail": 1}
    row = take(session, here)[0]
    found = comments(session)[0]
    assert (row.state, row.comment_id) == ("joined", found.id)
    assert (found.sender_confirmed, found.sender_email, found.contact_id) == (
        False,
        "colleague@clinic.internal",
        None,
    )


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"Return_Path": "<>"},
        {"From": OUR_ADDRESS},
    ],
)
def test_what_a_machine_sent_is_kept_apart_and_not_answered(
    session: Session, here: Scope, asked: Delivery, headers: dict[str, str]
) -> None:
    row = take(session, here, letter(In_Reply_To=named(asked, here), **headers))[0]
    assert (row.state, comments(session)) == ("automatic", [])
    assert session.scalar(select(func.count()).select_from(Delivery)) == 1


def test_the_same_mail_twice_is_one_comment_and_one_id_for_two_mails_is_two(
    session: Session, here: Scope, asked: Delivery
) -> None:
    token = named(asked, here)
    first, other = letter(In_Reply_To=token), letter("Other words.", In_Reply_To=token)
    assert len(take(session, here, first, first, b"Received: again\r\n" + first, other)) == 2
    replies.sort_new(here)
    assert len(comments(session)) == 2


def test_a_bounce_marks_its_mail_and_its_address(
    session: Session, here: Scope, asked: Delivery, told: list[tuple[str, Any]]
) -> None:
    body = report(tokens.token_of(asked.public_id, here.settings))
    row = take(session, here, body, body)[0]
    session.refresh(asked)
    assert (row.state, asked.state) == ("bounce", "bounced")
    assert addresses.rules_of(session, ["ines@clinic.internal"]) == {
        "ines@clinic.internal": frozenset({"bounces"})
    }
    assert told == [("mail_bounced", (asked.account_id, asked.id))]


@pytest.mark.parametrize("status", ["5.7.1", "5.2.2"])
def test_a_bounce_that_blames_no_address_closes_none(
    session: Session, here: Scope, asked: Delivery, status: str
) -> None:
    take(session, here, report(tokens.token_of(asked.public_id, here.settings), status=status))
    session.refresh(asked)
    assert asked.state == "bounced"
    assert addresses.rules_of(session, ["ines@clinic.internal"]) == {}


def test_a_bounce_with_a_forged_token_does_nothing(session: Session, here: Scope, asked: Delivery) -> None:
    row = take(session, here, report(f"{asked.public_id}.{'a' * 20}"))[0]
    session.refresh(asked)
    assert (row.state, asked.state) == ("bounce", "sent")


def test_a_storm_of_bounces_and_a_late_notice_are_told_once(
    session: Session, here: Scope, asked: Delivery, told: list[tuple[str, Any]]
) -> None:
    token = tokens.token_of(asked.public_id, here.settings)
    storm = [report(token, status=f"5.1.{number}") for number in range(1, 9)]
    take(session, here, *storm, report(token, status="4.4.7", action="delayed"))
    assert len(told) == 1


def test_what_cannot_be_read_is_kept_and_said(session: Session, here: Scope) -> None:
    rows = take(session, here, nested(), letter("", Message_ID="<empty@x>"))
    assert {row.state for row in rows} == {"unreadable"}
    assert rows[0].body == nested()


def test_a_hidden_thread_stays_hidden_when_its_client_answers(
    session: Session, here: Scope, asked: Delivery
) -> None:
    token = named(asked, here)
    take(session, here, letter(In_Reply_To=token))
    thread = session.scalars(select(Thread)).one()
    thread.hidden_name = "Piet"
    session.flush()
    take(session, here, letter("More.", In_Reply_To=token, Message_ID="<2@c>"))
    assert comments(session)[-1].hidden_name == "Piet"


@pytest.mark.slow
class TestMailbox:
    """Against a real IMAP server."""

    @pytest.fixture
    def box(self, tmp_path: Path) -> Iterator[tuple[Any, str]]:
        with imap_box(tmp_path) as found:
            yield found

    def test_what_lies_there_is_kept_once_and_marked(
        self, session: Session, here: Scope, asked: Delivery, box: tuple[Any, str]
    ) -> None:
        line, url = box
        ours = replace(here, settings=replace(here.settings, imap_url=url))
        line.append("INBOX", None, None, letter(In_Reply_To=named(asked, here)))
        line.append("INBOX", None, None, letter("caf\u00e9 \U0001f600", Message_ID="<3@x>"))
        assert replies.fetch(ours) == 2
        assert replies.fetch(ours) == 0
        line.select("INBOX")
        assert line.uid("SEARCH", "UNSEEN")[1] == [b""]
        replies.sort_new(ours)
        assert [one.text for one in comments(session)] == ["It happened again on Tuesday."]

    def test_a_crash_before_the_mark_keeps_one(
        self, session: Session, here: Scope, box: tuple[Any, str]
    ) -> None:
        line, url = box
        ours = replace(here, settings=replace(here.settings, imap_url=url))
        line.append("INBOX", None, None, letter())
        assert replies.fetch(ours) == 1
        line.select("INBOX")
        line.uid("STORE", "1:*", "-FLAGS", "(\\Seen)")
        assert replies.fetch(ours) == 0
        assert session.scalar(select(func.count()).select_from(InboundMail)) == 1

    def test_a_mail_too_large_is_kept_in_part_and_said(
        self, session: Session, here: Scope, box: tuple[Any, str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(inbound, "LARGEST", 5_000)
        line, url = box
        line.append("INBOX", None, None, letter("x" * 20_000))
        replies.fetch(replace(here, settings=replace(here.settings, imap_url=url)))
        row = session.scalars(select(InboundMail)).one()
        assert (row.state, row.why, len(row.body)) == ("unreadable", inbound.TOO_LARGE, 5_000)

    def test_it_is_looked_into_once_a_minute_and_a_box_that_is_away_stops_nothing(
        self, here: Scope, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        looked: list[Scope] = []
        away = replace(here, settings=replace(here.settings, imap_url="imap://us:x@127.0.0.1:1/"))
        assert replies.fetch(away) == 0
        monkeypatch.setattr(replies, "fetch", looked.append)
        monkeypatch.setattr(replies, "_looked_at", {})
        replies.take_in(away)
        replies.take_in(away)
        assert len(looked) == 1


def test_the_mail_worker_is_rung_for_the_mailbox_alone(here: Scope, doorbell: QuietDoorbell) -> None:
    sweep(replace(here, settings=replace(here.settings, imap_url="imap://us:x@127.0.0.1:1/")))
    assert doorbell.rung == ["mail"]
