"""Two people who write about one theme at once: what each changed, side by side, so that neither is lost."""

from dataclasses import dataclass

from voc.analysis.themes.state import ThemeState
from voc.analysis.themes.wishes import Describe


@dataclass(frozen=True, slots=True)
class WordChange:
    """One thing that was, or would be, written otherwise; None where it was not there, or is not any more."""

    what: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """What others changed of a theme while somebody wrote; `by` names them."""

    by: tuple[str, ...]
    changes: tuple[WordChange, ...]


def word_changes(before: ThemeState, after: ThemeState) -> tuple[WordChange, ...]:
    """What differs in the words that people gave a theme, in the order of its form."""
    found = []
    if before.name != after.name:
        found.append(WordChange("Name", before.name, after.name))
    if before.description != after.description:
        found.append(WordChange("What it is about", before.description or None, after.description or None))
    found += [WordChange("Sentence", one, None) for one in before.examples if one not in after.examples]
    found += [WordChange("Sentence", None, one) for one in after.examples if one not in before.examples]
    gone = len([one for one in before.taught_by if one not in after.taught_by])
    new = len([one for one in after.taught_by if one not in before.taught_by])
    if gone:
        found.append(WordChange("Clients’ words that teach it", _comments(gone), None))
    if new:
        found.append(WordChange("Clients’ words that teach it", None, _comments(new)))
    return tuple(found)


def _comments(number: int) -> str:
    return "the words of 1 comment" if number == 1 else f"the words of {number} comments"


def met(opened: ThemeState, now: ThemeState, mine: Describe) -> Describe:
    """`mine`, written on the theme as `opened`, with what others did since.

    Where I changed nothing their words stand, sentences of both stand, and what either took out is out.
    """
    kept = [one for one in mine.examples if one in now.examples or one not in opened.examples]
    theirs = [one for one in now.examples if one not in opened.examples and one not in kept]
    return Describe(
        mine.key,
        now.name if mine.name == opened.name else mine.name,
        now.description if mine.description == opened.description else mine.description,
        (*kept, *theirs),
        mine.forgets,
    )
