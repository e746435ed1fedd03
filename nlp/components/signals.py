"""Notes how bad it is, whether someone senior is wanted, and whether the client may leave."""

from collections.abc import Iterable, Iterator

from spacy.language import Language
from spacy.tokens import Doc

from nlp.components.notes import Notes, notes_of
from nlp.encoder.static import FOLDER
from nlp.phrases import Hit, PhraseFinder, load_phrases
from nlp.reading import Signal, Span

LEAVING = 8
_MORE = 0.04
"""Each further phrase of the same kind adds this much certainty."""


@Language.factory("everyclient_signals", default_config={"departure_bar": 0.6, "escalation_bar": 0.6})
class SignalReader:
    """Phrases with their scope: what is negated, mended or said of others does not count."""

    def __init__(self, nlp: Language, name: str, *, departure_bar: float, escalation_bar: float) -> None:  # noqa: ARG002
        self.name = name
        self._bars = {"departure": departure_bar, "escalation": escalation_bar}
        self._finder = PhraseFinder(load_phrases(FOLDER.parent / "config" / "phrases.toml"))

    def __call__(self, doc: Doc) -> Doc:
        notes = notes_of(doc)
        if notes.readable:
            self._note(doc, notes, [hit for hit in self._finder.hits(doc, notes.words) if not hit.unreal])
        return doc

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 256) -> Iterator[Doc]:  # noqa: ARG002 - spaCy's name
        """One doc after the other."""
        return map(self.__call__, stream)

    def _note(self, doc: Doc, notes: Notes, hits: list[Hit]) -> None:
        notes.departure = self._risk(doc, hits, "departure")
        notes.escalation = self._risk(doc, hits, "escalation")
        if notes.departure is not None:
            leaving = notes.departure
            notes.severity = Signal(LEAVING, leaving.score, leaving.span, leaving.reason)
            return
        bad = [hit for hit in hits if hit.group.kind == "severity" and not hit.negated]
        if bad:
            worst = max(bad, key=lambda hit: (hit.group.level, hit.group.score))
            same = [hit for hit in bad if hit.group == worst.group]
            notes.severity = signal(doc, worst, len(same), level=worst.group.level)

    def _risk(self, doc: Doc, hits: list[Hit], kind: str) -> Signal | None:
        found = [hit for hit in hits if hit.group.kind == kind and not hit.negated]
        if not found:
            return None
        best = max(found, key=lambda hit: hit.group.score)
        made = signal(doc, best, len(found), level=1)
        return made if made.score >= self._bars[kind] else None


def signal(doc: Doc, hit: Hit, times: int, *, level: int) -> Signal:
    """A hit as people read it: the phrase in quotation marks and what it means."""
    piece = doc[hit.start : hit.end]
    score = min(0.99, hit.group.score + _MORE * (times - 1))
    reason = f"“{piece.text.strip()}”: {hit.group.say}."
    return Signal(level, round(score, 4), Span(piece.start_char, piece.end_char), reason)
