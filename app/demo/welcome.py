"""What `redress demo` prints: what to open, who to sign in as, and the line that sends a complaint."""

import shlex
import sys
from collections.abc import Iterator

from app.demo.places import Town
from app.settings import PREFIX, Settings, host_and_port

SAID = ("home", "public_url", "mail_domain", "secret_key_file")  # where it is, and what its links are made with

ROLES = {
    "handler": "acknowledges, asks, extends, decides and answers",
    "manager": "assigns, refuses, hears of what is late and of danger",
    "leader": "hears of what is later still",
    "administrator": "sees to everything",
}


def welcome(settings: Settings, town: Town) -> str:
    """The text, to be printed once everything listens."""
    return "\n".join(_lines(settings, town))


def _lines(settings: Settings, town: Town) -> Iterator[str]:
    url = settings.public_url.rstrip("/")
    yield "\nRedress is running with an example council, a housing association and the department above both."
    yield "Everything in it is invented; no mail leaves this computer.\n"
    yield f"  Make a complaint     {url}/"
    yield f"  The same by chat     {url}/demo/chat    (stands for Telegram)"
    yield f"  Staff desk           {url}/desk"
    yield f"  Every mail we send   {url}/demo/mail    (the links to sign in arrive here)\n"
    yield "Sign in at the desk as:"
    for role, does in ROLES.items():
        yield f"  {role} ({does})"
        for one in town.workers:
            if one.role == role:
                yield f"    {one.email:<28} {', '.join(one.services) or 'every body below it'}"
    yield "\nComplain by email, with this line in another terminal:\n"
    yield f"  {complaint_line(settings)}\n"
    yield "Other commands work on it with the same settings before them:\n"
    yield f"  {command_line(settings)}\n"
    yield "Mailboxes: " + ", ".join(_mailboxes(town))
    yield f"Kept in {settings.home}. Stop with Ctrl-C."


def command_line(settings: Settings) -> str:
    """A line for a shell in the same folder: a command that finds this demo, and writes the same links as it does."""
    usual = Settings()
    told = {name: str(getattr(settings, name)) for name in SAID if getattr(settings, name) != getattr(usual, name)}
    named = [f"{PREFIX}{name.upper()}={shlex.quote(value)}" for name, value in told.items()]
    return " ".join([*named, shlex.quote(sys.argv[0]), "case", "list"])


def _mailboxes(town: Town) -> Iterator[str]:
    yield from (mailbox for office in town.offices for mailbox in office.mailboxes)
    yield from (mailbox for mailbox, _ in town.general)


def complaint_line(settings: Settings) -> str:
    """A line for any shell on a machine with Python, that sends a complaint as a mail server would."""
    host, port = host_and_port(settings.smtp_listen)
    sender, to = "jo.bloggs@post.example", "repairs@homes.example"
    head = f"From: Jo Bloggs <{sender}>\\nTo: {to}\\nSubject: Broken lift\\nDate: '+formatdate()+'"
    words = "The lift has not worked for three weeks."
    return (
        'python3 -c "import smtplib; from email.utils import formatdate; '
        f"smtplib.SMTP('{host}', {port}, 'localhost').sendmail('{sender}', '{to}', '{head}\\n\\n{words}')\""
    )
