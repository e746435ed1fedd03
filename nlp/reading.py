"""What the machine makes of one comment: frozen results, offsets in code points of the given text."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

MaskKind = Literal["email", "phone", "iban", "card", "ip", "id", "name"]


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open piece of the given text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ThemeReading:
    """One theme with its calibrated score in [0, 1] and the words it rests on."""

    key: str
    score: float
    span: Span | None
    reason: str


@dataclass(frozen=True, slots=True)
class Signal:
    """Severity (level 1 annoys, 2 slows, 4 stops, 8 leaving), escalation or departure (level always 1)."""

    level: int
    score: float
    span: Span | None
    reason: str


@dataclass(frozen=True, slots=True)
class Entity:
    """Something with a name or a figure: kind is money, date, share, duration or reference."""

    start: int
    end: int
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Mask:
    """A piece that must not leave the account."""

    start: int
    end: int
    kind: MaskKind


@dataclass(frozen=True, slots=True)
class Reading:
    """One comment as read; what a reading cannot tell is None, and `note` says why.

    `sentiment` is in [-1, 1]; `vector` has 256 values of float32 and length 1; `unsure` means
    that no theme passed its bar although the text was read.
    """

    version: str
    language: str | None
    read_by_machine: bool
    themes: tuple[ThemeReading, ...]
    unsure: bool
    severity: Signal | None
    sentiment: float | None
    escalation: Signal | None
    departure: Signal | None
    entities: tuple[Entity, ...]
    masks: tuple[Mask, ...]
    vector: NDArray[np.float32] | None
    note: str | None
