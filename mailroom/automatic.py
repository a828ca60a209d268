"""Is this a person or a machine? The policy, a list that can be read aloud: the first rule that holds decides."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from mailroom import bounces, machine_words
from mailroom.mime import Message
from workflow.contact import Bounce, Kind
from workflow.matching import message_number_in

MOST_RECEIVED = 50  # RFC 5321 6.3 suggests at least 100 before refusing; complaints never travel so far

A_PERSON = "nothing marks it as automatic: no header of a machine or a list, and an ordinary sender"


@dataclass
class Clues:
    """What the rules look at. `envelope_sender` is empty for the null return path, None where it is not known."""

    message: Message
    raw: bytes
    subject: str
    sender: str
    text: str
    envelope_sender: str | None
    ours: Collection[str]
    bounce: Bounce | None = None

    def header(self, name: str) -> str:
        return self.message.headers.first(name).decode("utf-8", "replace").strip()

    @property
    def has_null_sender(self) -> bool:
        return self.envelope_sender is not None and self.envelope_sender.strip(" <>") == ""

    @property
    def is_from_a_mail_server(self) -> bool:
        return bool(machine_words.MAIL_SERVER.match(self.sender)) or self.is_from_a_daemon

    @property
    def is_from_a_daemon(self) -> bool:
        """A name that no person's mailbox has; "postmaster" and "bounces" may be one's, or a web form's."""
        return any(
            machine_words.DAEMON.match(address.strip("<> ")) for address in (self.sender, self.envelope_sender or "")
        )

    @property
    def report_type(self) -> str:
        """Of a multipart/report (RFC 6522): delivery-status, disposition-notification or feedback-report."""
        return self.message.parameters.get("report-type", "").lower() if self.message.type == "multipart/report" else ""


Rule = Callable[[Clues], str | None]


def kind_of(clues: Clues) -> tuple[Kind, tuple[str, ...]]:
    """The kind of a mail, and in words every rule that holds, the one that decided first."""
    held = [(kind, why) for kind, rule in POLICY if (why := rule(clues))]
    if not held:
        return Kind.PERSON, (A_PERSON,)
    return held[0][0], tuple(why for _, why in held)


def is_complaint_report(clues: Clues) -> str | None:
    is_report = any(leaf.type == "message/feedback-report" for leaf in clues.message.leaves)
    is_named = clues.report_type in ("feedback-report", "tlsrpt")
    return "it is a feedback report of a mail provider (RFC 5965)" if is_report or is_named else None


def is_dmarc_report(clues: Clues) -> str | None:
    return (
        "its subject is that of a DMARC report (RFC 7489)" if machine_words.DMARC_SUBJECT.match(clues.subject) else None
    )


def tells_of_a_failed_delivery(clues: Clues) -> str | None:
    """Only where the mail smells of a mail server: a person who forwards a bounce to us is a person."""
    is_machine = clues.has_null_sender or clues.is_from_a_mail_server or bool(clues.report_type)
    is_worded = (
        bool(machine_words.FAILED_SUBJECT.match(clues.subject)) or "x-failed-recipients" in clues.message.headers
    )
    if not is_machine and not is_worded:
        return None
    is_machine = is_machine or bool(machine_words.CREATED_BY_A_MACHINE.search(clues.text[:500]))
    clues.bounce = bounces.reported(clues.message, clues.raw)
    if clues.bounce:
        return "a delivery report says whom a message did not reach (RFC 3464)"
    if _is_an_answer(clues):
        return None
    clues.bounce = bounces.recognised(clues.raw) or (bounces.worded(clues.text, clues.raw) if is_machine else None)
    if clues.bounce and (clues.bounce.recipients or (is_machine and is_worded)):
        return "its wording is that of a mail server which could not deliver"
    clues.bounce = Bounce((), permanent=True)
    if clues.report_type == "delivery-status":
        return "it is a delivery report (RFC 3464), though a damaged one"
    return "a mail server sent it, and its subject says that a delivery failed" if is_machine and is_worded else None


def _is_an_answer(clues: Clues) -> bool:
    """Read receipts and replies of people who are away come from the same programs, but a message did arrive."""
    is_receipt = clues.report_type == "disposition-notification" and not clues.is_from_a_mail_server
    arrived = clues.report_type == "delivery-status" and bounces.says_it_arrived(clues.message, clues.raw)
    return is_receipt or arrived or bool(machine_words.AUTO_SUBJECT.match(clues.subject))


def is_our_own_mail(clues: Clues) -> str | None:
    """By the form of its Message-ID: people may have mailboxes on the same domain, and complain from there."""
    own = (message_number_in([clues.header("message-id")], domain) for domain in clues.ours)
    return "our own mail came back" if any(number is not None for number in own) else None


def says_it_is_automatic(clues: Clues) -> str | None:
    said = clues.header("auto-submitted").split(";")[0].strip().lower()
    is_no = said.partition("(")[0].strip() in ("", "no")  # a comment may follow
    return None if is_no else f"its Auto-Submitted header says {said[:40]} (RFC 3834)"


def is_a_receipt(clues: Clues) -> str | None:
    is_receipt = any(leaf.type == "message/disposition-notification" for leaf in clues.message.leaves)
    is_receipt = is_receipt or clues.report_type in ("disposition-notification", "delivery-status")
    return "it only says that a message was opened or delivered (RFC 8098)" if is_receipt else None


def has_an_auto_reply_header(clues: Clues) -> str | None:
    if "auto_reply" in (clues.header("precedence").lower(), clues.header("x-precedence").lower()):
        return "its Precedence header says auto_reply"
    name = next(
        (name for name in _AUTO_HEADERS if name in clues.message.headers and clues.header(name).lower() != "no"), None
    )
    return f"only automatic replies carry the header {name}" if name else None


def has_an_auto_reply_subject(clues: Clues) -> str | None:
    if machine_words.AUTO_SUBJECT.match(clues.subject):
        return "its subject is that of an automatic reply"
    is_suppressing = "x-auto-response-suppress" in clues.message.headers or clues.has_null_sender
    if is_suppressing and machine_words.AWAY_SUBJECT.match(clues.subject):
        return "its subject says that someone is away, and it asks for no answer"
    return None


def comes_from_a_list(clues: Clues) -> str | None:
    """Not a list of our own: a public body may receive complaints through a group address."""
    said = clues.header("list-id").rpartition("<")[2].strip(" >").lower()
    if said and any(said == domain.lower() or said.endswith("." + domain.lower()) for domain in clues.ours):
        return None
    name = next((name for name in _LIST_HEADERS if name in clues.message.headers), None)
    if name:
        return f"it came through a mailing list: it has the header {name}"
    precedence = clues.header("precedence").lower()
    return f"its Precedence header says {precedence}" if precedence in ("bulk", "list", "junk") else None


def has_no_return_path(clues: Clues) -> str | None:
    return "its return path is empty, which only machines use (RFC 5321 4.5.5)" if clues.has_null_sender else None


def comes_from_a_mail_server(clues: Clues) -> str | None:
    return "its sender is a mail server" if clues.is_from_a_daemon else None


def goes_in_circles(clues: Clues) -> str | None:
    passed = len(clues.message.headers.all("received"))
    return f"it was passed on {passed} times; a loop is suspected" if passed > MOST_RECEIVED else None


POLICY: tuple[tuple[Kind, Rule], ...] = (
    (Kind.FEEDBACK_REPORT, is_complaint_report),
    (Kind.FEEDBACK_REPORT, is_dmarc_report),
    (Kind.BOUNCE, tells_of_a_failed_delivery),
    (Kind.AUTO_REPLY, is_our_own_mail),
    (Kind.AUTO_REPLY, says_it_is_automatic),
    (Kind.AUTO_REPLY, is_a_receipt),
    (Kind.AUTO_REPLY, has_an_auto_reply_header),
    (Kind.AUTO_REPLY, has_an_auto_reply_subject),
    (Kind.LIST, comes_from_a_list),
    (Kind.AUTO_REPLY, has_no_return_path),
    (Kind.AUTO_REPLY, comes_from_a_mail_server),
    (Kind.AUTO_REPLY, goes_in_circles),
)

_AUTO_HEADERS = (
    "x-autoreply",
    "x-autorespond",
    "x-autoresponder",
    "x-auto-reply",
    "x-mail-autoreply",
    "x-vacation",
)
_LIST_HEADERS = ("list-id", "list-post", "list-unsubscribe", "x-mailman-version", "mailing-list")
