"""Mail as the demo's clients see it: what they got, and what they, or their mail server, write back."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import default as modern
from email.utils import format_datetime, parseaddr
from typing import Self

from sqlalchemy import select
from sqlalchemy.orm import Session

from voc.mail.models import Delivery, KeptMail

_LINK = re.compile(r"https?://[^\s<>\"]+")
_SERVER = "mail.example"


@dataclass(frozen=True, slots=True)
class Letter:
    """One kept mail as its reader has it; `links` are the addresses in its text, in their order.

    `ask` names the question it is read for, where it carries several.
    """

    delivery: str
    template: str
    thing: str
    to: str
    subject: str
    message_id: str
    sent_from: str
    links: tuple[str, ...]
    kept_at: datetime
    ask: str | None = None

    def about(self, ask: str) -> Self:
        """The same letter, read for another of its questions."""
        links = tuple(f"{link}?of={ask}" if "/answer/" in link else link for link in self.links)
        return replace(self, delivery=f"{self.delivery}~{ask}", links=links, ask=ask)

    def link(self, purpose: str) -> str | None:
        """The first address in it that leads to this purpose, such as "answer"."""
        return next((each for each in self.links if f"/{purpose}/" in each), None)


def kept_since(session: Session, since: datetime) -> list[Letter]:
    """The mails kept from that moment on, the oldest first."""
    rows = session.execute(
        select(KeptMail, Delivery)
        .join(Delivery, (Delivery.account_id == KeptMail.account_id) & (Delivery.id == KeptMail.delivery_id))
        .where(KeptMail.kept_at >= since)
        .order_by(KeptMail.kept_at, KeptMail.delivery_id)
    )
    return [_letter(kept, delivery) for kept, delivery in rows]


def _letter(kept: KeptMail, delivery: Delivery) -> Letter:
    mail = message_from_bytes(kept.body, policy=modern)
    text = mail.get_body(("plain",)) if isinstance(mail, EmailMessage) else None
    words = text.get_content() if text is not None else ""
    return Letter(
        delivery.public_id, delivery.template, delivery.thing,
        parseaddr(str(mail["To"]))[1], str(mail["Subject"]), kept.message_id,
        parseaddr(str(mail["Reply-To"] or mail["From"]))[1],
        tuple(found.rstrip(".,)") for found in _LINK.findall(words)), kept.kept_at,
    )  # fmt: skip


def reply(letter: Letter, name: str, words: str, at: datetime) -> bytes:
    """What a person answers to a mail from their mail program; the same reply has the same Message-ID."""
    mail = EmailMessage()
    mail["From"] = f"{name} <{letter.to}>"
    mail["To"] = letter.sent_from
    mail["Subject"] = f"Re: {letter.subject}"
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<reply-{letter.delivery}@{letter.to.partition('@')[2]}>"
    mail["In-Reply-To"] = mail["References"] = letter.message_id
    mail.set_content(f"{words}\n")
    return mail.as_bytes()


def came_back(letter: Letter, at: datetime) -> bytes:
    """What a mail server writes when it knows nobody of that name (RFC 3464)."""
    report = MIMEMultipart("report", report_type="delivery-status")
    report["From"] = f"Mail Delivery System <mailer-daemon@{_SERVER}>"
    report["To"] = letter.sent_from
    report["Subject"] = "Undelivered Mail Returned to Sender"
    report["Date"] = format_datetime(at)
    report["Message-ID"] = f"<bounce-{letter.delivery}@{_SERVER}>"
    report["Auto-Submitted"] = "auto-replied"
    report.attach(MIMEText(f"Your mail to {letter.to} could not be delivered: there is no such mailbox.\n"))
    report.attach(_status(letter))
    report.attach(_original(letter))
    return report.as_bytes()


def _status(letter: Letter) -> Message:
    server, person = Message(), Message()
    server["Reporting-MTA"] = f"dns; {_SERVER}"
    person["Final-Recipient"] = f"rfc822; {letter.to}"
    person["Action"] = "failed"
    person["Status"] = "5.1.1"
    person["Diagnostic-Code"] = "smtp; 550 5.1.1 no such mailbox"
    part = MIMEBase("message", "delivery-status")
    part.set_payload([server, person])
    return part


def _original(letter: Letter) -> Message:
    part = MIMEBase("text", "rfc822-headers")
    part.set_payload(
        f"From: {letter.sent_from}\nTo: {letter.to}\nSubject: {letter.subject}\nMessage-ID: {letter.message_id}\n"
    )
    return part
