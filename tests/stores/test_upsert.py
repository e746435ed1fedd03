"""Bulk INSERTs keep every letter, and nothing stays nothing."""

from sqlalchemy.orm import Session

from tests import factories
from voc.analysis.models import FirstReading
from voc.core import clock
from voc.db.upsert import Row, insert_rows


def _row(session: Session, version: str, body: object) -> Row:
    comment = factories.comment(session)
    return {
        "account_id": comment.account_id, "comment_id": comment.id, "version": version, "body": body,
        "read_at": clock.now(),
    }  # fmt: skip


def test_words_and_lists_come_back_as_they_went(session: Session) -> None:
    rows = [
        _row(session, 'null, {x} "y" \\', {"note": 'a "quote"\n\\ and naïve 😀', "none": None}),
        _row(session, "NULL", {"themes": [["billing", 0.9, None, 3, "“late”"]]}),
    ]
    insert_rows(session, FirstReading, rows)
    for row in rows:
        kept = session.get_one(FirstReading, (row["account_id"], row["comment_id"]))
        assert (kept.version, kept.body) == (row["version"], row["body"])
