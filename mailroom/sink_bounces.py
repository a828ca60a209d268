"""A bounce such as a mail server would send back: RFC 3464, to the envelope sender of the mail that did not arrive."""

from datetime import datetime
from email.utils import format_datetime

from mailroom.sink import Mail

PHRASES = {"5.1.1": "The email account that you tried to reach does not exist", "5.2.2": "Mailbox full"}


def bounce_for(mail: Mail, now: datetime, *, status: str = "5.1.1", server: str = "mx.example.net") -> bytes:
    """The report on this mail, sent at `now`: to be handed to `mail.mail_from` with an empty envelope sender."""
    action = "failed" if status.startswith("5") else "delayed"
    said = f"{'550' if action == 'failed' else '451'} {status} {PHRASES.get(status, 'Not delivered')}"
    recipient = mail.recipients[0]
    edge = f"=_bounce_{mail.number}"
    head = mail.raw.partition(b"\r\n\r\n")[0].decode("utf-8", "replace")
    lines = [
        f"From: Mail Delivery System <MAILER-DAEMON@{server}>",
        f"To: {mail.mail_from}",
        "Subject: Undelivered Mail Returned to Sender",
        f"Date: {format_datetime(now)}",
        f"Message-ID: <bounce.{mail.number}.{now:%Y%m%d%H%M%S}@{server}>",
        "Auto-Submitted: auto-replied",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/report; report-type=delivery-status; boundary="{edge}"',
        "",
        f"--{edge}",
        "Content-Type: text/plain; charset=us-ascii",
        "",
        f"This is the mail system at host {server}.",
        "",
        "Your message could not be delivered to one or more recipients.",
        "",
        f"<{recipient}>: host {server} said: {said}",
        "",
        f"--{edge}",
        "Content-Type: message/delivery-status",
        "",
        f"Reporting-MTA: dns; {server}",
        f"Arrival-Date: {format_datetime(now)}",
        "",
        f"Final-Recipient: rfc822; {recipient}",
        f"Action: {action}",
        f"Status: {status}",
        f"Diagnostic-Code: smtp; {said}",
        "",
        f"--{edge}",
        "Content-Type: text/rfc822-headers",
        "",
        head,
        "",
        f"--{edge}--",
        "",
    ]
    return "\r\n".join(lines).encode()
