"""REST for programs, version 1: comments in, one by one or many, and out page by page."""

from datetime import UTC, datetime

from apiflask import APIBlueprint
from flask import Response, current_app, g, jsonify, request
from sqlalchemy.orm import Session

from voc.api import queries
from voc.api.comments import item_of, store
from voc.api.documents import takes
from voc.api.pace import Pace
from voc.api.posting import PERMISSION, Post, Posted, Posting
from voc.api.schemas import MOST_AT_ONCE, BatchIn, BatchOut, CommentIn, CommentOut, CommentsOut
from voc.api.strict_json import check_type, read_json
from voc.api.together import Together
from voc.core.errors import Invalid, Unreadable, VocError, WrongType
from voc.core.principal import Principal
from voc.intake.service import Received
from voc.jobs import READ, ring_after_commit
from voc.web.context import database, doorbell, settings
from voc.web.paging import cursor_after, wanted_page
from voc.web.permit import permit, permit_alone, permit_inside
from voc.web.problems import problem_body

blueprint = APIBlueprint("api", __name__, url_prefix="/api/v1", tag="Comments")
_ONE_BYTES = 256_000
_MANY_BYTES = 16_000_000
_SECRETS = frozenset({"token", "access_token", "api_key", "apikey", "key", "authorization"})
_TOGETHER = "voc_api_together"


@blueprint.post("/comments")
@takes(CommentIn)
@blueprint.output(CommentOut, status_code=201)
@permit_inside(PERMISSION, door="token", max_bytes=_ONE_BYTES)
def post_comment() -> Response:
    """Stores one comment of a client and gives its receipt.

    Send an `Idempotency-Key` header to be safe when the line breaks: the same key again gives the
    same answer and stores nothing new.
    """
    posted = _together().run(_post())
    g.principal = posted.principal
    if isinstance(posted.outcome, VocError):
        raise posted.outcome
    response = jsonify(_said(posted.outcome) | {"next_word_by": _in_utc(posted.outcome.next_word_by)})
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


def _post() -> Post:
    headers = request.headers
    try:
        check_type(request)
        wrong_type = None
    except WrongType as error:
        wrong_type = error
    return Post(
        headers.get("Authorization", ""), request.get_data(), headers.get("Idempotency-Key"), wrong_type
    )


def _together() -> Together[Post, Posted]:
    found: Together[Post, Posted] | None = current_app.extensions.get(_TOGETHER)
    if found is None:
        posting = Posting(database(), doorbell(), Pace(settings().api_per_minute), settings().time_zone)
        found = current_app.extensions.setdefault(_TOGETHER, Together(posting.take))
    return found
