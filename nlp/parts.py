"""Long texts in parts, and the readings of parts as one."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from nlp.reading import Mask, Reading, Signal, Span, ThemeReading


def parts_of(text: str, size: int) -> list[tuple[int, int]]:
    """Half-open pieces of at most `size` characters, cut at a line, sentence or word where there is one."""
    out = []
    start = 0
    while len(text) - start > size:
        end = start + size
        cuts = (text.rfind(mark, start + size // 2, end) for mark in ("\n", ". ", " "))
        stop = next((cut + 1 for cut in cuts if cut > 0), end)
        out.append((start, stop))
        start = stop
    return [*out, (start, len(text))]


def join_parts(parts: Sequence[tuple[int, Reading]]) -> Reading:
    """One reading of a text from those of its parts and where each starts: the strongest of everything."""
    if len(parts) == 1:
        return parts[0][1]
    moved = [_moved(reading, start) for start, reading in parts]
    read = [reading for reading in moved if reading.read_by_machine] or moved
    feelings = [reading.sentiment for reading in read if reading.sentiment is not None]
    themes = _best_themes(read)
    return replace(
        read[0],
        themes=themes,
        unsure=not themes and read[0].read_by_machine,
        severity=_strongest([reading.severity for reading in read]),
        sentiment=sum(feelings) / len(feelings) if feelings else None,
        escalation=_strongest([reading.escalation for reading in read]),
        departure=_strongest([reading.departure for reading in read]),
        entities=tuple(entity for reading in read for entity in reading.entities),
        masks=tuple(mask for reading in moved for mask in reading.masks),
        vector=_mean_vector(read),
    )


def _moved(reading: Reading, by: int) -> Reading:
    return replace(
        reading,
        themes=tuple(replace(theme, span=_span(theme.span, by)) for theme in reading.themes),
        severity=_signal(reading.severity, by),
        escalation=_signal(reading.escalation, by),
        departure=_signal(reading.departure, by),
        entities=tuple(replace(one, start=one.start + by, end=one.end + by) for one in reading.entities),
        masks=tuple(Mask(one.start + by, one.end + by, one.kind) for one in reading.masks),
    )


def _span(span: Span | None, by: int) -> Span | None:
    return None if span is None else Span(span.start + by, span.end + by)


def _signal(signal: Signal | None, by: int) -> Signal | None:
    return None if signal is None else replace(signal, span=_span(signal.span, by))


def _strongest(signals: Sequence[Signal | None]) -> Signal | None:
    found = [signal for signal in signals if signal is not None]
    return max(found, key=lambda signal: (signal.level, signal.score), default=None)


def _best_themes(readings: Sequence[Reading]) -> tuple[ThemeReading, ...]:
    best: dict[str, ThemeReading] = {}
    for theme in (theme for reading in readings for theme in reading.themes):
        if theme.key not in best or theme.score > best[theme.key].score:
            best[theme.key] = theme
    return tuple(sorted(best.values(), key=lambda theme: -theme.score))


def _mean_vector(readings: Sequence[Reading]) -> np.ndarray[tuple[int], np.dtype[np.float32]] | None:
    vectors = [reading.vector for reading in readings if reading.vector is not None]
    if not vectors:
        return None
    total = np.sum(vectors, axis=0)
    return np.asarray(total / max(float(np.linalg.norm(total)), 1e-9), dtype=np.float32)
