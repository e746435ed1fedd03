"""Whatever bytes strangers send, the answer is a letter, and machines are told from people (B36 to B39)."""

import time

import pytest

from tests.mail.letters import OUR_ADDRESS, letter, many_parts, nested, report
from voc.mail.letter import Letter, read_letter


def read(body: bytes) -> Letter:
    return read_letter(body, OUR_ADDRESS)


def test_a_plain_reply_gives_its_words_and_whom_it_is_from() -> None:
    found = read(letter(In_Reply_To="<a@b>", References="<1@x> <2@x>"))
    assert (found.kind, found.text) == ("words", "It happened again on Tuesday.")
    assert (found.sender, found.senders, found.subject) == ("ines@clinic.internal", 1, "Re: One question")
    assert {"<a@b>", "<1@x> <2@x>"} <= set(found.naming)


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated (vacation); x=y"},
        {"Precedence": "bulk"},
        {"Precedence": "LIST"},
        {"List_Id": "<news.clinic.internal>"},
        {"X_Autoreply": "yes"},
        {"Subject": "Automatic reply: One question"},
        {"Subject": "=?utf-8?Q?Out_of_office?="},
        {"Return_Path": "<>"},
        {"From": OUR_ADDRESS.upper()},
        {"From": f"Us <{OUR_ADDRESS}>, Ines <ines@clinic.internal>"},
    ],
)
def test_what_a_machine_wrote_is_kept_apart(headers: dict[str, str]) -> None:
    assert read(letter(**headers)).kind == "automatic"


def test_auto_submitted_no_is_a_person() -> None:
    assert read(letter(Auto_Submitted="no")).kind == "words"


@pytest.mark.parametrize(
    ("results", "forged"),
    [
        ("mx; dmarc=fail header.from=clinic.internal", True),
        ("mx; spf=fail smtp.mailfrom=x", True),
        ("mx; spf=fail; dmarc=pass", False),
        ("mx; spf=pass; dkim=pass; dmarc=pass", False),
        ("", False),
    ],
)
def test_a_sender_our_server_calls_forged_is_marked(*, results: str, forged: bool) -> None:
    assert read(letter(Authentication_Results=results)).is_forged is forged


def test_a_failure_report_is_a_bounce_and_names_the_mail() -> None:
    found = read(report("t" * 26 + "." + "m" * 20))
    assert (found.kind, found.status) == ("bounce", "5.1.1")
    assert "t" * 26 + "." + "m" * 20 in found.naming[0]


def test_a_report_of_delay_is_no_bounce() -> None:
    assert read(report("x", status="4.4.1", action="delayed")).kind == "delayed"


def test_an_old_style_bounce_is_a_bounce() -> None:
    body = letter(
        "550 5.1.1 <ines@clinic.internal>: no such person", From="mailer-daemon@mx", Return_Path="<>"
    )
    assert (read(body).kind, read(body).status) == ("bounce", "5.1.1")


def test_a_mail_nested_two_thousand_deep_is_unreadable_not_a_crash() -> None:
    found = read(nested())
    assert (found.kind, "nested" in (found.why or "")) == ("unreadable", True)


@pytest.mark.parametrize("depth", [25, 200, 400])
def test_words_below_twenty_levels_are_not_looked_for(depth: int) -> None:
    assert read(nested(depth)).kind == "unreadable"


def test_a_mail_of_ten_thousand_parts_is_read_in_time() -> None:
    started = time.process_time()
    assert read(many_parts()).text == "The first part has the words."
    assert time.process_time() - started < 5


def part(kind: str, body: bytes, encoding: str = "8bit") -> bytes:
    head = (
        f"From: ines@clinic.internal\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    )
    return head.encode("latin-1") + body


@pytest.mark.parametrize(
    ("kind", "body", "encoding", "words"),
    [
        ("text/plain; charset=x-unknown-99", "Crème brûlée".encode(), "8bit", "Crème brûlée"),
        ("text/plain; charset=utf-8", "Crème".encode("latin-1"), "8bit", "Crème"),
        ("text/plain", "Crème".encode(), "8bit", "Crème"),
        ("text/plain; charset=utf-16", "Words".encode("utf-16"), "8bit", "Words"),
        ("text/plain; charset*=bad'x'%ff", b"Words", "8bit", "Words"),
        ("text/plain; charset=utf-8", b"V29yZHM", "base64", "Words"),
        ("text/plain; charset=utf-8", b"=C3=A9t=", "quoted-printable", "ét"),
        ("text/plain; charset=utf-8", b"a\x00b\x07c", "8bit", "abc"),
        ("text/html; charset=utf-8", b"<p>Hello<br>there</p><style>p{}</style><script>x</script>", "8bit", "Hello\nthere"),
        ("text/html", b"<p>New</p><blockquote>old</blockquote><div class='gmail_quote'>older</div>", "8bit", "New"),
        ("text/html", b"<p>Un<b>closed <<>< &nonsense; &#99999999;", "8bit", None),
        ("text/plain; charset=utf-7", b"Hi +AGEAYgBj-", "8bit", "Hi abc"),
    ],
)  # fmt: skip
def test_odd_encodings_are_read_as_well_as_can_be(
    kind: str, body: bytes, encoding: str, words: str | None
) -> None:
    found = read(part(kind, body, encoding))
    assert found.kind == "words"
    if words is not None:
        assert found.text == words


@pytest.mark.parametrize(
    "body",
    [
        part("image/png", b"\x89PNG", "base64"),
        part("application/ms-tnef", b"\x78\x9f"),
        part("text/calendar", b"BEGIN:VCALENDAR"),
        part("text/plain", b"   \r\n\r\n"),
        part('text/plain; name="x.txt"\r\nContent-Disposition: attachment', b"a file"),
        part("multipart/mixed", b"no boundary"),
        part('multipart/mixed; boundary="b"', b"--c\r\n\r\nx"),
        b"",
        b"\r\n\r\n",
        b"From: a@b\r\n",
        b"From: " + b"a," * 100_000 + b"\r\n\r\n",
    ],
)
def test_what_has_no_words_is_unreadable_and_says_so(body: bytes) -> None:
    found = read(body)
    assert found.kind == "unreadable"
    assert found.why


@pytest.mark.parametrize(
    "headers",
    [
        {"From": ""},
        {"From": "=?utf-8?Q?a=0D=0ABcc:_x?= <ines@clinic.internal>"},
        {"Subject": "=?utf-8?Q?a=0D=0ABcc:_x?="},
        {"Subject": "=?x-none?Q?abc?="},
        {"Date": "never"},
        {"Message_ID": ""},
        {"From": '"' + "\\" * 5000 + " <ines@clinic.internal>"},
        {"To": "," * 5000},
        {"Subject": "x" * 100_000},
    ],
)
def test_bad_headers_are_taken_with_what_can_be_read_of_them(headers: dict[str, str]) -> None:
    found = read(letter(**headers))
    assert found.kind == "words"
    assert "\n" not in (found.subject or "")
    assert len(found.subject or "") <= 300


def test_two_senders_are_counted() -> None:
    assert read(letter(From="a@x.internal, ines@clinic.internal")).senders == 2
    twice = letter().replace(b"To:", b"From: other@x.internal\r\nTo:", 1)
    assert read(twice).senders == 2
