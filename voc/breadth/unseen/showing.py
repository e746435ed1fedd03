"""One issue that nobody has looked at as a lead answers it, on the page of the line and on that of today."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from voc.analysis.say import SEVERITY
from voc.breadth.seen import is_issue_seen
from voc.issues import forms
from voc.issues.forms import Wrong
from voc.issues.looking.queries import Looked, looked
from voc.issues.models import Issue
from voc.issues.pages import Choice
from voc.issues.proposals.queries import merge_beside


@dataclass(frozen=True, slots=True)
class ToLookAt:
    """The question with all it rests on; `beside` is the issue it may be the same as; `is_open`: nobody answered yet."""

    looked: Looked | None
    beside: Choice | None
    reason: str
    wrong: Wrong = forms.NOTHING_WRONG

    @property
    def worst(self) -> str:
        """How bad the worst comment is, in a sentence; empty where that is not known."""
        level = self.looked.sides.worst if self.looked else None
        return f"The worst of it {SEVERITY[level]}." if level else ""

    @property
    def yes_does(self) -> str:
        """What a yes does beyond the name."""
        read = len(self.looked.told) if self.looked else 0
        if self.looked is None or not read:
            return "Yes: the name stands as a person’s."
        told = "the comment" if read == 1 else f"the {read} comments"
        others = self.looked.sides.comments - read
        rest = "the other one stays" if others == 1 else f"the other {others} stay"
        stay = (
            f"; {rest} unconfirmed until somebody reads {'it' if others == 1 else 'them'}" if others else ""
        )
        begins = "Yes: the name stands as a person’s, and"
        return (
            f"{begins} {told} under “What says most” {'counts' if read == 1 else 'count'} as confirmed{stay}."
        )


def to_look_at(session: Session, issue: Issue, wrong: Wrong = forms.NOTHING_WRONG) -> ToLookAt:
    """The question about this issue; without anything to look at where somebody answered it."""
    if is_issue_seen(session, issue):
        return ToLookAt(None, None, "")
    shown = looked(session, issue)
    if not shown.sides.comments:
        return ToLookAt(None, None, "")
    beside = merge_beside(session, issue)
    return ToLookAt(shown, beside[0] if beside else None, beside[1] if beside else "", wrong)
