"""What citizens do in the story, by the ways that citizens have: they send mail and visit the public's pages."""

import re
import smtplib
from collections.abc import Callable, Mapping
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

from app.demo import chats
from app.demo.chats import Chats
from app.demo.followers import Followers
from app.demo.mailbox import Mailboxes
from app.demo.reading import REFERENCE, Kept
from app.demo.story import DOMAIN, FOLLOWS, OPENS, Deed
from app.demo.visitor import Page, Visitor
from mailroom.sink_bounces import bounce_for

PROGRESS = re.compile(r"https?://[^/]+(/progress/[A-Za-z0-9_-]+)")
CODE = re.compile(r"(?m)^\d{6}$")
BODIES = {"care": "riverside", "housing": "riverside", "repairs": "homes"}  # whose form asks about the service


class Citizens:
    """Everyone outside. Blocks while it talks: to be run in a thread."""

    def __init__(self, smtp: tuple[str, int], web: str, mailboxes: Mailboxes, chats: Chats) -> None:
        self._smtp, self._web, self._mailboxes, self._chats = smtp, web, mailboxes, chats
        self._followers = Followers(web, mailboxes, chats)
        self._references: dict[str, str] = {}
        self._people: dict[str, Deed] = {}  # case -> how it began
        self._number = 0

    def do(self, deed: Deed) -> None:
        if deed.does in chats.DOES:
            self._chat(deed)
        elif deed.does in FOLLOWS:
            self._followers.do(deed)
        else:
            DOES[deed.does](self, deed)

    def reference(self, case: str) -> str:
        """The reference of a case: from the page after sending, or from the receipt. Raises LookupError."""
        if case not in self._references:
            _, receipt = self._mailboxes.last(self._people[case].address)
            self._references[case] = receipt.reference or ""
        return self._references[case]

    def emails(self, deed: Deed) -> None:
        self._people[deed.case] = deed
        raw = self._mail(deed, deed.given["to"], deed.given["about"], deed.given["text"])
        for _ in range(2 if deed.given.get("delivered") == "twice" else 1):
            self._send(deed.address, deed.given["to"], raw)

    def fills_in(self, deed: Deed) -> None:
        self._people[deed.case] = deed
        visitor = Visitor(self._web)
        home = f"/complain/{BODIES[deed.given['service']]}"
        page = visitor.get(home)
        found = re.search(rf'href="({home}/[a-z_-]+)"', page.text)
        page = visitor.get(found[1] if found else home)
        while "/sent/" not in page.path:
            page = visitor.post(page.form(page.path.replace("/check", "/send")), _answers(deed))
            _must_go_on(page)
        visitor.close()
        self._references[deed.case] = (REFERENCE.search(page.text) or [""])[0]

    def replies(self, deed: Deed) -> None:
        """An answer to our last mail, with that mail quoted below."""
        _, ours = self._mailboxes.last(self._address(deed))
        raw = self._mail(deed, ours.reply_to, f"Re: {ours.subject}", _with_quote(deed, ours), ours)
        self._send(self._address(deed), ours.reply_to, raw)

    def writes_without_token(self, deed: Deed) -> None:
        """To the public mailbox, naming the reference: anybody could."""
        to = self._people[deed.case].given["to"]
        raw = self._mail(deed, to, f"About {self.reference(deed.case)}", deed.given["text"])
        self._send(deed.address, to, raw)

    def is_away(self, deed: Deed) -> None:
        """Their mail program answers by itself, to the envelope sender of our last mail."""
        envelope, ours = self._mailboxes.last(self._address(deed))
        head = {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"}
        raw = self._mail(deed, envelope.mail_from, f"Automatic reply: {ours.subject}", deed.given["text"], ours, head)
        self._send("", envelope.mail_from, raw)

    def mail_bounces(self, deed: Deed) -> None:
        """The mail server of our reader has no such mailbox."""
        envelope, _ = self._mailboxes.last(self._people[deed.case].address)
        self._send("", envelope.mail_from, bounce_for(envelope, deed.at, server=f"mx.{DOMAIN}"))

    def adds_online(self, deed: Deed) -> None:
        self._online(deed, "add")

    def withdraws_online(self, deed: Deed) -> None:
        self._online(deed, "withdraw")

    def asks_online(self, deed: Deed) -> None:
        self._online(deed, "next-stage")

    def asks_to_link(self, deed: Deed) -> None:
        self._chats.asks_to_link(deed, self.reference(deed.case))

    def enters_code(self, deed: Deed) -> None:
        """From their mailbox: whoever can read it is the person of the case."""
        _, mail = self._mailboxes.last(self._address(deed))
        self._chats.enters_code(deed, (CODE.search(mail.text) or [""])[0])

    def _chat(self, deed: Deed) -> None:
        chats.DOES[deed.does](self._chats, deed)
        if deed.does in OPENS:
            self._people[deed.case] = deed
            self._references[deed.case] = self._chats.references(deed.who)[-1]

    def _online(self, deed: Deed, act: str) -> None:
        """By the secret link in our last mail."""
        _, ours = self._mailboxes.last(self._address(deed))
        secret = next(found[1] for link in ours.links if (found := PROGRESS.match(link)))
        visitor = Visitor(self._web)
        page = visitor.get(f"{secret}/{act}")
        _must_go_on(visitor.post(page.form(f"/{act}"), deed.given))
        visitor.close()

    def _address(self, deed: Deed) -> str:
        return self._people[deed.case].address

    def _mail(
        self,
        deed: Deed,
        to: str,
        subject: str,
        text: str,
        answers: Kept | None = None,
        head: Mapping[str, str] | None = None,
    ) -> bytes:
        self._number += 1
        mail = EmailMessage()
        sender = deed.address if deed.case not in self._people or "from" in deed.given else self._sender(deed)
        mail["From"] = f"{deed.who} <{sender}>"
        mail["To"], mail["Subject"], mail["Date"] = to, subject, format_datetime(deed.at)
        mail["Message-ID"] = f"<{deed.case}.{self._number}@{DOMAIN}>"
        if answers:
            mail["In-Reply-To"] = mail["References"] = answers.message_id
        for name, value in (head or {}).items():
            mail[name] = value
        mail.set_content(text)
        return mail.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")

    def _sender(self, deed: Deed) -> str:
        """The person of the case, unless somebody else writes."""
        began = self._people[deed.case]
        return began.address if deed.who == began.who else deed.address

    def _send(self, sender: str, to: str, raw: bytes) -> None:
        with smtplib.SMTP(*self._smtp, local_hostname=f"mail.{DOMAIN}", timeout=60) as smtp:
            smtp.sendmail(sender, [to], raw)


def _answers(deed: Deed) -> dict[str, str]:
    """What they write into the form, page by page."""
    avoid = {"avoid": deed.given["avoid"]} if "avoid" in deed.given else {}
    return {
        "service": deed.given["service"],
        "about": "someone_else" if "for" in deed.given else "self",
        "about_name": deed.given.get("for", ""),
        "authority": "I am her daughter, and she has asked me to",
        "what": f"{deed.given['about']}. {deed.given['text']}",
        "when": "In the last weeks",
        "outcome_wanted": "",
        "name": deed.who,
        "email": deed.address,
        "telephone": "",
        "postal_address": deed.given.get("postal", ""),
        **avoid,
        "safe_note": "",
        "prefers": "post" if avoid else "email",
        "communication_needs": "",
        "consent": "yes",
    }


def _with_quote(deed: Deed, ours: Kept) -> str:
    quoted = "\n".join(f"> {line}" for line in ours.text.splitlines())
    return f"{deed.given['text']}\n\nOn {_spoken(ours.date)}, {ours.sender} wrote:\n{quoted}\n"


def _spoken(when: datetime) -> str:
    return f"{when:%a, %d %b %Y at %H:%M}"


def _must_go_on(page: Page) -> None:
    if page.status != 200:
        raise LookupError(f"{page.path} answered {page.status}")


DOES: Mapping[str, Callable[[Citizens, Deed], None]] = {
    "emails": Citizens.emails,
    "fills_in": Citizens.fills_in,
    "replies": Citizens.replies,
    "writes_without_token": Citizens.writes_without_token,
    "is_away": Citizens.is_away,
    "mail_bounces": Citizens.mail_bounces,
    "adds_online": Citizens.adds_online,
    "withdraws_online": Citizens.withdraws_online,
    "asks_online": Citizens.asks_online,
    "asks_to_link": Citizens.asks_to_link,
    "enters_code": Citizens.enters_code,
}
