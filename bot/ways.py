"""How someone in a chat wants to hear from us: where they are, by email, by telephone or by post."""

from collections.abc import Mapping
from typing import Any

from bot.talk import Talk
from storage.tables import Conversation

REACH_VALUES = ("chat", "telephone", "post")
NEEDED = {"email": "email", "telephone": "telephone", "post": "postal_address"}  # a way -> the answer that opens it


def reach_by(talk: Talk, given: str) -> bool:
    """Where the question for an email address was answered by another way; false for an address."""
    way = given.removeprefix("@")
    if not given.startswith("@") or way not in REACH_VALUES:
        return False
    there = talk.conversation
    there.answers = {**there.answers, "email": "", "reach": way}
    return True


def preferred(conversation: Conversation, answers: Mapping[str, Any]) -> str:
    """The channel they chose; where they have since called it unsafe, another that is open."""
    reach = answers.get("reach", "chat")
    chosen = conversation.channel if reach == "chat" else str(reach)
    open_ones = open_ways(conversation, answers)
    return chosen if chosen in open_ones else next(iter(open_ones), chosen)


def open_ways(conversation: Conversation, answers: Mapping[str, Any]) -> list[str]:
    """The channels by which they can be reached and that they have not ruled out."""
    avoided = answers.get("avoid") or ()
    known = [channel for channel, key in NEEDED.items() if answers.get(key)]
    return [channel for channel in (*known, conversation.channel) if channel not in avoided]


def none_left(conversation: Conversation, answers: Mapping[str, Any]) -> bool:
    return not open_ways(conversation, answers)
