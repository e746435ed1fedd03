"""What programs send and get, as OpenAPI shows it; fields we do not know are refused."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from voc.core.errors import Invalid
from voc.core.text import TYPED_LIMIT
from voc.intake.rules import HURT

MOST_AT_ONCE = 1_000


def _known_hurt(hurt: int) -> int:
    # Not a Literal: pydantic takes True and 1.0 for a literal 1.
    if hurt not in HURT:
        raise ValueError("Say 1, 2, 4 or 8, or leave it out")
    return hurt


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class CommentIn(_Strict):
    """One thing a client said."""

    text: str = Field(description=f"The client's words, up to {TYPED_LIMIT:,} characters.")
    account: str | None = Field(
        None,
        description="The client: our id, your own number for it, or its name. May be left out when the token is for one client.",
    )
    kind: Literal["comment", "escalation", "praise", "suggestion", "termination"] = "comment"
    hurt: (
        Annotated[int, AfterValidator(_known_hurt), Field(json_schema_extra={"enum": list(HURT)})] | None
    ) = Field(None, description="1 annoys, 2 slows, 4 stops work, 8 may leave; leave out when not said.")
    touches: str | None = Field(None, description="What it touches, in the client's words.")
    would_solve: str | None = Field(None, description="What would solve it, in the client's words.")
    wants_senior: bool = Field(default=False, description="Someone senior should see this.")
    may_ask_others: bool = Field(default=False, description="You may ask other clients without naming us.")
    said_at: str | None = Field(
        None,
        description="When the client said it, with its time zone, such as 2026-05-04T09:30:00+02:00; leave out for now.",
    )


class ItemIn(CommentIn):
    """One comment of many, with your own id for it."""

    idempotency_key: str | None = Field(
        None, description="Your own id: the same one again is the same comment."
    )


class BatchIn(_Strict):
    """Up to 1,000 comments at once."""

    comments: Annotated[list[ItemIn], Field(min_length=1, max_length=MOST_AT_ONCE)]


class CommentOut(_Strict):
    """What was stored."""

    id: str
    receipt: str = Field(description="The number to tell the client.")
    next_word_by: datetime | None = Field(description="When the client hears from us at the latest.")


class ItemOut(_Strict):
    """The answer to one item: a stored comment, or why not."""

    status: int
    id: str | None = None
    receipt: str | None = None
    code: str | None = None
    detail: str | None = None
    fields: dict[str, str] | None = None


class BatchOut(_Strict):
    """Answers in the order of the items."""

    results: list[ItemOut]


class CommentRow(_Strict):
    """One comment as a reading program gets it."""

    id: str
    account: str
    kind: str
    text: str
    said_at: datetime
    received_at: datetime


class CommentsOut(_Strict):
    """One page of comments, the newest first; `next` is the cursor of the page after, or null."""

    comments: list[CommentRow]
    next: str | None


def refusal(error: ValidationError, *, name: str = "body") -> Invalid:
    """The same error in our words, each field by name; what is not an object names `name`."""
    fields = {".".join(map(str, one["loc"])) or name: _say(one["type"], one["msg"]) for one in error.errors()}
    return Invalid(" ".join(f"{field}: {words}" for field, words in fields.items())[:500], fields=fields)


def _say(kind: str, words: str) -> str:
    known = {
        "missing": "This is missing.",
        "extra_forbidden": "We do not know this field; leave it out.",
        "string_type": "This must be text.",
        "string_unicode": "This has a character that is not allowed.",
        "bool_type": "This must be true or false.",
        "list_type": "This must be a list.",
        "model_type": "This must be an object.",
        "model_attributes_type": "This must be an object.",
        "too_long": f"This has too many; send up to {MOST_AT_ONCE:,} at a time.",
        "too_short": "This is empty.",
    }
    return known.get(kind, f"{words}.")
