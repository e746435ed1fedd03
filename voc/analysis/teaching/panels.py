"""What the pages of themes say of learning and of reading again."""

from sqlalchemy.orm import Session

from voc.analysis.teaching.queries import learning, reading_again
from voc.analysis.teaching.taught import taught
from voc.core.principal import Principal
from voc.web.panels import Rendered, panel


@panel("themes", order=10, permission="theme:list")
def learned(session: Session, principal: Principal) -> Rendered:
    """What each theme learned from people, and how often it is right."""
    del principal
    return Rendered("analysis/_learned.html", learning(session))


@panel("themes", order=20, permission="theme:list")
def again(session: Session, principal: Principal) -> Rendered:
    """What is read again."""
    shown = reading_again(session, may_start=principal.may("theme:change"))
    return Rendered("analysis/_rereading.html", shown)


@panel("comment", order=5, permission="theme:list")
def comment_taught(session: Session, principal: Principal, *, comment: str) -> Rendered | None:
    """What became of people's words on the themes of one comment."""
    del principal
    found = taught(session, comment)
    return Rendered("analysis/_taught.html", found) if found else None


@panel("theme", order=10, permission="theme:list")
def theme_learned(session: Session, principal: Principal, *, theme: str) -> Rendered:
    """What one theme learned."""
    del principal
    return Rendered("analysis/_theme_learned.html", learning(session, key=theme))
