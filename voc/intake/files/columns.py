"""What a file of comments can tell, and the words its cells may use."""

from voc.core.tables.mapping import Field
from voc.intake.rules import HURT, KINDS

FIELDS = (
    Field("text", ("comment", "comments", "feedback", "message", "body", "description", "narrative", "consumer complaint narrative", "complaint", "verbatim", "remark", "remarks", "note", "review", "content", "ticket description", "said", "what was said", "what the client said"), is_needed=True, means="What the client said, in their words."),
    Field("account", ("account name", "client", "client name", "customer", "customer name", "company", "company name", "organisation", "organization", "account id", "client id", "customer id"), is_needed=True, means="Which client: its name, or its import id in the client list."),
    Field("received_at", ("date received", "received", "received on", "said at", "date", "created at", "created", "created on", "timestamp", "submitted at", "submitted", "time", "datetime"), means="When it was said."),
    Field("contact_email", ("email", "e mail", "contact e mail", "sender", "from", "sender email", "requester email"), means="Who said it."),
    Field("kind", ("type", "comment type", "ticket type"), means="comment, praise, suggestion, escalation or termination; empty is a comment."),
    Field("source", ("channel", "how it came", "noted by"), means="staff_note where one of you wrote it down."),
    Field("hurt", ("severity", "impact", "how much it hurts", "priority"), means="How much it hurts: 1, 2, 4 or 8."),
    Field("touches", ("area", "process", "what it touches", "service", "product"), means="What part of their work it touches."),
    Field("would_solve", ("solution", "what would solve it", "desired outcome", "wish"), means="What would solve it for them."),
    Field("wants_senior", ("senior", "escalate", "escalation", "someone senior should see this"), means="Yes where someone senior should see it."),
    Field("may_ask_others", ("ask others", "you may ask others"), means="Yes where you may ask other clients about it."),
    Field("not_seen_by", ("hidden from", "not to be seen by"), means="Who of you must not see it, by e-mail."),
    Field("source_id", ("id", "comment id", "complaint id", "ticket id", "reference", "external id", "message id", "case number", "uuid"), means="Its number where it comes from, so that it is brought in once."),
)  # fmt: skip
_YES = {"yes", "y", "true", "1", "x", "ja", "oui", "si"}
_NO = {"", "no", "n", "false", "0", "nee", "nein", "non"}
_NOTES = {"staff_note", "note", "they_told_me", "call_note", "visit_note"}
_HURT_WORDS = {words.casefold(): weight for weight, words in HURT.items()}


def read_yes_no(value: str) -> bool:
    """Whether a cell says yes; blank is no. ValueError for anything else."""
    word = value.strip().casefold()
    if word in _YES | _NO:
        return word in _YES
    raise ValueError("This is neither yes nor no.")


def read_source(value: str) -> str:
    """`staff_note` where our own people wrote down what a client said, else `unasked`."""
    return "staff_note" if "_".join(value.casefold().split()) in _NOTES else "unasked"


def read_kind(value: str) -> str:
    """The kind of comment; blank is a comment. ValueError for a word we do not know."""
    word = value.strip().casefold() or "comment"
    if word in KINDS - {"answer"}:
        return word
    raise ValueError(f"“{value[:40]}” is none of {', '.join(sorted(KINDS - {'answer'}))}.")


def read_hurt(value: str) -> int | None:
    """How much it hurts: 1, 2, 4, 8 or the form's words; blank is None. ValueError for anything else."""
    word = value.strip().casefold()
    if not word:
        return None
    weight = _HURT_WORDS.get(word) or (int(word) if word in {"1", "2", "4", "8"} else None)
    if weight is None:
        raise ValueError("This is none of 1, 2, 4, 8.")
    return weight
