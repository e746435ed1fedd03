"""Bodies that no program should send are refused with a reason, the same on both databases (acceptance.md B8 to B13, B16, B20)."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from voc.accounts.models import Account
from voc.intake.models import Comment, Raw

Program = Callable[..., FlaskClient]
URL = "/api/v1/comments"


def item(**fields: str) -> bytes:
    parts = {"text": '"Late."', "account": '"C-17"'} | fields
    return ("{" + ", ".join(f'"{name}": {value}' for name, value in parts.items()) + "}").encode()


BODIES = {
    "empty": (b"", 400),
    "a list": (b"[]", 422),
    "null": (b"null", 422),
    "a string": (b'"x"', 422),
    "a number": (b"7", 422),
    "missing text": (b'{"account": "C-17"}', 422),
    "a list for text": (item(text="[1]"), 422),
    "an object for text": (item(text='{"a": 1}'), 422),
    "a number for text": (item(text="1"), 422),
    "true for a number": (item(hurt="true"), 422),
    "text for true": (item(wants_senior='"yes"'), 422),
    "one for true": (item(wants_senior="1"), 422),
    "hurt of three": (item(hurt="3"), 422),
    "hurt with a dot": (item(hurt="1.0"), 422),
    "NaN": (item(hurt="NaN"), 400),
    "Infinity": (item(hurt="-Infinity"), 400),
    "1e400": (item(hurt="1e400"), 400),
    "beyond 2^63": (item(hurt=str(2**63)), 400),
    "5,000 digits": (item(hurt="1" * 5_000), 400),
    "100k brackets": (b"[" * 100_000, 400),
    "33 deep": (item(text="[" * 33 + "]" * 33), 400),
    "doubled key": (b'{"text": "a", "text": "b", "account": "C-17"}', 400),
    "cut off": (item()[:-1], 400),
    "two values": (item() + item(), 400),
    "NUL": (item(text='"a\\u0000b"'), 422),
    "NUL in account": (item(account='"a\\u0000b"'), 422),
    "lone surrogate": (item(text='"\\ud800"'), 422),
    "lone surrogate in account": (item(account='"\\ud800"'), 422),
    "lone surrogate in a key": (b'{"text": "a", "account": "C-17", "\\ud800": 1}', 422),
    "only blanks": (item(text='"  \\u200b "'), 422),
    "10,001 characters": (item(text='"' + "x" * 10_001 + '"'), 422),
    "UTF-16": (item().decode().encode("utf-16"), 400),
    "UTF-32": (item().decode().encode("utf-32"), 400),
    "BOM": (b"\xef\xbb\xbf" + item(), 400),
    "broken UTF-8": (item(text='"\xff"').replace(b"\xc3\xbf", b"\xff"), 400),
    "overlong UTF-8": (item().replace(b"Late", b"\xc0\xaf"), 400),
    "too large": (item(touches='"' + "x" * 300_000 + '"'), 413),
    "said tomorrow": (item(said_at='"2027-01-01T00:00:00+00:00"'), 422),
    "said without a zone": (item(said_at='"2026-01-01T00:00:00"'), 422),
    "said on 31 February": (item(said_at='"2026-02-31T00:00:00+00:00"'), 422),
    "said in the year 0": (item(said_at='"0000-01-01T00:00:00+00:00"'), 422),
    "said as epoch": (item(said_at="1760000000"), 422),
    "said at the world's end": (item(said_at='"9999-12-31T23:59:59-23:59"'), 422),
    "said in the year 1": (item(said_at='"0001-01-01T00:00:00+23:59"'), 422),
} | {
    f"field {name}": (item(**{name: "1"}), 422)
    for name in ("account_id", "role", "status", "id", "created_at", "email_verified", "is_staff", "channel", "source")
}  # fmt: skip


@pytest.mark.parametrize("name", BODIES)
def test_a_bad_body_is_refused_and_nothing_stored(
    program: Program, session: Session, account: Account, name: str
) -> None:
    body, status = BODIES[name]
    answer = program().post(URL, data=body, content_type="application/json")
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    assert answer.json is not None
    assert answer.json["code"]
    assert session.scalar(select(func.count()).select_from(Comment)) == 0
    assert session.scalar(select(func.count()).select_from(Raw)) == 0


@pytest.mark.parametrize("name", ["role", "is_staff"])
def test_an_unknown_field_is_named(program: Program, account: Account, name: str) -> None:
    answer = program().post(URL, data=item(**{name: "1"}), content_type="application/json")
    assert answer.json is not None
    assert list(answer.json["fields"]) == [name]


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "application/json; charset=utf-16"],
)  # fmt: skip
def test_other_kinds_of_content_are_415(program: Program, account: Account, content_type: str) -> None:
    answer = program().post(URL, data=item(), content_type=content_type)
    assert answer.status_code == 415


def test_a_compressed_body_is_415(program: Program, account: Account) -> None:
    answer = program().post(
        URL, data=item(), content_type="application/json", headers={"Content-Encoding": "gzip"}
    )
    assert answer.status_code == 415


def test_each_bad_body_is_refused_in_a_batch_too(
    program: Program, session: Session, account: Account
) -> None:
    unread = {400, 413}
    for name, (body, status) in BODIES.items():
        sent = b'{"comments": [' + body + b"]}"
        answer = program().post(f"{URL}/batch", data=sent, content_type="application/json")
        if status in unread or not body:
            assert answer.status_code in {400, 422, 200}, name
        else:
            assert answer.status_code == 200, name
            assert answer.json is not None
            assert answer.json["results"][0]["status"] == status, name
    assert session.scalar(select(func.count()).select_from(Comment)) == 0


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer voc_unknown_unknown_unknown_unknown", "Basic dm9jOng=", "Bearer " + "x" * 100_000,
     "Bearer eyJhbGciOiJub25lIn0.e30.", "bearer voc_\u00e9"],
)  # fmt: skip
def test_without_a_good_token_the_answer_is_always_the_same(visitor: FlaskClient, header: str) -> None:
    headers = {"Authorization": header.encode().decode("latin-1")}
    answer = visitor.post(URL, data=item(), content_type="application/json", headers=headers)
    first = visitor.post(URL, data=item(), content_type="application/json")
    assert (answer.status_code, answer.data) == (401, first.data)


def test_a_reading_token_cannot_send(program: Program, account: Account) -> None:
    answer = program("read").post(URL, data=item(), content_type="application/json")
    assert answer.status_code == 403


@pytest.mark.parametrize("query", ["token=x", "access_token=voc_x", "x=voc_abc"])
def test_a_token_in_the_address_is_refused(visitor: FlaskClient, query: str) -> None:
    answer = visitor.post(f"{URL}?{query}", data=item(), content_type="application/json")
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=-1",
        "limit=201",
        "limit=1e9",
        "limit=a",
        "limit=٣",
        "cursor=a",
        "cursor=1.0123456789abcdef",
        "cursor=" + "9" * 400,
    ],
)
def test_odd_pages_are_refused(program: Program, query: str) -> None:
    assert program("read").get(f"{URL}?{query}").status_code == 422


def test_a_cursor_of_another_token_is_refused(program: Program, session: Session, account: Account) -> None:
    from tests import factories  # noqa: PLC0415 - this test alone needs rows

    for _ in range(2):
        factories.comment(session, account)
    cursor = (program("read").get(f"{URL}?limit=1").json or {})["next"]
    assert program("read").get(f"{URL}?cursor={cursor}").status_code == 422
