"""A message as a terminal shows it: its text, its buttons with a number each, the name of a document."""

import unicodedata

from bot.outgoing import Outgoing


def shown(message: Outgoing) -> str:
    """Nothing in it can move the cursor or change a colour, whoever wrote it."""
    lines = [_harmless(message.text)]
    buttons = [button for row in message.rows for button in row]
    lines += [f"  [{number}] {_harmless(button.text)}" for number, button in enumerate(buttons, start=1)]
    if message.document:
        lines.append(f"  (enclosed: {_harmless(message.document.name)})")
    return "\n".join(lines) + "\n"


def _harmless(text: str) -> str:
    return "".join(sign for sign in text if sign == "\n" or unicodedata.category(sign)[0] != "C")
