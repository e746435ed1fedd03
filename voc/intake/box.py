"""The box in which people say something, as a page shows it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from voc.intake.carers import OurPerson
from voc.intake.queries import Writer


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One form before it is sent, or come back: `nonce` makes sending it twice one comment.

    A public form shows no `people` and names nobody.
    """

    nonce: str
    hurt: list[tuple[str, str]]
    writers: tuple[Writer, ...] = ()
    people: tuple[OurPerson, ...] = ()
    named: str | None = None
    next_word_by: datetime | None = None
    typed: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
