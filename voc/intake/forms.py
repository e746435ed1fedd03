"""What people type into intake's forms: sent fields in, a frozen dataclass or words beside each field out."""

import re
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from urllib.parse import unquote_to_bytes, urlencode

from flask import Request

from voc.core.errors import Invalid
from voc.core.text import clean_optional, clean_text, fingerprint, without_control
from voc.intake.rules import HOW, HURT, NOTED

CONTENT_TYPE = "application/x-www-form-urlencoded; charset=utf-8"
_OURS = frozenset({"csrf_token", "nonce"})  # fields that nobody types
_SAID = frozenset(
    {"text", "hurt", "touches", "would_solve", "wants_senior", "may_ask_others", "hide_from", "hide_name"}
)
_FROM_CLIENT = _SAID | _OURS | {"account"}
_FROM_LINK = (_SAID - {"hide_from"}) | _OURS | {"name", "email"}
_NOTE = _OURS | {"client", "person", "text", "said_on", "how", "kind"}
_KNOWN_SENDER = frozenset({"csrf_token", "who", "name", "email", "role"})
_NAME_LIMIT = 200
_NONCE = re.compile(r"[\w-]{20,100}", re.ASCII)
_EMAIL = re.compile(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]+\.[^@\s,;<>\"]{2,}")
_EMAIL_LIMIT = 254
_NO_UTF8 = "Some characters did not arrive as text. Please type them again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What somebody says in the box, with the optional lines; `nonce` is the form's own number."""

    text: str
    hurt: int | None
    touches: str | None
    would_solve: str | None
    wants_senior: bool
    may_ask_others: bool
    hide_from: str | None
    hide_name: str | None
    account: str | None = None
    name: str | None = None
    email: str | None = None
    nonce: str | None = None

    def key(self) -> str | None:
        """What makes the same form sent twice one comment; None for a form without its number."""
        if self.nonce is None:
            return None
        return f"{self.nonce}:{fingerprint(repr(sorted(asdict(self).items())))}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """What one of our people heard a client say."""

    client: str
    person: str | None
    text: str
    said_on: date
    how: str
    kind: str
    nonce: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who an unconfirmed sender is: a contact's public id, or a new person's name."""

    contact: str | None
    name: str | None = None
    email: str | None = None
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """One form as it was sent; collects what cannot be used, field by field."""

    values: Mapping[str, str]
    errors: dict[str, str] = field(default_factory=dict)

    def text(self, name: str, *, limit: int | None = None) -> str:
        """The words of a field that must be filled in; "" when they cannot be used."""
        try:
            typed = self.values.get(name, "")
            return clean_text(typed, name) if limit is None else clean_text(typed, name, limit=limit)
        except Invalid as error:
            self.errors.update(error.fields)
            return ""

    def optional(self, name: str, *, limit: int = 1_000) -> str | None:
        """The words of a field that may be empty."""
        try:
            return clean_optional(self.values.get(name), name, limit=limit)
        except Invalid as error:
            self.errors.update(error.fields)
            return None

    def one_of(self, name: str, options: Collection[str]) -> str | None:
        """The chosen option; None when nothing was chosen."""
        chosen = self.values.get(name, "")
        if chosen and chosen not in options:
            self.errors[name] = "Please choose one of these."
            return None
        return chosen or None

    def ticked(self, name: str) -> bool:
        """Whether a tick was set."""
        return self.one_of(name, {"1"}) is not None

    def email(self, name: str) -> str:
        """An e-mail address that could exist."""
        typed = self.text(name, limit=_EMAIL_LIMIT).strip()
        if typed and not _EMAIL.fullmatch(typed):
            self.errors[name] = "This does not look like an e-mail address, such as name@company.com."
        return typed

    def check(self) -> None:
        """Raises Invalid with all that was collected."""
        if self.errors:
            raise Invalid(" ".join(self.errors.values()), fields=self.errors)


def sent(request: Request) -> Sent:
    """The request's fields; line ends are one character, as they were typed, and what no keyboard makes is left out.

    A paste brings marks along that nobody sees: whoever writes to us is not asked about them.
    """
    _check_utf8(request)
    return Sent({name: without_control(value.replace("\r\n", "\n")) for name, value in request.form.items()})


def as_typed(request: Request) -> dict[str, str]:
    """What stood in the form, to show it again."""
    return {name: value for name, value in request.form.items() if name not in _OURS}


def raw_body(form: Sent) -> bytes:
    """The fields as they came, without those that nobody types; kept before anything is made of them."""
    return urlencode([(name, value) for name, value in form.values.items() if name not in _OURS]).encode()


def client_said(form: Sent) -> Said:
    """What a signed-in client says; Invalid naming each field that cannot be used."""
    return _said(form, _FROM_CLIENT)


def stranger_said(form: Sent) -> Said:
    """What somebody says by an account's public link, with their name and address."""
    return _said(form, _FROM_LINK)


def noted(form: Sent, today: date) -> Noted:
    """What one of our people heard; Invalid naming each field that cannot be used."""
    _refuse_unknown(form, _NOTE)
    found = Noted(
        client=form.text("client", limit=_NAME_LIMIT),
        person=form.optional("person", limit=_NAME_LIMIT),
        text=form.text("text"),
        said_on=_day(form, "said_on", today),
        how=form.one_of("how", HOW) or "call",
        kind=form.one_of("kind", NOTED) or "comment",
        nonce=_nonce(form),
    )
    form.check()
    return found


def known_sender(form: Sent) -> Sender:
    """Whom we know the sender as; Invalid naming each field that cannot be used."""
    _refuse_unknown(form, _KNOWN_SENDER)
    who = form.text("who", limit=_NAME_LIMIT)
    if who and who != "new":
        form.check()
        return Sender(contact=who)
    email = form.email("email") if form.values.get("email", "").strip() else None
    found = Sender(
        contact=None, name=form.text("name", limit=_NAME_LIMIT), email=email,
        role=form.optional("role", limit=_NAME_LIMIT),
    )  # fmt: skip
    form.check()
    return found


def _said(form: Sent, known: frozenset[str]) -> Said:
    _refuse_unknown(form, known)
    hurt = form.one_of("hurt", [str(key) for key in HURT])
    by_link = "email" in known
    hide_from, hide_name = form.optional("hide_from"), form.optional("hide_name", limit=_NAME_LIMIT)
    if hide_from and hide_name:
        form.errors["hide_name"] = "Choose a name above or type one here, not both."
    found = Said(
        text=form.text("text"),
        hurt=int(hurt) if hurt else None,
        touches=form.optional("touches"),
        would_solve=form.optional("would_solve", limit=2_000),
        wants_senior=form.ticked("wants_senior"),
        may_ask_others=form.ticked("may_ask_others"),
        hide_from=hide_from,
        hide_name=hide_name,
        account=form.optional("account"),
        name=form.text("name", limit=_NAME_LIMIT) if by_link else None,
        email=form.email("email") if by_link else None,
        nonce=_nonce(form),
    )
    form.check()
    return found


def _check_utf8(request: Request) -> None:
    if request.mimetype != "application/x-www-form-urlencoded":
        return
    try:
        unquote_to_bytes(request.get_data().replace(b"+", b" ")).decode()
    except UnicodeDecodeError as error:
        raise Invalid(_NO_UTF8, fields={"text": _NO_UTF8}, code="character_not_allowed") from error


def _refuse_unknown(form: Sent, known: frozenset[str]) -> None:
    unknown = sorted(set(form.values) - known)
    if unknown:
        words = f"This form has no field “{unknown[0][:50]}”. Reload the page and send it again."
        raise Invalid(words, fields={"text": words}, code="unknown_field")


def _nonce(form: Sent) -> str | None:
    found = form.values.get("nonce", "")
    return found if _NONCE.fullmatch(found) else None


def _day(form: Sent, name: str, today: date) -> date:
    typed = form.values.get(name, "")
    try:
        day = date.fromisoformat(typed) if typed else today
    except ValueError:
        form.errors[name] = "Please give a day such as 2026-05-04."
        return today
    if day > today or day.year < today.year - 10:
        form.errors[name] = "Please give a day that has been, within the last ten years."
    return day
