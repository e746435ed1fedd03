"""Programs send comments and get receipts."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import factories
from voc.accounts.models import Account
from voc.core import clock
from voc.intake.models import Comment, Raw
from voc.jobs import QuietDoorbell

Program = Callable[..., FlaskClient]
URL = "/api/v1/comments"


def stored(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Comment)) or 0


def test_a_comment_is_stored_with_its_receipt_and_rings(
    program: Program, session: Session, account: Account, doorbell: QuietDoorbell
) -> None:
    owner = factories.user(session)
    account.owner_id = owner.id
    session.flush()
    answer = program().post(
        URL, json={"text": "The invoice is late.", "account": "havel  LOGISTICS", "hurt": 2}
    )
    assert answer.status_code == 201
    comment = session.scalars(select(Comment)).one()
    assert answer.json is not None
    assert answer.json["id"] == comment.public_id
    assert answer.json["next_word_by"] == "2026-05-11T15:00:00+00:00"
    assert (comment.text, comment.hurt, comment.account_id) == ("The invoice is late.", 2, account.id)
    assert doorbell.rung == ["read"]


@pytest.mark.parametrize("how", ["public_id", "import_id", "name"])
def test_a_client_is_named_in_three_ways(
    program: Program, session: Session, account: Account, how: str
) -> None:
    answer = program().post(URL, json={"text": "Late.", "account": getattr(account, how)})
    assert answer.status_code == 201
    assert session.scalars(select(Comment.account_id)).one() == account.id


def test_a_token_for_one_client_needs_no_name(program: Program, session: Session, account: Account) -> None:
    assert program(account=account).post(URL, json={"text": "Late."}).status_code == 201


def test_a_token_for_all_clients_must_name_one(program: Program, account: Account) -> None:
    answer = program().post(URL, json={"text": "Late."})
    assert answer.status_code == 422
    assert answer.json is not None
    assert "account" in answer.json["fields"]


def test_the_raw_bytes_are_kept_as_they_came(program: Program, session: Session, account: Account) -> None:
    body = b'{ "text" : "Late \\u00e9.",\n"account": "C-17"}'
    assert program().post(URL, data=body, content_type="application/json").status_code == 201
    assert session.scalars(select(Raw.body)).one() == body


def test_the_same_key_again_is_the_same_answer(program: Program, session: Session, account: Account) -> None:
    sender, headers = program(), {"Idempotency-Key": "a" * 255}
    first = sender.post(URL, json={"text": "Late.", "account": "C-17"}, headers=headers)
    again = sender.post(URL, json={"text": "Late.", "account": "C-17"}, headers=headers)
    assert (again.status_code, again.data) == (first.status_code, first.data)
    assert stored(session) == 1


def test_a_key_used_for_something_else_is_refused(
    program: Program, session: Session, account: Account
) -> None:
    sender, headers = program(), {"Idempotency-Key": "k"}
    sender.post(URL, json={"text": "Late.", "account": "C-17"}, headers=headers)
    answer = sender.post(URL, json={"text": "Other.", "account": "C-17"}, headers=headers)
    assert (answer.status_code, (answer.json or {})["code"]) == (422, "key_reused")
    assert stored(session) == 1


@pytest.mark.parametrize("key", ["a" * 256, "", "a\u0080b"])
def test_an_odd_key_is_refused(program: Program, account: Account, key: str) -> None:
    headers = {"Idempotency-Key": key.encode().decode("latin-1")}
    assert program().post(URL, json={"text": "Late.", "account": "C-17"}, headers=headers).status_code == 400


def test_the_same_key_for_two_clients_is_two_comments(
    program: Program, session: Session, account: Account
) -> None:
    other, headers = factories.account(session), {"Idempotency-Key": "k"}
    for one in (account, other):
        program().post(URL, json={"text": "Late.", "account": one.public_id}, headers=headers)
    assert stored(session) == 2


def test_without_a_key_equal_words_are_two_comments(
    program: Program, session: Session, account: Account
) -> None:
    sender = program()
    for _ in range(2):
        sender.post(URL, json={"text": "Late.", "account": "C-17"})
    assert stored(session) == 2


def test_what_was_said_before_promises_nothing(program: Program, session: Session, account: Account) -> None:
    body = {"text": "Late.", "account": "C-17", "said_at": "2026-03-01T10:00:00+01:00"}
    answer = program().post(URL, json=body)
    assert answer.json is not None
    assert answer.json["next_word_by"] is None
    assert session.scalars(select(Comment.said_at)).one() == datetime(2026, 3, 1, 9, tzinfo=UTC)


def test_another_clients_name_looks_like_one_that_is_not_there(
    program: Program, session: Session, account: Account
) -> None:
    other = factories.account(session, name="Other")
    sender = program(account=account)
    answers = [
        sender.post(URL, json={"text": "Late.", "account": name})
        for name in (other.public_id, "Other", "x" * 26)
    ]
    assert {(answer.status_code, answer.data) for answer in answers} == {(404, answers[0].data)}
    assert stored(session) == 0


def test_a_batch_answers_each_item_for_itself(
    program: Program, session: Session, account: Account, doorbell: QuietDoorbell
) -> None:
    items: list[Any] = [
        {"text": "One.", "account": "C-17", "idempotency_key": "1"},
        {"text": "", "account": "C-17"},
        {"text": "Two.", "account": "nobody"},
        {"text": "Three.", "account": "C-17", "role": "admin"},
        7,
        {"text": "One.", "account": "C-17", "idempotency_key": "1"},
        {"text": "Four.", "account": "Havel Logistics"},
    ]
    answer = program().post(f"{URL}/batch", json={"comments": items})
    assert answer.status_code == 200
    assert answer.json is not None
    results = answer.json["results"]
    assert [one["status"] for one in results] == [201, 422, 404, 422, 422, 201, 201]
    assert results[0] == results[5]
    assert "role" in results[3]["fields"]
    assert stored(session) == 2
    assert doorbell.rung == ["read"]


@pytest.mark.parametrize("number", [0, 1_001])
def test_a_batch_has_1_to_1000(program: Program, account: Account, number: int) -> None:
    items = [{"text": "One.", "account": "C-17"}] * number
    assert program().post(f"{URL}/batch", json={"comments": items}).status_code == 422


def test_more_than_300_a_minute_is_too_many(program: Program, account: Account) -> None:
    sender = program("ingest")
    statuses = [sender.post(URL, json={"account": "C-17"}).status_code for _ in range(301)]
    assert statuses == [422] * 300 + [429]


def test_reading_goes_page_by_page(program: Program, session: Session, account: Account) -> None:
    for number in range(5):
        factories.comment(session, account, text=f"Number {number}")
    reader, seen, cursor = program("read"), [], ""
    for _ in range(3):
        answer = reader.get(f"{URL}?limit=2{cursor}").json
        assert answer is not None
        seen += [one["text"] for one in answer["comments"]]
        cursor = f"&cursor={answer['next']}"
    assert seen == ["Number 4", "Number 3", "Number 2", "Number 1", "Number 0"]
    assert answer["next"] is None


def test_a_reader_for_one_client_sees_only_its_comments(
    program: Program, session: Session, account: Account
) -> None:
    factories.comment(session, account, text="Mine")
    factories.comment(session, text="Not mine")
    answer = program("read", account=account).get(URL).json
    assert answer is not None
    assert [one["text"] for one in answer["comments"]] == ["Mine"]


def test_the_description_is_openapi_3_1(visitor: FlaskClient) -> None:
    found = visitor.get("/api/v1/openapi.json").json
    assert found is not None
    assert found["openapi"].startswith("3.1")
    assert set(found["paths"]) == {"/api/v1/comments", "/api/v1/comments/batch"}
    assert "text" in found["components"]["schemas"]["CommentIn"]["properties"]


def test_tokens_open_nothing_once_closed_or_expired(
    program: Program, session: Session, account: Account
) -> None:
    for wanted in ({"revoked_at": clock.now()}, {"expires_at": clock.now()}):
        answer = program(**wanted).post(URL, json={"text": "Late.", "account": "C-17"})
        assert answer.status_code == 401
