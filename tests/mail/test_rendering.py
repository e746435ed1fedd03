"""What people wrote is filled in as it stands: never a template, never a header of its own (B23, B37)."""

import email
from dataclasses import replace
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser

import pytest

from voc.core.config import Settings
from voc.mail import tokens
from voc.mail.headers import one_line
from voc.mail.rendering import Outgoing, compose, render, sample
from voc.mail.texts import STANDARD, Standard, standard_mails

OURS = {"Message-ID", "Date", "From", "To", "Subject", "Auto-Submitted", "X-Auto-Response-Suppress",
        "MIME-Version", "Content-Type", "List-Unsubscribe"}  # fmt: skip
EVIL = (
    "a\r\nBcc: x@evil.internal", "a\nBcc: x@evil.internal", "=?utf-8?Q?a=0D=0ABcc:_x@evil.internal?=",
    "=?utf-8?B?YQ0KQmNjOiB4QGV2aWwuaW50ZXJuYWw=?=", "=?utf-8?q?=3D=3Futf-8=3Fq=3Fa=3D0D=3D0ABcc=3A?=", "a\u2028Bcc: x",
    "a\x00\x0bBcc: x", "\u202egnp.exe", "=?nonsense?Q?x?=", "\ud800", "x" * 10_000, "<script>alert(1)</script>",
    "{{7*7}}", "${7*7}", "{% import os %}", "{0.__class__}", "%(x)s%n", '"Ines" <evil@evil.internal>',
)  # fmt: skip


@pytest.fixture
def question() -> Outgoing:
    filled = dict(next(one for one in STANDARD if one.name == "question").sample)
    return Outgoing(
        account_id=1, delivery_id=2, public_id="b" * 26, message_id="<x@y>", to="ines@clinic.internal",
        template="question", filled=filled, link_purpose="answer", link_public_id="c" * 26,
    )  # fmt: skip


def parsed(mail: Outgoing, settings: Settings) -> EmailMessage:
    found = email.message_from_bytes(compose(mail, settings).body, policy=default)
    assert isinstance(found, EmailMessage)
    return found


@pytest.mark.parametrize("evil", EVIL)
def test_names_add_no_header_and_are_no_template(question: Outgoing, settings: Settings, evil: str) -> None:
    names = (
        "words",
        "hello",
        "account",
        "question",
        "from_name",
        "from_phone",
        "reads_name",
        "tells_by",
        "closes_on",
    )
    message = parsed(replace(question, filled=dict.fromkeys(names, evil)), replace(settings, provider=evil))
    assert set(message.keys()) == OURS
    assert len(message.get_all("To") or []) == len(message.get_all("From") or []) == 1
    assert message["From"].addresses[0].addr_spec == "everyclient@localhost"
    assert "\n" not in str(message["Subject"])
    html = message.get_body(("html",))
    plain = message.get_body(("plain",))
    assert html is not None
    assert plain is not None
    assert "<script>" not in html.get_content()
    assert "49" not in plain.get_content()
    assert not [line for line in plain.get_content().splitlines() if line.startswith("Bcc")]


def test_a_mail_says_that_a_machine_sent_it_and_how_to_end_the_questions(
    question: Outgoing, settings: Settings
) -> None:
    message = parsed(question, settings)
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"] == "<x@y>"
    stop = str(message["List-Unsubscribe"]).strip("<>")
    assert stop.startswith("http://localhost/stop-asking/")
    body = message.get_body(("plain",))
    assert body is not None
    assert stop in body.get_content()


def test_news_carries_no_stop_asking_link(question: Outgoing, settings: Settings) -> None:
    reminder, news = (
        replace(question, template="reminder"),
        replace(question, link_public_id=None, link_purpose=None),
    )
    assert parsed(reminder, settings)["List-Unsubscribe"]
    assert parsed(news, settings)["List-Unsubscribe"] is None


def test_it_comes_from_our_address_and_our_persons_name(question: Outgoing, settings: Settings) -> None:
    here = replace(settings, mail_from="Northwind <feedback+@northwind.internal>")
    message = parsed(question, here)
    assert str(message["From"]) == '"Joost Vak, Northwind" <feedback@northwind.internal>'
    assert str(message["Reply-To"]) == f"feedback+{tokens.token_of('b' * 26, here)}@northwind.internal"
    plain = parsed(question, replace(settings, mail_from="feedback@northwind.internal"))
    assert plain["Reply-To"] is None


def test_every_answer_has_a_link_that_only_begins_it(question: Outgoing, settings: Settings) -> None:
    shown = render(question, settings)
    link = next(line for line in shown.text.splitlines() if line.startswith("http://localhost/answer/"))
    for says in ("no", "problem", "manages", "not_used", "cannot_tell"):
        assert f"{link}?says={says}" in shown.html


def test_the_plain_part_has_one_link_to_answer_with(question: Outgoing, settings: Settings) -> None:
    assert render(question, settings).text.count("http://localhost/answer/") == 1


class _Whole(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        self.fetched += [tag] if tag in {"img", "link", "script", "iframe", "style"} else []
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("standard", standard_mails(), ids=lambda one: one.name)
def test_a_standard_mail_is_short_whole_and_needs_no_pictures(standard: Standard, settings: Settings) -> None:
    shown = sample(standard, settings)
    reader = _Whole()
    reader.feed(shown.html)
    assert (reader.open, reader.fetched) == ([], [])
    assert len(shown.subject) <= 100
    assert len(shown.text.split()) <= 220
    assert len(shown.html) < 8_000
    for words in ("!", "  \n\n\n"):
        assert words not in shown.text
    assert "Joost Vak" in shown.text
    assert "+31 20 555 0100" in shown.text
    assert "You get this" in shown.text


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Plain words", "Plain words"),
        ("=?utf-8?Q?a=0D=0ABcc:_x?=", "a Bcc: x"),
        ("a\r\n b", "a b"),
        ("=?x?", "= ?x?"),
        ("x" * 200, "x" * 149 + "…"),
    ],
)
def test_a_header_is_one_plain_line(typed: str, shown: str) -> None:
    assert one_line(typed) == shown


def test_a_token_is_found_wherever_mail_programs_put_it(settings: Settings) -> None:
    token = tokens.token_of("b" * 26, settings)
    for value in (
        f"<{token}@x.internal>",
        f"<1@a> <{token}@x> <2@b>",
        f"feedback+{token}@x",
        f"Us <feedback+{token.upper()}@x>",
    ):
        assert tokens.deliveries_in([value], settings) == ("b" * 26,)


def test_a_token_that_we_did_not_sign_names_nothing(settings: Settings) -> None:
    token = tokens.token_of("b" * 26, settings)
    spoilt = [token.replace("b", "c", 1), token[:-1] + ("a" if token[-1] != "a" else "b"), "b" * 26, ""]
    other = tokens.token_of("b" * 26, replace(settings, secret_key="z" * 48))
    assert tokens.deliveries_in([f"<{one}@x>" for one in [*spoilt, other]], settings) == ()
