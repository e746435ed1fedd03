"""What the demo's clients send back is mail as mail programs and servers write it."""

from datetime import UTC, datetime
from email import message_from_bytes

from voc.demo.letters import Letter, came_back, reply

AT = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
LETTER = Letter(
    "a" * 26, "question", "check x", "ana.field@brook.example", "A question from Tom", "<1.2@lindquay.example>",
    "post@lindquay.example", ("http://127.0.0.1:8400/answer/abc", "http://127.0.0.1:8400/stop-asking/abc"), AT,
)  # fmt: skip


def test_a_link_is_found_by_what_it_is_for() -> None:
    assert LETTER.link("answer") == "http://127.0.0.1:8400/answer/abc"
    assert LETTER.link("solved") is None


def test_a_reply_names_the_mail_it_answers() -> None:
    mail = message_from_bytes(reply(LETTER, "Ana Field", "Leave me alone.", AT))
    assert mail["In-Reply-To"] == LETTER.message_id
    assert mail["From"] == "Ana Field <ana.field@brook.example>"
    assert (
        mail["Message-ID"]
        == message_from_bytes(reply(LETTER, "Ana Field", "Leave me alone.", AT))["Message-ID"]
    )


def test_a_mail_that_came_back_is_a_delivery_report() -> None:
    mail = message_from_bytes(came_back(LETTER, AT))
    assert mail.get_content_type() == "multipart/report"
    kinds = [part.get_content_type() for part in mail.walk()]
    assert "message/delivery-status" in kinds
    assert "text/rfc822-headers" in kinds
    assert LETTER.message_id in mail.as_string()


def test_a_letter_with_several_questions_is_read_once_for_each() -> None:
    other = LETTER.about("second")
    assert other.link("answer") == "http://127.0.0.1:8400/answer/abc?of=second"
    assert other.link("stop-asking") == LETTER.link("stop-asking")
    assert other.delivery != LETTER.delivery
