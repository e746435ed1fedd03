"""The standard mails: their names, when each is sent, sample values to read them by, and who read which wording."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from voc.core import clock
from voc.core.errors import Invalid, NotFound
from voc.core.paths import templates_folder
from voc.db.scope import principal_of
from voc.db.upsert import insert_or_replace
from voc.mail.models import ReadText

_PEOPLE: Mapping[str, object] = {
    "hello": "Ines",
    "account": "Harbour Clinic",
    "from_name": "Joost Vak",
    "from_phone": "+31 20 555 0100",
}
_ASKED: Mapping[str, object] = {
    **_PEOPLE,
    "question": "Since 1 September, has it happened in your work with us that an invoice came without your order number?",
    "since": "1 September",
    "closes_on": "18 November",
    "reads_name": "Joost Vak",
    "tells_by": "2 December",
    "answers": [
        ["no", "No"],
        ["problem", "Yes, it is a problem"],
        ["manages", "Yes, we manage"],
        ["not_used", "We do not use this"],
        ["cannot_tell", "I cannot tell"],
    ],
}
_TOLD: Mapping[str, object] = {
    **_PEOPLE,
    "title": "The invoice came again without our order number",
    "status": "being changed",
    "words": "From 1 December every invoice carries your order number. We check each one by hand until then.",
    "cause": "The order number was typed in twice, and once was forgotten.",
    "action": "It now comes from your order by itself.",
    "next_by": "2 December",
    "said_on": "3 October",
}

_CAME: Mapping[str, object] = {**_TOLD, "question": _ASKED["question"], "answer": "Yes, it is a problem"}


@dataclass(frozen=True, slots=True)
class Standard:
    """One standard mail; `link` is the purpose of the link it carries."""

    name: str
    title: str
    when: str
    link: str
    sample: Mapping[str, object] = field(repr=False)


STANDARD = (
    Standard("question", "A question", "When a lead asks clients whether they have an issue too.", "answer", _ASKED),
    Standard("reminder", "A reminder", "Once, five days after a question that has no answer yet.", "answer", _ASKED),
    Standard("update", "News about a point", "When there is something new about what this client told us.", "point", _TOLD),
    Standard("outcome", "What came of a question", "Once, to everyone who was asked, whatever they answered.", "point", _CAME),
    Standard("thanks", "Thanks for speaking up", "When others turn out to have it too, to the one who spoke first.", "point", _TOLD),
    Standard("solved", "Is it solved?", "When we think that a point is solved, to every client that has it.", "solved", _TOLD),
    Standard("correction", "A correction", "When something we told a client was not right.", "point", _TOLD),
)  # fmt: skip


def standard_mails() -> tuple[Standard, ...]:
    """The standard mails of this release."""
    return tuple(one for one in STANDARD if (templates_folder() / "email" / one.name).is_dir())


def standard(name: str) -> Standard:
    """One of them by its name; NotFound when there is none."""
    found = next((one for one in standard_mails() if one.name == name), None)
    if found is None:
        raise NotFound
    return found


@cache
def wording_hash(name: str) -> str:
    """What changes with any word of this mail, its frame included."""
    folder = templates_folder() / "email"
    files = sorted([*folder.glob("_*"), *(folder / name).iterdir()])
    return hashlib.sha256(b"\x1f".join(file.read_bytes() for file in files if file.is_file())).hexdigest()


def unread(session: Session) -> tuple[Standard, ...]:
    """The standard mails that nobody has read in their present wording."""
    read = read_texts(session)
    return tuple(one for one in standard_mails() if one.name not in read)


def read_texts(session: Session) -> dict[str, ReadText]:
    """The present wordings that somebody has read, by name."""
    rows = session.scalars(select(ReadText))
    names = {one.name for one in standard_mails()}
    return {row.name: row for row in rows if row.name in names and row.wording_hash == wording_hash(row.name)}


def mark_read(session: Session, name: str, wording: str) -> Standard:
    """Keeps that this person read the mail; Invalid when its wording changed since they opened it."""
    found, by_id = standard(name), principal_of(session).user_id
    if wording != wording_hash(name):
        raise Invalid("This mail has new words since you opened it. Please read it once more.")
    row = {"name": name, "wording_hash": wording, "by_id": by_id, "at": clock.now()}
    insert_or_replace(session, ReadText, [row], keys=["name"], values=["wording_hash", "by_id", "at"])
    return found
