"""The sender port: a mail server, the mailbox kept here, or a list in memory. Outside any transaction."""

import contextlib
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Protocol
from urllib.parse import unquote, urlsplit

import structlog

from voc.core import clock
from voc.core.config import Settings
from voc.core.principal import SYSTEM
from voc.db.session import Database
from voc.db.upsert import insert_ignoring
from voc.mail import tokens
from voc.mail.addresses import is_reserved
from voc.mail.models import KeptMail
from voc.mail.rendering import Mail

log = structlog.get_logger(__name__)

TIMEOUT_SECONDS = 10.0
_OURS_TO_MEND = (
    "5.7.",
    "5.3.",
    "5.5.",
)  # refusals that say something about us or the server, not the address
_PORTS: Final = {"smtp": 587, "smtps": 465}
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Bounced(Exception):
    """The address takes no mail, for good."""


class Later(Exception):
    """The server takes this mail some other time."""


class Declined(Exception):
    """The server refuses this mail, and not because of the address: a person must look."""


class Away(Exception):
    """The server cannot be used just now: no mail went, none need be tried before it is back."""


class Unsure(Exception):
    """The line broke before the server answered: it may have taken the mail."""


class Sender(Protocol):
    """Takes finished mails, one at a time."""

    def send(self, mail: Mail) -> None:
        """Hands over one mail; raises Bounced, Later, Declined, Away or Unsure."""

    def close(self) -> None:
        """Ends the line, if there is one."""


def sender_for(settings: Settings, database: Database, *, practice: bool) -> Sender:
    """What sends here: nothing ever leaves a practice installation, nor one without a mail server."""
    if practice or (not settings.smtp_url and is_loopback(settings)):
        return Keeper(database)
    return SmtpSender(settings)


def is_loopback(settings: Settings) -> bool:
    """Whether only people at this machine reach us."""
    return (urlsplit(settings.public_url).hostname or "") in _LOOPBACK


@dataclass
class FakeSender:
    """Keeps mails in memory, for tests; `answer` may raise what a server would say."""

    sent: list[Mail] = field(default_factory=list)
    answer: Callable[[Mail], None] = field(default=lambda _: None)

    def send(self, mail: Mail) -> None:
        """Keeps the mail, unless `answer` refuses it."""
        _check_address(mail)
        self.answer(mail)
        self.sent.append(mail)

    def close(self) -> None:
        """There is no line."""


@dataclass(frozen=True, slots=True)
class Keeper:
    """Keeps each mail as a row, for the mailbox page; the same mail again is the same row."""

    database: Database

    def send(self, mail: Mail) -> None:
        """Keeps the mail."""
        row = {
            "account_id": mail.account_id, "delivery_id": mail.delivery_id, "message_id": mail.message_id,
            "body": mail.body, "kept_at": clock.now(),
        }  # fmt: skip
        with self.database.writing(SYSTEM) as session:
            insert_ignoring(session, KeptMail, [row])

    def close(self) -> None:
        """There is no line."""


def _check_address(mail: Mail) -> None:
    if is_reserved(mail.to):
        raise Bounced("This address is at a name that stands for nobody, so no mail was sent.")


class SmtpSender:
    """A mail server by `VOC_SMTP_URL`: smtp://user:password@host:587 (STARTTLS) or smtps://host:465.

    One line is kept for many mails. A line that broke while idle is opened anew once, and only before
    the server could have taken the mail.
    """

    def __init__(self, settings: Settings, *, timeout: float = TIMEOUT_SECONDS) -> None:
        self._url = urlsplit(settings.smtp_url)
        self._name = tokens.domain_of(settings)
        self._timeout = timeout
        self._line: smtplib.SMTP | None = None

    def send(self, mail: Mail) -> None:
        """Hands over one mail."""
        _check_address(mail)
        line = self._ready(mail)
        try:
            code, said = line.data(mail.body)
        except smtplib.SMTPDataError as error:
            code, said = error.smtp_code, _words(error.smtp_error).encode()
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise Unsure(f"The line to the mail server broke ({type(error).__name__}).") from error
        self._judge(code, said, about_address=False)

    def close(self) -> None:
        """Says goodbye to the server."""
        if self._line is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                self._line.quit()
            self._drop()

    def _ready(self, mail: Mail) -> smtplib.SMTP:
        """A line whose server has taken sender and recipient."""
        if self._line is not None:
            try:
                return self._envelope(self._line, mail)
            except (smtplib.SMTPServerDisconnected, OSError):
                self._drop()  # it had only been idle too long
        self._line = self._open()
        try:
            return self._envelope(self._line, mail)
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            self._drop()
            raise Away(f"The mail server hung up ({type(error).__name__}).") from error

    def _envelope(self, line: smtplib.SMTP, mail: Mail) -> smtplib.SMTP:
        code, said = line.mail(mail.sender)
        if code != 250:  # noqa: PLR2004 - RFC 5321: done
            self._reset()
            raise Away(f"The mail server does not take mail from {mail.sender}: {code} {_words(said)}")
        code, said = line.rcpt(mail.to)
        self._judge(code, said, about_address=True)
        return line

    def _judge(self, code: int, said: object, *, about_address: bool) -> None:
        if 200 <= code < 300:  # noqa: PLR2004 - RFC 5321: taken
            return
        words = f"{code} {_words(said)}"
        self._reset()
        if code == 421:  # noqa: PLR2004 - RFC 5321: the server closes the line
            self._drop()
            raise Away(f"The mail server takes no more just now: {words}")
        if code < 500:  # noqa: PLR2004 - RFC 5321: for the moment
            raise Later(words)
        if about_address and not _words(said).startswith(_OURS_TO_MEND):
            raise Bounced(words)
        raise Declined(words)

    def _open(self) -> smtplib.SMTP:
        if not self._url.hostname or self._url.scheme not in _PORTS:
            raise Away(
                "No mail server is set; VOC_SMTP_URL names one, such as smtp://user:password@mail.firm:587."
            )
        try:
            return self._greet(self._url.hostname, self._url.port or _PORTS[self._url.scheme])
        except (smtplib.SMTPException, OSError, ValueError) as error:
            log.warning("mail_server_away", host=self._url.hostname, error=type(error).__name__)
            raise Away(f"The mail server at {self._url.hostname} cannot be used ({_told(error)}).") from error

    def _greet(self, host: str, port: int) -> smtplib.SMTP:
        tls = ssl.create_default_context()
        if self._url.scheme == "smtps":
            line: smtplib.SMTP = smtplib.SMTP_SSL(host, port, self._name, timeout=self._timeout, context=tls)
        else:
            line = smtplib.SMTP(host, port, self._name, timeout=self._timeout)
        try:
            self._introduce(line, host, tls)
        except BaseException:
            line.close()
            raise
        return line

    def _introduce(self, line: smtplib.SMTP, host: str, tls: ssl.SSLContext) -> None:
        line.ehlo()
        if self._url.scheme == "smtp" and line.has_extn("starttls"):
            line.starttls(context=tls)
            line.ehlo()
        elif self._url.scheme == "smtp" and self._url.username and host not in _LOOPBACK:
            raise smtplib.SMTPNotSupportedError("it offers no encryption, so we do not give it our password")
        if self._url.username:
            line.login(unquote(self._url.username), unquote(self._url.password or ""))

    def _reset(self) -> None:
        with contextlib.suppress(smtplib.SMTPException, OSError):
            if self._line is not None:
                self._line.rset()

    def _drop(self) -> None:
        if self._line is not None:
            self._line.close()
        self._line = None


def _words(said: object) -> str:
    return said.decode("utf-8", "replace")[:300] if isinstance(said, bytes) else str(said)[:300]


def _told(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return "it does not accept our user and password"
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return str(error)
    return type(error).__name__
