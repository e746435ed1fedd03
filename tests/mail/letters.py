"""Mails as strangers write them."""

from email.message import EmailMessage

OUR_ADDRESS = "feedback@northwind.internal"
DEEP = 2_000


def letter(text: str = "It happened again on Tuesday.", **headers: str) -> bytes:
    """A plain mail from Ines; a header named Reply_To is written Reply-To."""
    facts = {"From": "Ines Roda <ines@clinic.internal>", "To": OUR_ADDRESS, "Subject": "Re: One question",
             "Message-ID": "<1@clinic.internal>"}  # fmt: skip
    facts |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in facts.items() if value)
    return f"{head}Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n".encode()


def report(token: str, *, status: str = "5.1.1", action: str = "failed") -> bytes:
    """A delivery report as mail servers write it (RFC 3464) about the mail with this token."""
    message = EmailMessage()
    message["From"] = "MAILER-DAEMON@mx.clinic.internal"
    message["To"] = OUR_ADDRESS
    message["Subject"] = "Undelivered Mail Returned to Sender"
    message["Message-ID"] = f"<report-{status}-{action}@mx.clinic.internal>"
    message["Return-Path"] = "<>"
    message["Auto-Submitted"] = "auto-replied"
    message.set_content("I am sorry to have to tell you.")
    message.make_mixed()
    raw = message.as_bytes().replace(b"multipart/mixed", b"multipart/report; report-type=delivery-status")
    boundary = raw.split(b'boundary="')[1].split(b'"')[0]
    status_part = (
        "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.clinic.internal\n\n"
        f"Final-Recipient: rfc822; ines@clinic.internal\nAction: {action}\nStatus: {status}\n"
    )
    original = f"Content-Type: text/rfc822-headers\n\nMessage-ID: <{token}@northwind.internal>\nSubject: One question\n"
    end = b"--" + boundary + b"--"
    parts = b"".join(b"--" + boundary + b"\n" + part.encode() + b"\n" for part in (status_part, original))
    return raw.replace(end, parts + end)


def nested(depth: int = DEEP) -> bytes:
    """Multipart in multipart, and words at the bottom."""
    head = b"From: ines@clinic.internal\r\nMessage-ID: <deep@x>\r\nMIME-Version: 1.0\r\n"
    opened = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (one, one) for one in range(depth)
    )
    return head + opened + b"Content-Type: text/plain\r\n\r\nwords at the bottom\r\n"


def many_parts(number: int = 10_000) -> bytes:
    """One mail of many parts, the words first."""
    head = b'From: ines@clinic.internal\r\nMessage-ID: <many@x>\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n'
    first = b"--b\r\nContent-Type: text/plain\r\n\r\nThe first part has the words.\r\n"
    return (
        head + first + b"--b\r\nContent-Type: application/octet-stream\r\n\r\nx\r\n" * number + b"--b--\r\n"
    )
