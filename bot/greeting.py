"""The greeting: whose service this is, that it is a program, whom to call in danger, and who can read the chat."""

from bot.services import bodies
from bot.talk import Talk


def greet(talk: Talk) -> None:
    """Said before anything is asked, once."""
    names = bodies(talk.act.session)
    both = talk.words("start")["and"]
    listed = both.format(first=", ".join(names[:-1]), last=names[-1]) if len(names) > 1 else ", ".join(names)
    talk.say("start.hello", bodies=listed)
    tell_who_reads(talk)


def tell_who_reads(talk: Talk) -> None:
    """Who else can read the chat, and where nobody can."""
    words = talk.words("who_reads")
    talk.say(
        f"who_reads.{talk.said.channel if talk.said.channel in words else 'other'}", form=talk.act.office.link("/")
    )
