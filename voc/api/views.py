"""REST for programs, version 1: comments in, one by one or many, and out page by page."""

from datetime import UTC, datetime

from apiflask import APIBlueprint
from flask import Response, current_app, g, jsonify, request
from sqlalchemy.orm import Session

from voc.api import queries
from voc.api.comments import Sent, check_key, item_of, store
from voc.api.documents import takes
from voc.api.pace import Pace
from voc.api.schemas import MOST_AT_ONCE, BatchIn, BatchOut, CommentIn, CommentOut, CommentsOut
from voc.api.strict_json import read_json
from voc.core.errors import Invalid, Unreadable, VocError
from voc.core.principal import Principal
from voc.intake.service import Received
from voc.jobs import READ, ring_after_commit
from voc.web.context import doorbell, settings
from voc.web.paging import cursor_after, wanted_page
from voc.web.permit import permit, permit_alone
from voc.web.problems import problem_body

blueprint = APIBlueprint("api", __name__, url_prefix="/api/v1", tag="Comments")
_ONE_BYTES = 256_000
_MANY_BYTES = 16_000_000
_SECRETS = frozenset({"token", "access_token", "api_key", "apikey", "key", "authorization"})
_PACE = "voc_api_pace"


@blueprint.post("/comments")
@takes(CommentIn)
@blueprint.output(CommentOut, status_code=201)
@permit("comment:ingest", door="token", max_bytes=_ONE_BYTES)
def post_comment(session: Session, principal: Principal) -> Response:
    """Stores one comment of a client and gives its receipt.

    Send an `Idempotency-Key` header to be safe when the line breaks: the same key again gives the
    same answer and stores nothing new.
    """
    _pace().step(g.api_token.id)
    key = check_key(request.headers.get("Idempotency-Key"))
    sent = Sent(read_json(request), request.get_data(), key)
    answer = store(session, principal, [sent], zone=settings().time_zone)[0]
    if isinstance(answer, VocError):
        raise answer
    ring_after_commit(session, doorbell(), READ)
    response = jsonify(_said(answer) | {"next_word_by": _in_utc(answer.next_word_by)})
    response.status_code = 201
    return response


@blueprint.post("/comments/batch")
@takes(BatchIn)
@blueprint.output(BatchOut)
@permit("comment:ingest", door="token", max_bytes=_MANY_BYTES)
def post_comments(session: Session, principal: Principal) -> Response:
    """Stores up to 1,000 comments; each item is answered for itself, in order."""
    items = [item_of(value) for value in _items(read_json(request))]
    answers = store(session, principal, items, zone=settings().time_zone)
    if any(isinstance(answer, Received) for answer in answers):
        ring_after_commit(session, doorbell(), READ)
    return jsonify(results=[_result(answer) for answer in answers])


@blueprint.get("/comments")
@blueprint.output(CommentsOut)
@permit("comment:export", door="token")
def get_comments(session: Session, principal: Principal) -> Response:  # noqa: ARG001 - the door knows the asker
    """Comments, the newest first; `?limit=` up to 200, `?cursor=` is the `next` of the page before."""
    listing = f"comments of {g.api_token.public_id}"
    wanted = wanted_page(listing)
    rows = queries.comments(session, before=wanted.before, size=wanted.size)
    more = cursor_after(listing, rows[-1][0]) if len(rows) == wanted.size else None
    return jsonify(comments=[row.model_dump(mode="json") for _, row in rows], next=more)


@blueprint.get("/openapi.json")
@blueprint.doc(hide=True)
@permit_alone("public:read")
def openapi() -> Response:
    """This API as OpenAPI 3.1."""
    return jsonify(current_app.spec)  # type: ignore[attr-defined]  # an APIFlask, typed as Flask


def _items(value: object) -> list[object]:
    items = value.get("comments") if isinstance(value, dict) else None
    if not isinstance(items, list) or not isinstance(value, dict) or len(value) != 1:
        raise Invalid(
            "Send an object with one field, `comments`: a list.", fields={"comments": "This must be a list."}
        )
    if not 0 < len(items) <= MOST_AT_ONCE:
        words = f"Send 1 to {MOST_AT_ONCE:,} comments at a time; this has {len(items):,}."
        raise Invalid(words, fields={"comments": words})
    return items


def _result(answer: Received | VocError) -> dict[str, object]:
    if isinstance(answer, Received):
        return {"status": 201} | _said(answer)
    return {name: value for name, value in problem_body(answer).items() if name not in {"type", "title"}}


def _in_utc(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat() if moment is not None else None


def _said(answer: Received) -> dict[str, object]:
    return {"id": answer.public_id, "receipt": answer.receipt}


@blueprint.before_request
def _refuse_secrets_in_address() -> None:
    sent = request.args.items(multi=True)
    if any(name.casefold() in _SECRETS or value.startswith("voc_") for name, value in sent):
        raise Unreadable(
            "A token does not belong into an address, where logs keep it. Close it, make a new one, and send that "
            "in the header “Authorization: Bearer …”.",
            code="token_in_address",
        )


def _pace() -> Pace:
    found: Pace = current_app.extensions.setdefault(_PACE, Pace(settings().api_per_minute))
    return found
