"""Notes how bad it is, whether someone senior is wanted, and whether the client may leave."""

import re
from collections.abc import Iterable, Iterator

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

from nlp.components.notes import Batch, Notes, notes_of
from nlp.components.tokens import word_spans
from nlp.encoder.static import FOLDER
from nlp.phrases import Hit, PhraseFinder, load_phrases
from nlp.reading import Signal, Span
from nlp.risk_head import Finding, RiskHead

LEAVING = 8
_MORE = 0.04
"""Each further phrase of the same kind adds this much certainty."""
_SURE = 0.7
"""Without words that a person can be shown, only this much certainty is said."""
_MET = re.compile(
    r"(?:spoke|talked|(?:phone )?call|met|meeting|visit|lunch)\s+(?:to|with)\b(?![^.:]*\byour\b)[^.:]{0,80}[.:]?",
    re.IGNORECASE,
)
"""How our own people open a note: whom they met says nothing of what that person wants."""
_UNNAMED = ("sounds like leaving", "asks to go above the usual contact")


@Language.factory("everyclient_signals", default_config={"departure_bar": 0.6, "escalation_bar": 0.6})
class SignalReader:
    """Severity by phrases with their scope; departure and escalation by a head over patterns with theirs."""

    def __init__(self, nlp: Language, name: str, *, departure_bar: float, escalation_bar: float) -> None:  # noqa: ARG002
        self.name = name
        self._bars = (departure_bar, escalation_bar)
        self._finder = PhraseFinder(load_phrases(FOLDER.parent / "config" / "phrases.toml"))
        self._head = RiskHead()

    def __call__(self, doc: Doc) -> Doc:
        notes = notes_of(doc)
        if notes.readable:
            self._note_risk(notes)
            self._note_severity(doc, notes)
        return doc

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 256) -> Iterator[Doc]:  # noqa: ARG002 - spaCy's name
        """One doc after the other; the static scores of a batch are made at its first."""
        return map(self.__call__, stream)

    def _worth(self, batch: Batch) -> dict[int, list[tuple[int, list[float]]]]:
        """The rows worth a closer look with their static scores, by the place of their text."""
        if batch.worth is None:
            batch.worth = {}
            static = self._head.static(batch)
            rows = np.flatnonzero(self._head.passes(static))
            places = np.searchsorted(batch.firsts, rows, side="right") - 1
            for row, place, scores in zip(rows.tolist(), places.tolist(), static[rows].tolist(), strict=True):
                batch.worth.setdefault(place, []).append((row, scores))
        return batch.worth

    def _note_risk(self, notes: Notes) -> None:
        if notes.batch is None:
            return
        best: list[tuple[Finding, Span] | None] = [None, None]
        for row, static in self._worth(notes.batch).get(notes.place, ()):
            span = notes.segments[row - notes.first]
            if row == notes.first and _MET.fullmatch(notes.text[span.start : span.end].strip()):
                continue
            found = self._head.findings(notes.text[span.start : span.end], static)
            for kind, finding in enumerate(found):
                held = best[kind]
                bar = self._bars[kind] if finding.group is not None else max(_SURE, self._bars[kind])
                if finding.score >= bar and (held is None or finding.score > held[0].score):
                    best[kind] = finding, span
        notes.departure, notes.escalation = (
            None if one is None else self._signal(notes.text, kind, *one) for kind, one in enumerate(best)
        )

    def _signal(self, text: str, kind: int, finding: Finding, sentence: Span) -> Signal:
        """A finding as people read it: the words in quotation marks and what they mean."""
        say = _UNNAMED[kind] if finding.group is None else self._head.finder.groups[finding.group].say
        places = word_spans(text[sentence.start : sentence.end])[finding.start : finding.end]
        span = Span(sentence.start + places[0][0], sentence.start + places[-1][1]) if places else sentence
        return Signal(1, round(finding.score, 4), span, f"“{text[span.start : span.end].strip()}”: {say}.")

    def _note_severity(self, doc: Doc, notes: Notes) -> None:
        if notes.departure is not None:
            leaving = notes.departure
            notes.severity = Signal(LEAVING, leaving.score, leaving.span, leaving.reason)
            return
        bad = [hit for hit in self._finder.hits(notes.words) if not hit.unreal and not hit.negated]
        if bad:
            worst = max(bad, key=lambda hit: (hit.group.level, hit.group.score))
            same = [hit for hit in bad if hit.group == worst.group]
            notes.severity = signal(doc, worst, len(same), level=worst.group.level)


def signal(doc: Doc, hit: Hit, times: int, *, level: int) -> Signal:
    """A hit as people read it: the phrase in quotation marks and what it means."""
    piece = doc[hit.start : hit.end]
    score = min(0.99, hit.group.score + _MORE * (times - 1))
    reason = f"“{piece.text.strip()}”: {hit.group.say}."
    return Signal(level, round(score, 4), Span(piece.start_char, piece.end_char), reason)
