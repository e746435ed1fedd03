"""The two apps of the intake measurement: ours, and a bare Flask route that does the same durable INSERTs."""

import os
from pathlib import Path

from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue

from voc.app import create_app
from voc.core import clock, ids
from voc.core.config import Settings
from voc.db.session import Database, make_engine
from voc.db.work import Work
from voc.intake.models import Comment, Raw, Thread
from voc.jobs import QuietDoorbell

URL = os.environ["BENCH_URL"]
engine = make_engine(URL)


def ours() -> Flask:
    """The whole app, its checks on; only the doorbell is quiet."""
    settings = Settings(
        database_url=URL, redis_url="redis://127.0.0.1:1/0", data_dir=Path("/tmp"), secret_key="k7" * 24,  # noqa: S108
        public_url=os.environ["BENCH_PUBLIC_URL"], api_per_minute=10**9,
    )  # fmt: skip
    return create_app(settings, database=Database(engine), doorbell=QuietDoorbell())


def bare() -> Flask:
    """Four INSERTs in one transaction behind one route, nothing checked."""
    app = Flask("bare")
    account = int(os.environ["BENCH_ACCOUNT"])

    @app.post("/api/v1/comments")
    def post() -> ResponseReturnValue:
        words, now = request.get_json()["text"], clock.now()
        raw, thread, comment = ids.new_id(), ids.new_id(), ids.new_id()
        with engine.begin() as connection:
            connection.execute(Raw.__table__.insert(), {
                "id": raw, "account_id": account, "channel": "api", "dedupe_key": ids.new_token(), "body_hash": "0" * 32,
                "body": request.get_data(), "content_type": "application/json", "received_at": now,
            })  # fmt: skip
            connection.execute(Thread.__table__.insert(), {
                "account_id": account, "id": thread, "public_id": ids.new_public_id(), "receipt": ids.new_receipt(),
                "opened_at": now,
            })  # fmt: skip
            connection.execute(Comment.__table__.insert(), {
                "account_id": account, "id": comment, "public_id": ids.new_public_id(), "thread_id": thread,
                "raw_id": raw, "source": "unasked", "kind": "comment", "channel": "api", "text": words,
                "said_at": now, "received_at": now,
            })  # fmt: skip
            connection.execute(
                Work.__table__.insert(), {"account_id": account, "comment_id": comment, "stage": "read"}
            )
        return jsonify(id=str(comment)), 201

    return app


app = ours() if os.environ["BENCH_APP"] == "ours" else bare()
