"""Twenty equal posts at once are one comment with twenty equal answers (acceptance.md B19, F10)."""

from concurrent.futures import ThreadPoolExecutor

from flask import Flask
from sqlalchemy import func, select

from tests import factories
from voc.app import create_app
from voc.core.config import Settings
from voc.core.principal import SYSTEM
from voc.db.session import Database
from voc.intake.models import Comment
from voc.jobs import QuietDoorbell


def test_twenty_at_once_are_one(settings: Settings, stored_database: Database) -> None:
    app = create_app(settings, database=stored_database, doorbell=QuietDoorbell())
    with stored_database.writing(SYSTEM) as session:
        factories.account(session, import_id="C-17")
        _, secret = factories.api_token(session)
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: send(app, secret), range(20)))
    assert {status for status, _ in answers} == {201}
    assert len({body for _, body in answers}) == 1
    with stored_database.reading(SYSTEM) as session:
        assert session.scalar(select(func.count()).select_from(Comment)) == 1


def send(app: Flask, secret: str) -> tuple[int, bytes]:
    answer = app.test_client().post(
        "/api/v1/comments",
        json={"text": "Late.", "account": "C-17"},
        headers={"Authorization": f"Bearer {secret}", "Idempotency-Key": "one"},
    )
    return answer.status_code, answer.data
