"""Looks into the mailbox of `VOC_IMAP_URL`: what lies there unseen is kept, then marked as seen."""

import imaplib
import ssl
from typing import Final
from urllib.parse import unquote, urlsplit

from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError

from voc.core.config import Settings
from voc.core.principal import SYSTEM
from voc.db.session import Database
from voc.mail import inbound

TIMEOUT_SECONDS = 20.0
_AT_ONCE = 100
_PORTS: Final = {"imap": 143, "imaps": 993}
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_SEEN = "\\Seen"


class MailboxAway(Exception):
    """The mailbox cannot be looked into just now."""


def fetch_new(settings: Settings, database: Database) -> int:
    """Keeps up to a hundred unseen mails as they came, each in its own transaction; gives how many were new.

    A mail is marked as seen only after it is kept; a crash between the two is made good by keeping the
    same mail once. Raises MailboxAway.
    """
    try:
        with _open(settings) as box:
            return sum(_keep(box, uid, database) for uid in box.uids("UNSEEN", charset=None)[:_AT_ONCE])
    except (ImapToolsError, imaplib.IMAP4.error, OSError, ValueError) as error:
        raise MailboxAway(f"{type(error).__name__}: {str(error)[:200]}") from error


def _open(settings: Settings) -> BaseMailBox:
    url = urlsplit(settings.imap_url)
    if url.scheme not in _PORTS or not url.hostname:
        raise MailboxAway("VOC_IMAP_URL is none such as imaps://user:password@mail.firm/INBOX")
    port = url.port or _PORTS[url.scheme]
    tls = ssl.create_default_context()
    box: BaseMailBox
    if url.scheme == "imaps":
        box = MailBox(url.hostname, port, timeout=TIMEOUT_SECONDS, ssl_context=tls)
    elif url.hostname in _LOOPBACK:
        box = MailBoxUnencrypted(url.hostname, port, timeout=TIMEOUT_SECONDS)
    else:
        box = MailBoxStartTls(url.hostname, port, timeout=TIMEOUT_SECONDS, ssl_context=tls)
    folder = unquote(url.path.strip("/")) or "INBOX"
    return box.login(unquote(url.username or ""), unquote(url.password or ""), initial_folder=folder)


def _keep(box: BaseMailBox, uid: str, database: Database) -> bool:
    size = _size(box, uid)
    is_whole = size is not None and size <= inbound.LARGEST
    body = _bytes(box, uid, "BODY.PEEK[]" if is_whole else f"BODY.PEEK[]<0.{inbound.LARGEST}>")
    if body is None:
        return False  # gone meanwhile
    with database.writing(SYSTEM) as session:
        is_new = inbound.keep(session, body, is_whole=is_whole)
    box.flag([uid], [_SEEN], value=True)
    return is_new


def _size(box: BaseMailBox, uid: str) -> int | None:
    _, answer = box.client.uid("FETCH", uid, "(RFC822.SIZE)")
    words = b" ".join(part for part in answer if isinstance(part, bytes)).upper()
    _, _, rest = words.partition(b"RFC822.SIZE ")
    digits = rest.split(b" ")[0].split(b")")[0]
    return int(digits) if digits.isdigit() else None


def _bytes(box: BaseMailBox, uid: str, what: str) -> bytes | None:
    _, answer = box.client.uid("FETCH", uid, f"({what})")
    return next((part[1] for part in answer if isinstance(part, tuple)), None)
