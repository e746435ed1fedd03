"""Notes how bad it is, whether someone senior is wanted, and whether the client may leave."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

from nlp.components.notes import Batch, Notes, Severity, notes_of
from nlp.components.tokens import word_spans
from nlp.conditions import with_condition
from nlp.encoder.static import FOLDER
from nlp.phrases import Hit, PhraseFinder, load_phrases
from nlp.reading import Signal, Span
from nlp.risk_head import Finding, RiskHead
from nlp.severity_head import SeverityHead

LEAVING = 8
_SURE = (0.8, 0.7)
"""Without words that a person can be shown, departure and escalation are said from this much certainty."""
_MET = re.compile(
    r"(?:spoke|talked|(?:phone )?call|met|meeting|visit|lunch)\s+(?:to|with)\b(?![^.:]*\byour\b)[^.:]{0,80}[.:]?",
    re.IGNORECASE,
)
"""How our own people open a note: whom they met says nothing of what that person wants."""
_SOUNDS = {1: "it annoys them", 2: "it costs them time or work", 4: "it stops their work or harms somebody"}
_QUOTED = 80
"""Characters of a sentence that a reason quotes."""
_UNNAMED = ("sounds like leaving", "asks to go above the usual contact")


@Language.factory("everyclient_signals", default_config={"departure_bar": 0.6, "escalation_bar": 0.6})
class SignalReader:
    """Severity, departure and escalation by heads over phrases and patterns with their scope."""

    def __init__(self, nlp: Language, name: str, *, departure_bar: float, escalation_bar: float) -> None:  # noqa: ARG002
        self.name = name
        self._bars = (departure_bar, escalation_bar)
        self._finder = PhraseFinder(load_phrases(FOLDER.parent / "config" / "phrases.toml"))
        self._head = RiskHead()
        self._severity = SeverityHead()

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
                bar = self._bars[kind] if finding.say is not None else max(_SURE[kind], self._bars[kind])
                if finding.score >= bar and (held is None or finding.score > held[0].score):
                    best[kind] = finding, span
        notes.departure, notes.escalation = (
            None if one is None else self._signal(notes.text, kind, *one) for kind, one in enumerate(best)
        )

    def _signal(self, text: str, kind: int, finding: Finding, sentence: Span) -> Signal:
        """A finding as people read it: the words in quotation marks and what they mean."""
        say = finding.say or _UNNAMED[kind]
        places = word_spans(text[sentence.start : sentence.end])[finding.start : finding.end]
        said = Span(sentence.start + places[0][0], sentence.start + places[-1][1]) if places else sentence
        span = with_condition(text, said, sentence)
        return Signal(1, round(finding.score, 4), span, f"“{text[span.start : span.end].strip()}”: {say}.")

    def _note_severity(self, doc: Doc, notes: Notes) -> None:
        if notes.departure is not None:
            leaving = notes.departure
            notes.severity = Signal(LEAVING, leaving.score, leaving.span, leaving.reason)
            return
        if notes.batch is None:
            return
        margins, plain = self._harms(notes.batch)
        found = plain[notes.first : notes.first + len(notes.segments)]
        hits = self._hits(doc, notes)
        for at, said in hits.items():
            found[at] = self._severity.severity(margins[notes.first + at], said)
        at = max(range(len(found)), key=found.__getitem__)
        if found[at].level:
            notes.severity = signal(doc, notes.text, found[at], notes.segments[at], hits.get(at, ()))

    def _harms(self, batch: Batch) -> tuple[list[list[float]], list[Severity]]:
        if batch.harms is None:
            margins = self._severity.margins(batch.table, batch.features).tolist()
            batch.harms = margins, [self._severity.severity(row) for row in margins]
        return batch.harms

    def _hits(self, doc: Doc, notes: Notes) -> dict[int, list[Hit]]:
        """The phrases of each segment, by its place among the text's."""
        ends = [span.end for span in notes.segments]
        found: dict[int, list[Hit]] = {}
        for hit in self._finder.hits(notes.words):
            start = doc[hit.start].idx
            at = bisect_right(ends, start)
            if at < len(ends) and notes.segments[at].start <= start:
                found.setdefault(at, []).append(hit)
        return found


def signal(doc: Doc, text: str, severity: Severity, sentence: Span, hits: Sequence[Hit]) -> Signal:
    """How bad it is as people read it: a phrase of that level in quotation marks, or else the sentence."""
    said = [hit for hit in hits if hit.group.level == severity.level and not hit.negated and not hit.unreal]
    score = round(severity.score, 4)
    if said:
        piece = doc[said[0].start : said[0].end]
        reason = f"“{piece.text.strip()}”: {said[0].group.say}."
        return Signal(severity.level, score, Span(piece.start_char, piece.end_char), reason)
    words = text[sentence.start : sentence.end].strip()
    return Signal(
        severity.level, score, sentence, f"“{shortened(words)}”: sounds as if {_SOUNDS[severity.level]}."
    )


def shortened(words: str) -> str:
    """The beginning of a long sentence, cut between words."""
    return words if len(words) <= _QUOTED else words[:_QUOTED].rsplit(" ", 1)[0] + " …"
