"""What the pipeline found, as it is stored."""

from nlp.reading import Reading, Signal
from voc.analysis.service import ReadComment, SeenSignal, SeenTheme


def as_stored(key: tuple[int, int], found: Reading) -> ReadComment:
    """One comment's reading as plain values; its key is (account, comment)."""
    return ReadComment(
        account_id=key[0],
        comment_id=key[1],
        version=found.version,
        language=found.language,
        read_by_machine=found.read_by_machine,
        note=found.note,
        unsure=found.unsure,
        themes=tuple(
            SeenTheme(
                theme.key,
                theme.score,
                theme.span.start if theme.span else None,
                theme.span.end if theme.span else None,
                theme.reason,
            )
            for theme in found.themes
        ),
        severity=_signal(found.severity),
        sentiment=found.sentiment,
        escalation=_signal(found.escalation),
        departure=_signal(found.departure),
        masks=tuple((mask.start, mask.end, mask.kind) for mask in found.masks),
        vector=found.vector.astype("<f2").tobytes() if found.vector is not None else None,
    )


def _signal(found: Signal | None) -> SeenSignal | None:
    if found is None:
        return None
    span = found.span
    return SeenSignal(
        found.level, found.score, span.start if span else None, span.end if span else None, found.reason
    )
