"""One comment as its page shows it: the client's words, the reading, and what a person may do."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from voc.access.models import User
from voc.access.rules import Sight, sight_of_words
from voc.accounts.models import Account, Contact
from voc.accounts.names import known_names
from voc.analysis import queries
from voc.analysis.evidence import Evidence, Told, Words, numbered, told_of
from voc.analysis.labels import is_declared
from voc.analysis.queries import FirstShown, ReadingShown, ThemeAge
from voc.analysis.risks import Risk, risks_of
from voc.analysis.rules import (
    NO_THEME,
    TAKEN,
    PersonLabel,
    SignalShown,
    ThemeShown,
    is_none_fitting,
    newest_risk,
)
from voc.analysis.say import CHANNELS, KINDS, SEVERITY
from voc.core.errors import NotFound
from voc.core.names import NO_NAMES, Names
from voc.core.principal import Principal
from voc.core.text import Masked, mask, masked
from voc.db.work import Work
from voc.intake.models import Comment

_Spanned = TypeVar("_Spanned", ThemeShown, SignalShown)
THEME_KEYS = "1234567890qertziph"  # keys of the theme buttons; the letters left out belong to other acts


@dataclass(frozen=True, slots=True)
class Sender:
    """Who said it; `known_as` is the contact whose address an unconfirmed sender typed, if there is one.

    `is_hidden`: we know who it is, and the name is masked for whoever reads this.
    """

    name: str | None
    role: str | None
    noted_by: str | None
    confirmed: bool
    typed_name: str | None
    typed_email: str | None
    known_as: str | None
    is_hidden: bool = False


NOBODY = Sender(None, None, None, confirmed=True, typed_name=None, typed_email=None, known_as=None)


@dataclass(frozen=True, slots=True)
class Toggle:
    """One theme to say yes or no to with one key; `letter` is empty when keys ran out, `above` for an upper one."""

    letter: str
    key: str
    name: str
    above: str
    description: str
    holds: bool
    by_person: bool


@dataclass(frozen=True, slots=True)
class Stuck:
    """Why the machine could not read it."""

    tries: int
    error: str | None


@dataclass(frozen=True, slots=True)
class CommentShown:
    """All that the page of one comment says. `text` is masked when `is_masked`; `evidence` marks its words."""

    account_id: int
    comment_id: int
    public_id: str
    account: str
    account_public_id: str
    sender: Sender
    said_at: datetime
    received_at: datetime
    channel: str
    kind: str
    text: str
    evidence: Evidence
    is_masked: bool
    may_unmask: bool
    touches: str | None
    would_solve: str | None
    hurt: int | None
    wants_senior: bool
    gave_notice: bool
    may_ask_others: bool
    reading: ReadingShown | None
    first: FirstShown | None
    stuck: Stuck | None
    toggles: tuple[Toggle, ...]
    may_label: bool

    def has_said(self, kind: str) -> bool:
        """Whether a person said anything on theme, severity, escalation or departure."""
        return any(label.kind == kind for label in self._labels)

    @property
    def _labels(self) -> tuple[PersonLabel, ...]:
        return self.reading.labels if self.reading else ()

    @property
    def none_fits(self) -> bool:
        """Whether a person said that none of our themes fits, and nobody gave one since."""
        return self.reading is not None and not self.reading.themes and is_none_fitting(self._labels)

    @property
    def denied(self) -> tuple[str, ...]:
        """The names of the themes that people said it is not about."""
        newest = {label.value: label for label in self._labels if label.kind == "theme" and label.value}
        return tuple(label.name for label in newest.values() if not label.holds)

    @property
    def risks(self) -> tuple[Risk, Risk]:
        """Someone senior, and leaving: what stands, and what is asked of a person."""
        return risks_of(self.reading, wants_senior=self.wants_senior, gave_notice=self.gave_notice)

    @property
    def first_words(self) -> str:
        """The machine's first answer in words; empty when there is none."""
        if self.first is None:
            return ""
        if not self.first.read_by_machine:
            return "not read by machine"
        themes = [name for name, _ in self.first.themes] or ["unsure of the theme"]
        level = [f"it {SEVERITY[self.first.severity]}"] if self.first.severity else []
        risks = [words for words, on in _risks(self.first) if on]
        return ", ".join([*themes, *level, *risks])


def _risks(first: FirstShown) -> tuple[tuple[str, bool], ...]:
    return ("someone senior wanted", first.escalation), ("may leave", first.departure)


def comment_shown(
    session: Session, principal: Principal, public_id: str, *, as_others: bool = False
) -> CommentShown:
    """The comment as `principal` may see it, or as others would (`as_others`); raises NotFound."""
    comment, account, contact = _find(session, public_id)
    key = (comment.account_id, comment.id)
    reading = queries.readings(session, [key]).get(key)
    for_leaders = comment.wants_senior or _is_raised(reading)
    sight = sight_of_words(principal, comment.kind, wants_senior=for_leaders)
    if sight is Sight.CLOSED:
        raise NotFound
    if as_others and reading is not None:
        reading = _for_others(reading)
    is_masked = as_others or sight is Sight.MASKED
    names = known_names(session) if is_masked else NO_NAMES

    def shown(words: str | None) -> str | None:
        return mask(words, (), names) if is_masked and words else words

    text, reading = _masked(comment.text, reading, names) if is_masked else (comment.text, reading)
    hidden = () if is_masked or not reading else tuple((one.start, one.end) for one in reading.masks)
    told = () if as_others else told_of(session, principal, Words(*key, text, hidden))
    return CommentShown(
        account_id=account.id,
        comment_id=comment.id,
        public_id=public_id,
        account="another client" if as_others else account.name,
        account_public_id=account.public_id,
        sender=_sender(session, comment, contact, is_masked=is_masked, as_others=as_others),
        said_at=comment.said_at,
        received_at=comment.received_at,
        channel=CHANNELS[comment.channel],
        kind=KINDS[comment.kind],
        text=text,
        evidence=_evidence(text, None if as_others else reading, told),
        is_masked=is_masked,
        may_unmask=sight is Sight.OPEN and not as_others,
        touches=shown(comment.touches),
        would_solve=shown(comment.would_solve),
        hurt=comment.hurt,
        wants_senior=is_declared(comment, "escalation"),
        gave_notice=is_declared(comment, "departure"),
        may_ask_others=comment.may_ask_others,
        reading=reading,
        first=None if as_others else queries.first_reading(session, key),
        stuck=None if as_others else _stuck(session, comment),
        toggles=() if as_others else _toggles(session, reading),
        may_label=principal.may("comment:label") and not as_others,
    )


def _is_raised(reading: ReadingShown | None) -> bool:
    """Whether our people sent it to leadership."""
    newest = [newest_risk(reading.labels, kind) for kind in ("escalation", "departure")] if reading else []
    return any(label is not None and label.holds for label in newest)


def _find(session: Session, public_id: str) -> tuple[Comment, Account, Contact | None]:
    row = session.execute(
        select(Comment, Account, Contact)
        .join(Account, Account.id == Comment.account_id)
        .outerjoin(Contact, (Contact.account_id == Comment.account_id) & (Contact.id == Comment.contact_id))
        .where(Comment.public_id == public_id)
    ).first()
    if row is None:
        raise NotFound
    comment, account, contact = row
    return comment, account, contact


def _masked(text: str, reading: ReadingShown | None, names: Names) -> tuple[str, ReadingShown | None]:
    """The masked words, and the reading with its spans where they stand in them."""
    hiding = masked(text, reading.masks if reading else (), names)
    return hiding.text, reading and _moved(reading, hiding)


def _moved(reading: ReadingShown, hiding: Masked) -> ReadingShown:
    """The same reading with its spans where they stand in the masked words."""
    signals = {
        name: _put(signal, hiding)
        for name in ("severity", "escalation", "departure")
        if (signal := getattr(reading, name)) is not None
    }
    return replace(reading, **signals, themes=tuple(_put(theme, hiding) for theme in reading.themes))


def _put(one: _Spanned, hiding: Masked) -> _Spanned:
    if one.starts_at is None or one.ends_at is None:
        return one
    start, end = hiding.place(one.starts_at, one.ends_at)
    return replace(one, starts_at=start, ends_at=end)


def _for_others(reading: ReadingShown) -> ReadingShown:
    """What the machine and people found, without who said so and without their words."""
    silent = {
        name: replace(signal, reason="")
        for name in ("severity", "escalation", "departure")
        if (signal := getattr(reading, name)) is not None
    }
    themes = tuple(replace(theme, reason="", by_person=False) for theme in reading.themes)
    return replace(reading, **silent, themes=themes, labels=())


def _nobody(comment: Comment, contact: Contact | None) -> Sender:
    """Nothing of who said it, but whether we know."""
    return replace(NOBODY, is_hidden=contact is not None or bool(comment.sender_name))


def _sender(
    session: Session, comment: Comment, contact: Contact | None, *, is_masked: bool, as_others: bool
) -> Sender:
    if as_others:
        return _nobody(comment, contact)
    noted_by = session.get(User, comment.noted_by_id) if comment.noted_by_id else None
    if is_masked:
        role = contact.role if contact else None
        return replace(_nobody(comment, contact), role=role, confirmed=comment.sender_confirmed)
    return Sender(
        name=contact.name if contact else None,
        role=contact.role if contact else None,
        noted_by=noted_by.name if noted_by else None,
        confirmed=comment.sender_confirmed,
        typed_name=comment.sender_name,
        typed_email=comment.sender_email,
        known_as=_known_as(session, comment),
    )


def _known_as(session: Session, comment: Comment) -> str | None:
    if comment.sender_confirmed or not comment.sender_email:
        return None
    email = comment.sender_email.strip().casefold()
    return session.scalar(
        select(Contact.name).where(Contact.account_id == comment.account_id, Contact.email_key == email)
    )


def _evidence(text: str, reading: ReadingShown | None, told: Sequence[Told]) -> Evidence:
    """The words that speak for a theme that holds, and for what the machine proposes: each has its reason below."""
    if reading is None:
        return numbered((), len(text), told)
    spans = [(theme.starts_at, theme.ends_at, f"{theme.name}: {theme.reason}") for theme in reading.themes]
    signals = (reading.severity, reading.escalation, reading.departure)
    spans += [(one.starts_at, one.ends_at, one.reason) for one in signals if one and one.is_proposal]
    return numbered(spans, len(text), told)


def _stuck(session: Session, comment: Comment) -> Stuck | None:
    row = session.scalar(
        select(Work).where(
            Work.account_id == comment.account_id, Work.comment_id == comment.id, Work.set_aside
        )
    )
    return Stuck(row.tries, row.error) if row else None


def _toggles(session: Session, reading: ReadingShown | None) -> tuple[Toggle, ...]:
    held = {theme.key: theme for theme in reading.themes} if reading else {}
    choices = queries.theme_choices(session)
    letters = letters_of(queries.theme_ages(session))
    names = {choice.key: choice.name for choice in choices}
    return tuple(
        Toggle(
            letters.get(choice.key, ""),
            choice.key,
            choice.name,
            names.get(choice.parent or "", ""),
            choice.description,
            choice.key in held,
            choice.key in held and held[choice.key].by_person,
        )
        for choice in choices
    )


def letters_of(ages: Sequence[ThemeAge]) -> dict[str, str]:
    """The key of each theme by its own key, oldest first: a theme keeps it, in use or not.

    Where no key is free any more, a new one takes that of the theme that was out of use the longest.
    """
    taken = {one.key: letter for one, letter in zip(ages, THEME_KEYS, strict=False)}
    for one in ages[len(THEME_KEYS) :]:
        gone = [
            other
            for other in ages
            if other.key in taken and other.retired_at and other.retired_at <= one.created_at
        ]
        if gone:
            longest = min(gone, key=lambda other: other.retired_at or other.created_at)
            taken[one.key] = taken.pop(longest.key)
    return taken


def label_words(label: PersonLabel) -> str:
    """What a person said of a comment: "it is about Price and value"."""
    if label.kind == "theme":
        if label.value == NO_THEME:
            return "none of our themes fits"
        gone = ", which is out of use" if label.is_out_of_use else ""
        return f"it is {'about' if label.holds else 'not about'} {label.name}{gone}"
    if label.kind == "severity":
        return f"it {SEVERITY[int(label.value)]}"
    if label.value == TAKEN:
        return "somebody has taken it on"
    if label.kind == "escalation":
        return "someone senior should see it" if label.holds else "nobody senior needs to see it"
    return "the client may leave" if label.holds else "the client is not leaving"
