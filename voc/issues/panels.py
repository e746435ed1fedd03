"""What issues add to the pages of earlier stages: where a comment stands, and what waits to be looked at."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from voc.core.principal import Principal
from voc.issues import pages, ungrouped
from voc.issues.curate import find_comment
from voc.issues.pages import Choice, Why
from voc.issues.ties.showing import about
from voc.issues.ungrouped import Suggested
from voc.web.owed import add_done
from voc.web.panels import Rendered, panel


@dataclass(frozen=True, slots=True)
class Standing:
    """One issue a comment stands in, and why."""

    issue: Choice
    by_person: bool
    why: Why

    @property
    def about(self) -> str:
        """Where the evidence of the comment's words keeps what ties it to this issue."""
        return about(self.issue.public_id)


@dataclass(frozen=True, slots=True)
class MatchShown:
    """Where a comment stands, and where it could go."""

    comment: str
    standing: tuple[Standing, ...]
    others: tuple[Choice, ...]
    may_change: bool
    why_loose: str
    suggested: tuple[Suggested, ...]

    @property
    def choices(self) -> list[tuple[str, str]]:
        """The issues as (value, words) for a select."""
        return [(one.public_id, one.name) for one in self.others]


add_done("comment.place", "comment put with an issue", "comments put with an issue")
add_done("comment.no_problem", "comment said to be no problem", "comments said to be no problem")


@panel("comment", order=20, permission="issue:list")
def match_of_comment(session: Session, principal: Principal, *, comment: str) -> Rendered:
    """The issue this comment stands with, the reason, and a way to put it elsewhere."""
    found = find_comment(session, comment)
    standing = tuple(
        Standing(choice, match.state == "confirmed", why)
        for choice, match, why in pages.issues_of(session, found)
    )
    why, suggested = ("", ()) if standing else ungrouped.why_of(session, found)
    others, may_change = pages.other_issues(session, None), principal.may("match:change")
    return Rendered("issues/_match.html", MatchShown(comment, standing, others, may_change, why, suggested))
