"""People's words on a reading: said, and taken back. They always win over the machine's.

Taking back deletes the label, so that what stood before it stands again, be it an older label or the
machine's word; the audit row keeps what was deleted, by whom it was said and when. What people's words
say already is not written a second time: taking one word back then always takes back all of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from voc.access.audit import record
from voc.accounts.models import Account
from voc.analysis.merged import merged_themes
from voc.analysis.models import Label, ReadingTheme, Theme
from voc.analysis.queries import label_handle, labels_of
from voc.analysis.rules import NO_THEME, TAKEN, PersonLabel, is_said
from voc.analysis.waiting import theme_said
from voc.core import clock, ids
from voc.core.errors import Conflict, Invalid, NotFound
from voc.db.scope import principal_of
from voc.db.session import ring_later
from voc.intake.models import Comment
from voc.jobs import TRAIN, tell

SEVERITIES = ("1", "2", "4", "8")


def find_comment(session: Session, public_id: str) -> Comment:
    """The comment of this public id, if it is this principal's to see; raises NotFound."""
    comment = session.scalar(select(Comment).where(Comment.public_id == public_id))
    if comment is None:
        raise NotFound
    return comment


def client_of(session: Session, public_id: str) -> str:
    """The name of the client who said this comment; raises NotFound."""
    name = session.scalar(
        select(Account.name)
        .join(Comment, Comment.account_id == Account.id)
        .where(Comment.public_id == public_id)
    )
    if name is None:
        raise NotFound
    return name


def correct_theme(session: Session, public_id: str, *, theme_key: str, holds: bool) -> str | None:
    """Keeps a person's word on whether a comment is about a theme, and gives the label's handle for undo.

    None when people's words say so already, as for the acts below. The key `rules.NO_THEME` says that none of our
    themes fits. Raises NotFound for an unknown comment, Invalid for an unknown theme and Conflict for one that
    went out of use.
    """
    comment = find_comment(session, public_id)
    _check_theme(session, theme_key)
    return _keep(session, comment, "theme", theme_key, holds=holds)


def _check_theme(session: Session, theme_key: str) -> None:
    if theme_key == NO_THEME:
        return
    theme = session.scalar(select(Theme).where(Theme.key == theme_key))
    if theme is None:
        raise Invalid(
            f"There is no theme “{theme_key[:40]}”. Choose one of the list.",
            fields={"theme": "Choose one of the list."},
        )
    if theme.retired_at is not None:
        other = merged_themes(session).get(theme_key)
        now = (
            f"counts as “{other.name}” by now. Choose that one."
            if other
            else "is out of use by now. Choose another."
        )
        raise Conflict(f"“{theme.name}” {now} Nothing was kept, and nothing was learned.")


@dataclass(frozen=True, slots=True)
class Given:
    """What one act on several comments did: `together` undoes it as a whole; None when nothing was changed.

    `settled` counts those of which a person said meanwhile what they are about, `gone` those that are no longer
    this principal's to see: both were left as they are.
    """

    together: str | None
    given: int
    settled: int
    gone: int


def give_theme(session: Session, public_ids: Sequence[str], theme_key: str) -> Given:
    """Keeps a person's word that these comments are about one theme, in one act; each as `correct_theme` does.

    Raises NotFound when none of them is this principal's to see.
    """
    _check_theme(session, theme_key)
    chosen = find_comments(session, public_ids)
    settled = set(session.scalars(select(Comment.id).where(Comment.public_id.in_(public_ids), theme_said())))
    together = ids.new_public_id()
    given = sum(
        _keep(session, one, "theme", theme_key, holds=True, together=together) is not None
        for one in chosen
        if one.id not in settled
    )
    return Given(together if given else None, given, len(chosen) - given, len(set(public_ids)) - len(chosen))


def find_comments(session: Session, public_ids: Sequence[str]) -> list[Comment]:
    """Those of these comments that are this principal's to see, held until the act is stored; NotFound for none."""
    wanted = select(Comment).where(Comment.public_id.in_(list(public_ids))).order_by(Comment.id)
    found = list(session.scalars(wanted.with_for_update(of=Comment)))  # SQLite holds all of itself by then
    if not found:
        raise NotFound
    return found


def take_back_all(session: Session, together: str) -> int:
    """Deletes the labels of one act on several comments that still stand; gives how many did."""
    its_own = (Comment.account_id == Label.account_id) & (Comment.id == Label.comment_id)
    rows = session.execute(
        select(Label, Comment).join(Comment, its_own).where(Label.together == together)
    ).all()
    for label, comment in rows:
        _take_back(session, comment, label)
    return len(rows)


def correct_severity(session: Session, public_id: str, level: str) -> str | None:
    """Keeps a person's word on how bad it is (1, 2, 4 or 8), and gives the label's handle for undo."""
    comment = find_comment(session, public_id)
    if level not in SEVERITIES:
        raise Invalid(
            f"“{level[:20]}” is none of 1, 2, 4, 8.", fields={"severity": "Choose one of the four."}
        )
    return _keep(session, comment, "severity", level, holds=True)


def settle_risk(
    session: Session, public_id: str, kind: str, *, holds: bool, taken: bool = False
) -> str | None:
    """Keeps a person's word on escalation or departure, and gives the label's handle for undo.

    `taken` says that a person looks after it, whoever said that it is so. What the client declared cannot be denied here: raises Invalid then.
    """
    comment = find_comment(session, public_id)
    if not holds and is_declared(comment, kind):
        raise Invalid("The client said so, and that stands. You can pass it on, or talk with the client.")
    return _keep(session, comment, kind, TAKEN if taken else "", holds=holds or taken)


def is_declared(comment: Comment, kind: str) -> bool:
    """Whether the client (or our person for the client) declared the escalation or departure."""
    if kind == "escalation":
        return comment.wants_senior or comment.kind == "escalation"
    return comment.kind == "termination"


def take_back(session: Session, public_id: str, handle: str) -> str | None:
    """Deletes one label, so that what stood before it stands again; does nothing when it is gone already.

    Gives the name of who else said the same, so that it stands all the same; None where nobody did.
    """
    comment = find_comment(session, public_id)
    labels = session.scalars(
        select(Label).where(Label.account_id == comment.account_id, Label.comment_id == comment.id)
    )
    gone = next((label for label in labels if label_handle(label.id) == handle), None)
    if gone is None:
        return None
    _take_back(session, comment, gone)
    return _said_by(session, comment, PersonLabel(gone.kind, gone.value, "", gone.holds, "", gone.at, ""))


def _take_back(session: Session, comment: Comment, gone: Label) -> None:
    session.delete(gone)
    _pass_on(session, comment, gone.kind)
    record(
        session, "comment.take_back", f"comment {comment.public_id}", kind=gone.kind, value=gone.value,
        holds=gone.holds, said_by=gone.by_id, said_at=gone.at.isoformat(),
    )  # fmt: skip
    session.flush()


def _said_by(session: Session, comment: Comment, wanted: PersonLabel) -> str | None:
    """Who says `wanted` already, the newest of them; None when nobody does."""
    key = (comment.account_id, comment.id)
    said = labels_of(session, [key]).get(key, [])
    if not is_said(said, wanted, merged_themes(session)):
        return None
    same = [label.by for label in said if (label.kind, label.holds) == (wanted.kind, wanted.holds)]
    return same[-1]


def _pass_on(session: Session, comment: Comment, kind: str) -> None:
    """A word on a theme teaches; one on how bad it is, or on risk, counts at once where the comment counts."""
    session.flush()
    if kind == "theme":
        ring_later(session, TRAIN)
    else:
        tell(session, "comments_changed", [(comment.account_id, comment.id)])


def _machine_says(session: Session, comment: Comment) -> list[str]:
    """The themes the machine shows now: what a person who corrects one of them leaves as it stands."""
    rows = session.scalars(
        select(Theme.key)
        .join(ReadingTheme, ReadingTheme.theme_id == Theme.id)
        .where(ReadingTheme.account_id == comment.account_id, ReadingTheme.comment_id == comment.id)
        .order_by(Theme.key)
    )
    return list(rows)


def theme_name(session: Session, key: str) -> str:
    """The theme's name for the notice after a correction."""
    return session.scalar(select(Theme.name).where(Theme.key == key)) or "no theme"


def _keep(
    session: Session, comment: Comment, kind: str, value: str, *, holds: bool, together: str | None = None
) -> str | None:
    principal = principal_of(session)
    if principal.user_id is None:
        raise Invalid("Only a signed-in person can correct a reading.")
    if _said_by(session, comment, PersonLabel(kind, value, "", holds, "", clock.now(), "")) is not None:
        return None
    label = Label(
        account_id=comment.account_id,
        id=ids.new_id(),
        comment_id=comment.id,
        kind=kind,
        value=value,
        holds=holds,
        machine_said=_machine_says(session, comment) if kind == "theme" else None,
        by_id=principal.user_id,
        at=clock.now(),
        together=together,
    )
    session.add(label)
    raised = kind in {"escalation", "departure"} and holds and value != TAKEN
    act = "comment.raise" if raised else f"comment.{kind}"
    record(session, act, f"comment {comment.public_id}", value=value, holds=holds)
    session.flush()
    _pass_on(session, comment, kind)
    return label_handle(label.id)
