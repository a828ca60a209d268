"""Photos, documents and voice notes sent in a chat: kept as evidence, their bytes once."""

from collections.abc import Sequence
from typing import Any

from bot.said import File
from bot.talk import Talk
from storage import draft_files

MOST_FILES = 30  # with one complaint
# A kind of trouble with a file -> what staff are to know of it.
LOST = {
    "too_large": "A file was too large to be sent by chat.",
    "not_fetched": "A file could not be fetched from the messenger.",
}


def keep_files(talk: Talk) -> bool:
    """Keep what they sent with the complaint that is being told, and say so; true when it was all spoken words."""
    if not talk.said.files:
        return False
    there = talk.conversation
    kept = list(there.answers.get("kept") or [])
    room = talk.said.files[: max(0, MOST_FILES - len(kept))]
    kept += store(talk, room)
    there.answers = {**there.answers, "kept": kept}
    if len(room) < len(talk.said.files):
        talk.say("files.too_many", most=MOST_FILES, form=talk.act.office.link("/"))
    talk.say("files.kept", number=len(kept))
    return all(file.type.startswith("audio/") for file in talk.said.files)


def tell_trouble(talk: Talk) -> list[str]:
    """Say politely what the messenger could not bring us; gives what staff should know of it beside the words."""
    trouble, words = talk.said.trouble, talk.words("trouble")
    if not trouble:
        return []
    key = trouble if trouble in words else "not_understood"
    talk.say(f"trouble.{key}", form=talk.act.office.link("/"))
    return [LOST[trouble]] if trouble in LOST else []


def keep_trouble(talk: Talk) -> None:
    """The same, of the complaint that is being told: it is known with it."""
    there = talk.conversation
    if problems := tell_trouble(talk):
        there.answers = {**there.answers, "problems": [*(there.answers.get("problems") or []), *problems]}


def store(talk: Talk, files: Sequence[File]) -> list[dict[str, Any]]:
    """Files as a contact names them, their bytes stored."""
    return [
        {
            "name": file.name[:200],
            "type": file.type[:100],
            "size": len(file.content),
            "sha256": draft_files.store(talk.act.session, file.content),
        }
        for file in files
    ]


def let_go_of_aside(talk: Talk) -> None:
    """Nothing is asked besides any more; what was held for an answer is not kept."""
    there = talk.conversation
    files = list(there.holding.get("files") or [])
    there.aside, there.holding = "", {}
    talk.act.session.add(there)
    draft_files.let_go(talk.act.session, files)


def forget_files(talk: Talk) -> None:
    """Let go of the files of a complaint that is not to be sent."""
    there = talk.conversation
    files = list(there.answers.get("kept") or [])
    there.answers = {**there.answers, "kept": []}
    talk.act.session.add(there)
    draft_files.let_go(talk.act.session, files)
