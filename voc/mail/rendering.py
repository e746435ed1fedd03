"""Turns a delivery into a mail: words from our templates, what was filled in, and headers of our own making."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from email.utils import format_datetime
from functools import cache

from jinja2 import Environment, FileSystemLoader, select_autoescape
from sqlalchemy import select
from sqlalchemy.orm import Session

from voc.core import clock
from voc.core.config import Settings
from voc.core.errors import NotFound
from voc.core.paths import templates_folder
from voc.mail import tokens
from voc.mail.addresses import wire_form
from voc.mail.headers import one_line, plain_line, plain_lines
from voc.mail.links import STOP_ASKING, address_of
from voc.mail.models import Delivery, Link
from voc.mail.texts import Standard
from voc.mail.wanted import QUESTIONS, NewMail
from voc.mail.wire import header_words, named, write_message
from voc.web import context
from voc.web.words import FILTERS

_NO_LINK_YET = "a" * 26
_OF_MANY_LINES = frozenset({"words", "cause", "action", "quote"})  # what our people wrote as they wrote it
_LINE_LENGTH = 1_000


@dataclass(frozen=True, slots=True)
class Rendered:
    """What the person will read."""

    to: str | None
    sender: str
    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One claimed delivery with all that its mail is made of."""

    account_id: int
    delivery_id: int
    public_id: str
    message_id: str
    to: str | None
    template: str
    filled: Mapping[str, object]
    link_purpose: str | None = None
    link_public_id: str | None = None
    shows_links: bool = True

    @property
    def key(self) -> tuple[int, int]:
        """The row's primary key."""
        return self.account_id, self.delivery_id


@dataclass(frozen=True, slots=True)
class Mail:
    """A finished mail for the sender port: `body` is the whole message, headers first."""

    account_id: int
    delivery_id: int
    message_id: str
    sender: str
    to: str
    body: bytes


def preview(session: Session, mail: int | Delivery | NewMail, settings: Settings | None = None) -> Rendered:
    """What would leave, word by word, by a delivery, its id, or a mail that is not in line yet.

    Its links end in “…”: they are the person's own, and whoever holds one answers in that person's name.
    """
    settings = settings or context.settings()
    if isinstance(mail, NewMail):
        return render(_as_outgoing(mail), settings)
    row = mail if isinstance(mail, Delivery) else session.scalar(select(Delivery).where(Delivery.id == mail))
    if row is None:
        raise NotFound
    link = session.scalar(select(Link).where(Link.account_id == row.account_id, Link.id == row.link_id))
    return render(replace(outgoing_of(row, link), shows_links=False), settings)


def sample(standard: Standard, settings: Settings) -> Rendered:
    """A standard mail with made-up names in it, for the administrator to read."""
    mail = Outgoing(
        account_id=0, delivery_id=0, public_id=_NO_LINK_YET, message_id=_NO_LINK_YET, to="ines@clinic.example",
        template=standard.name, filled=standard.sample, link_purpose=standard.link, link_public_id=_NO_LINK_YET,
        shows_links=False,
    )  # fmt: skip
    return render(mail, settings)


def outgoing_of(row: Delivery, link: Link | None) -> Outgoing:
    """The delivery as plain values."""
    return Outgoing(
        account_id=row.account_id, delivery_id=row.id, public_id=row.public_id, message_id=row.message_id,
        to=row.sent_to, template=row.template, filled=row.filled, link_purpose=link.purpose if link else None,
        link_public_id=link.public_id if link else None,
    )  # fmt: skip


def _as_outgoing(mail: NewMail) -> Outgoing:
    return Outgoing(
        account_id=mail.account_id, delivery_id=0, public_id=_NO_LINK_YET, message_id=_NO_LINK_YET,
        to=(mail.email or "").strip() or None, template=mail.template, filled=mail.filled,
        link_purpose=mail.link.purpose if mail.link else None, link_public_id=_NO_LINK_YET if mail.link else None,
        shows_links=False,
    )  # fmt: skip


def render(mail: Outgoing, settings: Settings) -> Rendered:
    """The words of one mail. What people wrote is filled in as plain values, never read as a template."""
    filled = {name: _plain(name, value) for name, value in mail.filled.items()} | _ours(mail, settings)
    subject, text, html = (
        _environment().get_template(f"email/{mail.template}/{part}").render(filled)
        for part in ("subject.txt", "body.txt", "body.html")
    )
    return Rendered(mail.to, _sender_words(mail, settings), one_line(subject), f"{text.strip()}\n", html)


def _plain(name: str, value: object) -> object:
    if not isinstance(value, str):
        return value
    return plain_lines(value) if name in _OF_MANY_LINES else plain_line(value, _LINE_LENGTH)


def compose(mail: Outgoing, settings: Settings) -> Mail:
    """The finished mail, the same at every try but for its date; ValueError for an address no server takes."""
    to = wire_form(mail.to or "")
    if to is None:
        raise ValueError(f"“{mail.to}” is not an address")
    words, sender = render(mail, settings), tokens.our_address(settings)
    headers = [
        ("Message-ID", mail.message_id),
        ("Date", format_datetime(clock.now())),
        ("From", f"{named(words.sender)} <{sender}>"),
        ("To", to),
        ("Subject", header_words(words.subject)),
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "All"),
    ]
    reply_to, stop = tokens.reply_address(mail.public_id, settings), _stop(mail, settings)
    headers += [("Reply-To", reply_to)] if reply_to else []
    headers += [("List-Unsubscribe", f"<{stop}>")] if stop else []
    body = write_message(headers, words.text, words.html, boundary=f"=_{mail.public_id}")
    return Mail(mail.account_id, mail.delivery_id, mail.message_id, sender, to, body)


def _ours(mail: Outgoing, settings: Settings) -> dict[str, object]:
    link = _address(mail, mail.link_purpose, settings) if mail.link_purpose else None
    provider = plain_line(settings.provider, _LINE_LENGTH)
    return {"provider": provider, "link": link, "stop_url": _stop(mail, settings), "lang": "en"}


def _stop(mail: Outgoing, settings: Settings) -> str | None:
    asks = mail.template in QUESTIONS and mail.link_public_id is not None
    return _address(mail, STOP_ASKING, settings) if asks else None


def _address(mail: Outgoing, purpose: str, settings: Settings) -> str:
    if not mail.shows_links:
        return f"{settings.public_url}/{purpose}/…"
    return address_of(purpose, mail.link_public_id or "", settings)


def _sender_words(mail: Outgoing, settings: Settings) -> str:
    name, ours = one_line(mail.filled.get("from_name") or "", 60), one_line(tokens.our_name(settings), 60)
    return f"{name}, {ours}" if name and name != ours else ours


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(templates_folder()), autoescape=select_autoescape(["html"]), trim_blocks=True,
        lstrip_blocks=True, keep_trailing_newline=False,
    )  # fmt: skip
    made.filters |= FILTERS
    return made
